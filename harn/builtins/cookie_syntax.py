"""Cookies as they stand in HTTP headers: reading ``Cookie``, writing and reading ``Set-Cookie``."""

from __future__ import annotations

from harn.source.typing import Any, NamedTuple
from harn.values.display import display
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import type_name

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_IN_NAMES = frozenset(_LETTERS + "!#$%&'*+-.^_`|~")
_CONTROLS = frozenset(map(chr, (*range(0x20), 0x7F)))
_NOT_IN_VALUES = _CONTROLS | frozenset(';,\\" ')
_NOT_IN_ATTRIBUTES = _CONTROLS | {";"}

BLANKS = " \t"


def cookie_error(text: str) -> HarnError:
    """``Runtime error: cookie: text``."""
    return runtime_error(f"cookie: {text}")


# ------------------------------------------------------------------------------------------------------------ reading


class Read(NamedTuple):
    """What the ``Cookie`` headers of a request hold: (name, value) in order, and (segment, reason) of what is no cookie."""

    pairs: list[tuple[str, str]]
    invalid: list[tuple[str, str]]

    @property
    def cookies(self) -> dict[str, str]:
        """Name -> value; of several cookies of one name the first counts."""
        return dict(reversed(self.pairs))


def read_cookies(headers: list[str]) -> Read:
    """The cookies of some headers; empty segments are nothing."""
    found = Read([], [])
    for header in headers:
        for part in header.split(";"):
            segment = part.strip(BLANKS)
            if segment:
                _read_segment(segment, found)
    return found


def _read_segment(segment: str, found: Read) -> None:
    name, equals, value = segment.partition("=")
    name, value = name.strip(BLANKS), value.strip(BLANKS)
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if not equals:
        found.invalid.append((segment, "missing '='"))
    elif not is_name(name):
        found.invalid.append((segment, "invalid name"))
    elif not _NOT_IN_ATTRIBUTES.isdisjoint(value):
        found.invalid.append((segment, "invalid value"))
    else:
        found.pairs.append((name, value))


def is_name(name: str) -> bool:
    """Whether a cookie may have this name."""
    return bool(name) and _IN_NAMES.issuperset(name)


COOKIE = ("cookie", "cookie headers", "cookie header list entries")
SET_COOKIE = ("set-cookie", "Set-Cookie headers", "Set-Cookie list entries")
"""Name of a header in small letters, and what errors call it and its parts."""


def header_texts(given: Any, header: tuple[str, str, str]) -> list[str]:
    """The texts of some headers: nil, one text, a list of them, or a dict of headers that may hold either."""
    name, whole, entries = header
    if given is None:
        return []
    if given.__class__ is dict:
        values = [value for key, value in sorted(given.items()) if key.lower() == name and value is not None]
    else:
        values = [given]
    texts: list[str] = []
    for value in values:
        if value.__class__ is not str and value.__class__ is not list:
            raise cookie_error(f"{whole} must be a string, list, dict, or nil; got {type_name(value)}")
        for text in value if value.__class__ is list else [value]:
            if text.__class__ is not str:
                raise cookie_error(f"{entries} must be strings, got {type_name(text)}")
            texts.append(text)
    return texts


class Change(NamedTuple):
    """What a ``Set-Cookie`` header does. ``lasts`` says whether ``Max-Age`` leaves it any time, ``end`` is ``Expires`` in seconds
    since 1970; None where there is no such attribute, or none that can be read.
    """

    name: str
    value: str
    lasts: bool | None
    end: int | None


def read_set_cookie(header: str) -> Change | None:
    """Read a ``Set-Cookie`` header; None where it sets no cookie. Of an attribute given twice the last counts."""
    first, *attributes = header.split(";")
    name, equals, value = first.strip(BLANKS).partition("=")
    if not equals or not is_name(name):
        return None
    lasts: bool | None = None
    end: int | None = None
    for attribute in attributes:
        key, _, given = (part.strip(BLANKS) for part in attribute.partition("="))
        if key.lower() == "max-age" and _is_int(given):
            lasts = given[0] != "-" and bool(given.strip("+0"))
        elif key.lower() == "expires":
            end = http_date(given)
    return Change(name, value, lasts, end)


def _is_int(text: str) -> bool:
    digits = text[1:] if text[:1] in ("-", "+") else text
    return bool(digits) and not digits.strip("0123456789")


