"""Small programs assembled by hand, and the shortest way to run them: no parser, compiler or host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harn.code.assembler import Assembler
from harn.code.chunk import Capture, Chunk, ModuleChunk, Param
from harn.values.kinds import Closure
from harn.vm.frame import SLICED, Outcome
from harn.vm.link import link
from harn.vm.loop import run
from harn.vm.machine import Machine, ModuleInstance

Build = Callable[[Assembler], None]


def function(
    name: str, params: tuple[str, ...], build: Build, captures: tuple[Capture, ...] = (), flags: tuple[str, ...] = ()
) -> Chunk:
    """A chunk whose instructions ``build`` emits."""
    assembler = Assembler(name, name, tuple(Param(p) for p in params), captures, flags)
    build(assembler)
    return assembler.finish()


def module(*chunks: Chunk, names: tuple[str, ...] = ()) -> ModuleInstance:
    """A module of these functions; module variables are named but unset."""
    return ModuleInstance(link(ModuleChunk("hand.harn", True, chunks, names, (), (), (), (), "")))


def closure(instance: ModuleInstance, index: int) -> Closure:
    """Function number ``index`` of a module as a value without captures."""
    return Closure(instance.code.functions[index], [], instance)


def finish(machine: Machine, callee: Any, *args: Any, fuel: int = 4096) -> Outcome:
    """Call a value and run to the outcome, slice by slice."""
    task = machine.spawn(callee, list(args))
    while True:
        outcome = run(machine, task, fuel)
        if outcome is not SLICED:
            return outcome
