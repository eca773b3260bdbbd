"""Equality, order and membership.

The walkers keep their own stack of iterators over pairs still to be compared. Both relations hold for two values only if
they hold for all their parts, so a pair of containers met a second time need not be compared again: if it differed, the
walk would have ended. That keeps structures with shared parts linear. Identity of two values proves nothing: NaN and
functions are unequal to themselves.
"""

from __future__ import annotations

from harn.source.typing import Any, Callable, Iterator
from harn.values.display import display
from harn.values.keys import NEVER, key_of
from harn.values.kinds import (
    Atomic,
    Builtin,
    Duration,
    Enum,
    EnumType,
    Handle,
    Iter,
    Pair,
    Range,
    Set,
    Struct,
    StructType,
)

Pairs = Iterator[tuple[Any, Any]]

_SCALAR = frozenset((int, str, bool, float, type(None), bytes))
_REMEMBER_FROM = 256
"""Container pairs walked before the walker begins to remember which it has met."""


def equal(a: Any, b: Any) -> bool:
    """Harn's ``==``: deep; int and float mix at any depth, compared as floats; all other pairs of kinds are unequal."""
    kind = a.__class__
    if kind is b.__class__:
        return bool(a == b) if kind in _SCALAR else _equal_parts(a, b)
    if kind is int:
        return b.__class__ is float and float(a) == b
    return kind is float and b.__class__ is int and bool(a == float(b))


def _equal_parts(a: Any, b: Any) -> bool:
    stack: list[Pairs] = []
    met: set[tuple[int, int]] = set()
    walked = 0
    pairs: Pairs = iter(((a, b),))
    while True:
        for x, y in pairs:
            kind = x.__class__
            if kind is not y.__class__:
                if not equal(x, y):
                    return False
            elif kind in _SCALAR:
                if x != y:
                    return False
            else:
                opener = _OPENERS.get(kind)
                inner = opener(x, y) if opener is not None else None
                if inner is None:
                    return False
                walked += 1
                if walked > _REMEMBER_FROM:
                    if (id(x), id(y)) in met:
                        continue
                    met.add((id(x), id(y)))
                stack.append(pairs)
                pairs = inner
                break
        else:
            if not stack:
                return True
            pairs = stack.pop()


_NOTHING_LEFT: tuple[tuple[Any, Any], ...] = ()


def _decided(same: bool) -> Pairs | None:
    return iter(_NOTHING_LEFT) if same else None


def _open_lists(a: list[Any], b: list[Any]) -> Pairs | None:
    return zip(a, b, strict=True) if len(a) == len(b) else None


def _open_dicts(a: dict[str, Any], b: dict[str, Any]) -> Pairs | None:
    return zip(a.values(), map(b.__getitem__, a), strict=True) if a.keys() == b.keys() else None


def _open_structs(a: Struct, b: Struct) -> Pairs | None:
    return _open_dicts(a.fields, b.fields) if a.type.name == b.type.name else None


def _open_enums(a: Enum, b: Enum) -> Pairs | None:
    same = a.type.name == b.type.name and a.variant == b.variant and len(a.payload) == len(b.payload)
    return zip(a.payload, b.payload, strict=True) if same else None


def _same_members(a: Set, b: Set) -> Pairs | None:
    theirs = b.members
    return _decided(len(a) == len(b) and all(key.__class__ is not NEVER and key in theirs for key in a.members))


_OPENERS: dict[type, Callable[[Any, Any], Pairs | None]] = {
    list: _open_lists,
    dict: _open_dicts,
    Struct: _open_structs,
    Enum: _open_enums,
    Set: _same_members,
    Pair: lambda a, b: iter(((a.first, b.first), (a.second, b.second))),
    Duration: lambda a, b: _decided(a.ms == b.ms),
    Range: lambda a, b: _decided((a.start, a.end, a.exclusive) == (b.start, b.end, b.exclusive)),
    Builtin: lambda a, b: _decided(a.name == b.name),
    Iter: lambda a, b: _decided(a is b),
    Handle: lambda a, b: _decided(a.kind == b.kind == "task_handle" and a.id == b.id),
    Atomic: lambda a, b: _decided(a.value == b.value),
    EnumType: lambda a, b: _decided(a is b),
    StructType: lambda a, b: _decided(a is b),
}
"""Kind -> the pairs of parts that decide, or None where two values of it differ already. Kinds without a row are never equal."""


def less(a: Any, b: Any) -> bool:
    """Harn's ``<``: numbers, texts, durations, pairs; any other two values compare as equal, so False."""
    kind = a.__class__
    if kind is b.__class__ and (kind is float or kind is str or kind is int):
        return bool(a < b)
    return compare(a, b) < 0


def compare(a: Any, b: Any) -> int:
    """-1, 0 or 1. 0 also where no order exists: values of different kinds, lists, NaN."""
    stack: list[Pairs] = []
    met: set[tuple[int, int]] = set()
    pairs: Pairs = iter(((a, b),))
    while True:
        for x, y in pairs:
            kind, other = x.__class__, y.__class__
            if kind is Pair and other is Pair:
                if (id(x), id(y)) not in met:
                    met.add((id(x), id(y)))
                    stack.append(pairs)
                    pairs = iter(((x.first, y.first), (x.second, y.second)))
                    break
                continue
            if kind is Duration and other is Duration:
                x, y = x.ms, y.ms
            elif kind is not other or (kind is not int and kind is not float and kind is not str):
                if (kind is not int and kind is not float) or (other is not int and other is not float):
                    continue
                x, y = float(x), float(y)
            if x < y:
                return -1
            if x > y:
                return 1
        else:
            if not stack:
                return 0
            pairs = stack.pop()


def contains(container: Any, item: Any) -> bool:
    """``item in container``; False for what is no container."""
    kind = container.__class__
    if kind is list:
        return index_of(container, item) >= 0
    if kind is dict or kind is str:
        return (item if item.__class__ is str else display(item)) in container
    if kind is Set:
        return key_of(item) in container.members
    if kind is Range:
        return item.__class__ is int and container.start <= item < container.stop
    return False


def index_of(items: list[Any], item: Any) -> int:
    """The place of the first element equal to a value, -1 where there is none."""
    kind = item.__class__
    if kind is str or kind is bytes or item is None:  # Python's == means the same for these
        try:
            return items.index(item)
        except ValueError:
            return -1
    for place, element in enumerate(items):
        if equal(element, item):
            return place
    return -1
