"""Timing programs: execution only, without reading, compiling and linking."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from harn.compiler.build import ENTRY, build, std_module
from harn.host.host import Host
from harn.host.streams import Discard, Nothing
from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.tools.execute import bare_fault
from harn.vm.driver import run_task
from harn.vm.frame import Returned
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program


class CannotTime(Exception):
    """The program has errors (``diagnostics``) or ended by one (``str()`` is its text)."""

    def __init__(self, text: str, diagnostics: list[Diagnostic]) -> None:
        super().__init__(text)
        self.diagnostics = diagnostics


class Subject:
    """A program that is compiled and linked, to be run again and again, each time by a machine of its own.

    ``value``: what the last run gave. CannotTime where the program has static errors.
    """

    def __init__(self, file: SourceFile) -> None:
        built = build(file)
        if built.entry is None:
            raise CannotTime("the program has errors", built.diagnostics)
        self.program = Program(link(built.entry, file, verified=ENTRY in built.compiled), built.modules, std_module)
        self.value: Any = None

    def run(self) -> float:
        """Run it once, its output thrown away; the seconds that took. CannotTime where it ends by an error."""
        host = Host.system()
        host.stdin, host.stderr = Nothing(), Discard()
        vm = Machine(host, Discard(), globals={"argv": []})
        start = perf_counter()
        outcome = run_task(vm, vm.start(self.program))
        taken = perf_counter() - start
        fault = bare_fault(outcome)
        if fault is not None:
            raise CannotTime(fault, [])
        self.value = outcome.value if isinstance(outcome, Returned) else None
        return taken
