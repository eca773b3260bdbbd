"""A frame list without a machine, and functions that carry definitions: what the pure runtime needs to be tested."""

from __future__ import annotations

from typing import Any

from harn.steps.definitions import Tracked
from harn.steps.entries import Entries
from harn.steps.runtime import StepRuntime


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

    def is_barrier(self, depth: int) -> bool:
        return self.records[depth - 1] is Stack.BARRIER

    def raise_barrier(self) -> None:
        self.records.append(Stack.BARRIER)

    def lower_barrier(self) -> None:
        assert self.records.pop() is Stack.BARRIER


def enter(runtime: StepRuntime, stack: Stack, function: Function, args: list[Any] | None = None) -> Entries | None:
    """Push a frame for a function, with the entries it carries."""
    if function.tracked is None:
        stack.records.append(None)
        return None
    entries = Entries()
    stack.records.append(entries)
    runtime.maybe_push_active_persona(entries, function.tracked)
    runtime.maybe_push_active_step(stack, entries, function.tracked, args or [])
    return entries
