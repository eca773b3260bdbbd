"""Equality, order and structural keys."""

from __future__ import annotations

from typing import Any

from harn.values.kinds import Duration, Pair


def equal(a: Any, b: Any) -> bool:
    """Harn's ``==``: deep; int and float mix at any depth; all other pairs of kinds are unequal."""
    if a.__class__ is b.__class__ and a.__class__ in (int, str, bool, float, type(None), bytes):
        return bool(a == b)
    if a.__class__ is int and b.__class__ is float or a.__class__ is float and b.__class__ is int:
        return float(a) == float(b)
    if a.__class__ is list and b.__class__ is list:
        return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b))
    return False


def less(a: Any, b: Any) -> bool:
    """Harn's ``<``: numbers, texts, pairs, durations; any other two values compare as equal, so False."""
    if a.__class__ in (int, float) and b.__class__ in (int, float):
        return bool(a < b)
    if a.__class__ is str and b.__class__ is str:
        return bool(a < b)
    if a.__class__ is Duration and b.__class__ is Duration:
        return bool(a.ms < b.ms)
    if a.__class__ is Pair and b.__class__ is Pair:
        return less(a.first, b.first) or (not less(b.first, a.first) and less(a.second, b.second))
    return False


def contains(container: Any, item: Any) -> bool:
    """``item in container``; False for what is no container."""
    from harn.values.display import display
    from harn.values.kinds import Range, Set

    kind = container.__class__
    if kind is list or kind is Set:
        return any(equal(item, member) for member in container)
    if kind is dict or kind is str:
        return (item if item.__class__ is str else display(item)) in container
    if kind is Range:
        return item.__class__ is int and container.start <= item < container.stop
    return False
