"""The two-sided operators beyond equality and order: 64-bit integers that wrap, IEEE floats, and nothing is ever converted.

``limit`` is the largest value a run may build, in bytes (texts: characters); it is compared before anything is allocated.
"""

from __future__ import annotations

import math

from harn.source.typing import Any
from harn.values.errors import HarnError, LimitReached, bare_error, runtime_error, type_error
from harn.values.kinds import type_name

LOWEST, HIGHEST = -(2**63), 2**63 - 1


def wrap(number: int) -> int:
    """The two's complement of an integer in 64 bits."""
    return (number + 2**63) % 2**64 - 2**63


def is_number(value: Any) -> bool:
    """Whether a value is an int or a float; bools are neither."""
    kind = value.__class__
    return kind is int or kind is float


def check_size(size: int, limit: int) -> None:
    """LimitReached where a value of that many elements or characters is over the limit."""
    if size > limit:
        raise LimitReached("value_bytes", limit)


def add(a: Any, b: Any, limit: int) -> Any:
    """``a + b``: numbers, texts, lists, dicts (the right side wins)."""
    kind = a.__class__
    if kind is b.__class__:
        if kind is str:
            check_size(len(a) + len(b), limit)
            return a + b
        if kind is int:
            return wrap(a + b)
        if kind is float:
            return a + b
        if kind is list:
            check_size(8 * (len(a) + len(b)), limit)
            return a + b
        if kind is dict:
            check_size(8 * (len(a) + len(b)), limit)
            return {**a, **b}
    if is_number(a) and is_number(b):
        return float(a) + float(b)
    raise type_error(f"Cannot add {type_name(a)} and {type_name(b)}")


def subtract(a: Any, b: Any, limit: int) -> Any:
    """``a - b``"""
    if a.__class__ is int and b.__class__ is int:
        return wrap(a - b)
    if is_number(a) and is_number(b):
        return float(a) - float(b)
    raise type_error(f"Cannot subtract {type_name(b)} from {type_name(a)}")


def multiply(a: Any, b: Any, limit: int) -> Any:
    """``a * b``; a text times an int repeats it."""
    kind, other = a.__class__, b.__class__
    if kind is int and other is int:
        return wrap(a * b)
    if is_number(a) and is_number(b):
        return float(a) * float(b)
    if (kind is str and other is int) or (kind is int and other is str):
        text, times = (a, b) if kind is str else (b, a)
        check_size(len(text) * max(times, 0), limit)
        return text * max(times, 0)
    raise type_error(f"Cannot multiply {type_name(a)} and {type_name(b)}")


def divide(a: Any, b: Any, limit: int) -> Any:
    """``a / b``: ints truncate towards zero, floats follow IEEE 754."""
    if a.__class__ is int and b.__class__ is int:
        if b == 0:
            raise division_by_zero()
        quotient = abs(a) // abs(b)
        return wrap(quotient if (a < 0) == (b < 0) else -quotient)
    if is_number(a) and is_number(b):
        x, y = float(a), float(b)
        if y != 0.0:
            return x / y
        if x == 0.0 or math.isnan(x):
            return math.nan
        return math.copysign(math.inf, x) * math.copysign(1.0, y)
    raise runtime_error(f"Cannot divide {type_name(a)} by {type_name(b)}")


def modulo(a: Any, b: Any, limit: int) -> Any:
    """``a % b`` with the sign of the dividend."""
    if a.__class__ is int and b.__class__ is int:
        if b == 0:
            raise division_by_zero()
        rest = abs(a) % abs(b)
        return -rest if a < 0 else rest
    if is_number(a) and is_number(b):
        x, y = float(a), float(b)
        if y == 0.0:
            raise division_by_zero()
        return math.nan if math.isinf(x) else math.fmod(x, y)
    raise runtime_error(f"Cannot modulo {type_name(a)} by {type_name(b)}")


def power(a: Any, b: Any, limit: int) -> Any:
    """``a ** b``: ints wrap for exponents from 0 to 2**32 - 1; any other pair of numbers gives a float."""
    if a.__class__ is int and b.__class__ is int and 0 <= b < 2**32:
        return wrap(pow(a, b, 2**64))
    if is_number(a) and is_number(b):
        return float_power(float(a), float(b))
    raise type_error(f"Cannot exponentiate {type_name(a)} by {type_name(b)}")


def float_power(x: float, y: float) -> float:
    """IEEE pow: Python raises where the standard names a value."""
    try:
        return math.pow(x, y)
    except OverflowError:
        odd = y == int(y) and int(y) % 2 == 1
        return -math.inf if x < 0 and odd else math.inf
    except ValueError:
        if x == 0.0:
            odd = math.isfinite(y) and y == int(y) and int(y) % 2 != 0
            return math.copysign(math.inf, x) if odd else math.inf
        return math.nan


def negate(a: Any) -> Any:
    """``-a``"""
    if a.__class__ is int:
        return wrap(-a)
    if a.__class__ is float:
        return -a
    raise runtime_error(f"Cannot negate value of type {type_name(a)}")


def division_by_zero() -> HarnError:
    """The error of ``1 / 0``."""
    return bare_error("Division by zero")
