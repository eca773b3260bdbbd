"""Evaluating the expressions of templates: on a stack of values, step by step (``harn.prompt.nodes`` lists the steps)."""

from __future__ import annotations

from harn.prompt.fault import Fault, Place
from harn.prompt.filters import apply_filter
from harn.prompt.nodes import AND, COMPARED, CONSTANT, FILTER, NEGATED, PATH, Steps
from harn.prompt.texts import truthy
from harn.source.span import Span
from harn.source.typing import Any, Callable
from harn.values.equality import equal
from harn.values.kinds import Duration, Struct

Names = dict[str, Any]

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_NUMBERS = (int, float)  # compared by class: a bool is none


def evaluate(steps: Steps, names: Names, tag: int, limit: int) -> Any:
    """The value of an expression. ``tag``: the offset of its tag, for errors; ``limit``: of characters in one text.

    Raises Fault where a filter does not fit its value, LimitReached where a text grows beyond the limit.
    """
    stack: list[Any] = []
    at, end = 0, len(steps)
    while at < end:
        step = steps[at]
        at += 1
        kind = step[0]
        if kind == PATH:
            stack.append(follow(step[1], names))
        elif kind == CONSTANT:
            stack.append(step[1])
        elif kind == FILTER:
            _, name, count, offset = step
            arguments = stack[len(stack) - count :]
            del stack[len(stack) - count :]
            try:
                stack[-1] = apply_filter(name, stack[-1], arguments, limit)
            except Fault as fault:
                fault.place = Place(tag, Span(offset, offset + len(name)))
                raise
        elif kind == NEGATED:
            stack[-1] = not truthy(stack[-1])
        elif kind == COMPARED:
            right = stack.pop()
            stack[-1] = _compared(step[1], stack[-1], right)
        elif truthy(stack[-1]) is (kind == AND):
            stack.pop()
        else:
            at += step[1]
    return stack[-1]


def follow(path: tuple[str | int, ...], names: Names) -> Any:
    """What a path leads to; nil where it leads nowhere."""
    value: Any = names.get(path[0])  # type: ignore[arg-type]  # the first part is the name
    for part in path[1:]:
        if isinstance(part, str):
            value = value.fields if isinstance(value, Struct) else value
            value = value.get(part) if isinstance(value, dict) else None
        elif isinstance(value, list | str) and -len(value) <= part < len(value):
            value = value[part]
        else:
            return None
    return value


def _compared(operator: str, a: Any, b: Any) -> bool:
    """``a == b`` as in Harn; order among numbers, texts or durations. Anything else is neither less nor greater."""
    if operator in ("==", "!="):
        return equal(a, b) is (operator == "==")
    kinds = a.__class__, b.__class__
    if kinds == (Duration, Duration):
        return _ORDERS[operator](a.ms, b.ms)
    if kinds == (str, str) or (kinds[0] in _NUMBERS and kinds[1] in _NUMBERS):
        return _ORDERS[operator](a, b)
    return False
