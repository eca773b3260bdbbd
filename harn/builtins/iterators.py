"""Iterators: the function that makes one, and the methods that make an iterator of an iterator.

Nothing is drawn before something asks: each method puts a source (``harn.vm.iterating``) in front of its receiver, and one
element at a time moves through the chain. Handles are shared: two chains over one iterator eat from the same source.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import type_error
from harn.values.kinds import Iter, Pair
from harn.values.operators import check_size
from harn.vm.frame import END, Answer, Done, Pull
from harn.vm.iterating import ASK, Adapter, JudgingAdapter, Stored, draw_now, iterate
from harn.vm.machine import Context


def count_for(method: str, n: int) -> int:
    """``n``, which must not be below 0."""
    if n < 0:
        raise type_error(f"iter.{method}: expected non-negative int")
    return n


@builtin(
    "iter<T>(value: iterable<T>) -> iter<T>",
    keeps=["value"],
    examples=[("iter([1, 2]).map({ v -> v * 10 }).to_list()", "[10, 20]")],
)
@builtin("iter.iter() -> iter<T>", keeps=["receiver"], examples=[("iter([1, 2]).iter().count()", "2")])
@builtin("generator.iter() -> iter<T>", keeps=["receiver"])
@builtin("stream.iter() -> iter<T>", keeps=["receiver"])
@builtin("string.iter() -> iter<string>", examples=[('"ab".iter().to_list()', "[a, b]")])
def iter_(value: Any) -> Iter:
    """A lazy single-pass iterator over a list, set, dict (as pairs), text (its characters), range or generator.

    An iterator is given back as it is.
    """
    return iterate(value)


# ------------------------------------------------------------------------------------------ calling back


class Map(JudgingAdapter):
    """Draws the results for the elements of its base."""

    __slots__ = ()

    def judged(self, verdict: Any) -> Answer:
        return Done(verdict)


@builtin(
    "iter.map<U>(f: fn(T) -> U) -> iter<U>",
    keeps=["receiver"],
    examples=[("iter([1, 2]).map({ v -> v * 10 }).to_list()", "[10, 20]")],
)
def map_(base: Iter, f: Any) -> Iter:
    """An iterator over what `f` gives for the elements."""
    return Iter(Map(base, f))


class Filter(JudgingAdapter):
    """Draws the elements of its base with a truthy verdict."""

    __slots__ = ()

    def judged(self, verdict: Any) -> Answer:
        return Done(self.item) if verdict else self.ask()


@builtin(
    "iter.filter(f: fn(T) -> any) -> iter<T>",
    keeps=["receiver"],
    examples=[("iter([1, 2]).filter({ v -> v > 1 }).to_list()", "[2]")],
)
def filter_(base: Iter, f: Any) -> Iter:
    """An iterator over the elements for which `f` gives something truthy."""
    return Iter(Filter(base, f))


class TakeWhile(JudgingAdapter):
    """Draws the elements of its base up to the first with a falsy verdict, which is lost."""

    __slots__ = ()

    def judged(self, verdict: Any) -> Answer:
        return Done(self.item if verdict else END)


@builtin(
    "iter.take_while(f: fn(T) -> any) -> iter<T>",
    keeps=["receiver"],
    examples=[("iter([1, 5, 2]).take_while({ v -> v < 4 }).to_list()", "[1]")],
)
def take_while(base: Iter, f: Any) -> Iter:
    """An iterator over the elements before the first for which `f` gives something falsy; that one is drawn too."""
    return Iter(TakeWhile(base, f))


class SkipWhile(JudgingAdapter):
    """Draws the elements of its base from the first with a falsy verdict on."""

    __slots__ = ("open",)

    def __init__(self, base: Iter, callback: Any) -> None:
        JudgingAdapter.__init__(self, base, callback)
        self.open = False

    def judge(self, item: Any) -> Answer:
        return Done(item) if self.open else JudgingAdapter.judge(self, item)

    def judged(self, verdict: Any) -> Answer:
        if verdict:
            return self.ask()
        self.open = True
        return Done(self.item)


@builtin(
    "iter.skip_while(f: fn(T) -> any) -> iter<T>",
    keeps=["receiver"],
    examples=[("iter([1, 5, 2]).skip_while({ v -> v < 4 }).to_list()", "[5, 2]")],
)
def skip_while(base: Iter, f: Any) -> Iter:
    """An iterator over the elements from the first for which `f` gives something falsy on."""
    return Iter(SkipWhile(base, f))


class FlatMap(JudgingAdapter):
    """Draws the elements of what the callback gives; ``inner`` is the result being drawn from."""

    __slots__ = ("inner",)

    def __init__(self, base: Iter, callback: Any) -> None:
        JudgingAdapter.__init__(self, base, callback)
        self.inner: Iter | None = None

    def next(self) -> Answer:
        self.called = False
        return self.ask() if self.inner is None else self.ask_inner()

    def ask_inner(self) -> Answer:
        """Draw from the result at hand."""
        value = draw_now(self.inner)
        return Pull(self.inner) if value is ASK else self.got(value)

    def got(self, value: Any) -> Answer:
        if self.inner is None:
            return JudgingAdapter.got(self, value)
        if value is not END:
            return Done(value)
        self.inner = None
        return self.ask()

    def judged(self, verdict: Any) -> Answer:
        self.inner = iterate(verdict)
        return self.ask_inner()


@builtin(
    "iter.flat_map<U>(f: fn(T) -> iterable<U>) -> iter<U>",
    keeps=["receiver"],
    examples=[("iter([1, 2]).flat_map({ v -> [v, v * 10] }).to_list()", "[1, 10, 2, 20]")],
)
def flat_map(base: Iter, f: Any) -> Iter:
    """An iterator over the elements of what `f` gives for the elements; each result must be iterable."""
    return Iter(FlatMap(base, f))


# ------------------------------------------------------------------------------------------ counting


class Take(Adapter):
    """Draws ``rest`` elements of its base and never asks for one more."""

    __slots__ = ("rest", "spent")

    def __init__(self, base: Iter, rest: int) -> None:
        self.base = base
        self.rest = rest
        self.spent = False

    def next(self) -> Answer:
        return self.ask() if self.rest else Done(END)

    def got(self, value: Any) -> Answer:
        self.rest -= 1
        self.spent = self.rest == 0
        return Done(value)


@builtin("iter.take(n: int) -> iter<T>", keeps=["receiver"], examples=[("iter([1, 2, 3]).take(2).to_list()", "[1, 2]")])
def take(base: Iter, n: int) -> Iter:
    """An iterator over the next `n` elements; the one after them is never drawn."""
    return Iter(Take(base, count_for("take", n)))


class Skip(Adapter):
    """Drops ``rest`` elements of its base at the first draw."""

    __slots__ = ("rest",)

    def __init__(self, base: Iter, rest: int) -> None:
        self.base = base
        self.rest = rest

    def next(self) -> Answer:
        base = self.base
        if self.rest and base.__class__ is Iter and isinstance(base.source, Stored):
            base.source.skip(self.rest)
            self.rest = 0
        return self.ask()

    def got(self, value: Any) -> Answer:
        if value is END or not self.rest:
            return Done(value)
        self.rest -= 1
        return Pull(self.base)


@builtin("iter.skip(n: int) -> iter<T>", keeps=["receiver"], examples=[("iter([1, 2, 3]).skip(2).to_list()", "[3]")])
def skip(base: Iter, n: int) -> Iter:
    """An iterator over all but the next `n` elements."""
    return Iter(Skip(base, count_for("skip", n)))


class Enumerate(Adapter):
    """Draws pairs of a place and an element of its base."""

    __slots__ = ("place",)

    def __init__(self, base: Iter) -> None:
        self.base = base
        self.place = 0

    def got(self, value: Any) -> Answer:
        if value is END:
            return Done(END)
        self.place += 1
        return Done(Pair(self.place - 1, value))


@builtin(
    "iter.enumerate() -> iter<pair<int, T>>",
    keeps=["receiver"],
    examples=[('iter(["a", "b"]).enumerate().to_list()', "[(0, a), (1, b)]")],
)
def enumerate_(base: Iter) -> Iter:
    """An iterator over pairs of a place, from 0 on, and the element there."""
    return Iter(Enumerate(base))


# ------------------------------------------------------------------------------------------ two iterators


class Zip(Adapter):
    """Draws pairs of an element of its base and one of ``right``, in this order; ``half`` while it has only the first."""

    __slots__ = ("half", "left", "right")

    def __init__(self, base: Iter, right: Iter) -> None:
        self.base = base
        self.right = right
        self.left: Any = None
        self.half = False

    def next(self) -> Answer:
        self.half = False
        return self.ask()

    def got(self, value: Any) -> Answer:
        if value is END:
            return Done(END)
        if self.half:
            return Done(Pair(self.left, value))
        self.left = value
        self.half = True
        value = draw_now(self.right)
        return Pull(self.right) if value is ASK else self.got(value)


@builtin(
    "iter.zip<U>(other: iterable<U>) -> iter<pair<T, U>>",
    keeps=["receiver", "other"],
    examples=[('iter([1, 2, 3]).zip("ab").to_list()', "[(1, a), (2, b)]")],
)
def zip_(base: Iter, other: Any) -> Iter:
    """An iterator over pairs of an element and one of `other`, as far as the shorter one goes."""
    return Iter(Zip(base, iterate(other)))


class Chain(Adapter):
    """Draws from its base, then from ``after``."""

    __slots__ = ("after",)

    def __init__(self, base: Iter, after: Iter) -> None:
        self.base = base
        self.after: Iter | None = after

    def got(self, value: Any) -> Answer:
        if value is END and self.after is not None:
            self.base, self.after = self.after, None
            return self.ask()
        return Done(value)


@builtin(
    "iter.chain<U>(other: iterable<U>) -> iter<T | U>",
    keeps=["receiver", "other"],
    examples=[("iter([1]).chain([2, 3]).to_list()", "[1, 2, 3]")],
)
def chain(base: Iter, other: Any) -> Iter:
    """An iterator over the elements and then those of `other`."""
    return Iter(Chain(base, iterate(other)))


# ------------------------------------------------------------------------------------------ several elements at once


class Gathering(Adapter):
    """Draws lists of ``size`` elements of its base; ``gathered`` are those drawn so far."""

    __slots__ = ("gathered", "limit", "size")

    def __init__(self, base: Iter, size: int, limit: int) -> None:
        self.base = base
        self.size = size
        self.limit = limit
        self.gathered: list[Any] = []

    def next(self) -> Answer:
        source = self.base.source
        if isinstance(source, Stored):
            check_size(source.element_bytes * min(self.size, source.left()), self.limit)
        return self.ask()

    def gather(self, value: Any) -> bool:
        """Take one more element: whether there are enough now."""
        self.gathered.append(value)
        check_size(8 * len(self.gathered), self.limit)
        return len(self.gathered) >= self.size


class Chunks(Gathering):
    """Lists that follow one another, the last one perhaps shorter."""

    __slots__ = ()

    def next(self) -> Answer:
        self.gathered = []
        return Gathering.next(self)

    def got(self, value: Any) -> Answer:
        if value is END:
            return Done(self.gathered or END)
        return Done(self.gathered) if self.gather(value) else Pull(self.base)


@builtin(
    "iter.chunks(size: int) -> iter<list<T>>",
    keeps=["receiver"],
    ctx=True,
    examples=[("iter([1, 2, 3]).chunks(2).to_list()", "[[1, 2], [3]]")],
)
def chunks(context: Context, base: Iter, size: int) -> Iter:
    """An iterator over lists of the next `size` elements, the last one perhaps shorter."""
    if size < 1:
        raise type_error("iter.chunks: chunk size must be positive")
    return Iter(Chunks(base, size, context.vm.value_bytes))


class Windows(Gathering):
    """Lists that begin one element after the other, never short."""

    __slots__ = ()

    def got(self, value: Any) -> Answer:
        if value is END:
            return Done(END)
        if len(self.gathered) == self.size:
            del self.gathered[0]
        return Done(self.gathered.copy()) if self.gather(value) else Pull(self.base)


@builtin(
    "iter.windows(size: int) -> iter<list<T>>",
    keeps=["receiver"],
    ctx=True,
    examples=[("iter([1, 2, 3]).windows(2).to_list()", "[[1, 2], [2, 3]]")],
)
def windows(context: Context, base: Iter, size: int) -> Iter:
    """An iterator over all lists of `size` neighbouring elements; none where there are fewer."""
    if size < 1:
        raise type_error("iter.windows: window size must be positive")
    return Iter(Windows(base, size, context.vm.value_bytes))
