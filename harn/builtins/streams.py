"""Stream operators: `stream.map`, `stream.merge` and the rest of the namespace, over anything that can be iterated.

An operator gives a lazy iterator: nothing is drawn from a source before a sink (`collect`, `fold`, `first`), a loop or
``next`` asks, and no more than it asks for. An error of a source or a callback comes out of the pull that met it.
"""

from __future__ import annotations

from harn.builtins.iterator_sinks import First, Reduce
from harn.builtins.iterators import Filter, Map, Take, Zip
from harn.builtins.streams_feeds import Joined
from harn.builtins.streams_shared import Tee
from harn.builtins.streams_timed import Debounce, Throttle
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import HarnError, runtime_error, type_error
from harn.values.kinds import Iter, type_name
from harn.values.operators import check_size
from harn.vm.frame import AGAIN, END, Answer, Done, Native, Pull
from harn.vm.iterating import Adapter, Drawing, JudgingAdapter, Stored, iterate
from harn.vm.machine import Context

COLLECT_MAX = 10_000
"""Elements `stream.collect` takes where it is not told how many."""

_PART = 1_000
"""Elements taken from a stored collection before the safepoint may look."""


def at_least(least: int, name: str, value: int) -> int:
    """A count, the second argument, that is not below ``least`` (0 or 1)."""
    if value < least:
        sort = "positive" if least else "non-negative"
        raise type_error(f"stream.{name}: argument 2 must be a {sort} int, got int")
    return value


# ------------------------------------------------------------------------------------------ one source


@builtin(
    "stream::map<T, U>(source: iterable<T>, f: fn(T) -> U) -> iter<U>",
    keeps=["source", "f"],
    examples=[("stream.collect(stream.map([1, 2], { v -> v * 10 }))", "[10, 20]")],
)
def map_(source: Any, f: Any) -> Iter:
    """What `f` gives for the elements."""
    return Iter(Map(iterate(source), f))


@builtin(
    "stream::filter<T>(source: iterable<T>, f: fn(T) -> any) -> iter<T>",
    keeps=["source", "f"],
    examples=[("stream.collect(stream.filter(1 to 4, { v -> v % 2 == 0 }))", "[2, 4]")],
)
def filter_(source: Any, f: Any) -> Iter:
    """The elements for which `f` gives something truthy."""
    return Iter(Filter(iterate(source), f))


class Tap(JudgingAdapter):
    """Draws the elements of its base, each after its callback."""

    __slots__ = ()

    def judged(self, verdict: Any) -> Answer:
        return Done(self.item)


@builtin(
    "stream::tap<T>(source: iterable<T>, f: fn(T) -> any) -> iter<T>",
    keeps=["source", "f"],
    examples=[("stream.collect(stream.tap([1, 2], { v -> v * 10 }))", "[1, 2]")],
)
def tap(source: Any, f: Any) -> Iter:
    """The elements as they are; `f` is called with each when it is drawn."""
    return Iter(Tap(iterate(source), f))


class Scan(JudgingAdapter):
    """Draws what the callback gives for the last such value, ``result``, and the next element."""

    __slots__ = ("result",)

    def __init__(self, base: Iter, initial: Any, callback: Any) -> None:
        JudgingAdapter.__init__(self, base, callback)
        self.result = initial

    def judge(self, item: Any) -> Answer:
        self.called = True
        return (self.result, item)

    def judged(self, verdict: Any) -> Answer:
        self.result = verdict
        return Done(verdict)


@builtin(
    "stream::scan<T, A, B>(source: iterable<T>, initial: A, f: fn(A | B, T) -> B) -> iter<B>",
    keeps=["source", "initial", "f"],
    examples=[("stream.collect(stream.scan([1, 2, 3], 0, { sum, v -> sum + v }))", "[1, 3, 6]")],
)
def scan(source: Any, initial: Any, f: Any) -> Iter:
    """Every value on the way of a fold: `f` is called with what it gave last (at first `initial`) and the next element."""
    return Iter(Scan(iterate(source), initial, f))


@builtin(
    "stream::take<T>(source: iterable<T>, n: int) -> iter<T>",
    keeps=["source"],
    examples=[("stream.collect(stream.take([1, 2, 3], 2))", "[1, 2]")],
)
def take(source: Any, n: int) -> Iter:
    """The next `n` elements; the one after them is never drawn."""
    return Iter(Take(iterate(source), at_least(0, "take", n)))


class TakeUntil(JudgingAdapter):
    """Draws the elements of its base up to the first with a truthy verdict, which is lost."""

    __slots__ = ()

    def judged(self, verdict: Any) -> Answer:
        return Done(END if verdict else self.item)


