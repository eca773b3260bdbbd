"""Iterators: what an ``Iter`` draws from, what stands below one while its next element is drawn, and what draws from it.

A *source* is what an ``Iter`` draws from: a native whose ``next()`` answers with ``Done(element)``, ``Done(END)`` or by asking
for something first (a callback, an element of the source below), in which case ``resume`` goes on. It is pushed for one
element and popped with it, so one object may serve a whole chain of draws, but never two at once.

    frames while ``iter(xs).map(f).to_list()`` computes an element:   ... | ToList | PullIter | Map | f

A source over a stored collection is asked without any of that: ``draw_now``.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError, type_error
from harn.values.kinds import Generator, Handle, Iter, Pair, Range, Set, type_name
from harn.vm.frame import END, Answer, Done, Native, Pull, Throw

if TYPE_CHECKING:
    from harn.vm.machine import Context

Value = Any


class Ask:
    """What ``draw_now`` gives where the next element must be pulled. Never stored."""

    __slots__ = ()


ASK = Ask()


class Source(Native):
    """A native that is drawn from. ``next`` begins one draw, whatever became of the one before."""

    __slots__ = ()
    name = "iterator"
    spent: bool = False
    """Whether the element just drawn was known to be the last: the iterator is exhausted without meeting the end."""

    def next(self) -> Answer:
        """Begin drawing the next element."""
        raise NotImplementedError

    def next_in(self, context: Context) -> Answer:
        """``next`` of a source that needs the run: called in its place where ``in_context`` is set."""
        return self.next()


class Stored(Source):
    """A source over a collection that nobody changes: its elements can be had at once, several together."""

    __slots__ = ("place",)
    place: int
    element_bytes = 8
    """What an element takes in a list at least."""

    def next(self) -> Answer:
        return Done(self.draw())

    def draw(self) -> Value:
        """The next element, or END."""
        raise NotImplementedError

    def draw_many(self, most: int) -> list[Value]:
        """The next elements, at most that many; none at the end."""
        raise NotImplementedError

    def left(self) -> int:
        """How many elements are still to come."""
        raise NotImplementedError

    def skip(self, count: int) -> None:
        """Go on behind the next ``count`` elements, or to the end."""
        self.place += min(count, self.left())


class SequenceSource(Stored):
    """Draws the elements of a list or the characters of a text."""

    __slots__ = ("items",)

    def __init__(self, items: list[Value] | str) -> None:
        self.items = items
        self.place = 0

    def draw(self) -> Value:
        place = self.place
        if place >= len(self.items):
            return END
        self.place = place + 1
        return self.items[place]

    def draw_many(self, most: int) -> list[Value]:
        found = list(self.items[self.place : self.place + most])
        self.place += len(found)
        return found

    def left(self) -> int:
        return len(self.items) - self.place


class EntrySource(Stored):
    """Draws the entries of a dict as pairs, in key order."""

    __slots__ = ("keys", "stored")

    def __init__(self, entries: dict[str, Value]) -> None:
        self.stored = entries
        self.keys = sorted(entries)
        self.place = 0

    def draw(self) -> Value:
        place = self.place
        if place >= len(self.keys):
            return END
        self.place = place + 1
        key = self.keys[place]
        return Pair(key, self.stored[key])

    def draw_many(self, most: int) -> list[Value]:
        keys = self.keys[self.place : self.place + most]
        self.place += len(keys)
        return [Pair(key, self.stored[key]) for key in keys]

    def left(self) -> int:
        return len(self.keys) - self.place


class RangeSource(Stored):
    """Draws the ints of a range."""

    __slots__ = ("stop",)
    element_bytes = 36  # the number, too, is made by drawing it

    def __init__(self, start: int, stop: int) -> None:
        self.place = start
        self.stop = stop

    def draw(self) -> Value:
        place = self.place
        if place >= self.stop:
            return END
        self.place = place + 1
        return place

    def draw_many(self, most: int) -> list[Value]:
        stop = min(self.place + most, self.stop)
        found = list(range(self.place, stop))
        self.place += len(found)
        return found

    def left(self) -> int:
        return max(0, self.stop - self.place)


class GeneratorSource(Source):
    """Draws what a generator or stream yields."""

    __slots__ = ("generator",)

    def __init__(self, generator: Generator) -> None:
        self.generator = generator

    def next(self) -> Answer:
        return Pull(self.generator)

    def resume(self, value: Value) -> Answer:
        return Done(value)


def draw_now(source: Any) -> Value:
    """The next element of an iterator or generator, or END, where nothing must run for it; else ASK."""
    if source.__class__ is Iter:
        if source.done:
            return END
        if isinstance(source.source, Stored):
            value = source.source.draw()
            if value is END:
                source.done = True
            return value
    elif source.__class__ is Generator and source.done:
        return END
    return ASK


def iterate(value: Value) -> Iter:
    """An iterator over anything iterable: list, set, dict (pairs in key order), text, range, generator; iterators as they are."""
    kind = value.__class__
    if kind is Iter:
        return value  # type: ignore[no-any-return]
    if kind is list or kind is str:
        return Iter(SequenceSource(value))
    if kind is Range:
        return Iter(RangeSource(value.start, value.stop))
    if kind is dict:
        return Iter(EntrySource(value))
    if kind is Set:
        return Iter(SequenceSource(list(value)))
    if kind is Generator:
        return Iter(GeneratorSource(value))
    if kind is Handle and hasattr(value.state, "source"):
        return Iter(value.state.source())
    raise type_error(f"iter: value of type {type_name(value)} is not iterable")


# ----------------------------------------------------------------------------- below a source while it is drawn from


class PullIter(Native):
    """Stands below an iterator's source while it is drawn: notes the end."""

    __slots__ = ("iterator",)
    name = "iterator"
    edge = False

    def __init__(self, iterator: Iter) -> None:
        self.iterator = iterator

    def resume(self, value: Value) -> Answer:
        iterator = self.iterator
        iterator.busy = False
        if value is END or iterator.source.spent:
            iterator.done = True
            iterator.source = None  # a handle that is kept does not keep the collection
        return Done(value)

    def close(self) -> None:
        self.iterator.busy = False


