"""A run at rest is data: whatever can be reached from a suspended task is a value, a number or a record of the machine.

No Python function, generator, iterator, lock, file or module is among it. The walk stops at code, which is held by name.
"""

from __future__ import annotations

import enum
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import harn
from harn.host.clock import VirtualClock
from harn.syntax import nodes
from harn.values.kinds import Builtin
from harn.vm import driver, loop
from harn.vm.frame import SLICED
from harn.vm.linked import Code, LinkedModule
from harn.vm.machine import Machine, ModuleInstance, Task
from tests.strategies import pure
from tests.vm.running import Running, program

SUITE = Path(__file__).parents[2] / "conformance" / "tests"
PLAIN = (type(None), bool, int, float, str, bytes, Decimal)
NAMED = (Code, LinkedModule, Builtin)
"""What a snapshot writes as a name, and finds again when it is read."""


def parts(record: Any) -> list[Any]:
    """What a record or value consists of; an assertion fails on anything that is neither."""
    kind = record.__class__
    if kind in PLAIN or isinstance(record, (*NAMED, enum.Enum)):
        return []
    if isinstance(record, list | tuple | set | frozenset):
        return list(record)
    if isinstance(record, dict):
        return [*record.keys(), *record.values()]
    if isinstance(record, ModuleInstance):
        return [record.slots]
    assert kind.__module__.startswith("harn."), f"a task at rest holds a {kind.__module__}.{kind.__qualname__}"
    assert kind is not Machine, "a task at rest holds its machine"
    slots = [slot for base in kind.__mro__ for slot in getattr(base, "__slots__", ())]
    held = [getattr(record, slot) for slot in slots if slot != "__weakref__" and hasattr(record, slot)]
    return [*held, *getattr(record, "__dict__", {}).values()]


def assert_data(task: Task) -> None:
    """Walk everything reachable from a task."""
    pending: list[Any] = [task]
    met: dict[int, Any] = {}
    while pending:
        record = pending.pop()
        if id(record) not in met:
            met[id(record)] = record
            pending.extend(parts(record))


@given(pure.programs(100))
def test_programs_rest_as_data(grown: nodes.Program) -> None:
    running = Running(program(grown))
    while running.advance(15) is None and running.slices < 60:
        assert_data(running.task)


def test_fixtures_rest_as_data(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0

    def in_short_slices(vm: Any, task: Any, fuel: int) -> Any:
        nonlocal looks
        outcome = loop.run(vm, task, min(fuel, 25))
        if looks < 40:
            looks += 1
            assert_data(task)
        return outcome

    monkeypatch.setattr(driver, "run", in_short_slices)
    for path in sorted(SUITE.rglob("*.harn")):
        if path.with_suffix(".expected").exists():
            monkeypatch.chdir(path.parent)
            looks = 0
            harn.load(path).run(host=harn.Host.system().replacing(clock=VirtualClock()))


def test_the_walk_meets_what_does_not_belong() -> None:
    task = Task()
    task.frames.append(iter([1]))
    with pytest.raises(AssertionError, match="list_iterator"):
        assert_data(task)


def test_a_slice_ends_between_instructions() -> None:
    running = Running(program(nodes.Program((nodes.While(nodes.BoolLiteral(True), ()),))))
    for _ in range(5):
        assert loop.run(running.machine, running.task, 10) is SLICED
