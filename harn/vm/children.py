"""Child tasks: starting them, and the natives that wait for them.

A child gets the closure with its captured values, a copy of the live steps and personas for attribution, and nothing else. What
it prints waits until its parent joins it.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.display import display
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import RESULT, Closure, Enum, Handle, err, ok
from harn.vm.frame import Answer, Done, Native, Returned, Threw, Throw, Wait
from harn.vm.machine import Context, Identity, Machine, Task
from harn.vm.scheduler import Joining, Waiting, waits_for
from harn.vm.trace import origin_line

if TYPE_CHECKING:
    from harn.steps.entries import Entries


class Inherited(Native):
    """What a child task inherits of its parent: a step and persona as they stood, or the policies in force."""

    __slots__ = ("entries",)
    edge = False

    def __init__(self, entries: Entries) -> None:
        self.entries = entries

    def resume(self, value: Any) -> Answer:
        return Done(value)


def start_child(vm: Machine, parent: Task, callee: Any, args: list[Any], kind: str, index: int | None = None) -> Task:
    """A ready child of ``parent``. Its id: the parent's, ``kind``, a serial number, and ``index`` among its siblings."""
    name = kind.partition(":")[0].replace("_", " ").replace("each stream", "each as stream")
    if index is None:
        parent.serials[kind] = parent.serials.get(kind, 0) + 1
        id, group = f"{parent.id}:{kind}:{parent.serials[kind]}", None
    else:
        group = f"{parent.id}:{kind}"
        id = f"{group}:{index}"
    return begin_child(vm, parent, callee, args, Identity(id, name, parent.identity.id, group))


def begin_child(vm: Machine, parent: Task, callee: Any, args: list[Any], identity: Identity) -> Task:
    """A ready child of ``parent`` that is known as ``identity``; it begins with a copy of the parent's values."""
    child = Task()
    child.id = identity.id
    child.identity = identity
    if parent.values:
        child.values = dict(parent.values)
    if "parallel" in parent.serials:
        child.serials["parallel"] = parent.serials["parallel"]
    child.output = []
    if vm.step_runtime is not None:
        _inherit(vm, child, parent)
    child.request = ("call", callee, args)
    child.parent = parent
    parent.children[child.id] = child
    vm.tasks.add(child)
    return child


def act_for(vm: Machine, child: Task, task: Task) -> None:
    """A task that is to run as if ``task`` called its function itself: same identity and output, same steps and personas."""
    child.id = task.id
    child.identity = task.identity
    child.values = task.values
    child.output = task.output
    if vm.step_runtime is not None:
        from harn.steps.entries import Entries
        from harn.vm.chain import FrameChain

        _bar(vm, child, task)
        for _, entries in reversed(list(FrameChain(task.frames).outward())):
            same = Entries()
            same.step, same.persona = entries.step, entries.persona
            child.frames.append(Inherited(same))


def _bar(vm: Machine, child: Task, parent: Task) -> None:
    """What a parent's stages forbid, they forbid its child."""
    if vm.policies_used:
        from harn.steps.entries import Entries
        from harn.steps.policies import in_force
        from harn.vm.tracked import policies_of

        barred = Entries()
        barred.policy = in_force(policies_of(parent))
        child.frames.append(Inherited(barred))


def _inherit(vm: Machine, child: Task, parent: Task) -> None:
    from harn.steps.entries import Entries
    from harn.vm.chain import FrameChain

    _bar(vm, child, parent)
    for _, entries in reversed(list(FrameChain(parent.frames).outward())):
        copy = Entries()
        if entries.step is not None and not entries.step.taken:
            copy.step = entries.step.attribution_copy()
        if entries.persona is not None:
            copy.persona = entries.persona.attribution_copy()
        child.frames.append(Inherited(copy))


def take_output(vm: Machine, task: Task, child: Task) -> None:
    """What a child printed joins the output of the task that joins it."""
    text = "".join(child.output or ())
    child.output = []
    if text:
        vm.write(task, text)


def error_of(child: Task) -> HarnError | None:
    """The error a finished child ended with, with its line; None where it ended well or was cancelled."""
    if not isinstance(child.result, Threw) or child.result.error.ending == "cancel":
        return None
    error = child.result.error
    if error.trace:
        error.locate(origin_line(error))
    return error


def value_of(child: Task) -> Any:
    """The value a finished child returned."""
    return child.result.value if isinstance(child.result, Returned) else None


class Gathering(Waiting):
    """For the next of a crew of tasks to end, or with ``whole`` for the last.

    ``running`` are the tasks that go on, by id; ``finished`` those that ended since it was last asked, in that order.
    """

    __slots__ = ("finished", "running", "task", "whole")

    def __init__(self, whole: bool) -> None:
        self.whole = whole
        self.running: dict[str, Task] = {}
        self.finished: list[Task] = []
        self.task: Task | None = None

    def add(self, child: Task) -> None:
        """One more task of the crew."""
        self.running[child.id] = child
        child.joiners.append(self)

    def take(self) -> list[Task]:
        """Those that ended since it was last asked."""
        found, self.finished = self.finished, []
        return found

    def ended(self, vm: Machine, task: Task) -> None:
        del self.running[task.id]
        self.finished.append(task)
        if self.task is not None and not (self.whole and self.running):
            vm.tasks.wake(vm, self.task, ("deliver", None))

    def park(self, vm: Machine, task: Task) -> tuple[Any, ...] | None:
        if not self.running or (self.finished and not self.whole):
            return ("deliver", None)
        self.task = task
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        self.task = None

    def cancel(self, vm: Machine) -> None:
        """Cancel those that go on."""
        for child in list(self.running.values()):
            vm.tasks.cancel(vm, child)

    def words(self) -> str:
        return waits_for(list(self.running))


