"""Time zones: the offset of a place at a moment, and the moment at which its clocks show a time.

The rules are those of the IANA database as the ``tzdata`` package has it, so that programs see the same on every machine.
"""

from __future__ import annotations

from datetime import UTC
from functools import lru_cache

from harn.builtins.calendar_days import DAY, day_number
from harn.source.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_CYCLE = 146_097 * DAY
"""Seconds of 400 years, after which the calendar repeats."""
_LOW = day_number(2, 1, 1) * DAY
_CYCLES = 24
"""Python knows the years from 1 to 9999: whole cycles of them, a year from either end."""


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """The names of all zones."""
    from importlib.resources import files

    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=128)
def zone(name: str) -> ZoneInfo | None:
    """The zone of a name, which counts letter by letter; None where there is none."""
    if name not in zone_names():
        return None
    from importlib.resources import files
    from zoneinfo import ZoneInfo

    place = files("tzdata") / "zoneinfo"
    for part in name.split("/"):
        place = place / part
    with place.open("rb") as content:
        return ZoneInfo.from_file(content, key=name)


def offset_at(place: ZoneInfo, second: int) -> tuple[int, str]:
    """(seconds ahead of UTC, abbreviation) of a zone at a second since 1970."""
    from datetime import datetime, timedelta

    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    local = (epoch + timedelta(seconds=_within_known_years(second))).astimezone(place)
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0, local.tzname() or ""


def moment_of(place: ZoneInfo, local: int) -> int | None:
    """The second since 1970 at which a zone's clocks show ``local`` (the same, as if it were UTC): the earlier one where
    they show it twice, None where they skip it.
    """
    guesses = sorted(local - offset_at(place, local + shift)[0] for shift in (-DAY, 0, DAY))
    return next((guess for guess in guesses if guess + offset_at(place, guess)[0] == local), None)


def _within_known_years(second: int) -> int:
    """A second of another cycle of the calendar, or this one: zones have other rules at the ends of time than in between."""
    cycle, rest = divmod(second - _LOW, _CYCLE)
    return _LOW + min(max(cycle, 0), _CYCLES - 1) * _CYCLE + rest
