"""A run: its tasks, modules, limits and what it shares with the world outside."""

from __future__ import annotations

from harn.catalog.record import Record
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError, LimitReached
from harn.values.kinds import UNSET
from harn.vm.frame import Answer, Effect, Native, Returned, Threw
from harn.vm.inputs import Inputs
from harn.vm.limits import Limits
from harn.vm.linked import LinkedModule

if TYPE_CHECKING:
    from harn.vm.children import Gathering
    from harn.vm.frame import Outcome
    from harn.vm.locks import Permit
    from harn.vm.modules import Program
    from harn.vm.policy import Policy
    from harn.vm.scheduler import Deadline, Joining, Scheduler, Waiting
    from harn.vm.steps import FrameSteps
    from harn.vm.world import Output, World


class Root(Native):
    """Below the first frame of every task: turns its end into an outcome."""

    __slots__ = ()
    name = "task"
    ends_cancel = True

    def start(self) -> Answer:
        raise NotImplementedError  # never started: it only receives

    def resume(self, value: Any) -> Any:
        return Returned(value)

    def fail(self, error: HarnError) -> Any:
        return Threw(error)


class Identity:
    """Who a task is to the program it runs: its id, that of the task that made it, what made it, and the group it belongs to.

    Tasks of one ``parallel`` form share a ``group``, and so do the children of a supervisor; any other has none.
    """

    __slots__ = ("group", "id", "name", "parent")

    def __init__(self, id: str, name: str, parent: str | None = None, group: str | None = None) -> None:
        self.id = id
        self.name = name
        self.parent = parent
        self.group = group


ROOT = Identity("task_root", "root")


