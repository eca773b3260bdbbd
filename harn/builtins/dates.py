"""Dates: moments as seconds since 1970-01-01 UTC, read from texts, written by patterns, shown by the clocks of a zone.

A moment is an int or float of seconds, or a dict with a `timestamp`. Zones have the names of the IANA database (`Europe/Berlin`).
"""

from __future__ import annotations

import math

from harn.builtins.calendar_days import FIRST_SECOND, LAST_SECOND, NANOS, weekday
from harn.builtins.date_formats import FormatFault, Moment, formatted, rfc3339
from harn.builtins.date_texts import DateFault, check_parts, moment_in, second_of
from harn.builtins.durations import duration
from harn.builtins.stamps import stamp
from harn.builtins.strings import text_of
from harn.builtins.zones import moment_of, offset_at, zone
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import thrown
from harn.values.kinds import Duration, type_name
from harn.vm.frame import Effect
from harn.vm.machine import Context

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

PATTERN = "%Y-%m-%d %H:%M:%S"


def _ns_of(name: str, moment: Any) -> int:
    """Nanoseconds since 1970 of a number or of the `timestamp` of a dict; floats are rounded to microseconds."""
    given = moment
    while given.__class__ is dict:
        given = given.get("timestamp", _MISSING)
    if given.__class__ is int:
        second, nanos = given, 0
    elif given.__class__ is float:
        if not math.isfinite(given):
            raise thrown(f"{name}: timestamp must be finite")
        if abs(given) > 2.0**63:
            raise thrown(f"{name}: timestamp out of range")
        second, micros = divmod(_microseconds(given), 1_000_000)
        nanos = micros * 1000
    elif given is _MISSING:
        raise thrown(f"{name}: missing timestamp argument")
    else:
        raise thrown(f"{name}: expected timestamp number or date dict, got {type_name(given)}")
    if not FIRST_SECOND <= second <= LAST_SECOND:
        raise thrown(f"{name}: timestamp out of range")
    return int(second) * NANOS + nanos


_MISSING = object()


def _microseconds(seconds: float) -> int:
    """Rounded to the nearest, halves away from zero, with the error of one multiplication."""
    scaled = seconds * 1_000_000
    whole = math.floor(abs(scaled) + 0.5)
    return whole if scaled >= 0 else -whole


def _seconds(ns: int) -> int | float:
    """Nanoseconds as whole seconds, or as a float where there is a fraction."""
    second, nanos = divmod(ns, NANOS)
    return second if nanos == 0 else second + nanos / 1e9


def _zone(name: str, wanted: str) -> ZoneInfo:
    found = zone(wanted)
    if found is None:
        raise thrown(f"{name}: unknown timezone '{wanted}'")
    return found


