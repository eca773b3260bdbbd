"""Lists as wholes: order, extremes, sums and cuts. Nothing here changes its argument or calls back.

Order is ``equality.less``: numbers, texts, durations and pairs have one, any other two values keep their places. Python's own
sort and extremes are used where they mean the same, which one look at the kinds decides.
"""

from __future__ import annotations

from itertools import compress

from harn.source.typing import Any, Callable
from harn.values.equality import less
from harn.values.kinds import Pair
from harn.values.operators import check_size, wrap

Value = Any

_NUMBERS = frozenset((int, float))


class Ordered:
    """A value as Python's sort sees it where Harn's order is not Python's."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def __lt__(self, other: Ordered) -> bool:
        return less(self.value, other.value)

    def __gt__(self, other: Ordered) -> bool:
        return less(other.value, self.value)


def _sort_key(values: list[Value]) -> Callable[[Value], Any] | None:
    """What Python's sort needs to order these values as Harn does; None where they may be compared as they are."""
    kinds = {value.__class__ for value in values}
    if kinds == {int} or kinds == {str}:
        return None
    if kinds and kinds <= _NUMBERS and all(value == value for value in values):
        return None if len(kinds) == 1 else float
    if kinds == {Pair}:
        first = _sort_key([pair.first for pair in values])
        second = _sort_key([pair.second for pair in values])
        if first is None and second is None:
            return lambda pair: (pair.first, pair.second)
    return Ordered


def ordered(items: list[Value]) -> list[Value]:
    """The elements in ascending order; equal ones keep their order."""
    return sorted(items, key=_sort_key(items))


def ordered_by(items: list[Value], keys: list[Value]) -> list[Value]:
    """The elements in the order of their keys (one for each); equal keys keep the order of their elements."""
    key = _sort_key(keys)
    ranks: list[Any] = keys if key is None else [key(value) for value in keys]
    return [items[place] for place in sorted(range(len(items)), key=ranks.__getitem__)]


def least_place(keys: list[Value]) -> int:
    """The place of the smallest of at least one value; of equal ones the first."""
    best = 0
    for place in range(1, len(keys)):
        if less(keys[place], keys[best]):
            best = place
    return best


def greatest_place(keys: list[Value]) -> int:
    """The place of the largest of at least one value; of equal ones the first."""
    best = 0
    for place in range(1, len(keys)):
        if less(keys[best], keys[place]):
            best = place
    return best


def total(numbers: list[Any]) -> int | float:
    """The sum of ints and floats, in order: ints wrap, one float makes it a float."""
    if all(number.__class__ is int for number in numbers):
        return wrap(sum(numbers))
    found = 0.0
    for number in numbers:  # not sum(): later Pythons add floats with a correction
        found += number
    return found


def chunked(items: list[Value], size: int) -> list[list[Value]]:
    """Consecutive parts of ``size`` (at least 1) elements, the last one perhaps shorter."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def windowed(items: list[Value], size: int, step: int, limit: int) -> list[list[Value]]:
    """All runs of exactly ``size`` elements that begin at 0, ``step``, 2 * ``step`` ... ; LimitReached where that is too much."""
    starts = range(0, len(items) - size + 1, step)
    check_size(8 * len(starts) * (size + 8), limit)
    return [items[start : start + size] for start in starts]


def spliced(items: list[Value], limit: int) -> list[Value]:
    """The elements, lists among them replaced by their elements; LimitReached where that is too much."""
    check_size(8 * sum(len(item) if item.__class__ is list else 1 for item in items), limit)
    found: list[Value] = []
    for item in items:
        if item.__class__ is list:
            found.extend(item)
        else:
            found.append(item)
    return found


def kept(items: list[Value], verdicts: list[Value]) -> list[Value]:
    """The elements whose verdicts are truthy."""
    return list(compress(items, verdicts))
