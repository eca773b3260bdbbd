"""What a plain scalar of YAML means, by the core schema of YAML 1.2: `yes`, `on` and dates are texts, `0o17` and `0x1f` ints."""

from __future__ import annotations

import math
import re

from harn.source.typing import Any
from harn.values.operators import HIGHEST, LOWEST

_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": math.nan, ".NaN": math.nan, ".NAN": math.nan,
}  # fmt: skip
for _sign, _size in (("", math.inf), ("+", math.inf), ("-", -math.inf)):
    _WORDS |= {f"{_sign}.inf": _size, f"{_sign}.Inf": _size, f"{_sign}.INF": _size}

_STARTS = frozenset("+-.0123456789")
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]*)")
_RADIX = re.compile(r"([+-]?)0(?:x([0-9a-fA-F]+)|o([0-7]+)|b([01]+))")
_FLOAT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PADDED = re.compile(r"0[0-9]+")
"""Digits with a zero before them are a text: in YAML 1.1 they were octal."""

LONGEST = 10_000
"""Digits of a number that is looked at."""


def meaning(text: str) -> Any:
    """The value of a plain scalar, the text itself where it is one. A number that no float holds is a text, too."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS or len(text) > LONGEST or _PADDED.fullmatch(text.lstrip("+-")):
        return text
    if _DECIMAL.fullmatch(text):
        return _whole(int(text), text) if len(text) < 20 else _large(text, text)
    radix = _RADIX.fullmatch(text)
    if radix is not None:
        sign, hexadecimal, octal, binary = radix.groups()
        size = int(hexadecimal, 16) if hexadecimal else int(octal, 8) if octal else int(binary, 2)
        return _whole(-size if sign == "-" else size, text)
    return _large(text, text) if _FLOAT.fullmatch(text) else text


def _whole(number: int, text: str) -> int | float | str:
    """A whole number as an int where 64 bits hold it, else as a float."""
    if LOWEST <= number <= HIGHEST:
        return number
    try:
        return float(number)
    except OverflowError:
        return text


def _large(digits: str, text: str) -> int | float | str:
    """Digits with more than an int may have, or with a point or exponent."""
    if len(digits) <= 20 and digits.lstrip("+-").isdigit():
        return _whole(int(digits), text)
    number = float(digits)
    return number if math.isfinite(number) else text


def needs_quotes(text: str) -> bool:
    """Whether a text would be read as something else, or in an older YAML as a number, if it were written plainly."""
    return meaning(text) is not text or _PADDED.fullmatch(text.lstrip("+-")) is not None
