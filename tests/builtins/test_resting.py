"""A run at rest is data: whatever a builtin that calls back keeps while its callback runs is values, numbers and records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from harn.values.equality import equal
from harn.values.keys import set_of
from harn.values.kinds import Builtin, Cell, Closure, Generator, Iter, Pair, Range, Set, Unset
from harn.vm.frame import SLICED, End, Frame, Native, Returned, Side
from harn.vm.loop import run
from harn.vm.machine import Machine, Task
from tests.builtins.driving import method
from tests.vm.handmade import closure, function, module

LEAVES = (type(None), bool, int, float, str, bytes, Range, Builtin, Unset, End)


def identity(count: int) -> Closure:
    """A function of that many arguments that gives its last."""

    def build(a: Any) -> None:
        a.emit("LOAD", count - 1)
        a.emit("RETURN")

    return closure(module(function("identity", tuple(f"p{n}" for n in range(count)), build)), 0)


def parts(record: Any) -> Iterator[Any]:
    """What a record or value consists of; an assertion fails on any class that is neither."""
    kind = record.__class__
    if kind in (list, tuple):
        yield from record
    elif kind is dict:
        yield from record.values()
    elif kind is Set:
        yield from record.members.values()
    elif kind is Closure:
        yield from record.captures
    elif isinstance(record, Frame | Native | Side | Pair | Iter | Generator | Cell):
        slots = [slot for base in kind.__mro__ for slot in getattr(base, "__slots__", ())]
        yield from (getattr(record, slot) for slot in slots if slot != "code" and hasattr(record, slot))
    else:
        assert kind in LEAVES, f"a task at rest holds a {kind}"


def assert_data(task: Task) -> None:
    """Walk everything reachable from a task."""
    pending: list[Any] = [*task.frames, task.request]
    met: set[int] = set()
    while pending:
        record = pending.pop()
        if id(record) not in met:
            met.add(id(record))
            pending.extend(parts(record))


LISTS = ["map", "filter", "flat_map", "partition", "group_by", "sort_by", "min_by", "max_by"]
SEARCHES = ["find", "find_index", "any", "all", "none"]
SETS = ["map", "filter", "any", "all"]
DICTS = ["map_values", "filter", "map_keys"]
ADAPTERS = ["map", "filter", "flat_map", "take_while", "skip_while"]
SINKS = ["any", "all", "find", "for_each"]
ONE, TWO = identity(1), identity(2)

CASES: list[tuple[str, Any]] = [
    *((f"list.{name}", ([[1], [0], [3]], name, [ONE])) for name in LISTS + SEARCHES),
    *((f"set.{name}", (set_of([1, 0, 3]), name, [ONE])) for name in SETS),
    *((f"dict.{name}", ({"a": 1, "b": 0}, name, [ONE])) for name in DICTS),
    ("list.reduce", ([1, 2, 3], "reduce", [0, TWO])),
]


def rest(receiver: Any, name: str, arguments: list[Any]) -> Any:
    """Run with fuel for one step at a time, looking at the task each time it rests; the value in the end."""
    task = Task()
    task.request = ("method", receiver, name, arguments)
    machine = Machine()
    rests = 0
    while (outcome := run(machine, task, 1)) is SLICED:
        assert_data(task)
        rests += 1
    assert rests, "the run never rested"
    assert isinstance(outcome, Returned)
    return outcome.value


@pytest.mark.parametrize(("label", "case"), CASES, ids=[label for label, _ in CASES])
def test_eager_walks_rest_as_data(label: str, case: Any) -> None:
    receiver, name, arguments = case
    assert equal(rest(receiver, name, arguments), method(receiver, name, *arguments))


@pytest.mark.parametrize("adapter", ADAPTERS)
@pytest.mark.parametrize("source", [[[1], [], [2]], {"a": 1}, set_of([0, 1]), "abc", Range(1, 3, False)])
def test_iterators_rest_as_data(adapter: str, source: Any) -> None:
    if adapter == "flat_map" and not isinstance(source, list | str):
        source = [source, source]

    def lazy() -> Any:
        chain = method(method(method(source, "iter"), adapter, ONE), "enumerate")
        chain = method(method(method(chain, "chain", "xy"), "zip", source), "skip", 1)
        return method(method(chain, "windows", 1), "chunks", 2)

    assert equal(rest(lazy(), "to_list", []), method(lazy(), "to_list"))


@pytest.mark.parametrize("sink", SINKS)
def test_sinks_rest_as_data(sink: str) -> None:
    assert equal(
        rest(method(method([1, 2], "iter"), "map", ONE), sink, [ONE]),
        method(method(method([1, 2], "iter"), "map", ONE), sink, ONE),
    )
    assert rest(method(method([1, 2], "iter"), "map", ONE), "reduce", [0, TWO]) == 2
