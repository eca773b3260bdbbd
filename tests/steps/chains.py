"""Frame lists without a machine, functions that carry definitions, and a model beside them, to test the pure runtime with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harn.steps.definitions import Tracked
from harn.steps.entries import Entries, PersonaEntry
from harn.steps.log import COMPLETED
from harn.steps.runtime import StepRuntime
from tests.steps.model import Live


class Function:
    """Anything a definition can be bound to."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.flags = 0
        self.tracked: Tracked | None = None


class Stack:
    """Records are Entries, None for plain frames, or ``BARRIER``."""

    BARRIER = "barrier"

    def __init__(self) -> None:
        self.records: list[Any] = []

    def depth(self) -> int:
        return len(self.records)

    def entries_at(self, depth: int) -> Entries | None:
        record = self.records[depth - 1]
        return record if isinstance(record, Entries) else None

    def outward(self) -> Iterator[tuple[int, Entries]]:
        for depth in range(len(self.records), 0, -1):
            record = self.records[depth - 1]
            if record is Stack.BARRIER:
                return
            if record is not None:
                yield depth, record

    def persona(self) -> PersonaEntry | None:
        return next((entries.persona for _, entries in self.outward() if entries.persona is not None), None)

    def raise_barrier(self) -> None:
        self.records.append(Stack.BARRIER)

    def lower_barrier(self) -> None:
        assert self.records.pop() is Stack.BARRIER


def enter(runtime: StepRuntime, stack: Stack, tracked: Tracked | None, args: list[Any] | None = None) -> Entries | None:
    """Push a frame, with the entries that a function so tracked carries."""
    if tracked is None:
        stack.records.append(None)
        return None
    entries = Entries()
    stack.records.append(entries)
    runtime.maybe_push_active_persona(entries, tracked)
    runtime.maybe_push_active_step(stack, entries, tracked, args or [])
    return entries


def leave(runtime: StepRuntime, stack: Stack, status: str, error: str | None) -> None:
    """Pop the frame on top; its step, if it has one, is settled so."""
    entries = stack.entries_at(stack.depth())
    if entries is not None:
        if entries.step is not None:
            if status != COMPLETED or error is not None or not runtime.return_at_once(entries.step):
                assert runtime.pop_and_record(stack, stack.depth(), status, error)
            entries.step = None
        runtime.pop_persona(entries)
    stack.records.pop()


class Shadow:
    """What the model knows of one record: the entries it should carry."""

    def __init__(self, tracked: Tracked | None = None, *, inherited: bool = False, barrier: bool = False) -> None:
        self.tracked = tracked
        self.inherited = inherited
        self.barrier = barrier
        self.persona: Live | None = None
        self.step: Live | None = None

    @property
    def entries(self) -> list[Live]:
        """Outermost first."""
        return [entry for entry in (self.persona, self.step) if entry is not None]


class Task:
    """A frame list and the model of it, record by record; ``resting`` are segments cut off, the newest last."""

    def __init__(self) -> None:
        self.stack = Stack()
        self.shadows: list[Shadow] = []
        self.resting: list[tuple[list[Any], list[Shadow]]] = []

    @property
    def floor(self) -> int:
        """The records that are not frames of this task's own to leave: up to the nearest barrier, or inherited."""
        return max((n for n, s in enumerate(self.shadows, 1) if s.barrier or s.inherited), default=0)

    @property
    def visible(self) -> list[Live]:
        """Entries above the nearest barrier, outermost first."""
        start = max((n for n, s in enumerate(self.shadows, 1) if s.barrier), default=0)
        return [entry for shadow in self.shadows[start:] for entry in shadow.entries]

    @property
    def everything(self) -> list[tuple[Any, Shadow]]:
        """All records with what they should carry, resting ones too."""
        found = list(zip(self.stack.records, self.shadows))
        for records, shadows in self.resting:
            found += zip(records, shadows)
        return found
