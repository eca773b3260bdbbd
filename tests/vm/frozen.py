"""Runs that stand still in a sleep, as bytes, and go on from there, perhaps in other code."""

from __future__ import annotations

from pathlib import Path

from harn.compiler.build import build
from harn.source.file import SourceFile
from harn.tools.execute import Kept
from harn.vm.driver import schedule
from harn.vm.machine import Machine
from harn.vm.modules import Program, load
from harn.vm.snapshot import freeze, thaw
from tests.freeze.running import Ended, drive, machine
from tests.freeze.worlds import FrozenWorld, Standing

ENTRY = "entry.harn"


def program(folder: Path, text: str, **modules: str) -> Program:
    """The code of a program in a folder, with the modules beside it."""
    for name, module in modules.items():
        (folder / f"{name}.harn").write_text(module, encoding="utf-8")
    path = folder / ENTRY
    path.write_text(text, encoding="utf-8")
    built = build(SourceFile(str(path), text))
    assert built.entry is not None, [d.message for d in built.diagnostics]
    return load(built)


def fresh(output: Kept | None = None) -> Machine:
    """A machine that has run nothing."""
    return machine(FrozenWorld(Standing(0.0, 0, ".")), output or Kept())


def asleep(code: Program) -> Machine:
    """A run that has come to its first sleep, or any other wait."""
    vm = fresh()
    for action in schedule(vm, vm.start(code)):
        if action[0] == "idle":
            return vm
    raise AssertionError("the program never waits")


def go_on(data: bytes, code: Program) -> Ended:
    """Thaw and run to the end; what it prints is what is printed from there on."""
    output = Kept()
    vm = fresh(output)
    thaw(data, vm, code)
    assert vm.root is not None
    return drive(vm, vm.root, output, lambda same: same)


def thawed(vm: Machine) -> Machine:
    """The same run in another machine."""
    assert vm.program is not None
    other = fresh()
    thaw(freeze(vm), other, vm.program)
    return other
