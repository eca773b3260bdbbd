"""The tasks of a supervisor: one that watches, and below it one for each child that runs.

The watching task is a child of the task that started the supervisor. It ends when nothing is left to run; where it is cancelled,
because its parent ends, its children are cancelled with it and clean up as any task does.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError
from harn.values.kinds import Closure
from harn.vm.children import begin_child, error_of
from harn.vm.frame import Answer, Done, Effect, Native, Perform, Threw, Throw, Wait
from harn.vm.interruption import GRACE
from harn.vm.machine import Context, Identity
from harn.vm.scheduler import Joining

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task
    from harn.vm.supervision import Child, Supervisor

AREA = "supervisors"


class Watching(Joining):
    """For a child of a supervisor to end, or the next one to be due."""

    __slots__ = ("supervisor",)

    def __init__(self, supervisor: Supervisor, now: float) -> None:
        running = [child.task for child in supervisor.children if child.task is not None]
        super().__init__(running, 1, supervisor.pause(now))
        self.supervisor = supervisor

    def words(self) -> str:
        return f"supervises '{self.supervisor.name}'"


class Begin(Native):
    """``supervisor_start``: asks the clock for the date, which events carry, and starts the watching task."""

    __slots__ = ("asked", "supervisor")
    name = "supervisor_start"
    edge = False
    in_context = True

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.asked = False

    def resume_in(self, context: Context, value: Any) -> Answer:
        if not self.asked:
            self.asked = True
            return Perform(Effect("clock", "now_ms", idempotent=True))
        vm, task, supervisor = context.vm, context.task, self.supervisor
        now = vm.now()
        supervisor.zero_ms = value - now * 1000
        supervisor.note(now, "supervisor_started")
        vm.areas.setdefault(AREA, {})[supervisor.id] = supervisor
        who = Identity(f"{task.id}:supervisor:{supervisor.id}", "supervisor", task.identity.id, supervisor.id)
        supervisor.task = begin_child(vm, task, Supervise(supervisor), [], who)
        return Done({"_type": "supervisor", "id": supervisor.id, "name": supervisor.name})


class Supervise(Native):
    """The watching task: starts what is due, takes note of what has ended, and waits for more."""

    __slots__ = ("supervisor",)
    name = "supervisor"
    edge = False
    in_context = True

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor

    def resume_in(self, context: Context, value: Any) -> Answer:
        vm, supervisor = context.vm, self.supervisor
        now = vm.now()
        for child in supervisor.children:
            if child.task is not None and child.task.result is not None:
                self._collect(vm, child, now)
        for child in supervisor.ready(now):
            supervisor.start(child, now)
            child.task = self._run(vm, context.task, child)
        if supervisor.finished():
            supervisor.settle(now)
            return Done(None)
        return Wait(Watching(supervisor, now))

    def _run(self, vm: Machine, task: Task, child: Child) -> Task:
        function = child.function
        told = {
            "supervisor_id": self.supervisor.id, "child_name": child.name, "child_kind": child.kind, "attempt": child.starts,
            "restart_count": child.starts - 1,
        }  # fmt: skip
        args = [] if function.__class__ is Closure and not function.code.names else [told]
        name = f"supervisor {child.kind}"
        who = Identity(f"{task.id}:{child.name}", name, task.identity.parent, self.supervisor.id)
        return begin_child(vm, task, function, args, who)

    def _collect(self, vm: Machine, child: Child, now: float) -> None:
        """Take note of a child that has ended; of one that was cancelled to be restarted only what it printed."""
        task, supervisor = child.task, self.supervisor
        assert task is not None
        child.task = None
        if task.output:
            supervisor.note(now, "child_output", child, "".join(task.output))
        if child.status not in ("running", "draining"):
            return
        error, message = error_of(task), None
        if error is not None and error.ending == "graceful":
            error = None  # it was asked to end, and did
        elif error is None and task.result.__class__ is Threw:
            message = "supervisor stop"
        siblings = supervisor.ended(child, now, error.text() if error is not None else None, message)
        for sibling in reversed(siblings):
            assert sibling.task is not None
            vm.tasks.cancel(vm, sibling.task)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        self.supervisor.abandon(context.vm.now())
        return Throw(error)


class Stop(Native):
    """``supervisor_stop``: asks the children to end, the last started first, and cancels those that do not within the time."""

    __slots__ = ("seconds", "stage", "supervisor")
    name = "supervisor_stop"
    edge = False
    in_context = True

    def __init__(self, supervisor: Supervisor, seconds: float) -> None:
        self.supervisor = supervisor
        self.seconds = seconds
        self.stage = 0

    def resume_in(self, context: Context, value: Any) -> Answer:
        vm, supervisor = context.vm, self.supervisor
        now, watching = vm.now(), supervisor.task
        assert watching is not None
        if self.stage == 0 and supervisor.status not in ("stopped", "draining"):
            self._ask(vm, now)
        if watching.result is not None:
            supervisor.settle(now)
        self.stage += 1
        if supervisor.status == "stopped":
            return Done(supervisor.state())
        if self.stage == 1:
            return Wait(Joining([watching], seconds=self.seconds))
        if self.stage == 2:
            supervisor.forced = True
            for child in reversed(supervisor.children):
                if child.task is not None:
                    vm.tasks.cancel(vm, child.task)
            return Wait(Joining([watching], seconds=GRACE))
        supervisor.abandon(now)
        vm.tasks.cancel(vm, watching)
        return Done(supervisor.state())

    def _ask(self, vm: Machine, now: float) -> None:
        supervisor = self.supervisor
        for child in reversed(supervisor.drain(now)):
            assert child.task is not None
            vm.tasks.ask_to_end(vm, child.task)
        watching = supervisor.task
        if watching is not None and watching.waiting is not None:
            vm.tasks.wake(vm, watching, ("deliver", None))
