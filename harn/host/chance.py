"""Random numbers and fresh ids."""

from __future__ import annotations

import os

from harn.source.typing import Protocol


class Chance(Protocol):
    """A source of randomness. Everything else (ints in a range, a shuffle, a UUID) is made of its bytes."""

    def bytes(self, count: int) -> bytes:
        """That many random bytes."""
        ...


class SystemChance:
    """Randomness of the operating system."""

    def bytes(self, count: int) -> bytes:
        """That many random bytes, good enough for keys."""
        return os.urandom(count)


class SeededChance:
    """Reproducible numbers: the same seed gives the same bytes. Not for secrets."""

    def __init__(self, seed: int) -> None:
        from random import Random

        self._random = Random(seed)

    def bytes(self, count: int) -> bytes:
        """The next bytes of the sequence."""
        return self._random.randbytes(count)


def fraction(chance: Chance) -> float:
    """A float, 0 <= x < 1, with 53 random bits."""
    return (int.from_bytes(chance.bytes(7), "big") >> 3) / 2**53


def integer(chance: Chance, low: int, high: int) -> int:
    """An int, low <= x <= high, each equally likely."""
    span = high - low + 1
    size = (span.bit_length() + 7) // 8
    room = 256**size // span * span  # values from here on would favour the small ones
    while True:
        drawn = int.from_bytes(chance.bytes(size), "big")
        if drawn < room:
            return low + drawn % span
