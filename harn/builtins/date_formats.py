"""Moments as text by a pattern of ``strftime`` letters, and in the form of RFC 3339.

A letter may have a mark before it: ``%-d`` writes a number without what fills it up, ``%_d`` fills up with blanks, ``%0e`` with
zeros. ``%.f`` is the fraction of a second with its point, ``%3f %6f %9f`` are that many digits of it, ``%.3f`` both.
"""

from __future__ import annotations

from harn.builtins.calendar_days import DAY, MONTHS, NANOS, WEEKDAYS, Date, date_of, day_number, iso_week, weekday
from harn.source.typing import Callable


class FormatFault(ValueError):
    """A pattern with a part that means nothing; ``str()`` is that part."""


class Moment:
    """A moment as the clocks of a zone show it: ``ns`` nanoseconds since 1970, ``offset`` seconds ahead of UTC."""

    __slots__ = ("abbreviation", "date", "days", "nanos", "of_day", "offset", "second")

    def __init__(self, ns: int, offset: int = 0, abbreviation: str = "UTC") -> None:
        self.second, self.nanos = divmod(ns, NANOS)
        self.days, self.of_day = divmod(self.second + offset, DAY)
        self.date: Date = date_of(self.days)
        self.offset = offset
        self.abbreviation = abbreviation

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.of_day // 3600

    @property
    def minute(self) -> int:
        """0 to 59."""
        return self.of_day // 60 % 60

    @property
    def day_of_year(self) -> int:
        """1 to 366."""
        return self.days - day_number(self.date.year, 1, 1) + 1

    def week(self, first: int) -> int:
        """Whole weeks of the year so far, weeks beginning on that day of the week; 0 before the first."""
        return (self.day_of_year + 6 - (weekday(self.days) - first) % 7) // 7


Number = tuple[Callable[[Moment], int], str, int]

