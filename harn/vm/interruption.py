"""Ending from outside what a task does: cancellations, interrupts, deadlines.

``Task.ending`` names what is to be thrown (graceful, cancel, interrupt), ``Task.late`` that a deadline over it has passed. Either
is thrown where the task stands, once, at its next turn or out of its wait. None of them breaks into a cleanup, which is a
finally block or deferred blocks in progress: it is held until that ends, but a deadline that was opened in the very cleanup.
A cancelled task has GRACE seconds for its cleanups.
"""

from __future__ import annotations

from harn.code.opcodes import NUMBER
from harn.source.typing import TYPE_CHECKING
from harn.values.errors import HarnError, category_error, thrown
from harn.vm.frame import Frame

if TYPE_CHECKING:
    from harn.vm.machine import Task

GRACEFUL, CANCEL, INTERRUPT = "graceful", "cancel", "interrupt"
_RANK = {"": 0, GRACEFUL: 1, CANCEL: 2, INTERRUPT: 3}

GRACE = 5.0
"""Seconds that finally and deferred blocks have after an interrupt or a cancellation."""

_END_FINALLY = NUMBER["END_FINALLY"]


def ending_error(ending: str) -> HarnError:
    """What is thrown where a task is ended from outside. A deadline or graceful cancellation can be caught, no other."""
    if ending == "deadline":
        error = thrown("Deadline exceeded")
    elif ending == GRACEFUL:
        error = thrown("kind:cancelled:VM cancelled by host")
    else:
        error = category_error("cancelled", "interrupted" if ending == INTERRUPT else "cancelled")
    error.ending = ending
    return error


def mark(task: Task, ending: str) -> None:
    """A task is to be ended; a stronger ending takes the place of a weaker one."""
    if _RANK[ending] > _RANK[task.ending]:
        task.ending = ending


def take_ending(task: Task) -> HarnError | None:
    """What is to be thrown into a task now, which is told by that; None where there is nothing, or a cleanup is not over."""
    if task.request is not None and task.request[0] in ("leave", "raise", "start", "dismiss"):
        # Not into a frame that is being left, nor over an error on its way or what has to see an end through.
        return None
    standing = cleanups(task)
    if task.ending and standing == 0:
        ending, task.ending = task.ending, ""
        return ending_error(ending)
    if task.late:
        passed = [deadline for deadline in task.deadlines if deadline.passed]
        task.late = bool(passed)
        for deadline in reversed(passed):
            if deadline.cleanups >= standing:
                task.deadlines.remove(deadline)
                return ending_error("deadline")
    return None


def cleanups(task: Task) -> int:
    """How many finally and deferred blocks a task is in."""
    count = 0
    top = task.frames[-1] if task.frames else None
    for record in task.frames:
        if record.__class__ is Frame:
            if record.side is not None and record.side.completion is not None and record.side.stage <= 1:
                count += 1  # deferred blocks; hooks that hear of the end of a step can be broken into
            if record.code.handlers:
                # A frame that calls or waits stands after its instruction; one whose slice is over before its next one.
                at_next = record is top and task.request is None and task.waiting is None
                count += _finally_blocks(record, record.pc if at_next else record.pc - 1)
    return count


def _finally_blocks(frame: Frame, pc: int) -> int:
    count = 0
    instructions = frame.code.instructions
    for target in {target for _, _, target, _, slot in frame.code.handlers if slot >= 0}:
        if target <= pc:
            slot = next(slot for _, _, to, _, slot in frame.code.handlers if to == target and slot >= 0)
            end = target
            while end < len(instructions) and not (
                instructions[end][0] == _END_FINALLY and _slot(instructions[end]) == slot
            ):
                end += 1
            count += pc <= end
    return count


def _slot(instruction: tuple[int, object]) -> object:
    arg = instruction[1]
    return arg[0] if isinstance(arg, tuple) else arg
