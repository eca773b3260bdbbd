"""What stands below an iterator or generator while its next element is drawn, and iterators over plain collections.

A *source* is what an ``Iter`` draws from: a native whose ``next()`` answers with ``Done(element)``, ``Done(END)`` or by asking for
something first (a callback, an element of the source below), in which case ``resume`` goes on. It is pushed for one element
and popped with it, so one object may serve a whole chain of draws, but never two at once.
"""

from __future__ import annotations

from typing import Any

from harn.values.errors import HarnError, type_error
from harn.values.kinds import Generator, Iter, Pair, Range, Set, type_name
from harn.vm.frame import END, Answer, Done, Native, Throw


class Source(Native):
    """A native that is drawn from. ``next`` begins one draw."""

    __slots__ = ()
    name = "iterator"

    def next(self) -> Answer:
        """Begin drawing the next element."""
        raise NotImplementedError


class PullIter(Native):
    """Stands below an iterator's source while it is drawn: notes the end."""

    __slots__ = ("iterator",)
    name = "iterator"
    edge = False

    def __init__(self, iterator: Iter) -> None:
        self.iterator = iterator

    def resume(self, value: Any) -> Answer:
        if value is END:
            self.iterator.done = True
        return Done(value)


class PullSegment(Native):
    """Stands below the frames of a generator while they run; a yield cuts them off above it."""

    __slots__ = ("generator",)
    name = "generator"
    edge = False

    def __init__(self, generator: Generator) -> None:
        self.generator = generator

    def resume(self, value: Any) -> Answer:
        """The body returned: the generator is finished."""
        self.generator.done = True
        self.generator.busy = False
        return Done(END)

    def fail(self, error: HarnError) -> Answer:
        self.generator.done = True
        self.generator.busy = False
        return Throw(error)


class ListSource(Source):
    """Draws the elements of a list that nobody changes."""

    __slots__ = ("items", "place")

    def __init__(self, items: list[Any]) -> None:
        self.items = items
        self.place = 0

    def next(self) -> Answer:
        place = self.place
        if place >= len(self.items):
            return Done(END)
        self.place = place + 1
        return Done(self.items[place])


class RangeSource(Source):
    """Draws the ints of a range."""

    __slots__ = ("place", "stop")

    def __init__(self, start: int, stop: int) -> None:
        self.place = start
        self.stop = stop

    def next(self) -> Answer:
        place = self.place
        if place >= self.stop:
            return Done(END)
        self.place = place + 1
        return Done(place)


def iterate(value: Any, who: str = "iter") -> Iter | Generator:
    """An iterator over anything iterable: list, set, dict (pairs in key order), text, range; iterators as they are."""
    kind = value.__class__
    if kind is Iter or kind is Generator:
        return value  # type: ignore[no-any-return]
    if kind is list:
        return Iter(ListSource(value))
    if kind is Range:
        return Iter(RangeSource(value.start, value.stop))
    if kind is dict:
        return Iter(ListSource([Pair(key, value[key]) for key in sorted(value)]))
    if kind is Set or kind is str:
        return Iter(ListSource(list(value)))
    raise type_error(f"{who}: value of type {type_name(value)} is not iterable")
