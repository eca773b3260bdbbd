"""The calendar: days since 1970-01-01 as dates and back, in the Gregorian calendar carried on in both directions.

Python's own dates end with the year 9999; programs may name any year from -262143 to 262142.
"""

from __future__ import annotations

from harn.source.typing import NamedTuple

DAY = 86_400
"""Seconds of a day."""
NANOS = 1_000_000_000
"""Nanoseconds of a second."""

FIRST_YEAR, LAST_YEAR = -262_143, 262_142

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

_CYCLE_DAYS = 146_097
"""Days of 400 years, after which the calendar repeats, weekdays included."""
_TO_MARCH_0000 = 719_468
"""Days from 0000-03-01 to 1970-01-01."""


class Date(NamedTuple):
    """A day of the calendar."""

    year: int
    month: int
    day: int


def day_number(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date. Years are counted from March on here, so that the leap day is their last."""
    if month <= 2:
        year -= 1
    cycle, of_cycle = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return cycle * _CYCLE_DAYS + of_cycle * 365 + of_cycle // 4 - of_cycle // 100 + of_year - _TO_MARCH_0000


def date_of(number: int) -> Date:
    """The date that many days after 1970-01-01."""
    cycle, of_cycle = divmod(number + _TO_MARCH_0000, _CYCLE_DAYS)
    year = (of_cycle - of_cycle // 1460 + of_cycle // 36_524 - of_cycle // 146_096) // 365
    of_year = of_cycle - (365 * year + year // 4 - year // 100)
    from_march = (5 * of_year + 2) // 153
    day = of_year - (153 * from_march + 2) // 5 + 1
    month = from_march + 3 if from_march < 10 else from_march - 9
    return Date(cycle * 400 + year + (month <= 2), month, day)


def is_leap(year: int) -> bool:
    """Whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """How many days a month has."""
    return 29 if month == 2 and is_leap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def exists(year: int, month: int, day: int) -> bool:
    """Whether a date of a possible month is one of the calendar, within its years."""
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= day <= days_in_month(year, month)


def weekday(number: int) -> int:
    """The day of the week, 0 for Sunday, of the day that many days after 1970-01-01."""
    return (number + 4) % 7


def iso_week(number: int) -> tuple[int, int]:
    """(year, week) by ISO 8601: weeks begin on Monday, and the first one has the year's first Thursday in it."""
    thursday = number - (number + 3) % 7 + 3
    year = date_of(thursday).year
    return year, (thursday - day_number(year, 1, 1)) // 7 + 1


FIRST_SECOND = day_number(FIRST_YEAR, 1, 1) * DAY
LAST_SECOND = day_number(LAST_YEAR, 12, 31) * DAY + DAY - 1
"""The first and the last second that has a date, since 1970-01-01 UTC."""
