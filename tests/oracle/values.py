"""Values of the evaluator, their operators and their texts, after the rules of the language and nothing else.

nil, bool, int, float, str are Python's; a list is a ``list`` and a dict a ``dict`` that nobody changes once it is made.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

Value = Any


class Interval(NamedTuple):
    """``start to end``; ``stop`` is the first int behind it."""

    start: int
    end: int
    exclusive: bool

    @property
    def stop(self) -> int:
        return self.end if self.exclusive else self.end + 1


class Fault(Exception):
    """An error on its way through the program. ``raised`` tells one of the language from a thrown value."""

    def __init__(self, value: Value, raised: bool = False) -> None:
        super().__init__(value)
        self.value = value
        self.raised = raised


def fault(text: str) -> Fault:
    return Fault(text, raised=True)


def type_error(text: str) -> Fault:
    return fault(f"Type error: {text}")


def runtime_error(text: str) -> Fault:
    return fault(f"Runtime error: {text}")


# ------------------------------------------------------------------------------------------------ kinds and texts

_KINDS = {
    type(None): "nil",
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    list: "list",
    dict: "dict",
    Interval: "range",
}


def kind(value: Value) -> str:
    return _KINDS.get(type(value), "closure")


def is_number(value: Value) -> bool:
    return type(value) in (int, float)


def show(value: Value) -> str:
    """The text of a value, the same everywhere it is shown."""
    if value is None:
        return "nil"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float:
        return show_float(value)
    if type(value) is list:
        return "[" + ", ".join(map(show, value)) + "]"
    if type(value) is dict:
        return "{" + ", ".join(f"{key}: {show(value[key])}" for key in sorted(value)) + "}"
    if type(value) is Interval:
        return f"{value.start} to {value.end}" + (" exclusive" if value.exclusive else "")
    return str(value)


def show_float(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if value == int(value):
        digits = str(int(Decimal(repr(value))))
        sign = "-" if math.copysign(1.0, value) < 0 and not digits.startswith("-") else ""
        return sign + digits + (".0" if abs(value) < 1e15 else "")
    return format(Decimal(repr(value)), "f")


def truthy(value: Value) -> bool:
    if type(value) is Interval or callable(value):
        return True
    return bool(value)


# ------------------------------------------------------------------------------------------------ equality and order


def equal(a: Value, b: Value) -> bool:
    if is_number(a) and is_number(b):
        return a == b if type(a) is type(b) else float(a) == float(b)
    if type(a) is not type(b) or callable(a):
        return False
    if type(a) is list:
        return len(a) == len(b) and all(map(equal, a, b))
    if type(a) is dict:
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    return bool(a == b)


def order(a: Value, b: Value) -> int:
    """-1, 0 or 1; whatever has no order counts as equal."""
    if is_number(a) and is_number(b):
        if type(a) is not type(b):
            a, b = float(a), float(b)
    elif not (type(a) is str and type(b) is str):
        return 0
    return int(a > b) - int(a < b)


def contains(item: Value, whole: Value) -> bool:
    if type(whole) is list:
        return any(equal(item, element) for element in whole)
    if type(whole) is dict:
        return show(item) in whole
    if type(whole) is str:
        return show(item) in whole
    if type(whole) is Interval:
        return type(item) is int and whole.start <= item < whole.stop
    return False


# ------------------------------------------------------------------------------------------------ arithmetic


def wrapped(number: int) -> int:
    low = number & 0xFFFF_FFFF_FFFF_FFFF
    return low - 0x1_0000_0000_0000_0000 if low >> 63 else low


def add(a: Value, b: Value) -> Value:
    if type(a) is int and type(b) is int:
        return wrapped(a + b)
    if is_number(a) and is_number(b):
        return float(a) + float(b)
    if type(a) is type(b) and type(a) in (str, list):
        return a + b
    if type(a) is dict and type(b) is dict:
        return a | b
    raise type_error(f"Cannot add {kind(a)} and {kind(b)}")


def subtract(a: Value, b: Value) -> Value:
    if type(a) is int and type(b) is int:
        return wrapped(a - b)
    if is_number(a) and is_number(b):
        return float(a) - float(b)
    raise type_error(f"Cannot subtract {kind(b)} from {kind(a)}")


def multiply(a: Value, b: Value) -> Value:
    if type(a) is int and type(b) is int:
        return wrapped(a * b)
    if is_number(a) and is_number(b):
        return float(a) * float(b)
    if {type(a), type(b)} == {str, int}:
        return a * b
    raise type_error(f"Cannot multiply {kind(a)} and {kind(b)}")


def divide(a: Value, b: Value) -> Value:
    if type(a) is int and type(b) is int:
        if b == 0:
            raise fault("Division by zero")
        toward_zero = a // b if (a < 0) == (b < 0) else -(-a // b)
        return wrapped(toward_zero)
    if is_number(a) and is_number(b):
        if b != 0:
            return float(a) / float(b)
        if a == 0 or math.isnan(a):
            return math.nan
        negative = (math.copysign(1.0, a) < 0) != (math.copysign(1.0, b) < 0)
        return -math.inf if negative else math.inf
    raise runtime_error(f"Cannot divide {kind(a)} by {kind(b)}")


def modulo(a: Value, b: Value) -> Value:
    if not (is_number(a) and is_number(b)):
        raise runtime_error(f"Cannot modulo {kind(a)} by {kind(b)}")
    if b == 0:
        raise fault("Division by zero")
    if type(a) is int and type(b) is int:
        return a - b * (a // b if (a < 0) == (b < 0) else -(-a // b))
    return math.nan if math.isinf(a) else math.fmod(a, b)


def power(a: Value, b: Value) -> Value:
    if not (is_number(a) and is_number(b)):
        raise type_error(f"Cannot exponentiate {kind(a)} by {kind(b)}")
    if type(a) is int and type(b) is int and 0 <= b < 2**32:
        return wrapped(pow(a, b, 2**64))
    x, y = float(a), float(b)
    odd = math.isfinite(y) and math.fmod(y, 2) in (1, -1)
    try:
        return math.pow(x, y)
    except OverflowError:
        return -math.inf if x < 0 and odd else math.inf
    except ValueError:  # a zero to a negative power, or a root of a negative number
        return math.nan if x != 0 else -math.inf if odd and math.copysign(1.0, x) < 0 else math.inf


def negate(a: Value) -> Value:
    if type(a) is int:
        return wrapped(-a)
    if type(a) is float:
        return -a
    raise runtime_error(f"Cannot negate value of type {kind(a)}")


BINARY: dict[str, Callable[[Value, Value], Value]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
    "**": power,
    "==": equal,
    "!=": lambda a, b: not equal(a, b),
    "<": lambda a, b: order(a, b) < 0,
    ">": lambda a, b: order(a, b) > 0,
    "<=": lambda a, b: order(a, b) <= 0,
    ">=": lambda a, b: order(a, b) >= 0,
    "in": contains,
    "not in": lambda a, b: not contains(a, b),
}


# ------------------------------------------------------------------------------------------------ parts of collections


def item(whole: Value, index: Value) -> Value:
    """``whole[index]``"""
    if type(whole) is dict:
        return whole.get(show(index))
    if type(whole) in (list, str) and type(index) is int:
        return whole[index] if -len(whole) <= index < len(whole) else None
    raise type_error(f"cannot index into {kind(whole)} with {kind(index)}")


def with_item(whole: Value, index: Value, new: Value) -> Value:
    """What ``whole`` becomes by ``whole[index] = new``."""
    if type(whole) is dict:
        return whole | {show(index): new}
    if type(whole) is list and type(index) is int:
        if not -len(whole) <= index < len(whole):
            raise runtime_error(f"Index {index} out of bounds for list of length {len(whole)}")
        position = index % len(whole)
        return [*whole[:position], new, *whole[position + 1 :]]
    raise type_error(f"cannot index into {kind(whole)} with {kind(index)}")


def part(whole: Value, start: Value, end: Value) -> Value:
    """``whole[start:end]``"""
    if type(whole) not in (list, str):
        raise type_error(f"cannot slice {kind(whole)}")
    for bound, word in ((start, "start"), (end, "end")):
        if bound is not None and type(bound) is not int:
            raise type_error(f"slice {word} must be an integer, got {kind(bound)}")
    return whole[start:end]


def length(value: Value) -> int:
    if type(value) is Interval:
        return max(0, value.stop - value.start)
    return len(value) if type(value) in (list, dict, str) else 0


def elements(value: Value) -> list[Value]:
    """The rounds of a ``for``."""
    if type(value) is Interval:
        return list(range(value.start, value.stop))
    if type(value) is dict:
        return [{"key": key, "value": value[key]} for key in sorted(value)]
    return value if type(value) is list else []
