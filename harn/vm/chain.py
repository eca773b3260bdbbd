"""A task's frame list as the step runtime sees it (``harn.steps.entries.Chain``)."""

from __future__ import annotations

from harn.source.typing import Any
from harn.steps.entries import Carrier
from harn.vm.frame import Frame, Native


class Barrier(Native):
    """A record that hides the steps and personas below it, and does nothing else."""

    __slots__ = ()
    edge = False
    barrier = True


class FrameChain:
    """Depths are places in ``frames``, from 1."""

    __slots__ = ("frames",)

    def __init__(self, frames: list[Any]) -> None:
        self.frames = frames

    def depth(self) -> int:
        """How many records there are."""
        return len(self.frames)

    def entries_at(self, depth: int) -> Carrier | None:
        """What the record at a depth carries: a frame in its side record."""
        record = self.frames[depth - 1]
        carrier: Carrier | None = record.side if record.__class__ is Frame else record.entries
        return carrier

    def is_barrier(self, depth: int) -> bool:
        """Whether the search for entries stops at this record."""
        record = self.frames[depth - 1]
        return record.__class__ is not Frame and record.barrier

    def raise_barrier(self) -> None:
        """Put a barrier on top."""
        self.frames.append(Barrier())

    def lower_barrier(self) -> None:
        """Take the barrier on top away."""
        assert self.frames[-1].__class__ is Barrier
        self.frames.pop()
