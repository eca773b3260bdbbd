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
from harn.vm.frame import SLICED, Effect, Ended, Outcome, Wait
from harn.vm.loop import run
from harn.vm.machine import Task
from harn.vm.safepoint import INTERRUPT, begin, fuel, look, patience, reason_to_abort, start_ending
from harn.vm.scheduler import Sleeping, family

if TYPE_CHECKING:
    from collections.abc import Generator

    from harn.vm.machine import Machine

Action = tuple[Any, ...]

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


def advance(vm: Machine, task: Task) -> Outcome:
    """Run one task to its next effect or wait, or to its end."""
    while True:
        given = fuel(vm)
        outcome = run(vm, task, given)
        vm.instructions += given - task.fuel
        if outcome is not SLICED:
            return outcome
        look(vm, task)


def schedule(vm: Machine, root: Task) -> Generator[Action, None, Outcome]:
    """Run a task and all it starts, to the end of the task: yields what only the world outside can do, returns its outcome.

        ("perform", task, effect)   perform it and give its answer to the task
        ("idle", seconds)           nobody can run before that much time has passed
        ("turn",)                   something was computed; others may want the thread

    A task that is left when its parent ends is cancelled, with its finally and deferred blocks.
    """
    tasks = vm.tasks
    tasks.ready.append(root)
    while True:
        if tasks.timers:
            tasks.fire(vm)
        if not tasks.ready:
            pause = tasks.pause()
            if pause is None:
                tasks.deadlock(vm, root)
            else:
                yield ("idle", pause)
                _look_while_idle(vm, root)
            continue
        task = tasks.ready.popleft()
        task.begun = True
        if task.ending:
            look(vm, task)
        given = fuel(vm)
        outcome = run(vm, task, given)
        vm.instructions += given - task.fuel
        if outcome is SLICED:
            if task.graceful == "asked":
                tasks.tell_to_end(vm, task)
            look(vm, task)
            tasks.ready.append(task)
            yield ("turn",)
        elif outcome.__class__ is Effect:
            if outcome.kind == "clock.sleep" and (task is not root or root.children or task.deadlines):
                tasks.park(vm, task, Sleeping(outcome.args[1]))
            else:
                yield ("perform", task, outcome)
                look(vm, task)
                tasks.ready.appendleft(task)
        elif outcome.__class__ is Wait:
            tasks.park(vm, task, outcome.on)
        else:
            tasks.finish(vm, task, outcome)
            if outcome.__class__ is Ended:
                return outcome  # exit, or a limit: nothing of the run goes on
        if root.result is not None and len(family(root)) == 0:
            return root.result


def _look_while_idle(vm: Machine, root: Task) -> None:
    """An interrupt or a limit that came while every task waited."""
    fault = reason_to_abort(vm)
    if fault is not None:
        for task in family(root):
            vm.tasks.wake(vm, task, ("raise", fault))
    elif vm.interrupts and vm.grace_end is None:
        start_ending(vm)
        vm.tasks.throw(vm, root, INTERRUPT)


def run_task(vm: Machine, task: Task) -> Outcome:
    """Run a task to its end: ``Returned``, ``Threw`` or ``Ended``."""
    if vm.active == 0:
        begin(vm)
    vm.active += 1
    plan = schedule(vm, task)
    try:
        while True:
            try:
                action = next(plan)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            if action[0] == "perform":
                _perform(vm, action[1], action[2])
            elif action[0] == "idle":
                _idle(vm, action[1])
    finally:
        vm.active -= 1
        vm.flush()


def _idle(vm: Machine, seconds: float) -> None:
    """Let time pass, blocking; an interrupt ends it early."""
    scratch = Task()
    _perform(vm, scratch, Effect("clock.sleep", "sleep", seconds))


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
    plan = schedule(vm, task)
    turned = time.monotonic()
    try:
        while True:
            try:
                action = next(plan)
            except StopIteration as end:
                outcome = end.value
                break
            try:
                with CancelScope(shield=cancelled is not None):
                    if action[0] == "perform":
                        await _perform_async(vm, action[1], action[2])
                    elif action[0] == "idle":
                        await _perform_async(vm, Task(), Effect("clock.sleep", "sleep", action[1]))
                    elif time.monotonic() - turned >= TURN:
                        await checkpoint()
                        turned = time.monotonic()
            except get_cancelled_exc_class() as error:
                cancelled = error
                vm.interrupts += 1
                if action[0] == "perform":
                    answer(action[1], None)
    finally:
        vm.active -= 1
        vm.flush()
    if cancelled is not None:
        raise cancelled
    return outcome  # type: ignore[no-any-return]


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