class Task:
    """One thread of a run: frames (a Root at the bottom), what the pump has to do next, and the fuel left.

    ``ending`` and ``late`` say what is to be thrown at the next safepoint (see ``harn.vm.interruption``); ``output`` holds what a
    task has printed that its parent has not taken yet, None for the root, whose output goes out at once. ``resting`` lists the
    generators, by identity, that rest in the middle of a step, region or function with deferred blocks.
    """

    __slots__ = (
        "begun", "children", "deadlines", "ending", "frames", "fuel", "graceful", "id", "identity", "joined", "joiners",
        "late", "output", "parent", "permits", "request", "resting", "result", "serials", "values", "waiting", "woken",
    )  # fmt: skip

    def __init__(self) -> None:
        self.id = ROOT.id
        # Who it is to the program, and the values it hands down to its children.
        self.identity = ROOT
        self.values: dict[str, Any] = {}
        # Who started it; those it started that have not ended, by id, and how many of each kind they were.
        self.parent: Task | None = None
        self.children: dict[str, Task] = {}
        self.serials: dict[str, int] = {}
        # Whether it has run at all, was asked to end, was awaited.
        self.begun = False
        self.graceful = ""
        self.joined = False
        # How it ended, who waits for that, what it is parked at or was woken from but has not run since, its deadlines.
        self.result: Outcome | None = None
        self.joiners: list[Joining | Gathering] = []
        self.waiting: Waiting | None = None
        self.woken: Waiting | None = None
        self.deadlines: list[Deadline] = []
        # The permits of locks that it has acquired and not given back.
        self.permits: list[Permit] = []
        self.frames: list[Any] = [Root()]
        self.resting: dict[int, Any] = {}
        self.request: tuple[Any, ...] | None = None
        self.fuel = 0
        self.ending = ""
        self.late = False
        self.output: list[str] | None = None


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
    """One run.

    ``world`` performs effects (a machine without one runs pure programs only), ``output`` takes what the program prints,
    ``policy`` says which builtins may be called. ``globals`` are the names a program sees without declaring them: ``argv``, the
    functions of an embedding program.
    """

    def __init__(
        self,
        world: World | None = None,
        output: Output | None = None,
        limits: Limits | None = None,
        policy: Policy | None = None,
        globals: dict[str, Any] | None = None,
    ) -> None:
        self.world = world
        self.output = output
        self.limits = limits or Limits()
        self.policy = policy
        self.globals = globals if globals is not None else {}
        self.value_bytes = self.limits.value_bytes
        self.depth = self.limits.depth
        self.program: Program | None = None
        self.entry: ModuleInstance | None = None
        self.modules: dict[str, ModuleInstance] = {}
        self.areas: dict[str, Any] = {}
        self.scheduler: Scheduler | None = None
        self.tracer: Any = None
        self.policies_used = False
        self.step_runtime: FrameSteps | None = None
        # What the driver notes; see harn.vm.driver: the task it runs to the end and the one whose turn it is, the number of
        # turns, how deep it is nested, whether it stands in a blocking effect; of a concurrent driver itself and what wakes it.
        self.root: Task | None = None
        self.running: Task | None = None
        self.turn = 0
        self.active = 0
        self.blocked = False
        self.driver: Any = None
        self.arouse: Any = None
        # Where time and everything else from outside comes from; the time of this turn, whether it was read in this turn, and
        # what the world's clock showed when the run began.
        self.inputs = Inputs()
        self.time = 0.0
        self.timed = False
        self.epoch: float | None = None
        # What the safepoint looks at; see harn.vm.safepoint.
        self.instructions = 0
        self.printed = 0
        self.unflushed = False
        self.interrupts = 0
        self.interrupt_told = False
        self.deadline: float | None = None
        self.grace_end: float | None = None
        self.looks = 0
        self.memory_start = 0

    def clock(self) -> float:
        """Seconds since the run began: the one place where the machine reads a clock."""
        reading = self.world.now() if self.world is not None else 0.0
        if self.epoch is None:
            self.epoch = reading - self.time
        return reading - self.epoch

    def now(self) -> float:
        """The time of this turn, in seconds since the run began, which the program may come to see."""
        if not self.timed:
            self.timed = True
            self.time = max(self.time, self.inputs.clock(self))
        return self.time

    @property
    def tasks(self) -> Scheduler:
        """The scheduler, made when the run begins."""
        if self.scheduler is None:
            from harn.vm.scheduler import Scheduler

            self.scheduler = Scheduler()
        return self.scheduler

    @property
    def steps(self) -> FrameSteps:
        """The step runtime, made when the first function is flagged or the first hook registered."""
        if self.step_runtime is None:
            from harn.vm.steps import FrameSteps

            self.step_runtime = FrameSteps()
        return self.step_runtime

    def context(self, task: Task) -> Context:
        """The context of a builtin call."""
        return Context(self, task)

    def check_depth(self, task: Task) -> None:
        """LimitReached where a task has more frames of any kind than the run allows."""
        if len(task.frames) >= self.depth:
            raise LimitReached("depth", self.depth)

    def gate(self, task: Task, record: Record) -> None:
        """Refuse a builtin whose effects the run's policy or a stage's does not allow (HarnError)."""
        if self.policy is not None:
            refusal = self.policy.refusal(record)
            if refusal is not None:
                raise refusal
        if self.policies_used:
            self.steps.check_policies(task, record)

    def write(self, task: Task, text: str) -> None:
        """Print: the root's output goes out at once, that of another task waits until its parent joins it.

        LimitReached where the run prints more than it may; nothing of such a text is printed.
        """
        most = self.limits.output_bytes
        if most is not None:
            self.printed += len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
            if self.printed > most:
                raise LimitReached("output_bytes", most)
        if task.output is not None:
            task.output.append(text)
        elif self.output is not None:
            self.output.write(text)
            self.unflushed = True

    def flush(self) -> None:
        """See to it that what was printed arrives; called before every wait and at the end."""
        if self.unflushed and self.output is not None:
            self.unflushed = False
            self.output.flush()

    def perform_now(self, task: Task, effect: Effect) -> tuple[bool, Any]:
        """(True, value) of an effect that can be performed without letting the machine stand still; (False, None) otherwise."""
        world = self.world
        if world is None:
            raise RuntimeError(f"a machine without a world was asked for {effect.kind}")
        if world.waits(effect):
            return False, None
        return True, world.perform(task, effect, None)

    def spawn(self, callee: Any, args: list[Any]) -> Task:
        """A task that will call ``callee``, any callable value."""
        task = Task()
        task.request = ("call", callee, args)
        return task

    def start(self, program: Program) -> Task:
        """The task that runs a program. Its module variables stand in ``entry`` afterwards."""
        from harn.vm.modules import Preceded, main

        self.program = program
        self.entry = ModuleInstance(program.entry)
        begin = main(self.entry)
        return self.spawn(Preceded(program.first, begin) if program.first else begin, [])

    def import_module(self, importer: ModuleInstance, index: int) -> Native | None:
        """See ``harn.vm.modules.import_module``; that module is needed by programs with imports only."""
        from harn.vm.modules import import_module

        return import_module(self, importer, index)

    def bind_import(self, importer: ModuleInstance, index: int) -> None:
        """See ``harn.vm.modules.bind_import``."""
        from harn.vm.modules import bind_import

        bind_import(self, importer, index)

    def std_request(self, source: str, args: list[Any]) -> tuple[Any, ...]:
        """The request that calls a builtin written in Harn; ``source`` is ``std/module:function``."""
        from harn.vm.modules import std_request

        return std_request(self, source, args)
