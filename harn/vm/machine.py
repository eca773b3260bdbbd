"""A run: its tasks, modules, limits and what it shares with the world outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.record import Record
from harn.values.errors import HarnError, LimitReached
from harn.values.kinds import UNSET, Closure
from harn.vm.frame import Answer, Native, Returned, Threw
from harn.vm.linked import LinkedModule

if TYPE_CHECKING:
    from harn.steps.runtime import StepRuntime


class Root(Native):
    """Below the first frame of every task: turns its end into an outcome."""

    __slots__ = ()
    name = "task"

    def start(self) -> Answer:
        raise NotImplementedError  # never started: it only receives

    def resume(self, value: Any) -> Any:
        return Returned(value)

    def fail(self, error: HarnError) -> Any:
        return Threw(error)


class Task:
    """One thread of a run: frames (a Root at the bottom), what the pump has to do next, and the fuel left."""

    __slots__ = ("frames", "fuel", "request")

    def __init__(self) -> None:
        self.frames: list[Any] = [Root()]
        self.request: tuple[Any, ...] | None = None
        self.fuel = 0


class ModuleInstance:
    """A module of one run: its code and its variables. ``state`` is ``new``, ``running`` or ``ready``."""

    __slots__ = ("by_name", "code", "path", "slots", "state")

    def __init__(self, code: LinkedModule) -> None:
        self.code = code
        self.path = code.path
        self.slots: list[Any] = [UNSET] * len(code.chunk.names)
        self.by_name = {name: slot for slot, name in enumerate(code.chunk.names)}
        self.state = "new"


class Context:
    """What a builtin declared with ``ctx`` gets: the run, the calling task."""

    __slots__ = ("task", "vm")

    def __init__(self, vm: Machine, task: Task) -> None:
        self.vm = vm
        self.task = task


class Machine:
    """One run."""

    def __init__(self, value_bytes: int = 2**30, depth: int = 20_000) -> None:
        self.value_bytes = value_bytes
        self.depth = depth
        self.modules: dict[str, ModuleInstance] = {}
        self.areas: dict[str, Any] = {}
        self.tracer: Any = None
        self.policies_used = False
        self.step_runtime: StepRuntime | None = None

    @property
    def steps(self) -> StepRuntime:
        """The step runtime, made when the first function is flagged or the first hook registered."""
        if self.step_runtime is None:
            from harn.steps.runtime import StepRuntime

            self.step_runtime = StepRuntime()
        return self.step_runtime

    def context(self, task: Task) -> Context:
        """The context of a builtin call."""
        return Context(self, task)

    def check_depth(self, task: Task) -> None:
        """LimitReached where a task has more frames of any kind than the run allows."""
        if len(task.frames) >= self.depth:
            raise LimitReached("depth", self.depth)

    def gate(self, task: Task, record: Record) -> None:
        """Refuse a builtin whose effects the run's policy does not allow."""

    def spawn(self, callee: Closure, args: list[Any]) -> Task:
        """A task that will call ``callee``."""
        task = Task()
        task.request = ("call", callee, args)
        return task
