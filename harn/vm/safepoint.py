"""The one place where the outside may interfere: between two slices of a task.

In order: a second interrupt, the limits, the end of the time for cleaning up, an interrupt or cancellation. What is found
becomes the task's request, so that it is thrown where the task stands. A limit ends the task without running any more of
its code; an interrupt (``ending`` "interrupt") runs finally and deferred blocks on its way out, but no ``catch`` sees it.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING
from harn.values.errors import Aborted, HarnError, LimitReached, category_error
from harn.vm.frame import Frame
from harn.vm.limits import resident_bytes

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task

SLICE = 4_000
"""Instructions between two looks: 0.3 to 0.5 ms."""

GRACE = 5.0
"""Seconds that finally and deferred blocks have after an interrupt."""

_MEMORY_EVERY = 32  # looks between two samples of the memory; a sample costs about 15 µs
_FLUSH_EVERY = 64

INTERRUPT, CANCEL = "interrupt", "cancel"


def begin(vm: Machine, *, anew: bool = True) -> None:
    """Start the clocks of the limits; a run that goes on where it rested is bound by its own."""
    limits = vm.limits
    if anew:
        vm.interrupt_told = False
        if limits.seconds is not None:
            vm.deadline = vm.clock() + limits.seconds
    if limits.memory_bytes is not None:
        vm.memory_start = resident_bytes()


def fuel(vm: Machine) -> int:
    """How much the next slice may use."""
    most = vm.limits.instructions
    return SLICE if most is None else max(1, min(SLICE, most - vm.instructions))


def patience(vm: Machine) -> float | None:
    """Seconds until an effect's answer is no longer wanted; None for ever."""
    ends = [end for end in (vm.deadline, vm.grace_end) if end is not None]
    return max(0.0, min(ends) - vm.clock()) if ends else None


def deliver_ending(vm: Machine, task: Task) -> None:
    """Throw what is to end the task where it stands, unless that must wait for the end of a cleanup."""
    if may_throw(task):
        error = _ending_error(task.ending)
        task.ending = ""
        if task.request is None:
            # Errors belong to the instruction before pc: here to the next one, which is in the same region.
            task.frames[-1].pc += 1
        task.request = ("raise", error)


def _ending_error(ending: str) -> HarnError:
    if ending == INTERRUPT:
        return ended(ending)
    from harn.vm.scheduler import ending_error

    return ending_error(ending)


def start_ending(vm: Machine) -> HarnError:
    """Begin the time for cleaning up; the error of an interrupt."""
    vm.grace_end = vm.clock() + GRACE
    return ended(INTERRUPT)


def reason_to_abort(vm: Machine) -> Exception | None:
    """The limit that is met, or that cleaning up took too long."""
    vm.looks += 1
    if vm.unflushed and vm.looks % _FLUSH_EVERY == 0:
        vm.flush()
    if vm.interrupts > 1:
        return Aborted("interrupted twice")
    limits = vm.limits
    if limits.instructions is not None and vm.instructions >= limits.instructions:
        return LimitReached("instructions", limits.instructions)
    if vm.deadline is not None or vm.grace_end is not None:
        now = vm.clock()
        if vm.deadline is not None and now >= vm.deadline:
            return LimitReached("seconds", limits.seconds or 0)
        if vm.grace_end is not None and now >= vm.grace_end:
            return Aborted(f"cleaning up took more than {GRACE:g} seconds")
    if limits.memory_bytes is not None and vm.looks % _MEMORY_EVERY == 0:
        grown = resident_bytes() - vm.memory_start
        if grown > limits.memory_bytes:
            return LimitReached("memory_bytes", limits.memory_bytes)
    return None


def may_throw(task: Task) -> bool:
    """Whether an ending may be thrown now: not into a frame that is being left, nor over an error on its way."""
    if task.request is not None and task.request[0] in ("leave", "raise"):
        return False
    return not any(
        record.__class__ is Frame and record.side is not None and record.side.completion is not None
        for record in task.frames
    )


def ended(ending: str) -> HarnError:
    """The error that ends a task from outside."""
    error = category_error("cancelled", "interrupted" if ending == INTERRUPT else "cancelled")
    error.ending = ending
    return error
