"""A program that stands still after every instruction at which it can, and may go on in another machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from harn.compiler.build import build
from harn.source.file import SourceFile
from harn.tools.execute import Kept, bare_fault
from harn.values.display import display
from harn.values.errors import HarnError
from harn.vm import driver
from harn.vm.frame import Effect, Outcome, Returned
from harn.vm.machine import Machine, Task
from harn.vm.modules import Program, load
from harn.vm.snapshot import freeze, thaw
from tests.freeze.worlds import FrozenWorld

ALL = 2_000
"""As many points of a program are all tried; of more the first and last 200, and 1,600 spread evenly between."""
_EDGE, _BETWEEN = 200, 1_600
FRESH = 50
"""One point in so many is thawed in a fresh interpreter, too."""


class Ended(NamedTuple):
    """How a run ended: what it printed, its value or error, the steps it left."""

    output: str
    value: str
    error: str | None
    steps: str


MOST = 200_000
"""A program with more points than that would take minutes by itself."""


class TooLong(Exception):
    """A program has more than MOST points."""


class Undisturbed(NamedTuple):
    """A run that nobody froze: how it ended and at how many points it could have been."""

    ended: Ended
    points: int


@contextmanager
def slices_of_one() -> Iterator[None]:
    """Every turn ends at the first safepoint it meets, and the driver's thread is offered after each."""
    before = driver.fuel, driver.BREATH
    driver.fuel, driver.BREATH = (lambda vm: 1), 0  # type: ignore[attr-defined]
    try:
        yield
    finally:
        driver.fuel, driver.BREATH = before  # type: ignore[attr-defined]


def compiled(path: Path) -> Program | None:
    """The code of a program; None for one that has static errors."""
    built = build(SourceFile(str(path), path.read_text(encoding="utf-8")))
    return None if built.entry is None else load(built)


def machine(world: FrozenWorld, output: Kept) -> Machine:
    """A fresh machine."""
    return Machine(world, output, globals={"argv": []})


Stand = Callable[[Machine], Machine]
"""What is done at a point: the machine to go on with, the same or another."""


def undisturbed(code: Program, world: FrozenWorld) -> Undisturbed:
    """Run a program in slices of one instruction and count the points; TooLong."""
    points = 0

    def stand(vm: Machine) -> Machine:
        nonlocal points
        points += 1
        if points > MOST:
            raise TooLong
        return vm

    return Undisturbed(begin(code, world, Kept(), stand), points)


def begin(code: Program, world: FrozenWorld, output: Kept, stand: Stand) -> Ended:
    """Run a program from its beginning."""
    vm = machine(world, output)
    return drive(vm, vm.start(code), output, stand)


def drive(vm: Machine, root: Task, output: Kept, stand: Stand) -> Ended:
    """Run to the end as the driver does on a virtual clock: an effect is performed when nothing else is left to do."""
    world: Any = vm.world
    plan = driver.schedule(vm, root)
    standing: dict[int, tuple[Task, Effect]] = {}
    stood = False  # at this idle point already, in the machine before
    while True:
        try:
            action = next(plan)
        except StopIteration as end:
            return _ended(vm, end.value, output)
        kind = action[0]
        if kind == "perform":
            standing[action[1]] = action[2:]
        elif kind == "abandon":
            standing.pop(action[1], None)
        elif kind == "breathe" or (kind == "idle" and not stood):
            if kind == "breathe":
                world.turn()
            other = stand(vm)
            if other is not vm:
                assert other.root is not None
                vm, standing, stood = other, {}, kind == "idle"
                plan = driver.schedule(vm, other.root)
            elif kind == "idle":
                _let_happen(vm, standing, action[1])
        elif kind == "idle":
            stood = False
            _let_happen(vm, standing, action[1])


def _let_happen(vm: Machine, standing: dict[int, tuple[Task, Effect]], seconds: float | None) -> None:
    """Perform the effect that has stood longest, or let time pass."""
    world = vm.world
    assert world is not None
    if not standing:
        world.perform(Task(), Effect("clock.sleep", "sleep", seconds), None)
        return
    number = next(iter(standing))
    task, effect = standing.pop(number)
    try:
        vm.inputs.answer(number, world.perform(task, effect, None))
    except HarnError as error:
        vm.inputs.refuse(number, error)


def _ended(vm: Machine, outcome: Outcome, output: Kept) -> Ended:
    value = display(outcome.value) if isinstance(outcome, Returned) else ""
    steps = vm.step_runtime.peek_completed_steps() if vm.step_runtime is not None else []
    return Ended(output.text, value, bare_fault(outcome), repr(steps))


def elsewhere(vm: Machine, code: Program, world: FrozenWorld, output: Kept) -> Machine:
    """The run of a machine in a fresh one."""
    other = machine(world, output)
    thaw(freeze(vm), other, code)
    return other


def chosen(points: int) -> frozenset[int]:
    """Which of so many points are tried."""
    if points <= ALL:
        return frozenset(range(points))
    between = range(_EDGE, points - _EDGE)
    spread = (between[(2 * n + 1) * len(between) // (2 * _BETWEEN)] for n in range(_BETWEEN))
    return frozenset((*range(_EDGE), *spread, *range(points - _EDGE, points)))


Keep = Callable[[bytes, Kept], Any]


def disturbed(code: Program, world: FrozenWorld, at: frozenset[int], keep: Keep | None = None, seed: int = 0) -> Ended:
    """Run a program and move it to a fresh machine at every one of these points; ``keep`` gets one snapshot in fifty."""
    output = Kept()
    point = -1
    places = sorted(at)
    kept = {
        group[(seed * 7919 + n) % len(group)] for n in range(0, len(places), FRESH) if (group := places[n : n + FRESH])
    }

    def stand(vm: Machine) -> Machine:
        nonlocal point
        point += 1
        if point not in at:
            return vm
        data = freeze(vm)
        if keep is not None and point in kept:
            keep(data, output)
        other = machine(world, output)
        thaw(data, other, code)
        return other

    return begin(code, world, output, stand)
