"""The machine's own tasks: who may run, who waits for what, and which timers stand.

Switching happens at waits, at the end of a slice, and nowhere else; ready tasks run in order, or with a seed in an order that is
the same for the same seed. The driver asks ``schedule`` what to do next and performs it: nothing here blocks or reads a clock.

A *waiting* is a record a task is parked at. ``park`` either registers the task and answers None, or answers the request the task
goes on with at once; ``leave`` forgets the task; ``words`` says what it waits for.
"""

from __future__ import annotations

import heapq
from collections import deque

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError, runtime_error
from harn.vm.frame import CANCEL as CANCELLED
from harn.vm.frame import Completion, Outcome, Threw
from harn.vm.interruption import CANCEL, GRACE, GRACEFUL, ending_error, mark, take_ending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harn.vm.frame import Effect
    from harn.vm.machine import Machine, Task

Request = tuple[Any, ...]

_SWEEP = 256
"""Timers kept before those that do not matter any more are looked for; then twice as many as are left."""

_NAMED = 20
"""Tasks named by a deadlock."""

PATIENCE = 0.25
"""Seconds a gracefully cancelled task may go on waiting for a channel or another task."""


class Waiting:
    """What a task is parked at."""

    __slots__ = ()
    leaves_at_once = False
    """Whether a graceful cancellation ends it at once."""

    def park(self, vm: Machine, task: Task) -> Request | None:
        """Register the task, or answer what it goes on with."""
        raise NotImplementedError

    def leave(self, vm: Machine, task: Task) -> None:
        """Forget the task: it was cancelled, timed out or woken by something else."""

    def take_back(self, vm: Machine) -> None:
        """The task it gave an answer was ended before it saw it: nothing must be lost by that."""

    def words(self) -> str:
        """What the task waits for."""
        return "something"


class Sleeping(Waiting):
    """For time to pass."""

    __slots__ = ("seconds",)
    leaves_at_once = True

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def park(self, vm: Machine, task: Task) -> Request | None:
        if self.seconds <= 0:
            return ("deliver", None)
        vm.tasks.timer(vm, self.seconds, task, self, ("deliver", None))
        return None

    def words(self) -> str:
        return f"sleeps {self.seconds:g} s"


class Joining(Waiting):
    """For ``count`` of some tasks to end, ``seconds`` at most. Wakes with nil."""

    __slots__ = ("count", "missing", "seconds", "task", "tasks")

    def __init__(self, tasks: Iterable[Task], count: int = 1, seconds: float | None = None) -> None:
        self.tasks = list(tasks)
        self.count = count
        self.seconds = seconds
        self.missing = 0
        self.task: Task | None = None

    def park(self, vm: Machine, task: Task) -> Request | None:
        running = [other for other in self.tasks if other.result is None]
        self.missing = self.count - (len(self.tasks) - len(running))
        if self.missing <= 0:
            return ("deliver", None)
        if self.seconds is not None:
            if self.seconds <= 0:
                return ("deliver", None)
            vm.tasks.timer(vm, self.seconds, task, self, ("deliver", None))
        self.task = task
        for other in running:
            other.joiners.append(self)
        return None

    def ended(self, vm: Machine, task: Task) -> None:
        """One of the tasks has ended."""
        self.missing -= 1
        if self.missing <= 0 and self.task is not None:
            vm.tasks.wake(vm, self.task, ("deliver", None))

    def leave(self, vm: Machine, task: Task) -> None:
        self.task = None
        for other in self.tasks:
            if self in other.joiners:
                other.joiners.remove(self)

    def words(self) -> str:
        return waits_for([other.id for other in self.tasks if other.result is None])


class Performing(Waiting):
    """For the answer of an effect, known by its number in the run."""

    __slots__ = ("effect", "number")
    leaves_at_once = True

    def __init__(self, effect: Effect) -> None:
        self.effect = effect
        self.number = 0

    def park(self, vm: Machine, task: Task) -> Request | None:
        tasks = vm.tasks
        tasks.effects += 1
        self.number = tasks.effects
        tasks.performing[self.number] = task
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        if vm.tasks.performing.pop(self.number, None) is not None:
            vm.tasks.abandoned.append(self.number)

    def words(self) -> str:
        return f"waits for {self.effect.kind}"


class Deadline:
    """A deadline that stands over a task while its block runs: until ``ends``, in seconds of the run.

    ``passed``: it is to be thrown; ``cleanups``: how many finally and deferred blocks the task was in when the block began.
    """

    __slots__ = ("cleanups", "ends", "passed")

    def __init__(self, ends: float, cleanups: int = 0) -> None:
        self.ends = ends
        self.cleanups = cleanups
        self.passed = False


