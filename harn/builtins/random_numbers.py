"""Random numbers: from the host, or from a sequence that its seed fixes.

A function that takes a generator first draws from it, and from the host's randomness without one.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.host.chance import Chance, fraction, integer
from harn.source.typing import Any
from harn.values.kinds import Handle
from harn.vm.frame import Effect
from harn.vm.machine import Context

RNG = "rng"

_MASK = 2**128 - 1
_FACTOR = 0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645
_INCREMENT = 0x5851_F42D_4C95_7F2D_1405_7B7E_F767_814F
_WORD = 2**64 - 1


class Sequence:
    """The bytes that follow from a seed: a linear congruence of 128 bits, its state hashed by a rotation that it chooses itself
    (PCG XSL RR). The state is a number, so that a run that draws from it can rest. Not for secrets.
    """

    __slots__ = ("state",)

    def __init__(self, seed: int) -> None:
        self.state = 0
        self.word()
        self.state = (self.state + seed) & _MASK
        self.word()

    def word(self) -> int:
        """The next 64 random bits."""
        state = self.state = (self.state * _FACTOR + _INCREMENT) & _MASK
        turn = state >> 122
        folded = ((state >> 64) ^ state) & _WORD
        return (folded >> turn | folded << (64 - turn)) & _WORD

    def bytes(self, count: int) -> bytes:
        """The next bytes, whole words of the sequence at a time."""
        words = (count + 7) // 8
        return b"".join(self.word().to_bytes(8, "little") for _ in range(words))[:count]

    def below(self, bound: int) -> int:
        """A number from 0 up to ``bound`` - 1, each equally likely; ``bound`` well below 2**64."""
        room = 2**64 // bound * bound
        while True:
            drawn = self.word()
            if drawn < room:
                return drawn % bound


class HostChance:
    """The host's randomness as the task of a call sees it."""

    __slots__ = ("ctx",)

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx

    def bytes(self, count: int) -> bytes:
        """That many random bytes."""
        drawn: bytes = self.ctx.vm.perform_now(self.ctx.task, Effect("random", "bytes", count))[1]
        return drawn


def _is_generator(value: Any) -> bool:
    return value.__class__ is Handle and value.kind == RNG


def _source(ctx: Context, values: tuple[Any, ...]) -> tuple[Chance, tuple[Any, ...]]:
    """Where a call draws from, and its arguments without the generator."""
    if values and _is_generator(values[0]):
        return values[0].state, values[1:]
    return HostChance(ctx), values


def _drawn_int(chance: Chance, low: int, high: int) -> int | None:
    return integer(chance, low, high) if low <= high else None


@builtin(
    "rng_seed(seed: int) -> rng", examples=[("random_int(rng_seed(7), 1, 6) == random_int(rng_seed(7), 1, 6)", "true")]
)
def rng_seed(seed: int) -> Handle:
    """A generator of random numbers: the same seed gives the same numbers, in every run and on every machine. Not for secrets."""
    return Handle(RNG, "", Sequence(seed & _MASK))


@builtin("random(rng?: any) -> float", effects=["random"], ctx=True, examples=[("random() < 1.0", "true")])
def random(ctx: Context, rng: Any = None) -> float:
    """A random float from 0 up to, but never, 1; from a generator where one is given."""
    chance, _ = _source(ctx, (rng,))
    return fraction(chance)


@builtin(
    "random_int(low: rng|int, high?: int, highest?: int) -> int?",
    effects=["random"],
    ctx=True,
    examples=[("random_int(4, 4)", "4"), ("random_int(5, 4)", "nil")],
)
def random_int(ctx: Context, low: Any, high: int | None = None, highest: int | None = None) -> int | None:
    """A random int between two bounds, both of which it may be: `random_int(1, 6)`, or `random_int(rng, 1, 6)` with a
    generator first. Nil where there is no such int or a bound is missing.
    """
    chance, bounds = _source(ctx, (low, high, highest))
    least, most = bounds[0], bounds[1]
    return _drawn_int(chance, least, most) if least is not None and most is not None else None


@builtin(
    "random_choice(rng?: any, items?: any) -> any",
    effects=["random"],
    ctx=True,
    keeps=["rng", "items"],
    examples=[('random_choice(["only"])', "only"), ("random_choice([])", "nil")],
)
def random_choice(ctx: Context, rng: Any = None, items: Any = None) -> Any:
    """A random element of a list, nil of an empty one: `random_choice(xs)`, or `random_choice(rng, xs)`. Else nil."""
    chance, (pool, *_) = _source(ctx, (rng, items))
    if pool.__class__ is not list or not pool:
        return None
    return pool[integer(chance, 0, len(pool) - 1)]


@builtin(
    "random_shuffle(rng?: any, items?: any) -> list?",
    effects=["random"],
    ctx=True,
    keeps=["rng", "items"],
    examples=[("random_shuffle([1, 1, 1])", "[1, 1, 1]"), ("random_shuffle([3, 1, 2]).sort()", "[1, 2, 3]")],
)
def random_shuffle(ctx: Context, rng: Any = None, items: Any = None) -> list[Any] | None:
    """The elements of a list in random order, each order equally likely: `random_shuffle(xs)`, or `random_shuffle(rng, xs)`.
    Nil for anything else.
    """
    chance, (given, *_) = _source(ctx, (rng, items))
    if given.__class__ is not list:
        return None
    # A single draw from the host, however long the list is: a recorded run notes each.
    order = chance if isinstance(chance, Sequence) else Sequence(int.from_bytes(chance.bytes(16), "big"))
    shuffled: list[Any] = given.copy()
    for place in range(len(shuffled) - 1, 0, -1):
        other = order.below(place + 1)
        shuffled[place], shuffled[other] = shuffled[other], shuffled[place]
    return shuffled
