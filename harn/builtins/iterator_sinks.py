"""The methods that draw from an iterator and give something else than an iterator, and ``next`` of generators.

    Drain      draws everything and calls nothing          to_list to_set to_dict count sum min max last
    Judging    calls back with every element drawn         reduce any all find for_each

``first`` and ``find`` draw no further than they need; what they leave can be drawn by others.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values import sequences
from harn.values.errors import type_error
from harn.values.keys import key_of
from harn.values.kinds import Generator, Iter, Pair, Set, type_name
from harn.values.operators import check_size, is_number
from harn.vm.frame import AGAIN, END, Answer, Done, Native, Pull
from harn.vm.iterating import Drawing, Judging, RangeSource, Stored
from harn.vm.machine import Context

SLICE = 1_000
"""Elements taken from a stored collection before the safepoint may look."""

ENTRY_BYTES = 100
"""What an entry of a set or dict takes at least, with its key."""


class Drain(Drawing):
    """Draws everything: ``absorb`` gets the elements in parts, ``finish`` makes the value."""

    __slots__ = ("part",)

    def __init__(self, base: Iter) -> None:
        self.base = base
        self.part: list[Any] = []

    def start(self) -> Answer:
        base = self.base
        if base.done:
            return Done(self.finish())
        if isinstance(base.source, Stored):
            self.expect(base.source)
            return self.resume(None)
        return Pull(base)

    def resume(self, value: Any) -> Answer:
        base = self.base
        if not base.done and isinstance(base.source, Stored):
            part = base.source.draw_many(SLICE)
            self.absorb(part)
            if len(part) == SLICE:
                return AGAIN
            base.done = True
            return Done(self.finish())
        if value is END:
            self.absorb(self.part)
            return Done(self.finish())
        self.part.append(value)
        if len(self.part) == SLICE:
            self.absorb(self.part)
            self.part = []
        return Pull(base)

    def expect(self, source: Stored) -> None:
        """LimitReached where what is stored will make too large a value."""

    def absorb(self, part: list[Any]) -> None:
        """Take in the next elements."""
        raise NotImplementedError

    def finish(self) -> Any:
        """The value, when the iterator has ended."""
        raise NotImplementedError


# ------------------------------------------------------------------------------------------ into collections


class ToList(Drain):
    """A list of all elements."""

    __slots__ = ("found", "limit")
    name = "to_list"

    def __init__(self, base: Iter, limit: int) -> None:
        Drain.__init__(self, base)
        self.found: list[Any] = []
        self.limit = limit

    def expect(self, source: Stored) -> None:
        check_size(source.element_bytes * source.left(), self.limit)

    def absorb(self, part: list[Any]) -> None:
        self.found.extend(part)
        check_size(8 * len(self.found), self.limit)

    def finish(self) -> list[Any]:
        return self.found


@builtin("iter.to_list() -> list<T>", form="native", ctx=True, examples=[('iter("ab").to_list()', "[a, b]")])
def to_list(context: Context, base: Iter) -> Native:
    """A list of all elements."""
    return ToList(base, context.vm.value_bytes)


class ToSet(Drain):
    """A set of all elements; of equal ones the first stays."""

    __slots__ = ("limit", "members")
    name = "to_set"

    def __init__(self, base: Iter, limit: int) -> None:
        Drain.__init__(self, base)
        self.members: dict[Any, Any] = {}
        self.limit = limit

    def expect(self, source: Stored) -> None:
        if isinstance(source, RangeSource):
            check_size(ENTRY_BYTES * source.left(), self.limit)

    def absorb(self, part: list[Any]) -> None:
        for item in part:
            self.members.setdefault(key_of(item), item)
        check_size(ENTRY_BYTES * len(self.members), self.limit)

    def finish(self) -> Set:
        return Set(self.members)


@builtin("iter.to_set() -> set<T>", form="native", ctx=True, examples=[("iter([1, 2, 1.0]).to_set()", "set(1, 2)")])
def to_set(context: Context, base: Iter) -> Native:
    """A set of all elements."""
    return ToSet(base, context.vm.value_bytes)


class ToDict(Drain):
    """A dict of all elements, pairs of a text and a value; of equal keys the last stays."""

    __slots__ = ("entries_found", "limit")
    name = "to_dict"

    def __init__(self, base: Iter, limit: int) -> None:
        Drain.__init__(self, base)
        self.entries_found: dict[str, Any] = {}
        self.limit = limit

    def absorb(self, part: list[Any]) -> None:
        for item in part:
            if item.__class__ is not Pair:
                raise type_error(f"iter.to_dict: expected pair, got {type_name(item)}")
            if item.first.__class__ is not str:
                raise type_error(f"iter.to_dict: expected string key, got {type_name(item.first)}")
            self.entries_found[item.first] = item.second
        check_size(ENTRY_BYTES * len(self.entries_found), self.limit)

    def finish(self) -> dict[str, Any]:
        return self.entries_found


@builtin(
    "iter.to_dict() -> dict<string, any>", form="native", ctx=True, examples=[("{a: 1}.iter().to_dict()", "{a: 1}")]
)
def to_dict(context: Context, base: Iter) -> Native:
    """A dict of all elements, which must be pairs of a text and a value; of equal keys the last stays."""
    return ToDict(base, context.vm.value_bytes)


# ------------------------------------------------------------------------------------------ into one value


class Count(Drain):
    """How many elements there were."""

    __slots__ = ("number",)
    name = "count"

    def __init__(self, base: Iter) -> None:
        Drain.__init__(self, base)
        self.number = 0

    def absorb(self, part: list[Any]) -> None:
        self.number += len(part)

    def finish(self) -> int:
        return self.number


@builtin("iter.count() -> int", form="native", examples=[("iter([1, 2]).count()", "2")])
def count(base: Iter) -> Native:
    """How many elements were left; draws them all."""
    return Count(base)


class Sum(Drain):
    """The sum of all elements."""

    __slots__ = ("total",)
    name = "sum"

    def __init__(self, base: Iter) -> None:
        Drain.__init__(self, base)
        self.total: int | float = 0

    def absorb(self, part: list[Any]) -> None:
        for item in part:
            if not is_number(item):
                raise type_error(f"iter.sum: expected number, got {type_name(item)}")
        self.total = sequences.total([self.total, *part])

    def finish(self) -> int | float:
        return self.total


@builtin(
    "iter.sum() -> int | float", form="native", examples=[("iter([1, 0.5]).sum()", "1.5"), ("iter([]).sum()", "0")]
)
def sum_(base: Iter) -> Native:
    """The sum of the elements, which must be numbers; ints wrap, one float makes it a float."""
    return Sum(base)


class Last(Drain):
    """The last element; also what the extremes keep in ``best``, a list of none or one."""

    __slots__ = ("best",)
    name = "last"

    def __init__(self, base: Iter) -> None:
        Drain.__init__(self, base)
        self.best: list[Any] = []

    def absorb(self, part: list[Any]) -> None:
        if part:
            self.best = part[-1:]

    def finish(self) -> Any:
        return self.best[0] if self.best else None


@builtin("iter.last() -> T | nil", form="native", examples=[("iter([1, 2]).last()", "2")])
def last(base: Iter) -> Native:
    """The last element, nil where there is none; draws them all."""
    return Last(base)


class Min(Last):
    """The smallest element."""

    __slots__ = ()
    name = "min"

    def absorb(self, part: list[Any]) -> None:
        together = self.best + part
        if together:
            self.best = [together[sequences.least_place(together)]]


@builtin("iter.min() -> T | nil", form="native", examples=[("iter([2, 1]).min()", "1")])
def min_(base: Iter) -> Native:
    """The smallest element, of equal ones the first; nil where there is none."""
    return Min(base)


class Max(Last):
    """The largest element."""

    __slots__ = ()
    name = "max"

    def absorb(self, part: list[Any]) -> None:
        together = self.best + part
        if together:
            self.best = [together[sequences.greatest_place(together)]]


@builtin("iter.max() -> T | nil", form="native", examples=[("iter([2, 1]).max()", "2")])
def max_(base: Iter) -> Native:
    """The largest element, of equal ones the first; nil where there is none."""
    return Max(base)


class First(Drawing):
    """The next element, or nil at the end."""

    __slots__ = ()
    name = "first"

    def __init__(self, base: Iter) -> None:
        self.base = base

    def got(self, value: Any) -> Answer:
        return Done(None if value is END else value)


@builtin("iter.first() -> T | nil", form="native", examples=[("iter([1, 2]).first()", "1")])
def first(base: Iter) -> Native:
    """The next element, nil where there is none; it is drawn and no other."""
    return First(base)


# ------------------------------------------------------------------------------------------ calling back


class Reduce(Judging):
    """The last result of the callback, ``result``, which it gets back with the next element."""

    __slots__ = ("result",)
    name = "reduce"

    def __init__(self, base: Iter, initial: Any, callback: Any) -> None:
        Judging.__init__(self, base, callback)
        self.result = initial

    def judge(self, item: Any) -> Answer:
        self.called = True
        return (self.result, item)

    def judged(self, verdict: Any) -> Answer:
        self.result = verdict
        return self.ask()

    def ended(self) -> Any:
        return self.result


@builtin(
    "iter.reduce<A, B>(initial: A, f: fn(A | B, T) -> B) -> A | B",
    form="native",
    keeps=["initial"],
    examples=[("iter([1, 2, 3]).reduce(0, { sum, v -> sum + v })", "6")],
)
def reduce(base: Iter, initial: Any, f: Any) -> Native:
    """Folds the elements: `f` is called with what it gave last (at first `initial`) and the next element."""
    return Reduce(base, initial, f)


class AnyElement(Judging):
    """Whether a verdict is truthy."""

    __slots__ = ()
    name = "any"

    def judged(self, verdict: Any) -> Answer:
        return Done(True) if verdict else self.ask()

    def ended(self) -> bool:
        return False


@builtin("iter.any(f: fn(T) -> any) -> bool", form="native", examples=[("iter([1, 2]).any({ v -> v > 1 })", "true")])
def any_(base: Iter, f: Any) -> Native:
    """Whether `f` gives something truthy for an element; draws no further than the first."""
    return AnyElement(base, f)


class AllElements(Judging):
    """Whether no verdict is falsy."""

    __slots__ = ()
    name = "all"

    def judged(self, verdict: Any) -> Answer:
        return self.ask() if verdict else Done(False)

    def ended(self) -> bool:
        return True


@builtin("iter.all(f: fn(T) -> any) -> bool", form="native", examples=[("iter([1, 2]).all({ v -> v > 1 })", "false")])
def all_(base: Iter, f: Any) -> Native:
    """Whether `f` gives something truthy for every element; draws no further than the first that fails."""
    return AllElements(base, f)


class Find(Judging):
    """The first element with a truthy verdict, nil where there is none."""

    __slots__ = ()
    name = "find"

    def judged(self, verdict: Any) -> Answer:
        return Done(self.item) if verdict else self.ask()

    def ended(self) -> None:
        return None


@builtin("iter.find(f: fn(T) -> any) -> T | nil", form="native", examples=[("iter([1, 2]).find({ v -> v > 1 })", "2")])
def find(base: Iter, f: Any) -> Native:
    """The first element for which `f` gives something truthy, nil where there is none; draws no further."""
    return Find(base, f)


class ForEach(Judging):
    """Calls back, and gives nil."""

    __slots__ = ()
    name = "for_each"

    def judged(self, verdict: Any) -> Answer:
        return self.ask()

    def ended(self) -> None:
        return None


@builtin(
    "iter.for_each(f: fn(T) -> any) -> nil",
    form="native",
    examples=[("iter([1, 2]).for_each({ v -> v })", "nil")],
)
def for_each(base: Iter, f: Any) -> Native:
    """Calls `f` with every element."""
    return ForEach(base, f)


# ------------------------------------------------------------------------------------------ generators


class Next(Native):
    """One element of a generator, told apart from its end."""

    __slots__ = ("generator",)
    name = "next"
    edge = False

    def __init__(self, generator: Generator) -> None:
        self.generator = generator

    def start(self) -> Answer:
        return Pull(self.generator)

    def resume(self, value: Any) -> Answer:
        ended = value is END
        return Done({"done": ended, "value": None if ended else value})


@builtin("generator.next() -> {done: bool, value: T | nil}", form="native")
@builtin("stream.next() -> {done: bool, value: T | nil}", form="native")
def next_(generator: Generator) -> Native:
    """`{done: false, value: V}` with what the generator yields next; `{done: true, value: nil}` when it has ended."""
    return Next(generator)
