"""The clock: what time it is, and waiting."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.values.kinds import Duration
from harn.vm.frame import Effect


@builtin("timestamp() -> float", form="effect", effects=["clock"])
def timestamp() -> Effect:
    """Seconds since 1970-01-01 UTC, with a fraction."""
    return Effect("clock", "now", idempotent=True)


@builtin("now_ms() -> int", form="effect", effects=["clock"])
def now_ms() -> Effect:
    """Milliseconds since 1970-01-01 UTC."""
    return Effect("clock", "now_ms", idempotent=True)


@builtin("monotonic_ms() -> int", form="effect", effects=["clock"], aliases=["elapsed"])
def monotonic_ms() -> Effect:
    """Milliseconds of a clock that is never set back."""
    return Effect("clock", "monotonic_ms", idempotent=True)


@builtin(
    "sleep(length: duration|int|float) -> nil",
    form="effect",
    effects=["clock.sleep"],
    aliases=["sleep_ms"],
    examples=[("sleep(1ms)", "nil")],
)
def sleep(length: Duration | int | float) -> Effect:
    """Wait for a duration, or that many milliseconds; not at all where it is not above zero."""
    ms = length.ms if isinstance(length, Duration) else length
    return Effect("clock.sleep", "sleep", ms / 1000, idempotent=True)