class Cleanup:
    """What the timer of a cancelled task stands for: its time for cleaning up."""

    __slots__ = ()

    def __reduce__(self) -> str:
        return "CLEANUP"


CLEANUP = Cleanup()


class Scheduler:
    """The tasks of one run. ``alive`` of them have not ended; ``performing`` are those that stand at an effect, by its number,
    ``called`` those that an async host function waits for: they are nobody's children.

    ``abandoned`` are numbers of effects whose answers nobody wants any more, until the driver has been told. ``timers`` is a heap
    of (time of the run, serial number, task, what it must still stand at or under, request). ``seed`` is the state of the
    generator that picks whose turn it is, None where that goes by order.
    """

    __slots__ = (
        "_number",
        "_sweep",
        "abandoned",
        "alive",
        "called",
        "effects",
        "performing",
        "ready",
        "seed",
        "timers",
    )

    def __init__(self) -> None:
        self.ready: deque[Task] = deque()
        self.timers: list[tuple[float, int, Task, Any, Request]] = []
        self.alive = 0
        self.called: list[Task] = []
        self.effects = 0
        self.performing: dict[int, Task] = {}
        self.abandoned: list[int] = []
        self.seed: int | None = None
        self._number = 0
        self._sweep = _SWEEP

    def add(self, task: Task) -> None:
        """One more task, ready to run."""
        self.alive += 1
        self.ready.append(task)

    def next(self) -> Task | None:
        """Whose turn it is; None where nobody can run."""
        ready = self.ready
        while ready:
            if self.seed is not None:
                ready.rotate(-self.draw(len(ready)))
            task = ready.popleft()
            if task.result is None:  # not cancelled before it began
                return task
        return None

    def draw(self, below: int) -> int:
        """A number from 0 on, by the seed."""
        assert self.seed is not None
        self.seed = (self.seed * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.seed >> 33) % below

    def timer(self, vm: Machine, seconds: float, task: Task, on: Any, request: Request) -> None:
        """Wake a task with a request if it still stands at ``on`` (a Waiting, or a Deadline of its) by then."""
        self._number += 1
        heapq.heappush(self.timers, (vm.now() + seconds, self._number, task, on, request))
        if len(self.timers) >= self._sweep:
            self.timers = [timer for timer in self.timers if _stands(timer[2], timer[3])]
            heapq.heapify(self.timers)
            self._sweep = max(_SWEEP, 2 * len(self.timers))

    def park(self, vm: Machine, task: Task, waiting: Waiting) -> bool:
        """A task waits; False where what it waits for is there, and its request says so."""
        request = waiting.park(vm, task)
        if request is None:
            task.waiting = waiting
            if task.graceful == "asked":
                self._ask_out(vm, task, waiting)
            if task.ending or task.late:  # held until now by a cleanup that ended in this turn
                self._interrupt(vm, task)
            return True
        task.woken = waiting
        task.request = request
        return False

    def wake(self, vm: Machine, task: Task, request: Request) -> None:
        """A parked task goes on with a request."""
        waiting = task.waiting
        if waiting is not None:
            if task.graceful and request[0] == "raise" and getattr(request[1], "ending", "") == "graceful":
                task.graceful = "told"
            task.waiting = None
            task.woken = waiting
            task.request = request
            waiting.leave(vm, task)
            self.ready.append(task)

    def fire(self, vm: Machine) -> None:
        """Wake whom the time has come for. Of several deadlines over one task the innermost is thrown first."""
        late = []
        while self.timers and self.timers[0][0] <= vm.time:
            _, _, task, on, request = heapq.heappop(self.timers)
            if not _stands(task, on):
                continue
            if isinstance(on, Deadline):
                on.passed = task.late = True
                late.append(task)
            elif on is CLEANUP:
                self._abort(vm, task)
            elif request[0] == "end":
                self.throw(vm, task, request[1])
            else:
                self.wake(vm, task, request)
        for task in late:
            self._interrupt(vm, task)

    def due(self) -> float | None:
        """When the next timer passes that still matters; None where none stands."""
        while self.timers:
            when, _, task, on, _ = self.timers[0]
            if _stands(task, on):
                return when
            heapq.heappop(self.timers)
        return None

    def throw(self, vm: Machine, task: Task, ending: str) -> None:
        """End what a task is doing: at once where it waits, at its next safepoint where it runs."""
        if task.result is None:
            mark(task, ending)
            self._interrupt(vm, task)
            if ending == CANCEL:
                self.timer(vm, GRACE, task, CLEANUP, ())

    def _interrupt(self, vm: Machine, task: Task) -> None:
        """Throw a task that waits out of its wait, unless a cleanup is not over."""
        if task.waiting is not None:
            error = take_ending(task)
            if error is not None:
                self.wake(vm, task, ("raise", error))

    def _abort(self, vm: Machine, task: Task) -> None:
        """A cancelled task has cleaned up for too long: nothing more of it runs."""
        from harn.vm.pump import end_now

        if task.waiting is not None:
            self.wake(vm, task, ("raise", ending_error(CANCEL)))
        error = ending_error(CANCEL)
        end_now(vm, task, Completion(CANCELLED, error))
        self.finish(vm, task, Threw(error))

    def ask_to_end(self, vm: Machine, task: Task) -> None:
        """Cancel gracefully: ``is_cancelled`` tells the task, and it is thrown out of what it does, once.

        Out of a sleep, an effect or a wait for a lock at once; out of another wait after PATIENCE seconds; out of computing
        after a slice.
        """
        if task.result is None and not task.graceful:
            task.graceful = "asked"
            if task.waiting is not None:
                self._ask_out(vm, task, task.waiting)

    def _ask_out(self, vm: Machine, task: Task, waiting: Waiting) -> None:
        """Throw a gracefully cancelled task out of a wait, some sooner than others."""
        if waiting.leaves_at_once:
            self.tell_to_end(vm, task)
        else:
            self.timer(vm, PATIENCE, task, waiting, ("end", GRACEFUL))

    def tell_to_end(self, vm: Machine, task: Task) -> None:
        """Throw a gracefully cancelled task out of what it does."""
        task.graceful = "told"
        self.throw(vm, task, GRACEFUL)

    def cancel(self, vm: Machine, task: Task) -> None:
        """Abort a task: one that has not begun never does; another runs its finally and deferred blocks."""
        if task.result is None and not task.begun:
            self.finish(vm, task, Threw(ending_error(CANCEL)))
        else:
            self.throw(vm, task, CANCEL)

    def finish(self, vm: Machine, task: Task, outcome: Outcome) -> None:
        """A task has ended: its own children are cancelled, whoever joins it is told."""
        task.result = outcome
        self.alive -= 1
        if task in self.called:
            self.called.remove(task)
        parent = task.parent
        if parent is not None and parent.children.get(task.id) is task:
            del parent.children[task.id]
        for child in list(task.children.values()):
            self.cancel(vm, child)
        if parent is not None:
            for child in task.children.values():  # they clean up: the tree of tasks keeps them
                child.parent = parent
                parent.children[child.id] = child
        if task.permits:
            from harn.vm.locks import leave_task

            leave_task(vm, task, outcome)
        joiners, task.joiners = task.joiners, []
        for one in joiners:
            one.ended(vm, task)

    def deadlock(self, vm: Machine, root: Task) -> None:
        """Every task waits for another: say so at the root, naming each; where the root has ended, at each."""
        tasks = [task for task in family(root) if task.waiting is not None]
        lines = [f"{task.id} {task.waiting.words()}" for task in tasks if task.waiting is not None]
        if len(lines) > _NAMED:
            lines = [*lines[:_NAMED], f"and {len(lines) - _NAMED} more"]
        text = f"Deadlock: every task waits for another ({'; '.join(lines)})"
        for task in [root] if root.waiting is not None else tasks:
            self.wake(vm, task, ("raise", runtime_error(text)))


