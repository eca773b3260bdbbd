"""The values of TOML that are one piece: texts in quotes, numbers, booleans, dates and times."""

from __future__ import annotations

import math
import re

from harn.builtins.calendar_days import days_in_month
from harn.source.typing import Any
from harn.values.operators import HIGHEST, LOWEST


class TomlFault(ValueError):
    """A text that is no TOML: what is wrong from one place of it to another."""

    def __init__(self, what: str, start: int, end: int = -1) -> None:
        super().__init__(what)
        self.what = what
        self.start = start
        self.end = end if end > start else start + 1


UNQUOTED = "string values must be quoted, expected literal string"

# ----------------------------------------------------------------------------------------------------- texts in quotes

_PLAIN = {
    '"': re.compile(r'[^"\\\x00-\x08\x0a-\x1f\x7f]+'),
    "'": re.compile(r"[^'\x00-\x08\x0a-\x1f\x7f]+"),
    '"""': re.compile(r'[^"\\\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]+'),
    "'''": re.compile(r"[^'\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]+"),
}
_KINDS = {
    '"': "invalid basic string",
    "'": "invalid literal string",
    '"""': "invalid multi-line basic string",
    "'''": "invalid multi-line literal string",
}
_VISIBLE = {'"': "non-double-quote visible characters, `\\`", "'": "non-single-quote visible characters"}
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b", '"': '"', "\\": "\\"}
_DIGITS = {"x": 2, "u": 4, "U": 8}
_FOLD = re.compile(r"[ \t]*\r?\n\s*")
"""What a backslash at the end of a line takes away."""


def quoted(text: str, at: int) -> tuple[str, int]:
    """The text in quotes that begins at a place, and the place behind it."""
    mark = text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]
    place = at + len(mark)
    if len(mark) == 3:
        place += 2 if text.startswith("\r\n", place) else text.startswith("\n", place)
    plain = _PLAIN[mark]
    pieces: list[str] = []
    while True:
        run = plain.match(text, place)
        if run is not None:
            pieces.append(run.group())
            place = run.end()
        character = text[place : place + 1]
        if character == mark[0]:
            piece, place, done = _quotes(text, place, mark)
            pieces.append(piece)
            if done:
                return "".join(pieces), place
        elif character == "\\":
            piece, place = _escaped(text, place + 1, mark)
            pieces.append(piece)
        elif character in ("", "\n") or text.startswith("\r\n", place):
            raise TomlFault(f"{_KINDS[mark]}, expected `{mark[0]}`", place)
        else:
            raise TomlFault(f"{_KINDS[mark]}, expected {_VISIBLE[mark[0]]}", place)


def _quotes(text: str, place: int, mark: str) -> tuple[str, int, bool]:
    """(quotes that belong to the text, place behind, whether the text ends here). Up to two may stand before the three that
    end a text of several lines."""
    if len(mark) == 1:
        return "", place + 1, True
    end = place
    while end < place + 5 and text.startswith(mark[0], end):
        end += 1
    count = end - place
    return (mark[0] * count, end, False) if count < 3 else (mark[0] * (count - 3), end, True)


