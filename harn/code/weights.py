"""Weights of charged instructions: what running up to one of them costs in fuel."""

from __future__ import annotations


class Weights:
    """Hands out weights in the order of the code.

    A back edge or call is charged with the instructions since the charged one before it. A back edge is charged
    with nothing before the head of its loop, which does not run again; that part goes to the next charged
    instruction outside.
    """

    def __init__(self) -> None:
        self._after = 0  # first instruction not yet charged to anything
        self._kept: list[tuple[int, int]] = []  # (first instruction, how many) of stretches before loop heads

    def at(self, pc: int, head: int = -1) -> int:
        """The weight of the charged instruction at ``pc``; ``head`` is the target of a back edge."""
        start = max(self._after, head)
        weight = pc + 1 - start
        while self._kept and self._kept[-1][0] >= head:
            weight += self._kept.pop()[1]
        if start > self._after:
            self._kept.append((self._after, start - self._after))
        self._after = pc + 1
        return weight
