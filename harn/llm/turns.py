"""Whose turn it is where model calls share a budget: a call that lacks only what others have reserved waits in line.

There is one line in a run, in order of coming. A call passes another only where they share no meter; so the first in line waits
for reservations alone, which end with their calls, and everybody becomes the first. A turn is held from the moment a
call has to wait until it is let through, refused or thrown out of its wait, so that nobody gets in between when it is woken to
look again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.steps.meters import Meter
from harn.vm.scheduler import Request, Waiting

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task

AREA = "llm_turns"


class Turn(Waiting):
    """The place in line of a call that would use these meters. ``task`` is the one parked at it, None while it looks again."""

    __slots__ = ("meters", "task")
    leaves_at_once = True

    def __init__(self, meters: tuple[Meter, ...]) -> None:
        self.meters = meters
        self.task: Task | None = None

    def park(self, vm: Machine, task: Task) -> Request | None:
        self.task = task
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        self.task = None

    def words(self) -> str:
        return "waits for model calls that share its budget"


def must_wait(vm: Machine, turn: Turn | None, meters: tuple[Meter, ...]) -> bool:
    """Whether somebody stands in line before a call (at its end, where it has no turn) who would use one of its meters."""
    line: list[Turn] = vm.areas.get(AREA, [])
    for other in line:
        if other is turn:
            return False
        if _meet(other.meters, meters):
            return True
    return False


def stand_in_line(vm: Machine, meters: tuple[Meter, ...]) -> Turn:
    """A turn at the end of the line."""
    turn = Turn(meters)
    vm.areas.setdefault(AREA, []).append(turn)
    return turn


def step_out(vm: Machine, turn: Turn) -> None:
    """The call does not wait any more, however that came; who stood behind it may look."""
    vm.areas[AREA].remove(turn)
    call_next(vm)


def call_next(vm: Machine) -> None:
    """Something was given back: whoever has nobody before them looks whether it is enough."""
    before: list[Meter] = []
    for turn in vm.areas.get(AREA, ()):
        if turn.task is not None and not _meet(turn.meters, before):
            vm.tasks.wake(vm, turn.task, ("deliver", None))
        before.extend(turn.meters)


def _meet(some: tuple[Meter, ...], others: list[Meter] | tuple[Meter, ...]) -> bool:
    return any(one is other for one in some for other in others)