def waits_for(ids: list[str]) -> str:
    """Words for who waits for tasks, of which it names a few."""
    return "waits for " + ", ".join(ids if len(ids) <= _NAMED else [*ids[:_NAMED], f"and {len(ids) - _NAMED} more"])


def _stands(task: Task, on: Any) -> bool:
    """Whether a timer still matters."""
    if isinstance(on, Deadline):
        return on in task.deadlines and not on.passed
    return task.result is None if on is CLEANUP else task.waiting is on


def stand_under(vm: Machine, task: Task, deadlines: Iterable[Deadline]) -> HarnError | None:
    """The blocks of some deadlines go on in a task: what is to be thrown there where one has passed, else None.

    Of several that have passed the innermost is thrown; the others follow as soon as the task has handled it.
    """
    fault = None
    for deadline in reversed(list(deadlines)):
        left = deadline.ends - vm.now()
        if left <= 0 and fault is None:
            fault = ending_error("deadline")
        else:
            task.deadlines.append(deadline)
            vm.tasks.timer(vm, left, task, deadline, ())
    return fault


def family(root: Task) -> list[Task]:
    """A task and all below it that have not ended."""
    found, todo = [], [root]
    for task in todo:
        if task.result is None:
            found.append(task)
        todo.extend(task.children.values())
    return found