def _shown(name: str, moment: Any, wanted: str | None) -> Moment:
    """A moment as the clocks of a zone show it, or UTC."""
    ns = _ns_of(name, moment)
    if wanted is None:
        return Moment(ns)
    return Moment(ns, *offset_at(_zone(name, wanted), ns // NANOS))


def _fields(at: Moment) -> dict[str, Any]:
    year, month, day = at.date
    return {
        "year": year,
        "month": month,
        "day": day,
        "hour": at.hour,
        "minute": at.minute,
        "second": at.of_day % 60,
        "weekday": weekday(at.days),
    }


@builtin("date_now() -> dict", effects=["clock"], ctx=True)
def date_now(ctx: Context) -> dict[str, Any]:
    """The moment in UTC, from the host's clock also while that of the program is mocked: `{year, month, day, hour, minute,
    second, weekday, timestamp, iso8601}`, Sunday being 0.
    """
    now = ctx.vm.perform_now(ctx.task, Effect("clock", "now", idempotent=True))[1]
    ms = math.floor(now * 1000)
    return {**_fields(Moment(ms * 1_000_000)), "timestamp": ms / 1000, "iso8601": stamp(ms / 1000)}


@builtin(
    "date_parse(text: any) -> int|float",
    examples=[
        ('date_parse("2026-04-25T17:32:09+02:00")', "1777131129"),
        ('date_parse("1970-01-01 00:00:01.5")', "1.5"),
        ('date_parse("1970/1/2")', "86400"),
    ],
)
def date_parse(text: Any) -> int | float:
    """The moment a text names: a date of RFC 3339 or ISO 8601, with or without a time, in UTC where no offset is given; of any
    other text the groups of digits are taken as year, month, day, hour, minute and second.
    """
    try:
        return _seconds(moment_in(text_of(text)))
    except DateFault as fault:
        raise thrown(str(fault)) from None


@builtin(
    "date_format(moment: int|float|dict, pattern?: string, zone?: string) -> string",
    examples=[
        ("date_format(0)", "1970-01-01 00:00:00"),
        ('date_format(1777138329.481, "%d.%m.%y %H:%M:%S.%3f")', "25.04.26 17:32:09.481"),
        ('date_format(0, "%a %H:%M %Z %:z", "Asia/Tokyo")', "Thu 09:00 JST +09:00"),
    ],
)
def date_format(moment: Any, pattern: str | None = None, zone: str | None = None) -> str:
    """A moment written by a pattern of `strftime` letters (`%Y-%m-%d %H:%M:%S` without one), in UTC or a zone."""
    at = _shown("date_format", moment, zone)
    try:
        return formatted(at, PATTERN if pattern is None else pattern)
    except FormatFault as fault:
        raise thrown(f"date_format: invalid format '{fault}'") from None


@builtin(
    "date_to_zone(moment: int|float|dict, zone: string) -> string",
    examples=[('date_to_zone(1777138329, "America/Los_Angeles")', "2026-04-25T10:32:09-07:00")],
)
def date_to_zone(moment: Any, zone: str) -> str:
    """A moment in the form of RFC 3339 with the offset of a zone."""
    return rfc3339(_shown("date_to_zone", moment, zone))


@builtin(
    "date_in_zone(moment: int|float|dict, zone: string) -> dict",
    examples=[('date_in_zone(0, "Asia/Tokyo").hour', "9")],
)
def date_in_zone(moment: Any, zone: str) -> dict[str, Any]:
    """What the clocks and calendars of a zone show at a moment: `{year, month, day, hour, minute, second, weekday,
    offset_seconds, zone, timestamp, iso8601}`, Sunday being 0.
    """
    at = _shown("date_in_zone", moment, zone)
    return {
        **_fields(at),
        "offset_seconds": at.offset,
        "timestamp": _seconds(at.second * NANOS + at.nanos),
        "iso8601": rfc3339(at),
        "zone": zone,
    }


@builtin(
    "date_from_components(parts: dict, zone?: string) -> int",
    examples=[('date_from_components({year: 2026, month: 4, day: 25, hour: 10}, "America/Los_Angeles")', "1777136400")],
)
def date_from_components(parts: dict[str, Any], zone: str | None = None) -> int:
    """The moment at which the clocks of a zone, or of UTC, show `{year, month, day, hour, minute, second}`; a time may be left
    out. Where they show it twice it is the earlier one.
    """
    place = None if zone is None else _zone("date_from_components", zone)
    given = [_component(parts, name) for name in ("year", "month", "day", "hour", "minute", "second")]
    if abs(given[0]) > 2**31:
        raise thrown("date_from_components: year out of range")
    try:
        check_parts(given)
    except DateFault as fault:
        raise thrown(str(fault)) from None
    local = second_of(given)
    found = local if place is None else moment_of(place, local)
    if found is None:
        raise thrown("date_from_components: local time does not exist in that timezone")
    return found


def _component(parts: dict[str, Any], name: str) -> int:
    value = parts.get(name, None if name in ("year", "month", "day") else 0)
    if value.__class__ is float and value.is_integer():
        return int(value)
    if value.__class__ is int:
        return int(value)
    if name not in parts:
        raise thrown(f"date_from_components: missing {name}")
    raise thrown(f"date_from_components: {name} must be an integer, got {type_name(value)}")


@builtin(
    "date_add(moment: int|float|dict, length: duration) -> int|float",
    examples=[("date_add(0, 90m)", "5400"), ("date_add(0, 1500ms)", "1.5")],
)
def date_add(moment: Any, length: Duration) -> int | float:
    """The moment that much later, or earlier where the duration is below zero; to the millisecond."""
    ms = _ns_of("date_add", moment) // 1_000_000 + length.ms
    return ms // 1000 if ms % 1000 == 0 else ms / 1000


@builtin(
    "date_diff(a: int|float|dict, b: int|float|dict) -> duration",
    examples=[("date_diff(10, 4)", "6s"), ("date_diff(1.5, 1)", "500ms")],
)
def date_diff(a: Any, b: Any) -> Duration:
    """How much later the first moment is than the second, to the millisecond."""
    return duration("date_diff", _ns_of("date_diff", a) // 1_000_000 - _ns_of("date_diff", b) // 1_000_000)


@builtin(
    "weekday_name(moment: int|float|dict, zone?: string) -> string",
    examples=[("weekday_name(0)", "Thursday"), ('weekday_name(0, "America/New_York")', "Wednesday")],
)
def weekday_name(moment: Any, zone: str | None = None) -> str:
    """The English name of the day of the week, in UTC or a zone."""
    return formatted(_shown("weekday_name", moment, zone), "%A")


@builtin("month_name(moment: int|float|dict, zone?: string) -> string", examples=[("month_name(0)", "January")])
def month_name(moment: Any, zone: str | None = None) -> str:
    """The English name of the month, in UTC or a zone."""
    return formatted(_shown("month_name", moment, zone), "%B")
