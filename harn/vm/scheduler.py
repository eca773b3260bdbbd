"""The machine's own tasks: who may run, who waits for what, and which timers stand.

Switching happens at waits, at the end of a slice, and nowhere else; ready tasks run in order, so that a run without timers is the
same every time. The driver asks ``schedule`` what to do next and performs it: nothing here blocks.

A *waiting* is a record a task is parked at. ``park`` either registers the task and answers None, or answers the request the task
goes on with at once; ``leave`` forgets the task; ``words`` says what it waits for.
"""

from __future__ import annotations

import heapq
import time
from collections import deque

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError, runtime_error, thrown
from harn.vm.frame import Outcome, Threw

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harn.vm.machine import Machine, Task

Request = tuple[Any, ...]

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
        vm.tasks.timer(self.seconds, task, self, ("deliver", None))
        return None

    def words(self) -> str:
        return f"sleeps {self.seconds:g} s"


class Joining(Waiting):
    """For ``count`` of some tasks to end, ``seconds`` at most. Wakes with nil."""

    __slots__ = ("count", "seconds", "tasks")

    def __init__(self, tasks: Iterable[Task], count: int = 1, seconds: float | None = None) -> None:
        self.tasks = list(tasks)
        self.count = count
        self.seconds = seconds

    def park(self, vm: Machine, task: Task) -> Request | None:
        running = [other for other in self.tasks if other.result is None]
        if len(self.tasks) - len(running) >= self.count:
            return ("deliver", None)
        if self.seconds is not None:
            if self.seconds <= 0:
                return ("deliver", None)
            vm.tasks.timer(self.seconds, task, self, ("deliver", None))
        for other in running:
            other.joiners.append(task)
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        for other in self.tasks:
            if task in other.joiners:
                other.joiners.remove(task)

    def words(self) -> str:
        return "waits for " + ", ".join(other.id for other in self.tasks if other.result is None)


class Deadline:
    """A deadline that stands over a task while its block runs."""

    __slots__ = ("ends",)

    def __init__(self, ends: float) -> None:
        self.ends = ends


class Scheduler:
    """The tasks of one run."""

    __slots__ = ("_number", "ready", "timers")

    def __init__(self) -> None:
        self.ready: deque[Task] = deque()
        self.timers: list[tuple[float, int, Task, Any, Request]] = []
        self._number = 0

    def now(self) -> float:
        """Seconds on a clock that is never set back."""
        return time.monotonic()

    def timer(self, seconds: float, task: Task, on: Any, request: Request) -> None:
        """Wake a task with a request if it still stands at ``on`` (a Waiting, or a Deadline of its) by then."""
        self._number += 1
        heapq.heappush(self.timers, (self.now() + seconds, self._number, task, on, request))

    def park(self, vm: Machine, task: Task, waiting: Waiting) -> None:
        """A task waits, unless what it waits for is there."""
        request = waiting.park(vm, task)
        if request is None:
            task.waiting = waiting
        else:
            task.request = request
            self.ready.appendleft(task)

    def wake(self, vm: Machine, task: Task, request: Request) -> None:
        """A parked task goes on with a request."""
        waiting = task.waiting
        if waiting is not None:
            task.waiting = None
            task.request = request
            waiting.leave(vm, task)
            self.ready.append(task)

    def fire(self, vm: Machine) -> None:
        """Wake whom the time has come for."""
        now = self.now()
        while self.timers and self.timers[0][0] <= now:
            _, _, task, on, request = heapq.heappop(self.timers)
            if isinstance(on, Deadline):
                if on in task.deadlines:
                    task.deadlines.remove(on)
                    self.throw(vm, task, "deadline")
            elif task.waiting is on:
                self.wake(vm, task, request)

    def pause(self) -> float | None:
        """Seconds to the next timer that still matters; None where none stands."""
        while self.timers:
            when, _, task, on, _ = self.timers[0]
            if (on in task.deadlines) if isinstance(on, Deadline) else task.waiting is on:
                return max(0.0, when - self.now())
            heapq.heappop(self.timers)
        return None

    def throw(self, vm: Machine, task: Task, ending: str) -> None:
        """End what a task is doing: at once where it waits, at its next safepoint where it runs."""
        if task.result is not None:
            return
        if task.waiting is not None:
            self.wake(vm, task, ("raise", ending_error(ending)))
        else:
            task.ending = ending

    def ask_to_end(self, vm: Machine, task: Task) -> None:
        """Cancel gracefully: ``is_cancelled`` tells the task, and it is thrown out of what it does, once.

        Out of a sleep or a wait for a lock at once; out of another wait after PATIENCE seconds; out of computing after a slice.
        """
        if task.result is None and not task.graceful:
            task.graceful = "asked"
            waiting = task.waiting
            if waiting is not None and waiting.leaves_at_once:
                self.tell_to_end(vm, task)
            elif waiting is not None:
                self.timer(PATIENCE, task, waiting, ("raise", ending_error("graceful")))

    def tell_to_end(self, vm: Machine, task: Task) -> None:
        """Throw a gracefully cancelled task out of what it does."""
        task.graceful = "told"
        self.throw(vm, task, "graceful")

    def cancel(self, vm: Machine, task: Task) -> None:
        """Abort a task: one that has not begun never does; another runs its finally and deferred blocks."""
        if task.result is not None:
            return
        if not task.begun:
            if task in self.ready:
                self.ready.remove(task)
            self.finish(vm, task, Threw(ending_error("cancel")))
        else:
            self.throw(vm, task, "cancel")

    def finish(self, vm: Machine, task: Task, outcome: Outcome) -> None:
        """A task has ended: its own children are cancelled, whoever joins it is woken."""
        task.result = outcome
        for child in task.children:
            self.cancel(vm, child)
        for other in list(task.joiners):
            waiting = other.waiting
            assert isinstance(waiting, Joining)
            if sum(one.result is not None for one in waiting.tasks) >= waiting.count:
                self.wake(vm, other, ("deliver", None))

    def deadlock(self, vm: Machine, root: Task) -> None:
        """Every task waits for another: say so at the root, naming each."""
        lines = [f"{task.id} {task.waiting.words()}" for task in family(root) if task.waiting is not None]
        self.wake(
            vm, root, ("raise", runtime_error("Deadlock: every task waits for another (" + "; ".join(lines) + ")"))
        )


def family(root: Task) -> list[Task]:
    """A task and all below it that have not ended."""
    found, todo = [], [root]
    while todo:
        task = todo.pop(0)
        if task.result is None:
            found.append(task)
        todo.extend(task.children)
    return found


def ending_error(ending: str) -> HarnError:
    """What is thrown where a task is ended from outside. A cancellation is seen by no catch; a deadline is."""
    if ending == "deadline":
        error = thrown("Deadline exceeded")
    elif ending == "graceful":
        error = thrown("kind:cancelled:VM cancelled by host")
    else:
        from harn.vm.safepoint import ended

        return ended(ending)
    error.ending = ending
    return error