class PullSegment(Native):
    """Stands below the frames of a generator while they run; a yield cuts them off above it.

    ``deadlines`` are those of whoever pulls: they stay with the task when the generator rests.
    """

    __slots__ = ("deadlines", "generator")
    name = "generator"
    edge = False

    def __init__(self, generator: Generator, deadlines: tuple[Any, ...]) -> None:
        self.generator = generator
        self.deadlines = deadlines

    def resume(self, value: Value) -> Answer:
        """The body returned: the generator is finished."""
        self.generator.done = True
        self.generator.busy = False
        return Done(END)

    def fail(self, error: HarnError) -> Answer:
        self.generator.done = True
        self.generator.busy = False
        return Throw(error)


# ----------------------------------------------------------------------------- what draws from an iterator


class Drawing(Native):
    """A native that draws from ``base`` and is told the elements, and END, through ``got``."""

    __slots__ = ("base",)
    base: Iter

    def ask(self) -> Answer:
        """Draw the next element, at once where that can be."""
        value = draw_now(self.base)
        return Pull(self.base) if value is ASK else self.got(value)

    def start(self) -> Answer:
        return self.ask()

    def resume(self, value: Value) -> Answer:
        return self.got(value)

    def got(self, value: Value) -> Answer:
        """Go on with an element or END. One that needs more elements answers Pull: ``ask`` would call this again at once."""
        raise NotImplementedError


class Judging(Drawing):
    """One that calls back with every element drawn; ``judged`` goes on with the result, the element in ``item``."""

    __slots__ = ("callback", "called", "item")

    def __init__(self, base: Iter, callback: Value) -> None:
        self.base = base
        self.callback = callback
        self.called = False
        self.item: Value = None

    def resume(self, value: Value) -> Answer:
        if self.called:
            self.called = False
            return self.judged(value)
        return self.got(value)

    def got(self, value: Value) -> Answer:
        if value is END:
            return Done(self.ended())
        return self.judge(value)

    def judge(self, item: Value) -> Answer:
        """Call back with an element."""
        self.item = item
        self.called = True
        return (item,)

    def judged(self, verdict: Value) -> Answer:
        """Go on with the result of the callback."""
        raise NotImplementedError

    def ended(self) -> Value:
        """The value when ``base`` has ended."""
        return END


class Adapter(Drawing, Source):
    """A source that draws from another iterator."""

    __slots__ = ()

    def next(self) -> Answer:
        return self.ask()


class JudgingAdapter(Judging, Source):
    """A source that draws from another iterator and calls back with every element."""

    __slots__ = ()

    def next(self) -> Answer:
        self.called = False
        return self.ask()
