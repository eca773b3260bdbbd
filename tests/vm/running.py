"""Running trees and texts on a bare machine: no cache, no host, and a loop and fuel of the test's own choosing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from harn.compiler.compiler import compile_module
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse_program
from harn.values.display import display
from harn.values.errors import THROWN
from harn.vm import loop
from harn.vm.frame import SLICED, Ended, Outcome, Returned, Threw
from harn.vm.limits import Limits
from harn.vm.link import link
from harn.vm.machine import Machine, Task
from harn.vm.modules import Program

Loop = Callable[[Any, Any, int], Outcome]


class Printed:
    """An output that keeps what is written."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        self.parts.append(text)

    def flush(self) -> None:
        pass


class Ending(NamedTuple):
    """What a run printed and how it ended: ``value`` the display of what it gave, or ``error`` as a catch would see it."""

    output: str
    value: str | None = None
    error: str | None = None
    thrown: bool = False


def tree(text: str) -> nodes.Program:
    """The tree of a text."""
    return parse_program(SourceFile("test.harn", text))


def program(parsed: nodes.Program) -> Program:
    """The code of a program without imports; CompileFault where it has errors."""
    return Program(link(compile_module(parsed, SourceFile("test.harn", ""), entry=True, imports={})), {})


class Running:
    """A run that stands still between two slices."""

    def __init__(self, code: Program, limits: Limits | None = None) -> None:
        self.printed = Printed()
        self.machine = Machine(output=self.printed, limits=limits)
        self.task: Task = self.machine.start(code)
        self.slices = 0
        self.used = 0

    def advance(self, fuel: int, run: Loop = loop.run) -> Ending | None:
        """One slice; None where the run goes on."""
        outcome = run(self.machine, self.task, fuel)
        self.slices += 1
        self.used += fuel - self.task.fuel
        return None if outcome is SLICED else self._ending(outcome)

    def finish(self, fuel: int, run: Loop = loop.run) -> Ending:
        """Slices of one size up to the end."""
        while (ending := self.advance(fuel, run)) is None:
            pass
        return ending

    def _ending(self, outcome: Outcome) -> Ending:
        output = "".join(self.printed.parts)
        if isinstance(outcome, Returned):
            return Ending(output, value=display(outcome.value))
        if isinstance(outcome, Threw):
            error = outcome.error
            return Ending(output, error=display(error.bound()), thrown=error.kind == THROWN)
        assert isinstance(outcome, Ended), outcome
        raise outcome.completion.payload
