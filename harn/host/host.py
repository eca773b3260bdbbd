"""The host: everything a run can reach outside of the machine, in exchangeable parts.

    Host.system()                       what `harn run` uses: the clock, files, programs ... of this machine
    Host.sandbox(root=..., env=...)     for programs one does not trust: nothing but what is named

Effects arrive as (kind, operation, arguments): the kind names the part, the operation one of its methods. ``stderr`` has only one
operation, which goes without saying. Under an event loop an operation that waits is made in a thread, unless the part has a
coroutine of the same name with ``_async`` behind it, which is cancelled where nobody wants the answer any more.
"""

from __future__ import annotations

from importlib import import_module

from harn.source.typing import TYPE_CHECKING, Any, Mapping
from harn.values.errors import category_error

if TYPE_CHECKING:
    import os

    from harn.host.chance import Chance
    from harn.host.clock import Clock
    from harn.host.environment import Environment
    from harn.host.files import Files
    from harn.host.models import Models
    from harn.host.people import People
    from harn.host.processes import Processes
    from harn.host.streams import Sink, Source
    from harn.vm.frame import Effect
    from harn.vm.machine import Task

_PARTS = {
    "clock": "clock",
    "clock.sleep": "clock",
    "random": "chance",
    "env.read": "environment",
    "fs.read": "files",
    "fs.write": "files",
    "proc.exec": "processes",
    "stdin": "stdin",
    "stderr": "stderr",
    "output": "environment",
    "human.ask": "human",
    "llm.call": "models",
}
"""Kind of an effect -> the attribute of the host that performs it."""

_WAITING = frozenset(("clock.sleep", "proc.exec", "stdin", "human.ask", "llm.call"))
_SLOW = {"fs.read": frozenset(("walk",))}
"""Operations that may take long, of kinds that do not."""
_PATIENT = frozenset(("clock.sleep", "proc.exec"))
"""Kinds whose operations take ``seconds``, after which nobody waits for them any more."""


_SYSTEM = {
    "clock": ("clock", "SystemClock"),
    "chance": ("chance", "SystemChance"),
    "environment": ("environment", "SystemEnvironment"),
    "files": ("files", "SystemFiles"),
    "processes": ("processes", "SystemProcesses"),
    "stdin": ("streams", "StandardInput"),
    "stdout": ("streams", "StandardOutput"),
    "stderr": ("streams", "StandardError"),
    "human": ("people", "Nobody"),
    "models": ("models", "NoModels"),
}
"""Part -> the module and class of it that is this machine's own."""


class Host:
    """One world for runs, made of parts that tests and embedders may replace. See ``harn.vm.world.World``.

    A part that is not given is the machine's own, made (and its module imported) when it is first needed.
    """

    clock: Clock
    chance: Chance
    environment: Environment
    files: Files
    processes: Processes
    stdin: Source
    stdout: Sink
    stderr: Sink
    human: People
    models: Models

    def __init__(self, **parts: Any) -> None:
        for name, part in parts.items():
            if name not in _SYSTEM:
                raise TypeError(f"a host has no part `{name}`; its parts are {', '.join(_SYSTEM)}")
            setattr(self, name, part)

    def __getattr__(self, name: str) -> Any:
        if name not in _SYSTEM:
            raise AttributeError(name)
        module, kind = _SYSTEM[name]
        part = getattr(import_module(f"harn.host.{module}"), kind)()
        setattr(self, name, part)
        return part

    @classmethod
    def system(cls) -> Host:
        """The machine this process runs on, with all rights of the process."""
        return cls()

    @classmethod
    def sandbox(
        cls,
        root: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        clock: Clock | None = None,
        random: Chance | None = None,
    ) -> Host:
        """A host that grants only what is named: files below ``root``, the variables in ``env``.

        It starts no programs, opens no connections, reads no input and drops what goes to standard error. Clock and
        randomness are the system's unless given.
        """
        from harn.host.environment import FixedEnvironment
        from harn.host.files import ConfinedFiles, NoFiles
        from harn.host.processes import NoProcesses
        from harn.host.streams import Discard, Nothing

        granted = {name: part for name, part in (("clock", clock), ("chance", random)) if part is not None}
        return cls(
            environment=FixedEnvironment(env or {}),
            files=NoFiles() if root is None else ConfinedFiles(root),
            processes=NoProcesses(),
            stdin=Nothing(),
            stdout=Discard(),
            stderr=Discard(),
            **granted,
        )

    def replacing(self, **parts: Any) -> Host:
        """The same host with other parts."""
        return Host(**{**vars(self), **parts})

    def deterministic(self, seed: int) -> Host:
        """The same host on a virtual clock that begins with 2025, its randomness from a seed."""
        from harn.host.chance import SeededChance
        from harn.host.clock import DAWN, VirtualClock

        return self.replacing(clock=VirtualClock(DAWN), chance=SeededChance(seed))

    def waits(self, effect: Effect) -> bool:
        """Whether the machine should not stand still while it is performed."""
        slow = _SLOW.get(effect.kind)
        return effect.kind in _WAITING or (slow is not None and effect.args[0] in slow)

    def perform(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """Perform it, blocking. HarnError where it fails or the host does not offer such a thing."""
        part = _PARTS.get(effect.kind)
        if part is None:
            raise category_error("policy", f"this host does not offer the effect {effect.kind}")
        operation, *args = ("write", *effect.args) if part == "stderr" else effect.args
        act = getattr(getattr(self, part), operation, None)
        if act is None:  # a part of an embedding program's own that does not know all there is to be asked
            raise category_error("policy", f"this host does not offer the effect {effect.kind} {operation}")
        if patience is not None and effect.kind in _PATIENT:
            return act(*args, most=patience)
        return act(*args)

    def now(self) -> float:
        """Seconds on the clock that is never set back."""
        return self.clock.monotonic()

    def virtual(self) -> bool:
        """Whether the clock moves only where somebody sleeps on it."""
        return getattr(self.clock, "virtual", False)

    async def perform_async(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """The same without blocking the event loop."""
        from harn.host.clock import SystemClock

        if effect.kind == "clock.sleep" and isinstance(self.clock, SystemClock):
            from anyio import sleep

            return await sleep(max(0.0, effect.args[1]))
        if not self.waits(effect):
            return self.perform(task, effect, patience)
        from functools import partial

        from harn.vm.threads import in_thread

        operation, *args = effect.args
        awaited = getattr(getattr(self, _PARTS.get(effect.kind, ""), None), f"{operation}_async", None)
        if awaited is not None:
            return await awaited(*args, most=patience)
        return await in_thread(partial(self.perform, task, effect, patience))
