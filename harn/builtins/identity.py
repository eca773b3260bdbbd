"""Which value it is, besides what is in it."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.values.equality import equal
from harn.values.kinds import Atomic, Builtin, Closure, Generator, Handle, Iter, Pair, Set, type_name
from harn.vm.machine import Context

_BY_PLACE = frozenset((list, dict, Set, Pair, Closure, Handle, Iter, Generator, Atomic))
"""Kinds whose values are told apart even where they are equal."""

AREA = "identity"


class Seen:
    """The values a run asked an address of, in that order; an address is a place in this list.

    ``places`` finds a value by Python's ``id``, which is another in a run that was thawed.
    """

    __slots__ = ("places", "values")

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.places: dict[int, int] = {}

    def place(self, value: Any) -> int:
        """Where a value stands; a new one comes last."""
        last = len(self.values) - 1
        if last >= 0 and self.places.get(id(self.values[last])) != last:
            self.places = {id(one): place for place, one in enumerate(self.values)}
        found = self.places.setdefault(id(value), last + 1)
        if found > last:
            self.values.append(value)
        return found


@builtin(
    "is_same(a?: any, b?: any) -> bool",
    examples=[("is_same([1], [1])", "false"), ('is_same("a", "a")', "true"), ("is_same(1, 1.0)", "true")],
)
def is_same(a: Any = None, b: Any = None) -> bool:
    """Whether two lists, dicts, sets, pairs, closures, iterators or handles are one and the same. Other values are compared."""
    return a is b if a.__class__ in _BY_PLACE else equal(a, b)


@builtin(
    "addr_of(value?: any) -> string",
    effects=["state"],
    ctx=True,
    keeps=["value"],
    examples=[("addr_of(42)", "int@42"), ('addr_of("hi")', "string@hi"), ("addr_of([]) == addr_of([])", "false")],
)
def addr_of(ctx: Context, value: Any = None) -> str:
    """A text for telling values apart as `is_same` does: of a list, dict, set, pair, closure or handle it differs from that of
    every other one, of anything else it is made of its display text. The run holds on to what was asked about.
    """
    if value.__class__ in _BY_PLACE:
        seen = ctx.vm.areas.get(AREA)
        if seen is None:
            seen = ctx.vm.areas[AREA] = Seen()
        shown = f"{seen.place(value) + 1:#x}"
    elif value.__class__ is bytes:
        shown = value.hex()
    else:
        shown = value.name if value.__class__ is Builtin else display(value, ctx.vm.value_bytes)
    return f"{type_name(value)}@{shown}"
