"""A task's frame list as the step runtime sees it (``harn.steps.entries.Chain``)."""

from __future__ import annotations

from harn.source.typing import Any, Iterator
from harn.steps.entries import Carrier, PersonaEntry
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

    def outward(self) -> Iterator[tuple[int, Carrier]]:
        """(depth, what it carries) of each record that may carry something, from the innermost out to the nearest barrier."""
        depth = len(self.frames)
        for record in reversed(self.frames):
            if record.__class__ is Frame:
                if record.side is not None:
                    yield depth, record.side
            elif record.barrier:
                return
            elif record.entries is not None:
                yield depth, record.entries
            depth -= 1

    def persona(self) -> PersonaEntry | None:
        """The innermost persona that ``outward`` comes to."""
        for record in reversed(self.frames):
            if record.__class__ is Frame:
                side = record.side
                if side is not None and side.persona is not None:
                    return side.persona
            elif record.barrier:
                return None
            elif record.entries is not None and record.entries.persona is not None:
                return record.entries.persona  # type: ignore[no-any-return]
        return None

    def raise_barrier(self) -> None:
        """Put a barrier on top."""
        self.frames.append(Barrier())

    def lower_barrier(self) -> None:
        """Take the barrier on top away."""
        assert self.frames[-1].__class__ is Barrier
        self.frames.pop()
