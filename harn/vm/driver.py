"""Runs a task to its end: slices, safepoints between them, effects through the world.

    run_task          blocks the thread while an effect waits
    run_task_async    under asyncio or trio; anyio is imported at the first effect that waits

An effect's answer becomes the task's request, so whoever performs effects (the driver, an embedding program, a replay) does
it in the same way: ``answer`` and ``refuse``.
"""

from __future__ import annotations

import time

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import Aborted, HarnError, LimitReached
from harn.vm.defects import InternalFault
from harn.vm.frame import SLICED, Effect, Outcome, Wait
from harn.vm.loop import run
from harn.vm.safepoint import begin, fuel, look, patience, start_ending

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task

TURN = 0.005
"""Seconds of computing after which the asynchronous driver lets the event loop take its turn."""

NESTING = 16
"""How deep calls from Harn into the host and back may be nested."""


class Interrupted(BaseException):
    """Raised by ``interrupt`` to end a blocking effect; never seen outside of this module."""


def answer(task: Task, value: Any) -> None:
    """Give an effect's value to the task that stands at it."""
    task.request = ("deliver", value)


def refuse(task: Task, error: HarnError) -> None:
    """Give an effect's failure to the task that stands at it."""
    task.request = ("raise", error)


def advance(vm: Machine, task: Task, until: float | None = None) -> Outcome:
    """Run a task to its next effect or wait, or to its end; SLICED where the monotonic time ``until`` has come first."""
    while True:
        given = fuel(vm)
        outcome = run(vm, task, given)
        vm.instructions += given - task.fuel
        if outcome is not SLICED:
            return outcome
        look(vm, task)
        if until is not None and time.monotonic() >= until:
            return SLICED


def run_task(vm: Machine, task: Task) -> Outcome:
    """Run a task to its end: ``Returned``, ``Threw`` or ``Ended``."""
    if vm.active == 0:
        begin(vm)
    vm.active += 1
    try:
        while True:
            outcome = advance(vm, task)
            if outcome.__class__ is Effect:
                _perform(vm, task, outcome)
                look(vm, task)
            elif outcome.__class__ is Wait:
                raise InternalFault(f"the task waits for {outcome.on!r}, which nothing will wake")
            else:
                return outcome
    finally:
        vm.active -= 1
        vm.flush()


def _perform(vm: Machine, task: Task, effect: Effect) -> None:
    """Perform an effect, blocking; an interrupt ends it early."""
    vm.flush()
    world = vm.world
    assert world is not None
    try:
        vm.blocked = True
        try:
            if vm.interrupts and vm.grace_end is None:
                raise Interrupted
            value = world.perform(task, effect, patience(vm))
        finally:
            vm.blocked = False
    except HarnError as error:
        refuse(task, error)
    except LimitReached as limit:
        task.request = ("raise", limit)
    except Interrupted:
        answer(task, None)  # the safepoint throws before it arrives
    else:
        answer(task, value)


def interrupt(vm: Machine) -> None:
    """What a signal handler calls: the run ends at its next safepoint, or at once where it blocks. Safe at any moment."""
    vm.interrupts += 1
    if vm.blocked:
        vm.blocked = False
        raise Interrupted


def overdue(vm: Machine) -> None:
    """What a signal handler calls when an interrupt was not noticed for a while: a builtin takes long and is left from inside."""
    if vm.interrupts > 1:
        raise Aborted("interrupted twice")
    if vm.interrupts and vm.grace_end is None and vm.active:
        raise start_ending(vm)


async def run_task_async(vm: Machine, task: Task) -> Outcome:
    """The same under asyncio or trio. Cancelling the surrounding scope interrupts the task, which cleans up before it ends."""
    from anyio import CancelScope, get_cancelled_exc_class
    from anyio.lowlevel import checkpoint

    if vm.active == 0:
        begin(vm)
    vm.active += 1
    cancelled: BaseException | None = None
    try:
        while True:
            outcome = advance(vm, task, time.monotonic() + TURN)
            try:
                with CancelScope(shield=cancelled is not None):
                    if outcome is SLICED:
                        await checkpoint()
                        continue
                    if outcome.__class__ is not Effect:
                        break
                    await _perform_async(vm, task, outcome)
            except get_cancelled_exc_class() as error:
                cancelled = error
                vm.interrupts += 1
                if outcome.__class__ is Effect:
                    answer(task, None)
            look(vm, task)
    finally:
        vm.active -= 1
        vm.flush()
    if cancelled is not None:
        raise cancelled
    if outcome.__class__ is Wait:
        raise InternalFault(f"the task waits for {outcome.on!r}, which nothing will wake")
    return outcome


async def _perform_async(vm: Machine, task: Task, effect: Effect) -> None:
    from anyio import move_on_after

    vm.flush()
    world = vm.world
    assert world is not None
    value = None
    try:
        with move_on_after(patience(vm)):
            value = await world.perform_async(task, effect, patience(vm))
    except HarnError as error:
        refuse(task, error)
    except LimitReached as limit:
        task.request = ("raise", limit)
    else:
        answer(task, value)


def call_nested(vm: Machine, task: Task) -> Outcome:
    """Run a task for a plain host function that calls back into Harn. HarnError where it would have to wait."""
    from harn.values.errors import runtime_error

    if vm.active >= NESTING:
        raise runtime_error(f"host functions and the closures they call are nested more than {NESTING} deep")
    vm.active += 1
    try:
        outcome = advance(vm, task)
    finally:
        vm.active -= 1
    if outcome.__class__ is Effect:
        raise runtime_error(
            f"a closure called by a plain host function waits for {outcome.kind}: make the host function async"
        )
    if outcome.__class__ is Wait:
        raise runtime_error("a closure called by a plain host function waits: make the host function async")
    return outcome