_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def http_date(text: str) -> int | None:
    """Seconds since 1970 of a date in one of the three forms of HTTP; None for anything else.

    Thu, 01 Jan 1970 00:00:00 GMT    Thursday, 01-Jan-70 00:00:00 GMT    Thu Jan  1 00:00:00 1970
    """
    from calendar import timegm
    from datetime import datetime

    words = text.replace("-", " ").split() if "," in text else text.split()
    if len(words) == 6 and words[0].endswith(",") and words[5] == "GMT":
        day, month, year, clock = words[1:5]
    elif len(words) == 5:
        month, day, clock, year = words[1:5]
    else:
        return None
    numbers = [day, year, *clock.split(":")]
    if (
        month not in _MONTHS
        or len(numbers) != 5
        or any(not n.isascii() or not n.isdigit() or len(n) > 4 for n in numbers)
    ):
        return None
    d, y, hour, minute, second = map(int, numbers)
    if len(year) == 2:
        y += 2000 if y < 70 else 1900
    try:
        return timegm(datetime(y, _MONTHS.index(month) + 1, d, hour, minute, second).timetuple())
    except ValueError:
        return None


# ------------------------------------------------------------------------------------------------------------ writing


class Defaults(NamedTuple):
    """The attributes of a cookie whose options do not say otherwise."""

    path: str | None = None
    domain: str | None = None
    http_only: bool = False
    secure: bool = False
    same_site: str | None = None
    max_age: int | None = None
    expires: str | None = None


PLAIN = Defaults()
SESSION = Defaults(path="/", http_only=True, secure=True, same_site="Lax")
DELETION = Defaults(
    path="/", http_only=True, secure=True, same_site="Lax", max_age=0, expires="Thu, 01 Jan 1970 00:00:00 GMT"
)

_SAME_SITE = {"lax": "Lax", "strict": "Strict", "none": "None"}
_SPELLINGS = {
    "path": ("path", "Path"),
    "domain": ("domain", "Domain"),
    "max_age": ("max_age", "Max-Age", "maxAge"),
    "expires": ("expires", "Expires"),
    "http_only": ("http_only", "HttpOnly", "httponly"),
    "secure": ("secure", "Secure"),
    "same_site": ("same_site", "SameSite", "sameSite"),
}
"""Option -> the keys it may stand under, the first of them that is there counts."""


def set_cookie(name: str, value: str, options: dict[str, Any] | None, defaults: Defaults) -> str:
    """The value of a ``Set-Cookie`` header; a runtime error where a part of it cannot be written."""
    if not is_name(name):
        raise cookie_error("cookie name is empty or contains invalid characters")
    if not _NOT_IN_VALUES.isdisjoint(value):
        raise cookie_error("cookie value contains spaces, quotes, separators, or control characters; encode it first")
    chosen = _chosen(options or {}, defaults)
    max_age, secure, same_site = chosen["max_age"], bool(chosen["secure"]), chosen["same_site"]
    if max_age is not None and max_age.__class__ is not int:
        raise cookie_error(f"option max_age must be an int, got {type_name(max_age)}")
    if same_site is not None:
        same_site = _SAME_SITE.get(display(same_site).lower())
        if same_site is None:
            raise cookie_error("same_site must be one of Lax, Strict, or None")
    if same_site == "None" and not secure:
        raise cookie_error("SameSite=None requires Secure")
    parts = (
        f"{name}={value}",
        _attribute("Path", chosen["path"]),
        _attribute("Domain", chosen["domain"]),
        _attribute("Max-Age", max_age),
        _attribute("Expires", chosen["expires"]),
        "HttpOnly" if chosen["http_only"] else "",
        "Secure" if secure else "",
        _attribute("SameSite", same_site),
    )
    return "; ".join(filter(None, parts))


def _chosen(options: dict[str, Any], defaults: Defaults) -> dict[str, Any]:
    """The value of every option. One that is nil is one that is not given."""
    chosen: dict[str, Any] = defaults._asdict()
    for option, spellings in _SPELLINGS.items():
        given = next((options[key] for key in spellings if key in options), None)
        if given is not None:
            chosen[option] = given
    return chosen


def _attribute(label: str, value: Any) -> str:
    """``Label=value``, empty without a value."""
    if value is None:
        return ""
    text = display(value)
    if not text or not _NOT_IN_ATTRIBUTES.isdisjoint(text):
        raise cookie_error(f"{label} contains an invalid cookie attribute value")
    return f"{label}={text}"