_NUMBERS: dict[str, Number] = {
    "C": (lambda at: at.date.year // 100, "0", 2),
    "y": (lambda at: at.date.year % 100, "0", 2),
    "g": (lambda at: iso_week(at.days)[0] % 100, "0", 2),
    "q": (lambda at: (at.date.month + 2) // 3, "0", 1),
    "m": (lambda at: at.date.month, "0", 2),
    "d": (lambda at: at.date.day, "0", 2),
    "e": (lambda at: at.date.day, " ", 2),
    "w": (lambda at: weekday(at.days), "0", 1),
    "u": (lambda at: weekday(at.days) or 7, "0", 1),
    "U": (lambda at: at.week(0), "0", 2),
    "W": (lambda at: at.week(1), "0", 2),
    "V": (lambda at: iso_week(at.days)[1], "0", 2),
    "j": (lambda at: at.day_of_year, "0", 3),
    "H": (lambda at: at.hour, "0", 2),
    "k": (lambda at: at.hour, " ", 2),
    "I": (lambda at: (at.hour + 11) % 12 + 1, "0", 2),
    "l": (lambda at: (at.hour + 11) % 12 + 1, " ", 2),
    "M": (lambda at: at.minute, "0", 2),
    "S": (lambda at: at.of_day % 60, "0", 2),
    "f": (lambda at: at.nanos, "0", 9),
    "s": (lambda at: at.second, "0", 1),
}
"""Letter -> the number, what fills it up, and to how many characters."""

_YEARS: dict[str, Callable[[Moment], int]] = {"Y": lambda at: at.date.year, "G": lambda at: iso_week(at.days)[0]}

_TEXTS: dict[str, Callable[[Moment], str]] = {
    "B": lambda at: MONTHS[at.date.month - 1],
    "b": lambda at: MONTHS[at.date.month - 1][:3],
    "h": lambda at: MONTHS[at.date.month - 1][:3],
    "A": lambda at: WEEKDAYS[weekday(at.days)],
    "a": lambda at: WEEKDAYS[weekday(at.days)][:3],
    "p": lambda at: "AM" if at.hour < 12 else "PM",
    "P": lambda at: "am" if at.hour < 12 else "pm",
    "Z": lambda at: at.abbreviation,
    "z": lambda at: offset_text(at.offset, ""),
    ":z": lambda at: offset_text(at.offset, ":"),
    "::z": lambda at: _exact_offset(at.offset),
    ":::z": lambda at: _exact_offset(at.offset)[:3],
    ".f": lambda at: fraction_text(at.nanos),
    ".3f": lambda at: f".{at.nanos:09}"[:4],
    ".6f": lambda at: f".{at.nanos:09}"[:7],
    ".9f": lambda at: f".{at.nanos:09}",
    "3f": lambda at: f"{at.nanos:09}"[:3],
    "6f": lambda at: f"{at.nanos:09}"[:6],
    "9f": lambda at: f"{at.nanos:09}",
    "+": lambda at: rfc3339(at),
    "t": lambda at: "\t",
    "n": lambda at: "\n",
    "%": lambda at: "%",
}  # fmt: skip

_PATTERNS = {
    "c": "%a %b %e %H:%M:%S %Y",
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "v": "%e-%b-%Y",
    "R": "%H:%M",
    "T": "%H:%M:%S",
    "X": "%H:%M:%S",
    "r": "%I:%M:%S %p",
}
"""Letters that stand for a whole pattern."""

_MARKS = {"-": "", "_": " ", "0": "0"}


def formatted(at: Moment, pattern: str) -> str:
    """The text of a moment. FormatFault where the pattern is none."""
    out: list[str] = []
    place = 0
    while True:
        percent = pattern.find("%", place)
        if percent < 0:
            return "".join((*out, pattern[place:]))
        out.append(pattern[place:percent])
        part, place = _part(pattern, percent + 1)
        out.append(_piece(at, part))


def _part(pattern: str, start: int) -> tuple[str, int]:
    """What stands behind a percent sign, up to its letter, and the place behind it."""
    for length in (4, 3, 2, 1):
        part = pattern[start : start + length]
        if len(part) == length and _means_something(part):
            return part, start + length
    end = start
    while end < len(pattern) and pattern[end] in "-_0.:#123456789":
        end += 1
    raise FormatFault(pattern[start - 1 : end + 1])


def _means_something(part: str) -> bool:
    return (
        part in _TEXTS
        or part in _NUMBERS
        or part in _YEARS
        or part in _PATTERNS
        or (len(part) == 2 and part[0] in _MARKS and (part[1] in _NUMBERS or part[1] in _YEARS))
    )


def _piece(at: Moment, part: str) -> str:
    text = _TEXTS.get(part)
    if text is not None:
        return text(at)
    whole = _PATTERNS.get(part)
    if whole is not None:
        return formatted(at, whole)
    letter = part[-1]
    mark = _MARKS[part[0]] if len(part) == 2 else None
    if letter in _YEARS:
        return year_text(_YEARS[letter](at), "0" if mark is None else mark)
    number, fill, width = _NUMBERS[letter]
    return _filled(str(number(at)), fill if mark is None else mark, width)


def _filled(digits: str, fill: str, width: int) -> str:
    return digits.rjust(width, fill) if fill else digits


def year_text(year: int, fill: str = "0") -> str:
    """Four digits; a sign before a year that they cannot hold."""
    if 0 <= year <= 9999:
        return _filled(str(year), fill, 4)
    if fill != "0":
        return _filled(f"{year:+}", fill, 5)
    return f"{year:+05}"


def fraction_text(nanos: int) -> str:
    """A fraction of a second with its point, in thousandths, millionths or billionths; nothing where there is none."""
    if nanos == 0:
        return ""
    digits = f".{nanos:09}"
    return digits[:4] if nanos % 1_000_000 == 0 else digits[:7] if nanos % 1000 == 0 else digits


def offset_text(offset: int, separator: str = ":") -> str:
    """An offset in hours and minutes, rounded to the nearest."""
    minutes = (abs(offset) + 30) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02}{separator}{minutes % 60:02}"


def _exact_offset(offset: int) -> str:
    size = abs(offset)
    return f"{'-' if offset < 0 else '+'}{size // 3600:02}:{size // 60 % 60:02}:{size % 60:02}"


def rfc3339(at: Moment) -> str:
    """``2026-04-25T10:32:09.481-07:00``"""
    year, month, day = at.date
    time = f"{at.hour:02}:{at.minute:02}:{at.of_day % 60:02}{fraction_text(at.nanos)}"
    return f"{year_text(year)}-{month:02}-{day:02}T{time}{offset_text(at.offset)}"
