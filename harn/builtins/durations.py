"""Durations: whole milliseconds, made of numbers and shown to people. Written in programs as `90s`, `1h`, `250ms`."""

from __future__ import annotations

import math

from harn.builtins.numbers import half_away_from_zero
from harn.catalog.record import builtin
from harn.values.errors import thrown
from harn.values.kinds import Duration
from harn.values.operators import HIGHEST, LOWEST

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
"""Milliseconds."""

_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "m"), (SECOND, "s"), (1, "ms"))


def duration(name: str, ms: int) -> Duration:
    """A duration of that many milliseconds. HarnError where 64 bits do not hold them."""
    if not LOWEST <= ms <= HIGHEST:
        raise thrown(f"{name}: duration overflow")
    return Duration(ms)


def _of(name: str, count: int | float, unit: int) -> Duration:
    if isinstance(count, int):
        return duration(name, count * unit)
    if not math.isfinite(count):
        raise thrown(f"{name}: number must be finite")
    ms = count * unit
    return duration(name, half_away_from_zero(ms) if math.isfinite(ms) else HIGHEST + 1)


@builtin(
    "duration_ms(count: number) -> duration", examples=[("duration_ms(1500)", "1500ms"), ("duration_ms(2.5)", "3ms")]
)
def duration_ms(count: int | float) -> Duration:
    """So many milliseconds; a fraction is rounded, halves away from zero."""
    return _of("duration_ms", count, 1)


@builtin("duration_seconds(count: number) -> duration", examples=[("duration_seconds(0.25)", "250ms")])
def duration_seconds(count: int | float) -> Duration:
    """So many seconds, rounded to milliseconds."""
    return _of("duration_seconds", count, SECOND)


@builtin("duration_minutes(count: number) -> duration", examples=[("duration_minutes(90)", "90m")])
def duration_minutes(count: int | float) -> Duration:
    """So many minutes, rounded to milliseconds."""
    return _of("duration_minutes", count, MINUTE)


@builtin("duration_hours(count: number) -> duration", examples=[("duration_hours(1.5)", "90m")])
def duration_hours(count: int | float) -> Duration:
    """So many hours, rounded to milliseconds."""
    return _of("duration_hours", count, HOUR)


@builtin("duration_days(count: number) -> duration", examples=[("duration_days(2)", "48h")])
def duration_days(count: int | float) -> Duration:
    """So many days of 24 hours, rounded to milliseconds."""
    return _of("duration_days", count, DAY)


@builtin("duration_to_seconds(length: duration) -> int", examples=[("duration_to_seconds(1500ms)", "1")])
def duration_to_seconds(length: Duration) -> int:
    """Whole seconds of a duration, cut towards zero."""
    return length.ms // SECOND if length.ms >= 0 else -(-length.ms // SECOND)


@builtin(
    "duration_to_human(length: duration) -> string",
    examples=[("duration_to_human(194m)", "3h 14m"), ("duration_to_human(1500ms)", "1s 500ms")],
)
def duration_to_human(length: Duration) -> str:
    """A duration for people: its up to three largest units of days, hours, minutes, seconds and milliseconds."""
    if length.ms == 0:
        return "0s"
    parts: list[str] = []
    rest = abs(length.ms)
    for unit, word in _UNITS:
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count}{word}")
    return ("-" if length.ms < 0 else "") + " ".join(parts[:3])
