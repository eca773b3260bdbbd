"""Runs with a journal: how one is begun, gone on with and ended. Off the fast path."""

from __future__ import annotations

import os
import sys

import harn
from harn.cli.ending import ended
from harn.cli.exits import FAILED, UNDECIDED, stopped
from harn.cli.run import is_reported
from harn.compiler.build import Build, std_module
from harn.host.interrupts import Interrupts
from harn.source.file import SourceFile
from harn.source.typing import Any
from harn.values.errors import LimitReached
from harn.vm.driver import interrupt, overdue, run_task
from harn.vm.frame import EXIT, Ended, Outcome
from harn.vm.journal.file import JournalError, JournalFile
from harn.vm.journal.identity import code_hash
from harn.vm.journal.journal import SHAPED, Halted, Journal, Undecided
from harn.vm.journal.output import StandardOutput
from harn.vm.journal.past import Past
from harn.vm.journal.records import FORMAT, HEADER, Header, Intent, packed
from harn.vm.limits import Limits
from harn.vm.link import link
from harn.vm.machine import Machine, Task
from harn.vm.modules import Program
from harn.vm.policy import Policy


def begin(vm: Machine, built: Build, file: SourceFile, options: dict[str, Any]) -> int:
    """Run what was built with a new journal; the exit code."""
    assert built.entry is not None
    try:
        journal_file = JournalFile.create(options["checkpoint"])
    except JournalError as error:
        return complain(str(error))
    header = Header(
        FORMAT,
        harn.__version__,
        {"path": options["file"], "text": None if reads_again(options) else file.text},
        code_hash(built.entry, built.modules),
        os.getcwd(),
        written(options),
    )
    journal_file.write(HEADER, packed(header))
    journal = Journal(journal_file, sync=options.get("sync", False))
    try:
        return drive(vm, built, file, options, journal, None)
    finally:
        journal_file.close()


def reads_again(options: dict[str, Any]) -> bool:
    """Whether the program is in a file that a resume can read, so that its text need not be kept."""
    return options.get("code") is None and options["file"] != "-"


def written(options: dict[str, Any]) -> dict[str, Any]:
    """The options of a run as a journal holds them."""
    policy: Policy | None = options.get("policy")
    limits: Limits = options.get("limits") or Limits()
    return {
        **{name: options.get(name) for name in PLAIN},
        "argv": list(options["argv"]),
        "value": options.get("code") is not None,
        "limits": {kind: getattr(limits, kind) for kind in Limits.__slots__ if getattr(limits, kind) is not None},
        "policy": None if policy is None else [policy.allow and sorted(policy.allow), sorted(policy.deny)],
    }


PLAIN = ("pipeline", "cache", "deterministic", "profile", "receipt", "seed", "steps", "sync")
"""Options that a journal holds as they are."""


def read_options(header: Header) -> dict[str, Any]:
    """The options of a run from its journal, as ``harn.cli.run`` wants them. KeyError, TypeError, ValueError for other data."""
    kept, program = header.options, header.program
    policy = kept["policy"]
    named = [program["path"], program["text"], kept["pipeline"], kept["profile"], kept["receipt"]]
    if not all(one is None or isinstance(one, str) for one in named) or (named[0] is None and named[1] is None):
        raise TypeError
    if not isinstance(kept["argv"], list) or not all(isinstance(word, str) for word in kept["argv"]):
        raise TypeError
    return {
        **{name: kept[name] for name in PLAIN},
        "file": program["path"],
        "code": program["text"] if kept["value"] else None,
        "argv": kept["argv"],
        "limits": Limits(**kept["limits"]),
        "policy": None if policy is None else Policy(*policy),
    }


def go_on(
    vm: Machine,
    built: Build,
    file: SourceFile,
    options: dict[str, Any],
    past: Past,
    journal_file: JournalFile,
    choice: str,
) -> int:
    """Go on with a run from its journal, with the options that it has from there; the exit code."""
    header = past.header
    assert header is not None
    assert built.entry is not None
    if past.state is None and code_hash(built.entry, built.modules) != header.code:
        return complain(
            f"{file.path} has changed since the run began, and the run had not come far enough for its state to be in "
            f"{past.path}: bring the program back as it was, or delete the journal and start anew"
        )
    journal = Journal(journal_file, past=past, choice=choice, sync=bool(options["sync"]))
    return drive(vm, built, file, options, journal, past)


