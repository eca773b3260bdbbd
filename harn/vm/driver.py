"""Runs a task to its end: turns of the scheduler, and between them what comes in from outside.

    schedule          what is to be done next, for any driver: see there
    run_task          does it, blocking the thread while nobody can run
    run_task_async    does it under asyncio or trio: see ``harn.vm.concurrent``

**One turn** is a slice of one task: it runs until it must wait, ends, or has used up its fuel. Inputs are accepted between turns
and nowhere else. An effect that waits parks its task like any other wait, and others go on.

``run_task`` performs an effect itself, in this thread, when nothing else is left to do: no task can run, no timer stands and no
other effect waits. Where one of these holds it goes on with an event loop of its own (anyio is imported then), under which
effects are performed at once. In a thread whose event loop is already running it cannot, and effects wait for each other; on a
virtual clock it need not, because no time passes while an effect is performed: they are performed in order, each alone.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import Aborted, HarnError, LimitReached, runtime_error
from harn.vm import inputs
from harn.vm.frame import ABORT, SLICED, Completion, Effect, Ended, Outcome, Wait
from harn.vm.interruption import INTERRUPT, ending_error, mark, take_ending
from harn.vm.loop import run
from harn.vm.machine import Task
from harn.vm.pump import defect, end_now
from harn.vm.safepoint import begin, deliver_ending, fuel, patience, reason_to_abort, start_ending
from harn.vm.scheduler import Performing, Sleeping, family

if TYPE_CHECKING:
    from collections.abc import Generator

    from harn.vm.machine import Machine

Action = tuple[Any, ...]
Standing = dict[int, tuple[Task, Effect]]
"""Effects that nobody performs yet, by number."""

BREATH = 40_000
"""Instructions (with 250 for each turn) after which an event loop gets its turn: 3 to 5 ms."""
_TURN_WEIGHT = 250

LUMP, LUMP_SECONDS = 1_000_000, 0.1
"""How computing takes time on a virtual clock, so that deadlines end loops there too: in lumps of so many instructions."""

_LOOK_EVERY = 32
"""Turns between two looks at the limits, besides that after each slice that used up its fuel."""

NESTING = 16
"""How deep calls from Harn into the host and back may be nested."""


class Interrupted(BaseException):
    """Raised by ``interrupt`` to end a blocking effect; never seen outside of this module."""


def schedule(vm: Machine, root: Task) -> Generator[Action, None, Outcome]:
    """Run a task and all it starts, to the end of the last of them: yields what only a driver can do, returns its outcome.

        ("perform", number, task, effect)   begin to perform it; its answer goes to ``vm.inputs`` with the number
        ("abandon", number)                 nobody wants the answer any more
        ("idle", seconds)                   nobody can run until an input has come, or that much time has passed (None: for ever)
        ("breathe",)                        something was computed; others may want the thread
        ("ended", task)                     a task that the host called has ended

    A task that is left when its parent ends is cancelled, with its finally and deferred blocks. Outcomes that end the run at
    once (exit, a limit) settle the steps of every task. A run from a snapshot goes on; its effects in flight come first.
    """
    tasks = vm.tasks
    if vm.root is not root:  # else it comes from a snapshot, and the scheduler knows it
        vm.root = root
        tasks.add(root)
    for number, resting in list(tasks.performing.items()):
        assert isinstance(resting.waiting, Performing)
        if vm.inputs.performs(vm, number, resting.waiting.effect):
            yield ("perform", number, resting, resting.waiting.effect)
    worked = 0
    virtual = vm.world is not None and vm.world.virtual()
    while True:
        vm.timed = False
        while (given := vm.inputs.next(vm)) is not None:
            accept(vm, given)
            vm.timed = given[0] == inputs.TIME
        while tasks.abandoned:
            yield ("abandon", tasks.abandoned.pop())
        while vm.inputs.again:
            number = vm.inputs.again.pop(0)
            if (held := tasks.performing.get(number)) is not None:
                assert isinstance(held.waiting, Performing)
                yield ("perform", number, held, held.waiting.effect)
        task = tasks.next()
        if task is None:
            if root.result is not None and tasks.alive == 0:
                return root.result
            if "streams" in vm.areas and _dismiss_abandoned(vm, root):
                continue
            when = tasks.due()
            if when is None and not tasks.performing:
                tasks.deadlock(vm, root)
            else:
                vm.inputs.idle(vm)
                yield ("idle", None if when is None else max(0.0, when - vm.clock()))
                _look_while_idle(vm, root)
            continue
        vm.turn += 1
        before = vm.instructions
        outcome = _turn(vm, task)
        if outcome is SLICED:
            tasks.ready.append(task)
        elif outcome.__class__ is Effect:
            waiting = Performing(outcome)
            tasks.park(vm, task, waiting)
            if vm.inputs.performs(vm, waiting.number, outcome):
                yield ("perform", waiting.number, task, outcome)
        elif outcome is not None:
            tasks.finish(vm, task, outcome)
            if outcome.__class__ is Ended:
                _end_all(vm, root, outcome)
                return outcome
            if task.parent is None and task is not root:
                yield ("ended", task)
        if virtual and vm.instructions // LUMP > before // LUMP:
            _pass_time(vm, LUMP_SECONDS)
        worked += vm.instructions - before + _TURN_WEIGHT
        if worked >= BREATH:
            worked = 0
            yield ("breathe",)


def _turn(vm: Machine, task: Task) -> Outcome | None:
    """One turn of a task; None where it waits now.

    A wait that is over at once does not end the turn. With a seed it does, and slices are of many lengths, so that different
    seeds let tasks meet in different places.
    """
    tasks = vm.tasks
    task.begun = True
    vm.running = task
    if task.ending or task.late:
        deliver_ending(vm, task)
    task.woken = None
    given = fuel(vm)
    if tasks.seed is not None:
        given = max(1, given >> tasks.draw(8))
    if task.ending or task.late:
        given = 1  # a cleanup holds it up: look again as soon as possible
    left = given
    while True:
        outcome: Outcome | None = run(vm, task, left)
        left = task.fuel
        if outcome.__class__ is Effect and outcome.kind == "clock.sleep":
            waiting: Any = Sleeping(outcome.args[1])
        elif outcome.__class__ is Wait:
            waiting = outcome.on
        else:
            break
        if (task.ending or task.late) and (error := take_ending(task)) is not None:
            task.request = ("raise", error)  # held until now by a cleanup that ended in this turn
        elif tasks.park(vm, task, waiting):
            outcome = None
            break
        if left <= 0 or task.ending or tasks.seed is not None:
            outcome = SLICED
            break
    vm.instructions += given - left
    if outcome is SLICED or vm.turn % _LOOK_EVERY == 0:
        if task.graceful == "asked" and outcome is SLICED:
            tasks.tell_to_end(vm, task)
        fault = reason_to_abort(vm)
        if fault is not None and (outcome is SLICED or outcome is None):
            return end_now(vm, task, Completion(ABORT, fault))
    return outcome


def accept(vm: Machine, given: inputs.Input) -> None:
    """The one place where something from outside reaches the tasks."""
    tasks, kind = vm.tasks, given[0]
    if kind == inputs.TIME:
        vm.time, vm.timed = given[1], True
        tasks.fire(vm)
    elif kind == inputs.ANSWER or kind == inputs.REFUSE:
        task = tasks.performing.pop(given[1], None)
        if task is not None:
            tasks.wake(vm, task, ("deliver" if kind == inputs.ANSWER else "raise", given[2]))
    elif kind == inputs.INTERRUPT:
        vm.interrupt_told = True
        start_ending(vm)
        if vm.root is not None:
            tasks.throw(vm, vm.root, INTERRUPT)
    elif kind == inputs.CANCEL:
        tasks.cancel(vm, given[1])
    elif kind == inputs.CALL:
        tasks.called.append(given[1])
        tasks.add(given[1])


def _dismiss_abandoned(vm: Machine, root: Task) -> bool:
    """Cancel what works for streams that nobody can pull any more; whether a task can run now."""
    from harn.vm.abandoned import dismiss_abandoned

    dismiss_abandoned(vm, root)
    return bool(vm.tasks.ready)


def _pass_time(vm: Machine, seconds: float) -> None:
    """Move a virtual clock on."""
    assert vm.world is not None
    vm.world.perform(Task(), Effect("clock.sleep", "sleep", seconds), None)


def _look_while_idle(vm: Machine, root: Task) -> None:
    """A limit that was met while every task waited."""
    fault = reason_to_abort(vm)
    if fault is not None:
        for task in family(root):
            vm.tasks.wake(vm, task, ("raise", fault))


def _end_all(vm: Machine, root: Task, outcome: Ended) -> None:
    """The run ends without running any more of its code: every task that goes on is ended, children before their parents."""
    called, vm.tasks.called = vm.tasks.called, []
    vm.tasks.performing.clear()
    for top in (*reversed(called), root):
        going = family(top)
        if top.result is None:
            top.result = outcome
        for task in reversed(going):
            end_now(vm, task, outcome.completion)


def advance(vm: Machine, task: Task) -> Outcome:
    """Run one task to its next effect or wait, or to its end, without a scheduler."""
    while True:
        vm.timed = False
        given = fuel(vm)
        outcome = run(vm, task, given)
        vm.instructions += given - task.fuel
        if outcome is not SLICED:
            return outcome
        fault = reason_to_abort(vm)
        if fault is not None:
            task.request = ("raise", fault)
        elif vm.interrupts and not vm.interrupt_told:
            vm.interrupt_told = vm.root is None
            start_ending(vm)
            mark(task, INTERRUPT)
        if task.ending:
            deliver_ending(vm, task)


# ------------------------------------------------------------------------------------------- the driver that blocks


def run_task(vm: Machine, task: Task) -> Outcome:
    """Run a task to its end: ``Returned``, ``Threw`` or ``Ended``."""
    if vm.active == 0:
        begin(vm, anew=vm.root is not task)
    vm.active += 1
    plan = schedule(vm, task)
    standing: Standing = {}
    try:
        for action in (ends := Ends(plan)):
            kind = action[0]
            if kind == "perform":
                standing[action[1]] = action[2:]
            elif kind == "abandon":
                standing.pop(action[1], None)
            elif kind == "idle":
                vm.flush()
                if not standing:
                    idle(vm, action[1])
                elif _alone(vm, standing, action[1]):
                    number = next(iter(standing))
                    perform(vm, number, *standing.pop(number))
                else:
                    from harn.vm.concurrent import go_on

                    return go_on(vm, plan, standing)
        return ends.outcome
    finally:
        vm.active -= 1
        vm.flush()


class Ends:
    """The actions of a plan, and in the end its outcome."""

    __slots__ = ("outcome", "plan")

    outcome: Outcome

    def __init__(self, plan: Generator[Action, None, Outcome]) -> None:
        self.plan = plan

    def __iter__(self) -> Generator[Action, None, None]:
        self.outcome = yield from self.plan


def _alone(vm: Machine, standing: Standing, seconds: float | None) -> bool:
    """Whether an effect holds nobody up, or has to."""
    world = vm.world
    if world is None or world.virtual() or (len(standing) == 1 and seconds is None):
        return True
    from harn.vm.concurrent import loop_runs

    return loop_runs()


def idle(vm: Machine, seconds: float | None) -> None:
    """Let time pass, blocking; an interrupt ends it early."""
    most = patience(vm)
    world = vm.world
    assert world is not None
    assert seconds is not None
    try:
        _blocking(vm, Task(), Effect("clock.sleep", "sleep", seconds if most is None else min(seconds, most)))
    except Interrupted:
        pass  # told by the inputs


def perform(vm: Machine, number: int, task: Task, effect: Effect) -> None:
    """Perform an effect, blocking; an interrupt ends it early."""
    try:
        value = _blocking(vm, task, effect)
    except (HarnError, LimitReached) as error:
        vm.inputs.refuse(number, error)
    except Interrupted:
        vm.inputs.refuse(number, ending_error(INTERRUPT))  # who is interrupted itself has been woken before it arrives
    except Exception as fault:
        vm.inputs.refuse(number, defect(vm, task.frames[-1], fault))
    else:
        vm.inputs.answer(number, value)


def _blocking(vm: Machine, task: Task, effect: Effect) -> Any:
    world = vm.world
    assert world is not None
    try:
        vm.blocked = True
        if vm.interrupts and not vm.interrupt_told:
            raise Interrupted
        return world.perform(task, effect, patience(vm))
    finally:
        vm.blocked = False


def interrupt(vm: Machine) -> None:
    """What a signal handler calls: the run ends at its next turn, or at once where it blocks. Safe at any moment."""
    vm.interrupts += 1
    if vm.blocked:
        vm.blocked = False
        raise Interrupted
    if vm.arouse is not None:
        vm.arouse()


def overdue(vm: Machine) -> None:
    """What a signal handler calls when an interrupt was not noticed for a while: a builtin takes long and is left from inside."""
    if vm.interrupts > 1:
        raise Aborted("interrupted twice")
    if vm.interrupts and not vm.interrupt_told and vm.active:
        vm.interrupt_told = vm.running is vm.root
        raise start_ending(vm)


async def run_task_async(vm: Machine, task: Task) -> Outcome:
    """The same under asyncio or trio. Cancelling the surrounding scope interrupts the run, which cleans up before it ends."""
    from harn.vm.concurrent import drive

    return await drive(vm, task)


def call_nested(vm: Machine, task: Task) -> Outcome:
    """Run a task for a plain host function that calls back into Harn. Where it would have to wait an error is thrown there."""
    if vm.active >= NESTING:
        raise runtime_error(f"host functions and the closures they call are nested more than {NESTING} deep")
    vm.active += 1
    vm.tasks.alive += 1
    try:
        outcome = advance(vm, task)
        while outcome.__class__ is Effect or outcome.__class__ is Wait:
            task.request = _without_waiting(vm, task, outcome)
            outcome = advance(vm, task)
        return outcome
    finally:
        vm.active -= 1
        vm.timed = False
        vm.tasks.finish(vm, task, ENDED_EARLY)


def _without_waiting(vm: Machine, task: Task, outcome: Any) -> tuple[str, Any]:
    """How a task goes on that nobody can wait for: with what it waits for if that is there, else with an error."""
    what = f" for {outcome.kind}" if outcome.__class__ is Effect else ""
    if outcome.__class__ is Wait:
        if not vm.tasks.park(vm, task, outcome.on):
            assert task.request is not None
            return task.request
        task.waiting = None
        outcome.on.leave(vm, task)
    return "raise", runtime_error(
        f"a closure called by a plain host function waits{what}: make the host function async"
    )


ENDED_EARLY = Ended(Completion(ABORT, None))
