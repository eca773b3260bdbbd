"""Two runs side by side share nothing that either can change: no attribute of a module differs after they have run in turns."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import harn
from tests.vm.running import Running, program, tree

SUITE = Path(__file__).parents[2] / "conformance" / "tests"

CACHES = {
    "harn.catalog.index": "records and signatures, read once by name",
    "harn.vm.ops.linking": "builtins as values, one object for each name",
    "harn.vm.ops.calls": "methods found by type and name",
    "harn.values.checks": "parameter checks, made once for each type",
}
"""Modules whose attributes may grow, with what they keep: all of it depends on names alone."""

FIRST = """
struct Point { x, y }
fn sum(xs) { return xs.reduce(0, { a, b -> a + b }) }
fn walk(n) {
  for i in 0 to n { yield i }
}
var log = []
for i in walk(20) {
  log += [sum([i, 1]), Point {x: i, y: log.count}]
  try { if i % 3 == 0 { throw "three" } } catch (e) { log += [e] } finally { log += ["f"] }
}
println(log)
println(json_stringify(json_parse("{\\"a\\": [1, 2]}")))
println(set(1, 2).union(set(3)))
println(regex_match("a+", "caat"))
"""
SECOND = FIRST.replace("20", "31").replace("three", "drei").replace("Point", "Place").replace("1, 2", "7, 8")


def state() -> dict[tuple[str, str], Any]:
    """Every attribute of every module of the project: what it is and, of a collection, what it holds."""
    return {key: fingerprint(value) for key, value in attributes()}


def attributes() -> Iterator[tuple[tuple[str, str], Any]]:
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "harn" and module is not None:
            for attribute, value in list(vars(module).items()):
                if not attribute.startswith("__") and sys.modules.get(f"{name}.{attribute}") is not value:
                    yield (name, attribute), value


def fingerprint(value: Any) -> Any:
    if isinstance(value, dict):
        return id(value), tuple((id(key), id(held)) for key, held in value.items())
    if isinstance(value, list | set | frozenset | tuple):
        return id(value), tuple(sorted(map(id, value)))
    return id(value)


def changed(before: dict[tuple[str, str], Any]) -> set[str]:
    """The attributes that differ; a module imported meanwhile is new, not changed."""
    now = state()
    differing = {key for key, value in before.items() if key in now and now[key] != value}
    return {f"{module}.{name}" for module, name in differing if module not in CACHES}


def test_two_machines_in_turns_change_no_module() -> None:
    codes = [program(tree(FIRST)), program(tree(SECOND))]
    alone = [Running(code).finish(10**9).output for code in codes]
    before = state()
    runs = [Running(code) for code in codes]
    ended: list[Any] = [None, None]
    while None in ended:
        for number, run in enumerate(runs):
            ended[number] = ended[number] or run.advance(3)
    assert [ending.output for ending in ended] == alone
    assert changed(before) == set()


def test_a_first_run_changes_only_caches() -> None:
    codes = [program(tree(FIRST)), program(tree(SECOND))]
    before = state()
    for code in codes:
        Running(code).finish(10**9)
    assert changed(before) == set()


def test_whole_programs_leave_nothing_behind() -> None:
    paths = [SUITE / "modules" / "shared_state.harn", SUITE / "modules" / "types_of_modules.harn"]
    programs = [harn.load(path) for path in paths]
    first = [ready.run().stdout for ready in programs]
    before = state()
    assert [ready.run().stdout for ready in reversed(programs)] == first[::-1]
    assert changed(before) == set()
