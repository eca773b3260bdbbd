"""Calls across the border: from Harn into functions of the embedding program, and from those back into closures."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from harn.embed.errors import LimitError, ThrownError
from harn.embed.functions import HOST_CALL, waits
from harn.embed.values import to_harn, to_python
from harn.values.errors import HarnError as ProgramError
from harn.values.errors import LimitReached, runtime_error, thrown
from harn.values.kinds import RESULT, EnumType, StructType, Value
from harn.vm.children import act_for
from harn.vm.driver import call_nested, run_task_async
from harn.vm.frame import Ended, Outcome, Returned, Threw
from harn.vm.trace import entries, origin_line

if TYPE_CHECKING:
    from harn.host.host import Host
    from harn.vm.frame import Effect
    from harn.vm.machine import Machine, Task


class Ending(BaseException):
    """The run ends while a host function is on the stack: passes through it unseen by ``except Exception``."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Closure:
    """A function of a Harn program. Call it inside a host function: ``f(x)``, in an ``async def`` one ``await f(x)``.

    It belongs to one run. Handed back to that run it is the same value again.
    """

    __slots__ = ("_border", "_value")

    def __init__(self, value: Value, border: RunBorder) -> None:
        self._value = value
        self._border = border

    def __call__(self, *args: Any) -> Any:
        """Call it; the value as a Python object. ThrownError where the function throws."""
        border = self._border.here()
        return border.call_async(self._value, args) if border.waits else border.call(self._value, args)

    @property
    def name(self) -> str:
        """The declared name, empty for a function without one."""
        return str(self._value.name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Closure) and other._value is self._value

    def __hash__(self) -> int:
        return id(self._value)

    def __repr__(self) -> str:
        return f"<harn function {self.name or 'without a name'}>"


_HERE: ContextVar[RunBorder | None] = ContextVar("harn host call", default=None)
"""The host call in progress: what a function calls counts as if its own caller did, whoever gave it the closure."""


class RunBorder:
    """The border as seen from one host call (``task`` makes it) or, without a task, from the program that started the run."""

    def __init__(self, vm: Machine, task: Task | None = None, waits: bool = False) -> None:
        self.vm = vm
        self.task = task
        self.waits = waits
        self.value_bytes = vm.value_bytes

    def here(self) -> RunBorder:
        """The border of the host call in progress, if it is one of this run."""
        current = _HERE.get()
        return current if current is not None and current.vm is self.vm else self

    def wrap_callable(self, value: Value) -> Closure:
        """The Python object for a function value."""
        return Closure(value, self)

    def unwrap_callable(self, value: Any) -> Value:
        """The function value behind a ``Closure`` of this run, else None."""
        return value._value if isinstance(value, Closure) and value._border.vm is self.vm else None

    def declared_type(self, name: str, known: StructType | EnumType | None) -> StructType | EnumType | None:
        """The type of that name in this run: in the module of the one ``known`` from an earlier run, else in any."""
        if name == RESULT.name:
            return RESULT
        modules = [m for m in (self.vm.entry, *self.vm.modules.values()) if m is not None]
        modules.sort(key=lambda module: known is None or module.path != known.module)
        for module in modules:
            slot = module.by_name.get(name)
            found = None if slot is None else module.slots[slot]
            if isinstance(found, (StructType, EnumType)):
                return found
        return known

    def call(self, callee: Value, args: tuple[Any, ...]) -> Any:
        """Call a function value now, blocking."""
        return self._value(call_nested(self.vm, self._child(callee, args)))

    async def call_async(self, callee: Value, args: tuple[Any, ...]) -> Any:
        """Call a function value; what it waits for is awaited."""
        return self._value(await run_task_async(self.vm, self._child(callee, args)))

    def _child(self, callee: Value, args: tuple[Any, ...]) -> Task:
        child = self.vm.spawn(callee, [to_harn(arg, self) for arg in args])
        if self.task is not None and self.task.result is None:
            act_for(self.vm, child, self.task)
        return child

    def _value(self, outcome: Outcome) -> Any:
        if isinstance(outcome, Returned):
            return to_python(outcome.value, self)
        if isinstance(outcome, Threw):
            raise thrown_error(outcome.error, self)
        assert isinstance(outcome, Ended)
        raise Ending(outcome.completion.payload)


def thrown_error(error: ProgramError, border: RunBorder) -> ThrownError:
    """An error that left a task, for the embedding program."""
    error.locate(origin_line(error))
    return ThrownError(error, to_python(error.bound(), border), entries(error))


class Embedding:
    """The world of an embedded run: host functions here, everything else at the host."""

    def __init__(self, host: Host, functions: Mapping[str, Callable[..., Any]]) -> None:
        self.host = host
        self.functions = dict(functions)
        self.vm: Machine | None = None

    def waits(self, effect: Effect) -> bool:
        """Whether the machine should not stand still while it is performed."""
        return waits(self.functions[effect.args[0]]) if effect.kind == HOST_CALL else self.host.waits(effect)

    def perform(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """Perform it, blocking."""
        if effect.kind != HOST_CALL:
            return self.host.perform(task, effect, patience)
        name, *args = effect.args
        target = self.functions[name]
        if waits(target):
            raise runtime_error(f"the function `{name}` is async: run the program with run_async")
        border = self._border(task, waiting=False)
        with Guard(border):
            result = target(*[to_python(arg, border) for arg in args])
            if inspect.iscoroutine(result):
                result.close()
                raise TypeError(f"the function `{name}` gave something to await: declare it with async def")
            return to_harn(result, border)

    def now(self) -> float:
        """Seconds on the host's clock that is never set back."""
        return self.host.now()

    def virtual(self) -> bool:
        """Whether that clock moves only where somebody sleeps on it."""
        return self.host.virtual()

    async def perform_async(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """The same without blocking the event loop."""
        if effect.kind != HOST_CALL or not self.waits(effect):
            if effect.kind != HOST_CALL:
                return await self.host.perform_async(task, effect, patience)
            return self.perform(task, effect, patience)
        name, *args = effect.args
        border = self._border(task, waiting=True)
        with Guard(border):
            return to_harn(await self.functions[name](*[to_python(arg, border) for arg in args]), border)

    def _border(self, task: Task, *, waiting: bool) -> RunBorder:
        assert self.vm is not None
        return RunBorder(self.vm, task, waiting)


class Guard:
    """Around a host call: says that it is in progress, and turns what it raises into what the machine understands."""

    def __init__(self, border: RunBorder) -> None:
        self.border = border

    def __enter__(self) -> None:
        self.before = _HERE.set(self.border)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        _HERE.reset(self.before)
        if isinstance(error, Ending):
            raise error.reason from None
        if isinstance(error, ThrownError):
            raise error.error
        if isinstance(error, LimitError):
            raise LimitReached(error.kind, error.limit)
        if isinstance(error, Exception) and not isinstance(error, (ProgramError, LimitReached)):
            raise host_error(error) from error


def host_error(error: Exception) -> ProgramError:
    """An exception of a host function, as a program can catch it."""
    return thrown({"category": "host_error", "message": str(error), "type": type(error).__qualname__})