@builtin(
    "stream::take_until<T>(source: iterable<T>, f: fn(T) -> any) -> iter<T>",
    keeps=["source", "f"],
    examples=[("stream.collect(stream.take_until([1, 2, 3], { v -> v == 2 }))", "[1]")],
)
def take_until(source: Any, f: Any) -> Iter:
    """The elements before the first for which `f` gives something truthy; that one is drawn too."""
    return Iter(TakeUntil(iterate(source), f))


@builtin(
    "stream::broadcast<T>(source: iterable<T>, n: int) -> list<iter<T>>",
    keeps=["source"],
    ctx=True,
    examples=[("stream.broadcast([1, 2], 2).map({ copy -> stream.collect(copy) })", "[[1, 2], [1, 2]]")],
)
def broadcast(context: Context, source: Any, n: int) -> list[Iter]:
    """A list of `n` iterators over the same elements, to be read at any pace; each element is drawn once.

    What some of them have still to read is kept.
    """
    base = iterate(source)
    count = at_least(1, "broadcast", n)
    check_size(100 * count, context.vm.value_bytes)
    tee = Tee(base, context.vm.value_bytes)
    return [Iter(tee.branch()) for _ in range(count)]


@builtin(
    "stream::throttle<T>(source: iterable<T>, per_second: number) -> iter<T>",
    effects=["clock.sleep"],
    keeps=["source"],
    examples=[("stream.collect(stream.throttle([1, 2], 1000))", "[1, 2]")],
)
def throttle(source: Any, per_second: int | float) -> Iter:
    """The elements, at most that many a second: a pull that comes too early waits."""
    if not 0 < per_second < float("inf"):
        raise type_error("stream.throttle: argument 2 must be a positive finite number")
    return Iter(Throttle(iterate(source), 1 / per_second))


@builtin(
    "stream::debounce<T>(source: iterable<T>, window_ms: int) -> iter<T>",
    effects=["clock.sleep", "task"],
    keeps=["source"],
    examples=[("stream.collect(stream.debounce([1, 2, 3], 0))", "[3]")],
)
def debounce(source: Any, window_ms: int) -> Iter:
    """The elements that no other follows within that many milliseconds, and the last of all."""
    return Iter(Debounce(iterate(source), at_least(0, "debounce", window_ms) / 1000))


# ------------------------------------------------------------------------------------------ several sources


class Merge(Joined):
    """Draws from whichever source has an element; where several have, they take turns. ``turn_of`` is the next to be asked."""

    __slots__ = ("turn_of",)

    def __init__(self, bases: list[Iter]) -> None:
        Joined.__init__(self, bases)
        self.turn_of = 0

    def order(self) -> list[int]:
        count = len(self.feeds)
        return [(self.turn_of + step) % count for step in range(count)]

    def fed(self, context: Context, place: int, value: Any) -> Answer:
        self.turn_of = (place + 1) % len(self.feeds)
        return Joined.fed(self, context, place, value)


@builtin(
    "stream::merge<T>(source: iterable<T>, ...others: iterable<T>) -> iter<T>",
    effects=["task"],
    keeps=["source", "others"],
    examples=[("stream.collect(stream.merge([1, 3], [2]))", "[1, 2, 3]")],
)
def merge(source: Any, *others: Any) -> Iter:
    """The elements of all sources as they come; sources that have one ready take turns. Ends with the last source."""
    return Iter(Merge([iterate(one) for one in (source, *others)]))


class Race(Joined):
    """Draws from the source that had the first element; the others are left alone then."""

    __slots__ = ()

    def fed(self, context: Context, place: int, value: Any) -> Answer:
        winner = self.feeds[place]
        for feed in self.feeds:
            if feed is not winner:
                feed.dismiss(context.vm)
        self.feeds = [winner]
        return Joined.fed(self, context, 0, value)


@builtin(
    "stream::race<T>(source: iterable<T>, ...others: iterable<T>) -> iter<T>",
    effects=["task"],
    keeps=["source", "others"],
    examples=[("stream.collect(stream.race([], [9, 10], [11]))", "[9, 10]")],
)
def race(source: Any, *others: Any) -> Iter:
    """The elements of the source that has one first; nothing more is drawn from the others."""
    return Iter(Race([iterate(one) for one in (source, *others)]))


