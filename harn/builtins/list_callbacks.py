"""Methods of lists that call back: once for every element, in order, with the element alone.

Each is a shape of ``harn.vm.shapes`` and what differs. Without something to call they give nil, or what no element would give.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values import sequences
from harn.values.display import display
from harn.vm.arguments import is_callable
from harn.vm.frame import Native
from harn.vm.machine import Context
from harn.vm.shapes import AllOf, AnyOf, Each, Fold, NoneOf, Search

List = list[Any]


# ------------------------------------------------------------------------------------------ every element


class Map(Each):
    """All results."""

    __slots__ = ()
    name = "map"

    def finish(self) -> List:
        return self.results


@builtin(
    "list.map<U>(f?: any | fn(T) -> U) -> list<U>",
    form="native",
    examples=[("[1, 2].map({ v -> v * 10 })", "[10, 20]")],
)
def map_(items: List, f: Any = None) -> Native | None:
    """What `f` gives for every element."""
    return Map(items, f) if is_callable(f) else None


class Filter(Each):
    """The elements with a truthy result."""

    __slots__ = ()
    name = "filter"

    def finish(self) -> List:
        return sequences.kept(self.items, self.results)


@builtin(
    "list.filter(f?: any | fn(T) -> any) -> list<T>",
    form="native",
    examples=[("[1, 2, 3].filter({ v -> v > 1 })", "[2, 3]")],
)
def filter_(items: List, f: Any = None) -> Native | None:
    """The elements for which `f` gives something truthy."""
    return Filter(items, f) if is_callable(f) else None


class FlatMap(Each):
    """All results, lists among them spliced in."""

    __slots__ = ("limit",)
    name = "flat_map"

    def __init__(self, items: List, callback: Any, limit: int) -> None:
        Each.__init__(self, items, callback)
        self.limit = limit

    def finish(self) -> List:
        return sequences.spliced(self.results, self.limit)


@builtin(
    "list.flat_map<U>(f?: any | fn(T) -> U | list<U>) -> list<U>",
    form="native",
    ctx=True,
    examples=[("[1, 2].flat_map({ v -> [v, v * 10] })", "[1, 10, 2, 20]")],
)
def flat_map(context: Context, items: List, f: Any = None) -> Native | None:
    """What `f` gives for every element, lists replaced by their elements."""
    return FlatMap(items, f, context.vm.value_bytes) if is_callable(f) else None


class Partition(Each):
    """The elements with truthy results, and the others."""

    __slots__ = ()
    name = "partition"

    def finish(self) -> Any:
        return [sequences.kept(self.items, self.results), self.rejected()]

    def rejected(self) -> List:
        """The elements with falsy results."""
        return [item for item, verdict in zip(self.items, self.results, strict=True) if not verdict]


@builtin(
    "list.partition(f?: any | fn(T) -> any) -> list<list<T>>",
    form="native",
    examples=[("[1, 2, 3].partition({ v -> v > 1 })", "[[2, 3], [1]]")],
)
def partition(items: List, f: Any = None) -> Native | None:
    """Two lists: the elements for which `f` gives something truthy, and the others."""
    return Partition(items, f) if is_callable(f) else None


class GroupBy(Each):
    """The elements by the display text of their results."""

    __slots__ = ()
    name = "group_by"

    def finish(self) -> dict[str, List]:
        groups: dict[str, List] = {}
        for item, key in zip(self.items, self.results, strict=True):
            groups.setdefault(display(key), []).append(item)
        return groups


@builtin(
    "list.group_by(f?: any | fn(T) -> any) -> dict<string, list<T>>",
    form="native",
    examples=[("[1, 2, 3].group_by({ v -> v > 1 })", "{false: [1], true: [2, 3]}")],
)
def group_by(items: List, f: Any = None) -> Native | None:
    """A dict of lists: the elements under the display text of what `f` gives for them."""
    return GroupBy(items, f) if is_callable(f) else None


class SortBy(Each):
    """The elements in the order of their results."""

    __slots__ = ()
    name = "sort_by"

    def finish(self) -> List:
        return sequences.ordered_by(self.items, self.results)


@builtin(
    "list.sort_by(f?: any | fn(T) -> any) -> list<T>",
    form="native",
    examples=[('["bb", "a"].sort_by({ w -> len(w) })', "[a, bb]")],
)
def sort_by(items: List, f: Any = None) -> Native | None:
    """The elements in ascending order of the keys `f` gives for them; equal keys leave them in their order."""
    return SortBy(items, f) if is_callable(f) else None


class MinBy(Each):
    """The first element with the smallest result."""

    __slots__ = ()
    name = "min_by"

    def finish(self) -> Any:
        return self.items[sequences.least_place(self.results)] if self.items else None


@builtin(
    "list.min_by(f?: any | fn(T) -> any) -> T | nil",
    form="native",
    examples=[('["bb", "a"].min_by({ w -> len(w) })', "a")],
)
def min_by(items: List, f: Any = None) -> Native | None:
    """The element with the smallest key, of equal ones the first; nil for an empty list."""
    return MinBy(items, f) if is_callable(f) else None


class MaxBy(Each):
    """The first element with the largest result."""

    __slots__ = ()
    name = "max_by"

    def finish(self) -> Any:
        return self.items[sequences.greatest_place(self.results)] if self.items else None


@builtin(
    "list.max_by(f?: any | fn(T) -> any) -> T | nil",
    form="native",
    examples=[('["bb", "a"].max_by({ w -> len(w) })', "bb")],
)
def max_by(items: List, f: Any = None) -> Native | None:
    """The element with the largest key, of equal ones the first; nil for an empty list."""
    return MaxBy(items, f) if is_callable(f) else None


# ------------------------------------------------------------------------------------------ until one decides


class Find(Search):
    """The first element with a truthy verdict."""

    __slots__ = ()
    name = "find"

    def found(self) -> Any:
        return self.items[self.place]

    def missed(self) -> None:
        return None


@builtin(
    "list.find(f?: any | fn(T) -> any) -> T | nil", form="native", examples=[("[1, 2, 3].find({ v -> v > 1 })", "2")]
)
def find(items: List, f: Any = None) -> Native | None:
    """The first element for which `f` gives something truthy, nil where there is none."""
    return Find(items, f) if is_callable(f) else None


class FindIndex(Search):
    """The place of the first element with a truthy verdict."""

    __slots__ = ()
    name = "find_index"

    def found(self) -> int:
        return self.place

    def missed(self) -> int:
        return -1


@builtin(
    "list.find_index(f?: any | fn(T) -> any) -> int",
    form="native",
    examples=[("[1, 2, 3].find_index({ v -> v > 1 })", "1")],
)
def find_index(items: List, f: Any = None) -> Native | int:
    """The place of the first element for which `f` gives something truthy, -1 where there is none."""
    return FindIndex(items, f) if is_callable(f) else -1


@builtin("list.any(f?: any | fn(T) -> any) -> bool", form="native", examples=[("[1, 2].any({ v -> v > 1 })", "true")])
def any_(items: List, f: Any = None) -> Native | bool:
    """Whether `f` gives something truthy for an element; asks no further than the first."""
    return AnyOf(items, f) if is_callable(f) else False


@builtin(
    "list.all(f?: any | fn(T) -> any) -> bool",
    form="native",
    aliases=["every"],
    examples=[("[1, 2].all({ v -> v > 1 })", "false"), ("[].every({ v -> false })", "true")],
)
def all_(items: List, f: Any = None) -> Native | bool:
    """Whether `f` gives something truthy for every element; asks no further than the first that fails."""
    return AllOf(items, f) if is_callable(f) else True


@builtin("list.none(f?: any | fn(T) -> any) -> bool", form="native", examples=[("[1, 2].none({ v -> v > 2 })", "true")])
def none(items: List, f: Any = None) -> Native | bool:
    """Whether `f` gives something truthy for no element; asks no further than the first."""
    return NoneOf(items, f) if is_callable(f) else not items


# ------------------------------------------------------------------------------------------ with what came before


class Reduce(Fold):
    """The last result."""

    __slots__ = ()
    name = "reduce"


@builtin(
    "list.reduce<A, B>(initial?: A, f?: any | fn(A | B, T) -> B) -> A | B",
    form="native",
    keeps=["initial"],
    examples=[("[1, 2, 3].reduce(0, { sum, v -> sum + v })", "6")],
)
def reduce(items: List, initial: Any = None, f: Any = None) -> Native | None:
    """Folds the list: `f` is called with what it gave last (at first `initial`) and the next element."""
    return Reduce(items, initial, f) if is_callable(f) else None
