"""Runs one program as a suite wants it: what it printed, or the bare text of what stopped it."""

from __future__ import annotations

from typing import Any

from harn.compiler import compiler
from harn.compiler.build import ENTRY, Build, build, std_module
from harn.host.failures import reason
from harn.host.host import Host
from harn.host.streams import Discard, Nothing
from harn.source.diagnostic import ERROR
from harn.source.file import SourceFile
from harn.syntax import parser
from harn.tools.verdict import ERROR as FAILED
from harn.tools.verdict import OK
from harn.vm.driver import run_task
from harn.vm.frame import EXIT, Outcome, Returned, Threw
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from harn.vm.trace import origin_line

_ = (compiler, parser)  # a worker needs them soon: imported before its first job, whose time is counted

EXECUTE = "harn.tools.execute:execute"
"""The name of ``execute`` for workers."""


class Kept:
    """Keeps what is written."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def write(self, text: str) -> None:
        """Take a text."""
        self.parts.append(text)

    def flush(self) -> None:
        """Nothing is kept back."""

    @property
    def text(self) -> str:
        """Everything written so far."""
        return "".join(self.parts)


def execute(job: dict[str, Any]) -> dict[str, Any]:
    """Run the program in the file ``job["file"]``: ``outcome`` and ``text``, as ``harn.tools.verdict`` compares them.

    ``job["pipeline"]`` may name a pipeline. The program sees an empty input and no arguments. With ``job["seeds"]`` it runs
    once for each, deterministically, until it fails: then the answer has that ``seed``.
    """
    path = job["file"]
    try:
        with open(path, "rb") as handle:
            text = handle.read().decode("utf-8")
    except OSError as error:
        return {"outcome": FAILED, "text": f"Error reading {path}: {reason(error)}", "output": ""}
    except UnicodeDecodeError:
        return {"outcome": FAILED, "text": f"Error reading {path}: the file is not UTF-8", "output": ""}
    file = SourceFile(path, text)
    built = build(file, pipeline=job.get("pipeline"), recheck=True)
    errors = [d for d in built.diagnostics if d.severity == ERROR]
    if built.entry is None or errors:
        return {"outcome": FAILED, "text": errors[0].short if errors else "", "output": ""}
    warnings = "".join(f"warning: {d.short}\n" for d in built.diagnostics)
    for seed in job.get("seeds", (None,)):
        output = Kept()
        fault = bare_fault(run_program(built, file, output, seed))
        if fault is not None:
            return {"outcome": FAILED, "text": fault, "output": output.text, "seed": seed}
    return {"outcome": OK, "text": warnings + output.text, "output": output.text}


def run_program(built: Build, file: SourceFile, output: Kept, seed: int | None = None) -> Outcome:
    """Run what was built with a host of its own: the machine's, but without input and error stream.

    With a seed it is a deterministic run, as of `harn run --deterministic --seed`.
    """
    assert built.entry is not None
    host = Host.system()
    host.stdin, host.stderr = Nothing(), Discard()
    if seed is not None:
        host = host.deterministic(seed)
    vm = Machine(host, output, globals={"argv": []})
    vm.tasks.seed = seed
    program = Program(link(built.entry, file, verified=ENTRY in built.compiled), built.modules, std_module)
    return run_task(vm, vm.start(program))


def bare_fault(outcome: Outcome) -> str | None:
    """The bare text of what ended a run; None where it came to its end."""
    if isinstance(outcome, Returned):
        return None
    if isinstance(outcome, Threw):
        outcome.error.locate(origin_line(outcome.error))
        return outcome.error.text()
    completion = outcome.completion  # type: ignore[union-attr]
    if completion.kind == EXIT:
        return None if completion.payload.code == 0 else f"exit {completion.payload.code}"
    return str(completion.payload)