def _escaped(text: str, place: int, mark: str) -> tuple[str, int]:
    """What stands behind a backslash."""
    letter = text[place : place + 1]
    if letter in _ESCAPES:
        return _ESCAPES[letter], place + 1
    if len(mark) == 3:
        fold = _FOLD.match(text, place)
        if fold is not None:
            return "", fold.end()
    count = _DIGITS.get(letter)
    if count is None:
        expected = '`b`, `e`, `f`, `n`, `r`, `\\`, `"`, `x`, `u`, `U`'
        raise TomlFault(f"missing escaped value, expected {expected}", place)
    start = place + 1
    end = start
    while end < start + count and text[end : end + 1] in _HEXADECIMAL and text[end : end + 1]:
        end += 1
    if end < start + count:
        raise TomlFault("too few unicode value digits, expected unicode hexadecimal value", end)
    code = int(text[start:end], 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise TomlFault("invalid value, expected unicode hexadecimal value", start)
    return chr(code), end


_HEXADECIMAL = "0123456789abcdefABCDEF"

# ------------------------------------------------------------------------------------------------ words and numbers

_RADIXES = {"x": ("hexadecimal", 16, _HEXADECIMAL), "o": ("octal", 8, "01234567"), "b": ("binary", 2, "01")}
_EXPECTED = {
    "t": "boolean, expected `true`",
    "f": "boolean, expected `false`",
    "i": "float, expected `inf`",
    "n": "float, expected `nan`",
}
_WORDS: dict[str, Any] = {"true": True, "false": False}
_SIZES = {"inf": math.inf, "nan": math.nan}
_NUMBER = re.compile(r"([0-9_]*)(?:(\.)([0-9_]*))?(?:([eE][+-]?)([0-9_]*))?")
_LONGEST = 4000
"""Digits of an int: more would not fit in 64 bits whatever they are."""


def bare(word: str, start: int) -> Any:
    """The value of a word without quotes that begins at a place."""
    end = start + len(word)
    if word in _WORDS:
        return _WORDS[word]
    first = word[:1]
    if first.isascii() and first.isdigit() and re.match(r"[0-9]+[-:]", word):
        return moment(word, start)
    if not word or " " in word or "\t" in word:
        raise TomlFault(UNQUOTED, start, end)
    expected = _EXPECTED.get(first.lower())
    if expected is not None and word not in _SIZES:
        raise TomlFault(f"invalid {expected}", start, end)
    signed = first in "+-"
    body = word[1:] if signed else word
    if body in _SIZES:
        return -_SIZES[body] if first == "-" else _SIZES[body]
    place = start + signed
    if signed and body[:1] in ("+", "-") and body[:1]:
        raise TomlFault("redundant numeric sign, expected nothing", place)
    if not body or body[0] not in "0123456789._":
        raise TomlFault(UNQUOTED, start, end)
    if body[0] == "0" and body[1:2].lower() in _RADIXES and body[1:2]:
        return _with_radix(body, place, signed)
    return _decimal(body, place, first == "-", start)


def _with_radix(body: str, place: int, signed: bool) -> int:
    letter = body[1]
    if letter.isupper():
        raise TomlFault(f"radix must be lowercase, expected `0{letter.lower()}`", place, place + 2)
    if signed:
        raise TomlFault("integers with a radix cannot be signed, expected nothing", place - 1)
    name, base, digits = _RADIXES[letter]
    _check_underscores(body, 2, place, digits)
    for offset, character in enumerate(body[2:], 2):
        if character != "_" and character not in digits:
            what = "unexpected sign, expected nothing" if character in "+-" else f"invalid {name} number"
            raise TomlFault(what, place + offset)
    if len(body) == 2:
        raise TomlFault(f"invalid {name} number", place, place + 2)
    return _in_range(int(body[2:].replace("_", ""), base), body, place)


def _check_underscores(body: str, first: int, place: int, digits: str) -> None:
    """TomlFault at an underscore that does not stand between two digits."""
    for offset in range(first, len(body)):
        if body[offset] == "_":
            before, behind = body[offset - 1 : offset] if offset > first else "", body[offset + 1 : offset + 2]
            if not before or before not in digits or not behind or behind not in digits:
                raise TomlFault("`_` may only go between digits, expected nothing", place + offset)


def _in_range(number: int, body: str, place: int) -> int:
    if LOWEST <= number <= HIGHEST:
        return number
    what = "u64 value was too large" if 0 <= number < 2**64 else "integer number overflowed"
    raise TomlFault(what, place, place + len(body))


def _decimal(body: str, place: int, negative: bool, start: int) -> int | float:
    _check_underscores(body, 0, place, "0123456789")
    parts = _NUMBER.match(body)
    assert parts is not None
    whole, point, fraction, power, exponent = parts.groups()
    if not whole:
        raise TomlFault("invalid mantissa, expected digits", place)
    if len(whole) > 1 and whole[0] == "0":
        raise TomlFault("unexpected leading zero, expected nothing", place)
    if point and not fraction:
        raise TomlFault("invalid fraction, expected digits", place + parts.end(2))
    if power and not exponent:
        raise TomlFault("invalid exponent, expected digits", place + parts.end(4))
    if parts.end() < len(body):
        if body[parts.end()] in ".eE":
            raise TomlFault("invalid float, expected nothing", place + parts.end(), place + len(body))
        raise TomlFault(UNQUOTED, start, place + len(body))
    digits = ("-" if negative else "") + body.replace("_", "")
    if not point and not power:
        if len(digits) > _LONGEST:
            raise TomlFault("integer number overflowed", start, place + len(body))
        return _in_range(int(digits), digits, start)
    number = float(digits)
    if math.isinf(number):
        raise TomlFault("floating-point number overflowed", start, place + len(body))
    return number


# --------------------------------------------------------------------------------------------------- dates and times

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9])")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?![0-9:.])")
_OFFSET = re.compile(r"[Zz]|([+-])([0-9]{2}):([0-9]{2})")


def moment(word: str, start: int) -> str:
    """A date, a time or both, as the text that RFC 3339 has for it."""
    end = start + len(word)
    date = _DATE.match(word)
    if date is None and ":" not in word[:3]:
        raise TomlFault("invalid date, expected YYYY-MM-DD", start, end)
    shown = ""
    place = 0
    if date is not None:
        year, month, day = map(int, date.groups())
        _check("date", "month", month, 1, 12, start, end)
        _check("date", "day", day, 1, days_in_month(year, month), start, end)
        if date.end() == len(word):
            return word
        if word[date.end()] not in "Tt ":
            raise TomlFault("invalid date-time, expected `T` between date and time", start, end)
        shown, place = f"{date.group()}T", date.end() + 1
    time = _TIME.match(word, place)
    if time is None:
        raise TomlFault("invalid time, expected HH:MM:SS", start, end)
    for name, part, most in zip(("hour", "minute", "second"), time.groups(), (23, 59, 60), strict=False):
        _check("time", name, int(part or 0), 0, most, start, end)
    fraction = (time.group(4) or "")[:9].rstrip("0")
    shown += time.group().partition(".")[0] + (f".{fraction}" if fraction else "")
    rest = word[time.end() :]
    return shown + (_offset(rest, date is not None, start, end) if rest else "")


def _offset(rest: str, allowed: bool, start: int, end: int) -> str:
    found = _OFFSET.fullmatch(rest)
    if not allowed or (found is None and rest[0] not in "+-"):
        raise TomlFault("invalid datetime", start, end)
    if found is None:
        raise TomlFault("invalid offset, expected `:` (HH:MM)", start, end)
    sign, hours, minutes = found.groups()
    if sign is None:
        return "Z"
    _check("offset", "hours", int(hours), 0, 23, start, end)
    _check("offset", "minutes", int(minutes), 0, 59, start, end)
    return "+00:00" if hours == minutes == "00" else rest


def _check(what: str, name: str, number: int, least: int, most: int, start: int, end: int) -> None:
    if not least <= number <= most:
        raise TomlFault(f"invalid {what}, expected {name} between {least:02} and {most:02}", start, end)