class Interleave(Adapter):
    """Draws from ``bases`` in turn, waiting for each; ``base`` is the one whose turn it is, the first of them."""

    __slots__ = ("bases",)

    def __init__(self, bases: list[Iter]) -> None:
        self.bases = bases
        self.base = bases[0]

    def got(self, value: Any) -> Answer:
        if value is END:
            del self.bases[0]
            if not self.bases:
                return Done(END)
            self.base = self.bases[0]
            return Pull(self.base)
        self.bases.append(self.bases.pop(0))
        self.base = self.bases[0]
        return Done(value)

    def next(self) -> Answer:
        return self.ask() if self.bases else Done(END)


@builtin(
    "stream::interleave<T>(source: iterable<T>, other: iterable<T>, ...more: iterable<T>) -> iter<T>",
    keeps=["source", "other", "more"],
    examples=[('stream.collect(stream.interleave(["a", "c"], ["b"]))', "[a, b, c]")],
)
def interleave(source: Any, other: Any, *more: Any) -> Iter:
    """One element of each source in turn, waiting for it; a source that has ended is passed over."""
    return Iter(Interleave([iterate(one) for one in (source, other, *more)]))


@builtin(
    "stream::zip<T, U>(source: iterable<T>, other: iterable<U>) -> iter<pair<T, U>>",
    keeps=["source", "other"],
    examples=[('stream.collect(stream.zip([1, 2, 3], ["a", "b"]))', "[(1, a), (2, b)]")],
)
def zip_(source: Any, other: Any) -> Iter:
    """Pairs of an element of the first source and one of the second, as far as the shorter one goes."""
    return Iter(Zip(iterate(source), iterate(other)))


# ------------------------------------------------------------------------------------------ sinks


class Collect(Drawing):
    """A list of all elements, of which there may be ``most``."""

    __slots__ = ("found", "most")
    name = "collect"

    def __init__(self, base: Iter, most: int) -> None:
        self.base = base
        self.most = most
        self.found: list[Any] = []

    def start(self) -> Answer:
        return self.resume(None) if self._stored() is not None else Pull(self.base)

    def _stored(self) -> Stored | None:
        source = self.base.source
        return source if isinstance(source, Stored) and not self.base.done else None

    def resume(self, value: Any) -> Answer:
        stored = self._stored()
        if stored is None:
            return self.got(value)
        wanted = min(_PART, self.most + 1 - len(self.found))
        part = stored.draw_many(wanted)
        self.found.extend(part)
        if len(self.found) > self.most:
            raise self._too_many()
        if len(part) == wanted:
            return AGAIN
        self.base.done = True
        return Done(self.found)

    def got(self, value: Any) -> Answer:
        if value is END:
            return Done(self.found)
        if len(self.found) == self.most:
            raise self._too_many()
        self.found.append(value)
        return Pull(self.base)

    def _too_many(self) -> HarnError:
        return runtime_error(f"stream.collect: max cap {self.most} exceeded")


def _collect_max(options: int | dict[str, Any] | None) -> int:
    """The cap a second argument of ``collect`` says."""
    if options is None:
        return COLLECT_MAX
    most = options.get("max", COLLECT_MAX) if isinstance(options, dict) else options
    if most.__class__ is not int or most < 0:
        raise type_error(f"stream.collect: max must be a non-negative int, got {type_name(most)}")
    return int(most)


@builtin(
    "stream::collect<T>(source: iterable<T>, options?: int | dict) -> list<T>",
    form="native",
    examples=[("stream.collect(1 to 3)", "[1, 2, 3]"), ("stream.collect([1, 2], {max: 2})", "[1, 2]")],
)
def collect(source: Any, options: int | dict[str, Any] | None = None) -> Native:
    """A list of all elements. Throws where there are more than `max`, 10,000 by default.

    `options` is that number or `{max}`.
    """
    return Collect(iterate(source), _collect_max(options))


@builtin(
    "stream::fold<T, A, B>(source: iterable<T>, initial: A, f: fn(A | B, T) -> B) -> A | B",
    form="native",
    keeps=["initial"],
    examples=[("stream.fold([1, 2, 3], 0, { sum, v -> sum + v })", "6")],
)
def fold(source: Any, initial: Any, f: Any) -> Native:
    """Folds the elements: `f` is called with what it gave last (at first `initial`) and the next element."""
    return Reduce(iterate(source), initial, f)


@builtin(
    "stream::first<T>(source: iterable<T>) -> T | nil",
    form="native",
    examples=[("stream.first([7, 8])", "7"), ("stream.first([])", "nil")],
)
def first(source: Any) -> Native:
    """The next element, nil where there is none; it is drawn and no other."""
    return First(iterate(source))