def drive(
    vm: Machine, built: Build, file: SourceFile, options: dict[str, Any], journal: Journal, past: Past | None
) -> int:
    """Run to the end, recording; the exit code."""
    assert built.entry is not None
    program = Program(link(built.entry, file), built.modules, std_module)
    report = None
    if is_reported(options):
        from harn.cli.run_report import Report

        report = Report(vm, built.entry, options)
    try:
        task = vm.start(program) if past is None or past.state is None else thawed(vm, program, past.state.taken)
        journal.attach(vm, StandardOutput())
        with Interrupts(lambda: interrupt(vm), lambda: _overdue(vm)) as interrupts:
            outcome = run_task(vm, task)
    except Halted as halt:
        return show_halt(halt)
    if isinstance(outcome, Ended) and isinstance(outcome.completion.payload, Halted):
        return show_halt(outcome.completion.payload)
    told = report is None or report.finish(outcome)
    code = _code(outcome, interrupts.signal, told)
    if _is_over(outcome):
        try:
            journal.finish(code)
        except Halted as halt:
            return show_halt(halt)
    return code


def _is_over(outcome: Outcome) -> bool:
    """Whether the run has come to its end, by itself or by a limit; not where it was given up, or by a defect of ours."""
    if not isinstance(outcome, Ended) or outcome.completion.kind == EXIT:
        return True
    return isinstance(outcome.completion.payload, LimitReached)


def thawed(vm: Machine, program: Program, state: bytes) -> Task:
    """The root task of a run as it stood when its state was written. Halted where that cannot be read, or not any more."""
    from harn.vm.snapshot import SnapshotError, thaw

    try:
        thaw(state, vm, program)
    except SnapshotError as error:
        raise Halted(str(error)) from None
    assert vm.root is not None
    return vm.root


def _overdue(vm: Machine) -> None:
    """An interrupt that was not noticed waits for the end of the turn, which a resume can repeat; a second one does not."""
    if vm.interrupts > 1:
        overdue(vm)


def _code(outcome: Outcome, signal: int, told: bool) -> int:
    if signal:
        return stopped(signal)
    code = ended(outcome)
    return code if told else code or FAILED


def show_halt(halt: Halted) -> int:
    """Print why a process cannot go on with its run; the exit code."""
    if isinstance(halt, Undecided):
        return show_undecided(halt.effects)
    return complain(str(halt))


def show_undecided(effects: list[Intent]) -> int:
    """Print which effects were in flight, and what can be done."""
    many = len(effects) > 1
    which, were = ("these effects were", "they were") if many else ("this effect was", "it was")
    lines = [f"error: the process died while {which} being performed, and whether {were} done is unknown:"]
    for effect in effects:
        lines.append(f"  {call_text(effect)}")
        lines.append(f"    {place_text(effect)}" + ("; it may have been billed" if effect.kind == "llm.call" else ""))
    lines.append("say what is to be done with --in-flight:")
    lines.append(f"  retry  perform {'them' if many else 'it'} now, perhaps for the second time")
    if not any(effect.kind in SHAPED for effect in effects):
        lines.append("  skip   go on as if it had been done, with nil as its value")
    lines.append("  fail   throw an error there, which the program may catch")
    print("\n".join(lines), file=sys.stderr)
    return UNDECIDED


def call_text(effect: Intent) -> str:
    """``fs.write append("log.txt", "a line")``."""
    return f"{effect.kind}{' ' if effect.operation else ''}{effect.operation}({effect.shown})"


def place_text(effect: Intent) -> str:
    """``jobs.harn, line 12, in task_root``."""
    place = f"{effect.path}, line {effect.line}, " if effect.path else ""
    return f"{place}in {effect.task}"


def complain(text: str) -> int:
    """Print an error; the exit code."""
    print(f"error: {text}", file=sys.stderr)
    return FAILED
