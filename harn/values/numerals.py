"""Numbers as decimal text, both ways."""

from __future__ import annotations

import math


def positional(number: float) -> str:
    """The shortest digits that read back as this finite float, never with an exponent; whole floats end in ``.0`` below 1e16."""
    text = repr(number)
    if "e" not in text:
        return text
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa[0] == "-" else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    shift = int(exponent)
    if shift > 0:  # repr writes exponents from 1e16 on: more than the fraction has digits
        return sign + whole + fraction.ljust(shift, "0")
    return f"{sign}0.{'0' * (-shift - 1)}{whole}{fraction}"


def float_text(number: float) -> str:
    """The display text of a float: ``1.0``, ``1000000000000000``, ``0.0000001``, ``inf``, ``NaN``."""
    text = repr(number)
    if -1e15 < number < 1e15:
        return text if "e" not in text else positional(number)
    if math.isfinite(number):
        return positional(number).removesuffix(".0")
    return "NaN" if number != number else "inf" if number > 0 else "-inf"


def plain_float_text(number: float) -> str:
    """A finite float as JSON writes it: ``1``, ``-0``, ``1.5``."""
    return positional(number).removesuffix(".0")


def exponent_text(number: float) -> str:
    """The shortest digits that read back as this finite float, with a point or an exponent: ``2.0``, ``1e16``, ``1e-6``."""
    text = repr(number)
    mantissa, e, exponent = text.partition("e")
    if not e or exponent == "-05":
        return positional(number)
    return f"{mantissa}e{int(exponent)}"


def int_from_text(text: str) -> int | None:
    """The 64-bit int a text names: an optional sign and ASCII digits, nothing else; None for any other text."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits.isascii() or not digits.isdigit():
        return None
    digits = digits.lstrip("0")
    if len(digits) > 19:
        return None
    number = int(digits or "0")
    number = -number if text[0] == "-" else number
    return number if -(2**63) <= number < 2**63 else None


_WORDS = {"inf": math.inf, "infinity": math.inf, "nan": math.nan}


def float_from_text(text: str) -> float | None:
    """The float a text names: decimal or exponent form, ``.5``, ``5.``, ``inf``, ``nan`` in any case; None otherwise."""
    body = text[1:] if text[:1] in ("+", "-") else text
    word = _WORDS.get(body.lower()) if body.isascii() else None
    if word is not None:
        return -word if text[0] == "-" else word
    if not body or not body.isascii() or body[0] in "+-" or "_" in body or body != body.strip():
        return None
    try:
        return float(text)
    except ValueError:
        return None
