"""Functions over collections that are no methods: the checking forms of what lists can do, and two that take anything."""

from __future__ import annotations

from harn.builtins import list_callbacks as methods
from harn.builtins.lists import positive
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values import sequences
from harn.values.display import display
from harn.values.equality import index_of
from harn.values.keys import key_of
from harn.values.kinds import Set
from harn.vm.frame import Native
from harn.vm.machine import Context
from harn.vm.shapes import Each

List = list[Any]


@builtin(
    "to_list<T, U>(value: U | list<T> | set<T>) -> list<T>",
    keeps=["value"],
    examples=[("to_list(set(2, 1))", "[2, 1]"), ("to_list(5)", "[5]")],
)
def to_list(value: Any) -> List:
    """The members of a set, a list itself, and anything else as the one element of a list."""
    if value.__class__ is list:
        return value
    return list(value) if value.__class__ is Set else [value]


@builtin(
    "contains(container: any | string | list, value: any) -> bool",
    examples=[
        ('contains("room 101", 101)', "true"),
        ("contains([1, 2], 2.0)", "true"),
        ("contains({a: 1}, 1)", "false"),
    ],
)
def contains(container: Any, value: Any) -> bool:
    """Whether a text holds the display text of `value`, or a list an element equal to it; false for anything else.

    The operator `in` also looks into sets, dicts and ranges.
    """
    if container.__class__ is str:
        return (value if value.__class__ is str else display(value)) in container
    return container.__class__ is list and index_of(container, value) >= 0


@builtin(
    "chunk<T>(items: list<T>, size?: any | int) -> list<list<T>>", examples=[("chunk([1, 2, 3], 2)", "[[1, 2], [3]]")]
)
def chunk(items: List, size: Any = 1) -> list[List]:
    """The list in parts of `size` elements, the last one perhaps shorter."""
    return sequences.chunked(items, positive(size, 1))


@builtin(
    "window<T>(items: list<T>, size?: any | int, step?: any | int) -> list<list<T>>",
    ctx=True,
    examples=[("window([1, 2, 3], 2)", "[[1, 2], [2, 3]]")],
)
def window(context: Context, items: List, size: Any = 2, step: Any = 1) -> list[List]:
    """All runs of exactly `size` (2) elements, the next one beginning `step` (1) further on."""
    return sequences.windowed(items, positive(size, 2), positive(step, 1), context.vm.value_bytes)


@builtin(
    "group_by<T>(items: list<T>, f: fn(T) -> any) -> dict<string, list<T>>",
    form="native",
    keeps=["items"],
    examples=[("group_by([1, 2, 3], { v -> v % 2 })", "{0: [2], 1: [1, 3]}")],
)
def group_by(items: List, f: Any) -> Native:
    """A dict of lists: the elements under the display text of what `f` gives for them."""
    return methods.GroupBy(items, f)


class Partition(methods.Partition):
    """The two lists under names."""

    __slots__ = ()

    def finish(self) -> dict[str, List]:
        return {"match": sequences.kept(self.items, self.results), "no_match": self.rejected()}


@builtin(
    "partition<T>(items: list<T>, f: fn(T) -> any) -> {match: list<T>, no_match: list<T>}",
    form="native",
    keeps=["items"],
    examples=[("partition([1, 2, 3], { v -> v > 1 })", "{match: [2, 3], no_match: [1]}")],
)
def partition(items: List, f: Any) -> Native:
    """Under `match` the elements for which `f` gives something truthy, under `no_match` the others."""
    return Partition(items, f)


class DedupBy(Each):
    """The first element for every distinct result."""

    __slots__ = ()
    name = "dedup_by"

    def finish(self) -> List:
        firsts: dict[Any, Any] = {}
        for item, key in zip(self.items, self.results, strict=True):
            firsts.setdefault(key_of(key), item)
        return list(firsts.values())


@builtin(
    "dedup_by<T>(items: list<T>, f: fn(T) -> any) -> list<T>",
    form="native",
    keeps=["items"],
    examples=[('dedup_by(["a", "bb", "c"], { w -> len(w) })', "[a, bb]")],
)
def dedup_by(items: List, f: Any) -> Native:
    """The elements without those for which `f` gives what it gave before; equal values count as one."""
    return DedupBy(items, f)


@builtin(
    "flat_map<T, U>(items: list<T>, f: fn(T) -> U | list<U>) -> list<U>",
    form="native",
    keeps=["items"],
    ctx=True,
    examples=[("flat_map([1, 2], { v -> [v, v * 10] })", "[1, 10, 2, 20]")],
)
def flat_map(context: Context, items: List, f: Any) -> Native:
    """What `f` gives for every element, lists replaced by their elements."""
    return methods.FlatMap(items, f, context.vm.value_bytes)
