"""One run for an embedding program: the machine is set up, driven, and its end becomes a Result or an exception."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from harn.embed.border import Embedding, RunBorder, thrown_error
from harn.embed.errors import CancelledError, HarnError, InternalError, LimitError
from harn.embed.functions import host_functions, waits
from harn.embed.result import Result, used
from harn.embed.values import to_python
from harn.host.chance import SeededChance
from harn.host.host import Host
from harn.host.interrupts import Interrupts
from harn.values.errors import Aborted, LimitReached
from harn.vm.driver import interrupt, overdue, run_task, run_task_async
from harn.vm.ending import exit_code
from harn.vm.frame import EXIT, Ended, Outcome, Returned, Threw
from harn.vm.limits import Limits
from harn.vm.machine import Machine, Task
from harn.vm.modules import Program as Code
from harn.vm.policy import Policy, unknown_words


class Writable(Protocol):
    """Something to write text to."""

    def write(self, text: str, /) -> object:
        """Take a text."""
        ...


class Output:
    """Keeps what a program prints, and passes it on at once where ``copy`` is given."""

    def __init__(self, copy: Writable | None) -> None:
        self.parts: list[str] = []
        self.copy = copy

    def write(self, text: str) -> None:
        """Take a text."""
        self.parts.append(text)
        if self.copy is not None:
            self.copy.write(text)

    def flush(self) -> None:
        """Have the copy flushed."""
        flush = getattr(self.copy, "flush", None)
        if flush is not None:
            flush()

    @property
    def text(self) -> str:
        """Everything printed so far."""
        return "".join(self.parts)


class Running:
    """A machine with all that one run needs. See ``harn.embed.run`` for the options."""

    def __init__(
        self,
        *,
        args: Iterable[str] = (),
        functions: Mapping[str, Callable[..., Any]] | None = None,
        tools: Mapping[str, Callable[..., Any]] | None = None,
        host: Host | None = None,
        limits: Limits | None = None,
        allow: str | Iterable[str] | None = None,
        deny: str | Iterable[str] | None = None,
        stdout: Writable | None = None,
        seed: int | None = None,
    ) -> None:
        self.functions = {**(tools or {}), **(functions or {})}
        self.host = host or Host.system()
        if seed is not None:
            self.host = self.host.replacing(chance=SeededChance(seed))
        self.output = Output(stdout)
        self.label = ""
        self.world = world = Embedding(self.host, self.functions)
        names: dict[str, Any] = {"argv": _texts(args), **host_functions(self.functions)}
        self.vm = Machine(world, self.output, limits, _policy(allow, deny), names)
        world.vm = self.vm
        self.border = RunBorder(self.vm)

    @property
    def asynchronous(self) -> bool:
        """Whether a function of the embedding program is ``async def``."""
        return any(map(waits, self.functions.values()))

    def finish(self, code: Code) -> Result:
        """Run a program to its end, blocking."""
        return self.result(self._drive(self.vm.start(code)))

    async def finish_async(self, code: Code) -> Result:
        """Run a program to its end under asyncio or trio."""
        return self.result(await run_task_async(self.vm, self.vm.start(code)))

    def call(self, code: Code, name: str, args: Iterable[Any]) -> Any:
        """Initialise a program without running its pipeline, then call one of its functions."""
        self.result(self._drive(self.vm.start(code)))
        return self.result(self._drive(self._call(name, args))).value

    async def call_async(self, code: Code, name: str, args: Iterable[Any]) -> Any:
        """The same under asyncio or trio."""
        self.result(await run_task_async(self.vm, self.vm.start(code)))
        return self.result(await run_task_async(self.vm, self._call(name, args))).value

    def _call(self, name: str, args: Iterable[Any]) -> Task:
        from harn.embed.values import to_harn

        return self.vm.spawn(self.function(name), [to_harn(arg, self.border) for arg in args])

    def function(self, name: str) -> Any:
        """A function that the program declares at its top level. HarnError where there is none."""
        entry = self.vm.entry
        assert entry is not None
        slot = entry.by_name.get(name)
        callee = None if slot is None else entry.slots[slot]
        if not hasattr(callee, "code"):
            raise HarnError(f"the program has no function `{name}`")
        return callee

    def _drive(self, task: Task) -> Outcome:
        """Run a task; Ctrl-C lets the program clean up before KeyboardInterrupt goes on."""
        with Interrupts(lambda: interrupt(self.vm), lambda: overdue(self.vm), only_default=True) as interrupts:
            outcome = run_task(self.vm, task)
        if interrupts.signal:
            raise KeyboardInterrupt
        return outcome

    def result(self, outcome: Outcome) -> Result:
        """What an end means; raises the errors of ``harn.embed.errors``."""
        if isinstance(outcome, Returned):
            return self._result(to_python(outcome.value, self.border), exit_code(outcome.value))
        if isinstance(outcome, Ended) and outcome.completion.kind == EXIT:
            return self._result(None, outcome.completion.payload.code & 0xFF)
        error = self._error(outcome)
        error.stdout = self.output.text
        error.steps, error.usage = used(self.vm)
        raise error

    def _result(self, value: Any, code: int) -> Result:
        return Result(value, self.output.text, code, *used(self.vm))

    def _error(self, outcome: Outcome) -> HarnError:
        if isinstance(outcome, Threw):
            if outcome.error.ending:
                return CancelledError(outcome.error.text())
            return thrown_error(outcome.error, self.border)
        assert isinstance(outcome, Ended)
        reason = outcome.completion.payload
        if isinstance(reason, LimitReached):
            return LimitError(reason.kind, reason.limit, str(reason))
        if isinstance(reason, Aborted):
            return CancelledError(str(reason))
        error = InternalError(str(reason))
        error.__cause__ = reason
        return error


def _texts(args: Iterable[str]) -> list[str]:
    found = [args] if isinstance(args, str) else list(args)
    for arg in found:
        if not isinstance(arg, str):
            raise TypeError(f"the arguments of a program must be texts, not {type(arg).__qualname__}")
    return found


def _policy(allow: str | Iterable[str] | None, deny: str | Iterable[str] | None) -> Policy | None:
    if allow is None and deny is None:
        return None
    wanted = [_words(allow), _words(deny)]
    unknown = unknown_words([word for words in wanted for word in words or ()])
    if unknown:
        raise ValueError(f"`{unknown[0]}` is neither a builtin nor an effect")
    return Policy(wanted[0], wanted[1] or ())


def _words(words: str | Iterable[str] | None) -> list[str] | None:
    if isinstance(words, str):
        return [word.strip() for word in words.split(",") if word.strip()]
    return None if words is None else list(words)
