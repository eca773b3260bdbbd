"""``harn run``: run a program.

On the path of every start: a plain ``harn run FILE [-- ARGS]`` of a program that is in the cache imports the machine, the
builtins it uses and this module. Options, diagnostics and traces are imported when there are some.
"""

from __future__ import annotations

import sys

from harn.cli.ending import ended
from harn.cli.exits import FAILED, stopped
from harn.compiler.build import Build, build, std_module
from harn.compiler.cache import Cache
from harn.host.host import Host
from harn.host.interrupts import Interrupts
from harn.source.file import SourceFile
from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.driver import interrupt, overdue, run_task
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program

if TYPE_CHECKING:
    from harn.source.diagnostic import Diagnostic


def run(arguments: list[str]) -> int:
    """Run a program; its exit code."""
    options = plain(arguments)
    if options is None:
        from harn.cli.run_options import settings

        options = settings(arguments)
    file = read(options)
    if file is None:
        return FAILED
    built = build(
        file,
        pipeline=options.get("pipeline"),
        cache=None if options.get("cache", True) else Cache(None),
        value=options.get("code") is not None,
    )
    if not show_static(built.diagnostics) or built.entry is None:
        return FAILED
    wanted = options.get("pipeline")
    if wanted is not None and wanted not in built.entry.pipelines:
        return unknown_pipeline(wanted, built.entry.pipelines)
    if options.get("checkpoint") is not None:
        from harn.cli.recorded import begin

        return begin(machine(options), built, file, options)
    return execute(built, file, options)


def plain(arguments: list[str]) -> dict[str, Any] | None:
    """The settings of ``FILE`` or ``FILE -- ARGS``; None where there are options."""
    if not arguments or arguments[0].startswith("-") or (len(arguments) > 1 and arguments[1] != "--"):
        return None
    return {"file": arguments[0], "argv": arguments[2:]}


def read(options: dict[str, Any]) -> SourceFile | None:
    """The program's text; None where it cannot be read, which has been told then."""
    code = options.get("code")
    if code is not None:
        return SourceFile("<eval>", code)
    path = options["file"]
    try:
        if path != "-":
            with open(path, "rb") as handle:
                return SourceFile(path, handle.read().decode("utf-8"))
    except (OSError, ValueError):  # told below
        pass
    from harn.cli.sources import read_source

    return read_source(path)


def machine(options: dict[str, Any]) -> Machine:
    """The machine for a run with these options."""
    host, seed = Host.system(), options.get("seed")
    if options.get("deterministic"):
        host = host.deterministic(seed or 0)
    vm = Machine(host, host.stdout, options.get("limits"), options.get("policy"), {"argv": list(options["argv"])})
    vm.tasks.seed = seed
    return vm


def execute(built: Build, file: SourceFile, options: dict[str, Any]) -> int:
    """Run what was built to its end."""
    assert built.entry is not None
    vm = machine(options)
    program = Program(link(built.entry, file), built.modules, std_module)
    report = None
    if is_reported(options):
        from harn.cli.run_report import Report

        report = Report(vm, built.entry, options)
    with Interrupts(lambda: interrupt(vm), lambda: overdue(vm)) as interrupts:
        outcome = run_task(vm, vm.start(program))
    told = report is None or report.finish(outcome)
    if interrupts.signal:
        return stopped(interrupts.signal)
    code = ended(outcome)
    return code if told else code or FAILED


def is_reported(options: dict[str, Any]) -> bool:
    """Whether something is to be told of the run beyond its output."""
    return bool(options.get("steps")) or options.get("receipt") is not None or options.get("profile") is not None


def show_static(diagnostics: list[Diagnostic]) -> bool:
    """Print static errors and warnings; whether there is no error among them."""
    if not diagnostics:
        return True
    from harn.cli.failures import show_diagnostics

    return show_diagnostics(diagnostics)


def unknown_pipeline(wanted: str, known: tuple[str, ...]) -> int:
    """Complain about a pipeline that the program does not have."""
    from harn.source.spelling import nearest

    near = nearest(wanted, known)
    hint = f"did you mean `{near}`?" if near else f"it has {', '.join(known)}" if known else "it has none"
    print(f"error: the program has no pipeline `{wanted}`; {hint}", file=sys.stderr)
    return FAILED
