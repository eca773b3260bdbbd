"""Numbers. A value that is no number gives nil rather than an error."""

from __future__ import annotations

import math

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import runtime_error
from harn.values.operators import HIGHEST, LOWEST, float_power, is_number


@builtin("abs(x: any | number) -> number?", examples=[("abs(-3)", "3"), ("abs(-2.5)", "2.5"), ('abs("x")', "nil")])
def abs_(x: Any) -> Any:
    """The size of a number. That of the lowest int is a float, as no int can hold it."""
    if x.__class__ is int:
        return abs(x) if x != LOWEST else -float(LOWEST)
    return abs(x) if x.__class__ is float else None


@builtin(
    "min(a?: any | number, b?: any | number, ...ignored: any | nil) -> number?",
    examples=[("min(3, 2)", "2"), ("min(3, 2.5)", "2.5")],
)
def min_(a: Any = None, b: Any = None, *ignored: Any) -> Any:
    """The smaller of two numbers, a float where one of them is; NaN loses. Only the first two arguments count."""
    return _choose(a, b, -1)


@builtin(
    "max(a?: any | number, b?: any | number, ...ignored: any | nil) -> number?",
    examples=[("max(3, 2)", "3"), ("max(3, 2.5)", "3.0")],
)
def max_(a: Any = None, b: Any = None, *ignored: Any) -> Any:
    """The larger of two numbers, a float where one of them is; NaN loses. Only the first two arguments count."""
    return _choose(a, b, 1)


def _choose(a: Any, b: Any, sign: int) -> Any:
    if not is_number(a) or not is_number(b):
        return None
    if a.__class__ is not b.__class__:
        a, b = float(a), float(b)
    if a != a:
        return b
    return b if (b > a if sign > 0 else b < a) else a


def _to_int(number: float) -> int:
    """A whole float as an int. HarnError where it is infinite, NaN or outside 64 bits."""
    if not math.isfinite(number):
        raise runtime_error("cannot convert non-finite float to int")
    if not -(2.0**63) <= number < 2.0**63:
        raise runtime_error("float is outside the representable int range")
    return int(number)


def _rounded(x: Any, rule: Any) -> int | None:
    if x.__class__ is int:
        return x
    if x.__class__ is not float:
        return None
    return _to_int(rule(x) if math.isfinite(x) else x)


def half_away_from_zero(x: float) -> int:
    """The nearest int; halves away from zero. Exact also where adding 0.5 would round."""
    whole = math.trunc(x)
    if abs(x - whole) >= 0.5:
        whole += 1 if x > 0 else -1
    return whole


@builtin("floor(x: any | number) -> int?", examples=[("floor(2.7)", "2"), ("floor(-0.5)", "-1")])
def floor(x: Any) -> int | None:
    """The largest int not above a number."""
    return _rounded(x, math.floor)


@builtin("ceil(x: any | number) -> int?", examples=[("ceil(2.1)", "3"), ("ceil(-0.5)", "0")])
def ceil(x: Any) -> int | None:
    """The smallest int not below a number."""
    return _rounded(x, math.ceil)


@builtin("round(x: any | number) -> int?", examples=[("round(2.5)", "3"), ("round(-2.5)", "-3"), ("round(0.4)", "0")])
def round_(x: Any) -> int | None:
    """The nearest int; halves go away from zero."""
    return _rounded(x, half_away_from_zero)


@builtin("sqrt(x: any | number) -> float?", examples=[("sqrt(16)", "4.0"), ("sqrt(-1)", "NaN")])
def sqrt(x: Any) -> float | None:
    """The square root as a float; NaN below zero."""
    if not is_number(x):
        return None
    number = float(x)
    return math.sqrt(number) if number >= 0.0 else math.nan


@builtin(
    "pow(base: any | number, exponent?: any | number) -> number?",
    examples=[("pow(2, 10)", "1024"), ("pow(2, -1)", "0.5")],
)
def pow_(base: Any, exponent: Any = None) -> Any:
    """A power. Of two ints an int where 64 bits hold it (`**` wraps there), else a float."""
    if not is_number(base) or not is_number(exponent):
        return None
    if base.__class__ is int and exponent.__class__ is int and exponent >= 0:
        whole = _exact_power(base, exponent)
        if whole is not None:
            return whole
    return float_power(float(base), float(exponent))


def _exact_power(base: int, exponent: int) -> int | None:
    """The power of two ints where it fits in 64 bits; nothing large is computed to find out."""
    if base in (0, 1, -1):
        return int(exponent == 0) if base == 0 else base if exponent % 2 else 1
    if exponent > 63:
        return None
    power: int = base**exponent
    return power if LOWEST <= power <= HIGHEST else None


@builtin("sign(x: any | number) -> number?", examples=[("sign(-3)", "-1"), ("sign(2.5)", "1"), ("sign(-0.0)", "0")])
def sign(x: Any) -> Any:
    """-1, 0 or 1; NaN for NaN."""
    if not is_number(x):
        return None
    return x if x != x else (x > 0) - (x < 0)


@builtin("is_nan(x: any) -> bool", examples=[("is_nan(0.0 / 0)", "true"), ('is_nan("x")', "false")])
def is_nan(x: Any) -> bool:
    """Whether a value is the float NaN."""
    return x.__class__ is float and x != x


@builtin("is_infinite(x: any) -> bool", examples=[("is_infinite(1.0 / 0)", "true"), ("is_infinite(1)", "false")])
def is_infinite(x: Any) -> bool:
    """Whether a value is an infinite float."""
    return x.__class__ is float and math.isinf(x)
