"""Calling builtins through the machine, with Python functions as callbacks: no program is compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harn.catalog.index import record
from harn.values.errors import HarnError
from harn.values.kinds import Builtin
from harn.vm.frame import SLICED, Ended, Returned, Threw
from harn.vm.limits import Limits
from harn.vm.loop import run
from harn.vm.machine import Machine, Task


class Callback:
    """A callable value that is a Python function; ``seen`` are the arguments of each call."""

    harn_callable = True
    harn_type = "builtin"

    def __init__(self, fn: Callable[..., Any]) -> None:
        self.fn = fn
        self.seen: list[tuple[Any, ...]] = []

    def request(self, vm: Machine, task: Task, args: list[Any]) -> tuple[Any, ...]:
        self.seen.append(tuple(args))
        return ("deliver", self.fn(*args))


def callback(fn: Any) -> Any:
    """``fn`` as a value of the machine; what cannot be called stays what it is."""
    return Callback(fn) if callable(fn) and not isinstance(fn, Callback | Builtin) else fn


def builtin(name: str) -> Builtin:
    """A builtin function as a value."""
    found = record(name)
    assert found is not None, name
    return Builtin(name, found)


def call(name: str, *args: Any, value_bytes: int = 2**30) -> Any:
    """What the builtin function gives; HarnError and LimitReached are raised."""
    return _finish(("call", builtin(name), [callback(arg) for arg in args]), value_bytes)


def method(receiver: Any, name: str, *args: Any, value_bytes: int = 2**30) -> Any:
    """What ``receiver.name(args)`` gives."""
    return _finish(("method", receiver, name, [callback(arg) for arg in args]), value_bytes)


def drained(iterator: Any) -> list[Any]:
    """All elements left in an iterator."""
    found: list[Any] = method(iterator, "to_list")
    return found


def _finish(request: tuple[Any, ...], value_bytes: int) -> Any:
    machine = Machine(limits=Limits(value_bytes=value_bytes))
    task = Task()
    task.request = request
    while True:
        outcome = run(machine, task, 4096)
        if outcome is SLICED:
            continue
        if isinstance(outcome, Returned):
            return outcome.value
        if isinstance(outcome, Threw):
            raise outcome.error
        assert isinstance(outcome, Ended), outcome
        raise outcome.completion.payload


def failing(number: int, fn: Callable[..., Any], error: HarnError) -> Callback:
    """A callback that throws at its call ``number``, counted from 0."""

    def maybe(*args: Any) -> Any:
        if len(made.seen) > number:
            raise error
        return fn(*args)

    made = Callback(maybe)
    return made
