"""A run at rest as bytes and back: identity, depth, constants, time, effects in flight, and a row for every record."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

from harn.host.processes import Completed
from harn.values import kinds
from harn.vm import driver, frame, scheduler
from harn.vm.channels import Channel
from harn.vm.frame import END, Native
from harn.vm.machine import Machine
from harn.vm.snapshot import SnapshotError, freeze, thaw
from harn.vm.snapshot import machine as frozen_machine
from harn.vm.snapshot.registry import in_packages, module_names, row_of
from tests.vm.frozen import asleep, fresh, go_on, program, thawed

WAITING = "sleep(1s)\n"


def through(value: Any, folder: Path) -> Any:
    """A value as it is after a run that held it was thawed."""
    vm = asleep(program(folder, WAITING))
    vm.areas["held"] = value
    return thawed(vm).areas["held"]


def test_what_is_shared_stays_shared(tmp_path: Path) -> None:
    shared: list[Any] = [1, "two", 3.5, None, True, b"six"]
    found = through([shared, {"again": shared}, kinds.Pair(shared, (shared,))], tmp_path)
    assert found[0] == shared
    assert found[0] is found[1]["again"] is found[2].first is found[2].second[0]


def test_what_is_equal_but_not_the_same_stays_apart(tmp_path: Path) -> None:
    found = through([[1], [1], -0.0, 0.0, 1, 1.0, True], tmp_path)
    assert found[0] is not found[1]
    assert [repr(value) for value in found[2:]] == ["-0.0", "0.0", "1", "1.0", "True"]


def test_depth_and_sharing_cost_no_more_than_they_are(tmp_path: Path) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    doubled: list[Any] = []
    for _ in range(60):
        doubled = [doubled, doubled]
    vm = asleep(program(tmp_path, WAITING))
    vm.areas["held"] = (deep, doubled)
    data = freeze(vm)
    assert len(data) < 2_000_000
    inner, shared = thawed(vm).areas["held"]
    depth = 0
    while inner:
        (inner,) = inner
        depth += 1
    assert depth == 100_000
    assert shared[0] is shared[1]


def test_there_is_one_of_what_there_is_one_of(tmp_path: Path) -> None:
    found = through([END, kinds.UNSET, kinds.RESULT, frame.AGAIN], tmp_path)
    assert found[0] is END
    assert found[1] is kinds.UNSET
    assert found[2] is kinds.RESULT


def test_members_known_by_identity_are_found_again(tmp_path: Path) -> None:
    code = program(
        tmp_path,
        "struct Point { x: int }\nlet it = iter([1, 2])\nlet seen = set(it, {of: Point}, Point, 1)\nsleep(1s)\n"
        "println([seen.contains(it), seen.contains({of: Point}), seen.contains(Point), seen.contains(2)])\n",
    )
    assert go_on(freeze(asleep(code)), code).output == "[true, true, true, false]\n"


def test_values_that_contain_themselves_are_refused(tmp_path: Path) -> None:
    loop: list[Any] = []
    loop.append([loop])
    with pytest.raises(SnapshotError, match="contains itself"):
        through(loop, tmp_path)


@pytest.mark.parametrize("foreign", [open, lambda: 1, iter([1]), Path(), object(), {1: {2: range(3)}}])
def test_what_is_no_record_is_refused(foreign: Any, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="cannot travel"):
        through([foreign], tmp_path)


def test_timers_keep_the_time_that_was_left(tmp_path: Path) -> None:
    code = program(tmp_path, "sleep(10s)\n")
    vm = asleep(code)
    world: Any = vm.world
    world.clock.advance(4.0)
    other = fresh()
    later: Any = other.world
    later.clock.advance(1_000_000.0)
    thaw(freeze(vm), other, code)
    assert other.tasks.due() == pytest.approx(other.clock() + 6.0)


def test_an_effect_in_flight_is_told_again_with_its_number(tmp_path: Path) -> None:
    code = program(tmp_path, 'println(exec("true").stdout)\n')
    vm = fresh()
    plan = driver.schedule(vm, vm.start(code))
    action = next(action for action in plan if action[0] == "perform")
    other = thawed(vm)
    again = next(driver.schedule(other, other.root))  # type: ignore[arg-type]
    assert again[:2] == action[:2]
    assert (again[3].kind, again[3].args) == (action[3].kind, action[3].args)


def test_an_answer_that_nobody_has_taken_travels(tmp_path: Path) -> None:
    code = program(tmp_path, 'println(exec("true").stdout)\n')
    vm = fresh()
    plan = driver.schedule(vm, vm.start(code))
    number = next(action[1] for action in plan if action[0] == "perform")
    vm.inputs.answer(number, Completed(0, b"yes", b""))
    assert go_on(freeze(vm), code).output == "yes\n"


def test_limits_go_on_where_none_are_given(tmp_path: Path) -> None:
    code = program(tmp_path, "sleep(1s)\nwhile true {}\n")
    vm = asleep(code)
    vm.limits.instructions = 5_000
    assert go_on(freeze(vm), code).error == "the run reached its limit of 5,000 instructions"


def test_a_run_that_has_not_begun_is_refused() -> None:
    with pytest.raises(SnapshotError, match="has not begun"):
        freeze(Machine())


def test_every_attribute_of_a_machine_is_spoken_for() -> None:
    declared = (*frozen_machine.STATE, *frozen_machine.CONVERTED, *frozen_machine.BROUGHT)
    assert sorted(declared) == sorted(vars(Machine()))


def records() -> list[type]:
    """Every class of the packages that may hold records whose objects stand in tasks or answer for them."""
    bases = (Native, scheduler.Waiting, *(cls for cls in frame.Answer.__args__ if cls.__module__ == frame.__name__))
    others = (frame.Frame, frame.Side, frame.Completion, frame.Effect, scheduler.Scheduler, Channel, *kinds._NAMES)
    found = {cls for cls in others if in_packages(cls.__module__)}
    for name in module_names():
        for cls in vars(importlib.import_module(name)).values():
            if inspect.isclass(cls) and cls.__module__ == name and issubclass(cls, bases):
                found.add(cls)
    return sorted(found, key=lambda cls: (cls.__module__, cls.__qualname__))


@pytest.mark.parametrize("cls", records(), ids=lambda cls: cls.__qualname__)
def test_every_record_has_a_row(cls: type) -> None:
    row = row_of(cls)
    assert row.name == f"{cls.__module__}:{cls.__qualname__}"
    assert row.fill is not None or row.make is not None
