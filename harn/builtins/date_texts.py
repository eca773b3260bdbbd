"""Reading dates: RFC 3339 and its relatives, else whatever digits there are."""

from __future__ import annotations

import re
from functools import lru_cache

from harn.builtins.calendar_days import DAY, NANOS, day_number, exists
from harn.source.typing import Sequence
from harn.values.operators import HIGHEST


class DateFault(ValueError):
    """What is no date; ``str()`` says why."""


LIMITS = (("month", 1, 12), ("day", 1, 31), ("hour", 0, 23), ("minute", 0, 59), ("second", 0, 59))
"""The parts of a moment behind its year, and what they may be."""


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"(?P<year>[+-]?\d{1,19})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
        r"(?:(?:[Tt]|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.(?P<fraction>\d*))?)?"
        r"(?:[Zz]|(?P<sign>[+-])(?P<hours>[01]\d|2[0-3])(?::?(?P<minutes>[0-5]\d))?)?)?",
        re.ASCII,
    )


def moment_in(text: str) -> int:
    """Nanoseconds since 1970 of a text. DateFault where it is no date.

    A date in ISO form with a time, where there is one, in UTC or with an offset. In any other text the groups of digits are year,
    month, day, hour, minute and second, whatever stands between them.
    """
    text = text.strip()
    match = _pattern().fullmatch(text)
    if match is not None:
        parts = [int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute", "second")]
        if _possible(parts):
            nanos = int((match["fraction"] or "").ljust(9, "0")[:9])
            offset = int(match["hours"] or 0) * 3600 + int(match["minutes"] or 0) * 60
            return (second_of(parts) - (-offset if match["sign"] == "-" else offset)) * NANOS + nanos
    return _from_digits(text) * NANOS


def _possible(parts: Sequence[int]) -> bool:
    """Whether there is such a moment."""
    if any(not low <= part <= high for part, (_, low, high) in zip(parts[1:], LIMITS, strict=True)):
        return False
    return exists(parts[0], parts[1], parts[2])


def second_of(parts: Sequence[int]) -> int:
    """The second since 1970 of year, month, day, hour, minute and second in UTC."""
    year, month, day, hour, minute, second = parts
    return day_number(year, month, day) * DAY + hour * 3600 + minute * 60 + second


def check_parts(parts: Sequence[int]) -> None:
    """DateFault where year, month, day, hour, minute and second are no moment."""
    for part, (name, low, high) in zip(parts[1:], LIMITS, strict=True):
        if not low <= part <= high:
            raise DateFault(f"Invalid {name}: {part} (must be {low}-{high})")
    if not exists(*parts[:3]):
        raise DateFault(f"Invalid date: {parts[0]:04}-{parts[1]:02}-{parts[2]:02}")


def _from_digits(text: str) -> int:
    """The second that six groups of digits name; the last three may be missing. A group beyond 64 bits does not count."""
    groups = (group for group in re.findall(r"[0-9]+", text) if len(group) <= 19)
    parts = [number for number in map(int, groups) if number <= HIGHEST][:6]
    if len(parts) < 3:
        raise DateFault(f"Cannot parse date: {text}")
    if parts[0] > 2**31 - 1:
        raise DateFault(f"Invalid year: {parts[0]}")
    parts += [0] * (6 - len(parts))
    check_parts(parts)
    return second_of(parts)
