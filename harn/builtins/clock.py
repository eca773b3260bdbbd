"""The clock: what time it is, waiting, and a clock that stands still for tests.

While a clock is mocked, the run reads it instead of the host's, and sleeping moves it on at once. Deadlines, timers of tasks and
``date_now`` go by the host's clock all the same.
"""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.values.kinds import Duration
from harn.values.operators import HIGHEST, LOWEST
from harn.vm.frame import Effect
from harn.vm.machine import Context

AREA = "clock"


class MockClock:
    """A clock that is only moved by hand: milliseconds since 1970, and those since it was set."""

    __slots__ = ("passed_ms", "wall_ms")

    def __init__(self, wall_ms: int) -> None:
        self.wall_ms = wall_ms
        self.passed_ms = 0

    def advance(self, ms: int) -> None:
        """Move both on, or back; neither leaves 64 bits."""
        self.wall_ms = min(max(self.wall_ms + ms, LOWEST), HIGHEST)
        self.passed_ms = min(max(self.passed_ms + ms, LOWEST), HIGHEST)


def mock_of(ctx: Context) -> MockClock | None:
    """The mocked clock of a run."""
    mock: MockClock | None = ctx.vm.areas.get(AREA)
    return mock


def wall_ms(ctx: Context) -> int:
    """What `now_ms` gives, for builtins that need it in between."""
    mock = mock_of(ctx)
    if mock is not None:
        return mock.wall_ms
    return int(ctx.vm.perform_now(ctx.task, Effect("clock", "now_ms", idempotent=True))[1])


@builtin("timestamp() -> float", form="effect", effects=["clock"], ctx=True)
def timestamp(ctx: Context) -> Effect | float:
    """Seconds since 1970-01-01 UTC, with a fraction."""
    mock = mock_of(ctx)
    return Effect("clock", "now", idempotent=True) if mock is None else mock.wall_ms / 1000


@builtin("now_ms() -> int", form="effect", effects=["clock"], ctx=True)
def now_ms(ctx: Context) -> Effect | int:
    """Milliseconds since 1970-01-01 UTC."""
    mock = mock_of(ctx)
    return Effect("clock", "now_ms", idempotent=True) if mock is None else mock.wall_ms


@builtin("monotonic_ms() -> int", form="effect", effects=["clock"], ctx=True, aliases=["elapsed"])
def monotonic_ms(ctx: Context) -> Effect | int:
    """Milliseconds since the run began, on a clock that is never set back."""
    mock = mock_of(ctx)
    return Effect("clock", "monotonic_ms", idempotent=True) if mock is None else mock.passed_ms


@builtin(
    "sleep(length: duration|int|float) -> nil",
    form="effect",
    effects=["clock.sleep"],
    ctx=True,
    aliases=["sleep_ms"],
    examples=[("sleep(1ms)", "nil")],
)
def sleep(ctx: Context, length: Duration | int | float) -> Effect | None:
    """Wait for a duration, or that many milliseconds; not at all where it is not above zero."""
    ms = length.ms if isinstance(length, Duration) else length
    mock = mock_of(ctx)
    if mock is None:
        return Effect("clock.sleep", "sleep", ms / 1000, idempotent=True)
    if ms > 0:
        mock.advance(int(min(ms, HIGHEST)))
    return None


@builtin("mock_time(ms: int) -> nil", effects=["state"], ctx=True, examples=[("mock_time(1700000000000)", "nil")])
def mock_time(ctx: Context, ms: int) -> None:
    """Let the clock stand at that many milliseconds since 1970, and `monotonic_ms` begin again at 0. Only `advance_time` and
    sleeping move it from now on.
    """
    ctx.vm.areas[AREA] = MockClock(ms)


@builtin("advance_time(length: int|duration) -> int", effects=["state"], ctx=True)
def advance_time(ctx: Context, length: int | Duration) -> int:
    """Move the mocked clock on by a duration or that many milliseconds, back where they are negative; the new time in
    milliseconds. Throws where the clock is not mocked.
    """
    mock = mock_of(ctx)
    if mock is None:
        raise thrown("advance_time: no mock active. Call mock_time(ms) first.")
    mock.advance(length.ms if isinstance(length, Duration) else length)
    return mock.wall_ms


@builtin("unmock_time() -> nil", effects=["state"], ctx=True, examples=[("unmock_time()", "nil")])
def unmock_time(ctx: Context) -> None:
    """Let the host's clock be the clock again."""
    ctx.vm.areas.pop(AREA, None)


@builtin("timer_start(name?: any) -> dict", effects=["clock"], ctx=True)
def timer_start(ctx: Context, name: Any = "default") -> dict[str, Any]:
    """The time now under a name, for `timer_end`: `{name, start_ms}`."""
    return {"name": text_of(name), "start_ms": wall_ms(ctx)}


@builtin("timer_end(timer: dict) -> int", effects=["clock", "output"], ctx=True)
def timer_end(ctx: Context, timer: dict[str, Any]) -> int:
    """How many milliseconds have passed since `timer_start`; a line `[timer] NAME: 12ms` is printed, too."""
    now = wall_ms(ctx)
    start = timer.get("start_ms")
    passed = now - start if start.__class__ is int else 0
    ctx.vm.write(ctx.task, f"[timer] {text_of(timer.get('name', ''))}: {passed}ms\n")
    return passed
