"""What the inputs are fed to. A target takes bytes, as they would be read from a file, and must come back: with whatever
result, but without an exception, a hang, or a Python recursion error."""

from __future__ import annotations

from collections.abc import Callable

from harn.compiler.build import build, std_module
from harn.compiler.cache import Cache
from harn.host.host import Host
from harn.host.streams import Discard
from harn.source.decode import decode
from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.source.render import render
from harn.syntax.parser import parse
from harn.tools.fmt import format_file
from harn.vm.defects import InternalFault
from harn.vm.driver import run_task
from harn.vm.frame import Ended, Threw
from harn.vm.limits import Limits
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program


def parse_bytes(data: bytes) -> None:
    """Every text gives a tree or diagnostics that stand in the text and can be shown."""
    file, problem = decode("<fuzz>", data)
    if problem is not None:
        told(problem, file)
    program, diagnostics = parse(file)
    assert program is not None or diagnostics
    for diagnostic in diagnostics:
        told(diagnostic, file)


def told(diagnostic: Diagnostic, file: SourceFile) -> None:
    """A diagnostic says something, at a place that exists."""
    assert diagnostic.short
    assert render(diagnostic).endswith("\n")
    _, line, column = diagnostic.place
    assert line >= 1
    assert 1 <= column <= len(file.line(line) or "") + 1


def format_bytes(data: bytes) -> None:
    """What is formatted stays the same program, and formatting it again changes nothing."""
    file, problem = decode("<fuzz>", data)
    if problem is not None:
        return
    text = format_file(file).text
    if text is not None:
        assert format_file(SourceFile("<fuzz>", text)).text == text


def run_bytes(data: bytes) -> None:
    """A program ends by a value, an error of its own, an exit or a limit; static errors can be shown."""
    file, problem = decode("<fuzz>", data)
    if problem is not None:
        return
    built = build(file, cache=Cache(None))
    for diagnostic in built.diagnostics:
        told(diagnostic, file)
    if built.entry is None:
        assert built.diagnostics
        return
    limits = Limits(instructions=20_000, seconds=2, value_bytes=2**20, output_bytes=2**16)
    vm = Machine(Host.sandbox(), Discard(), limits, globals={"argv": []})
    outcome = run_task(vm, vm.start(Program(link(built.entry, file, verified=True), built.modules, std_module)))
    if isinstance(outcome, Threw):
        assert outcome.error.text()
    elif isinstance(outcome, Ended) and isinstance(outcome.completion.payload, InternalFault):
        raise outcome.completion.payload


TARGETS: dict[str, Callable[[bytes], None]] = {"parse": parse_bytes, "format": format_bytes, "run": run_bytes}
