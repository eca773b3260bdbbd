"""Elementary functions of floats: trigonometry, logarithms, exponentials. A value that is no number gives nil.

Where a function has no value the result is NaN, at a pole an infinity, and what is too large for a float is infinite.
"""

from __future__ import annotations

import math

from harn.catalog.record import builtin
from harn.source.typing import Any, Callable
from harn.values.operators import is_number


@builtin("pi: float", form="constant", examples=[("pi", "3.141592653589793")])
def pi() -> float:
    """The circumference of a circle by its diameter. A variable of the same name hides it."""
    return math.pi


@builtin("e: float", form="constant", examples=[("e", "2.718281828459045")])
def e() -> float:
    """The base of the natural logarithm. A variable of the same name hides it."""
    return math.e


def _applied(rule: Callable[[float], float], x: Any) -> float | None:
    if not is_number(x):
        return None
    try:
        return rule(float(x))
    except ValueError:
        return math.nan
    except OverflowError:
        return math.inf


def _logarithm(rule: Callable[[float], float], x: Any) -> float | None:
    return -math.inf if is_number(x) and x == 0 else _applied(rule, x)


@builtin("sin(x?: any) -> float?", examples=[("sin(0)", "0.0"), ("sin(pi / 2)", "1.0"), ('sin("x")', "nil")])
def sin(x: Any = None) -> float | None:
    """The sine of an angle in radians."""
    return _applied(math.sin, x)


@builtin("cos(x?: any) -> float?", examples=[("cos(0)", "1.0"), ("cos(pi)", "-1.0")])
def cos(x: Any = None) -> float | None:
    """The cosine of an angle in radians."""
    return _applied(math.cos, x)


@builtin("tan(x?: any) -> float?", examples=[("tan(0)", "0.0")])
def tan(x: Any = None) -> float | None:
    """The tangent of an angle in radians."""
    return _applied(math.tan, x)


@builtin("asin(x?: any) -> float?", examples=[("asin(1)", "1.5707963267948966"), ("asin(2)", "NaN")])
def asin(x: Any = None) -> float | None:
    """The angle whose sine is a number, in radians from -pi / 2 to pi / 2."""
    return _applied(math.asin, x)


@builtin("acos(x?: any) -> float?", examples=[("acos(1)", "0.0"), ("acos(2)", "NaN")])
def acos(x: Any = None) -> float | None:
    """The angle whose cosine is a number, in radians from 0 to pi."""
    return _applied(math.acos, x)


@builtin("atan(x?: any) -> float?", examples=[("atan(1)", "0.7853981633974483")])
def atan(x: Any = None) -> float | None:
    """The angle whose tangent is a number, in radians from -pi / 2 to pi / 2."""
    return _applied(math.atan, x)


@builtin(
    "atan2(y?: any, x?: any) -> float?",
    examples=[("atan2(1, -1)", "2.356194490192345"), ("atan2(0, -1)", "3.141592653589793")],
)
def atan2(y: Any = None, x: Any = None) -> float | None:
    """The angle of the point (x, y) seen from the origin, in radians from -pi to pi. The vertical part comes first."""
    return math.atan2(y, x) if is_number(y) and is_number(x) else None


@builtin("ln(x?: any) -> float?", examples=[("ln(e)", "1.0"), ("ln(0)", "-inf"), ("ln(-1)", "NaN")])
def ln(x: Any = None) -> float | None:
    """The natural logarithm."""
    return _logarithm(math.log, x)


@builtin("log2(x?: any) -> float?", examples=[("log2(8)", "3.0"), ("log2(10)", "3.321928094887362")])
def log2(x: Any = None) -> float | None:
    """The logarithm to base 2."""
    return _logarithm(math.log2, x)


@builtin("log10(x?: any) -> float?", examples=[("log10(1000)", "3.0"), ("log10(0)", "-inf")])
def log10(x: Any = None) -> float | None:
    """The logarithm to base 10."""
    return _logarithm(math.log10, x)


@builtin("exp(x?: any) -> float?", examples=[("exp(0)", "1.0"), ("exp(1000)", "inf")])
def exp(x: Any = None) -> float | None:
    """The power of `e` with that exponent."""
    return _applied(math.exp, x)