class Await(Native):
    """``await(h)``: the task's value or error, once; nil for a task awaited before or cancelled."""

    __slots__ = ("child",)
    name = "await"
    edge = False
    in_context = True

    def __init__(self, child: Task) -> None:
        self.child = child

    def resume_in(self, context: Context, value: Any) -> Answer:
        child = self.child
        if child.joined:
            return Done(None)
        if child.result is None:
            return Wait(Joining([child]))
        child.joined = True
        error = error_of(child)
        if error is not None:
            return Throw(error)
        take_output(context.vm, context.task, child)
        return Done(value_of(child))


class GracefulCancel(Native):
    """``cancel_graceful(h, timeout)``: ask, wait, and abort what does not end in time."""

    __slots__ = ("asked", "child", "seconds")
    name = "cancel_graceful"
    edge = False
    in_context = True

    def __init__(self, child: Task, seconds: float) -> None:
        self.child = child
        self.seconds = seconds
        self.asked = False

    def resume_in(self, context: Context, value: Any) -> Answer:
        vm, child = context.vm, self.child
        if child.joined:
            return Done(ok(None))
        if not self.asked and child.result is None:
            self.asked = True
            vm.tasks.ask_to_end(vm, child)
            return Wait(Joining([child], seconds=self.seconds))
        child.joined = True
        if child.result is None:
            vm.tasks.cancel(vm, child)
            return Done(err("cancel_graceful: timeout, task forcefully aborted"))
        if isinstance(child.result, Threw):
            return Done(err(child.result.error.text()) if child.result.error.ending != "cancel" else ok(None))
        take_output(vm, context.task, child)
        return Done(ok(value_of(child)))


class Branches(Native):
    """``parallel``: a child for each item, at most ``most`` at once, joined in the order of the items."""

    __slots__ = ("args", "children", "crew", "function", "kind", "label", "most", "settle")
    name = "parallel"
    edge = False
    in_context = True

    def __init__(self, function: Closure, args: list[Any], label: str, most: int, settle: bool) -> None:
        self.function = function
        self.args = args
        self.children: list[Task] = []
        self.label = label
        self.kind = ""
        self.most = most if most > 0 else len(args)
        self.crew = Gathering(self.most >= len(args))
        self.settle = settle

    def resume_in(self, context: Context, value: Any) -> Answer:
        vm, task = context.vm, context.task
        if not self.kind:
            task.serials["parallel"] = task.serials.get("parallel", 0) + 1
            self.kind = f"{self.label}:{task.serials['parallel']}"
        self.crew.take()
        while len(self.children) < len(self.args) and len(self.crew.running) < self.most:
            place = len(self.children)
            args = [self.args[place]] if self.function.code.names else []
            child = start_child(vm, task, self.function, args, self.kind, place)
            self.children.append(child)
            self.crew.add(child)
        return Wait(self.crew) if self.crew.running else self._join(context)

    def _join(self, context: Context) -> Answer:
        vm, task = context.vm, context.task
        results: list[Any] = []
        failed = 0
        for child in self.children:
            error = error_of(child)
            if error is not None and not self.settle:
                return Throw(error)
            take_output(vm, task, child)
            if not self.settle:
                results.append(value_of(child))
            elif error is not None:
                failed += 1
                results.append(err(error.text()))
            else:
                results.append(ok(value_of(child)))
        if self.settle:
            return Done({"results": results, "succeeded": len(results) - failed, "failed": failed})
        return Done(results)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        """The task was ended from outside: its branches are cancelled."""
        self.crew.cancel(context.vm)
        return Throw(error)


class Race(Native):
    """``parallel_race``: the first that succeeds; the others are cancelled."""

    __slots__ = ("begun", "crew", "function", "items", "kind", "most", "texts")
    name = "parallel_race"
    edge = False
    in_context = True

    def __init__(self, function: Any, items: list[Any], most: int) -> None:
        self.function = function
        self.items = items
        self.most = most if most > 0 else len(items)
        self.begun = 0
        self.crew = Gathering(False)
        self.texts: list[str] = []
        self.kind = ""

    def resume_in(self, context: Context, value: Any) -> Answer:
        vm, task = context.vm, context.task
        if not self.kind:
            task.serials["race"] = task.serials.get("race", 0) + 1
            self.kind = f"parallel_race:{task.serials['race']}"
        for child in self.crew.take():
            won, found = _race_value(child)
            if won:
                take_output(vm, task, child)
                self.crew.cancel(vm)
                return Done(found)
            self.texts.append(found)
        while self.begun < len(self.items) and len(self.crew.running) < self.most:
            child = start_child(vm, task, self.function, [self.items[self.begun]], self.kind, self.begun)
            child.identity = task.identity  # to the program a racing call is part of the task that races
            self.crew.add(child)
            self.begun += 1
        if self.crew.running:
            return Wait(self.crew)
        return Throw(runtime_error(f"parallel_race: all {len(self.items)} task(s) failed: {'; '.join(self.texts)}"))

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        self.crew.cancel(context.vm)
        return Throw(error)


def _race_value(child: Task) -> tuple[bool, Any]:
    """(True, value) of a winner, (False, text) of one that failed."""
    error = error_of(child)
    if error is not None:
        return False, error.text()
    value = value_of(child)
    if isinstance(value, Enum) and value.type.name == RESULT.name:
        content = value.payload[0] if value.payload else None
        return (True, content) if value.variant == "Ok" else (False, display(content))
    return True, value


def child_of(handle: Any) -> Task | None:
    """The task behind a handle, None for any other value."""
    return handle.state if isinstance(handle, Handle) and handle.kind == "task_handle" else None
