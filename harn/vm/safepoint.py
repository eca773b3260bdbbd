"""What is looked at between two slices of a task: limits, a second interrupt, the end of the time for cleaning up, endings.

A limit ends the run without running any more of its code; an ending is thrown where the task stands, so that finally and
deferred blocks run on its way out (see ``harn.vm.interruption``).
"""

from __future__ import annotations

from harn.code.opcodes import NUMBER
from harn.source.typing import TYPE_CHECKING
from harn.values.errors import Aborted, HarnError, LimitReached
from harn.vm.interruption import GRACE, INTERRUPT, ending_error, take_ending
from harn.vm.limits import resident_bytes
from harn.vm.link import link_function

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task

_LINK = NUMBER["LINK"]

SLICE = 4_000
"""Instructions between two looks: 0.3 to 0.5 ms."""

_MEMORY_EVERY = 32  # looks between two samples of the memory; a sample costs about 15 µs
_FLUSH_EVERY = 64


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
    """Throw what is to end the task where it stands between two instructions, unless a cleanup is not over."""
    error = take_ending(task)
    if error is not None:
        if task.woken is not None:
            task.woken.take_back(vm)
        if task.request is None:
            top = task.frames[-1]
            if top.code.instructions[0][0] == _LINK:
                link_function(top.code)  # before its first instruction: its handlers lead to others
            # Errors belong to the instruction before pc: here to the next one, which is in the same region.
            top.pc += 1
        task.request = ("raise", error)


def start_ending(vm: Machine) -> HarnError:
    """Begin the time for cleaning up; the error of an interrupt."""
    vm.grace_end = vm.clock() + GRACE
    return ending_error(INTERRUPT)


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
