"""Dates against Python's own, and what must hold of every moment and zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.builtins.calendar_days import FIRST_SECOND, LAST_SECOND, date_of, day_number, iso_week, weekday
from harn.builtins.zones import moment_of, offset_at, zone, zone_names
from harn.values.errors import HarnError
from harn.values.kinds import Duration
from tests.builtins.driving import call

seconds = st.integers(FIRST_SECOND, LAST_SECOND)
zones = st.sampled_from(sorted(zone_names()))
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def attempt(name: str, *args: Any) -> Any:
    """What a builtin gives or throws."""
    try:
        return call(name, *args)
    except HarnError as error:
        return error.payload


@given(st.integers(-719_162, 2_932_896))
def test_days_are_those_of_python(number: int) -> None:
    day = date(1970, 1, 1) + timedelta(days=number)
    assert date_of(number) == (day.year, day.month, day.day)
    assert day_number(day.year, day.month, day.day) == number
    assert weekday(number) == day.isoweekday() % 7
    assert iso_week(number) == tuple(day.isocalendar())[:2]


@given(seconds)
def test_every_day_of_the_calendar_comes_back(second: int) -> None:
    number = second // 86_400
    assert day_number(*date_of(number)) == number


@given(st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)))
def test_patterns_are_those_of_python(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC, microsecond=0)
    second = (moment - EPOCH) // timedelta(seconds=1)
    for pattern in ("%Y-%m-%d %H:%M:%S", "%a %A %b %B %d %j", "%I %p %y %u %w", "%U %W %V %G"):
        assert call("date_format", second, pattern) == moment.strftime(pattern)


@given(st.integers(FIRST_SECOND + 86_400, LAST_SECOND - 86_400), st.integers(0, 999_999), zones)
def test_what_is_shown_in_a_zone_is_read_back(second: int, micros: int, name: str) -> None:
    exact = offset_at(zone(name), second)[0] % 60 == 0  # type: ignore[arg-type]
    shown = call("date_to_zone", second, name)
    if exact and len(shown) == 25:
        assert call("date_parse", shown) == second
    near = second % 2**31 + micros / 1e6  # a float holds microseconds of these
    assert call("date_parse", call("date_to_zone", near, "UTC")) == pytest.approx(near, abs=1e-6)


inner = st.integers(FIRST_SECOND + 86_400, LAST_SECOND - 86_400)
"""With a day of the calendar on both sides, for zones ahead of UTC and behind."""


@given(inner, zones)
def test_fields_of_a_zone_name_their_moment(second: int, name: str) -> None:
    fields = call("date_in_zone", second, name)
    back = call("date_from_components", fields, name)
    # Of an hour that comes twice the earlier one is meant.
    assert back == second or (back < second and call("date_in_zone", back, name)["hour"] == fields["hour"])
    assert call("date_format", fields) == call("date_format", second)


@given(zones, st.integers(0, 2**31))
def test_a_skipped_time_is_none(name: str, second: int) -> None:
    place = zone(name)
    assert place is not None
    found = moment_of(place, second)
    if found is None:
        before, after = (offset_at(place, second - 86_400)[0], offset_at(place, second + 86_400)[0])
        assert after > before
    else:
        assert found + offset_at(place, found)[0] == second


def test_zones_hold_in_years_that_python_has_not() -> None:
    assert call("date_to_zone", LAST_SECOND, "America/New_York") == "+262142-12-31T18:59:59-05:00"
    summer = day_number(20_000, 7, 1) * 86_400
    assert call("date_format", summer, "%Z", "Europe/Berlin") == "CEST"
    assert call("date_format", FIRST_SECOND + 86_400, "%Y %Z", "Europe/Berlin") == "-262143 LMT"


@given(st.text("0123456789-:.TZ+ /é", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_date_or_is_refused(text: str) -> None:
    found = attempt("date_parse", text)
    if isinstance(found, str):
        assert found.startswith(("Cannot parse date: ", "Invalid "))
    else:
        assert FIRST_SECOND - 86_400 <= found <= LAST_SECOND + 86_400


@given(st.text("%-_0.:369 abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+", max_size=12), seconds)
def test_any_pattern_is_written_or_refused(pattern: str, second: int) -> None:
    found = attempt("date_format", second, pattern, "Asia/Kathmandu")
    assert "%" in pattern or found == pattern


@pytest.mark.parametrize(
    "name", ["utc", "europe/berlin", "Europe", "../etc/passwd", "", "Europe/Berlin/", "+02:00", "zones"]
)
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(HarnError) as caught:
        call("date_to_zone", 0, name)
    assert caught.value.payload == f"date_to_zone: unknown timezone '{name}'"


@given(st.integers(-(2**63), 2**63 - 1))
def test_durations_for_people(ms: int) -> None:
    text = call("duration_to_human", Duration(ms))
    units = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1}
    total = sum(int(part.rstrip("dhms")) * units[part.lstrip("0123456789")] for part in text.lstrip("-").split())
    assert 0 <= abs(ms) - total < (1 if text.count(" ") < 2 else 60_000 * 60)
    assert text.startswith("-") == (ms < 0)


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_a_difference_leads_from_one_moment_to_the_other(a: int, b: int) -> None:
    assert call("date_add", b, call("date_diff", a, b)) == a
