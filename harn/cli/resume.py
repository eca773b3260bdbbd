"""``harn resume``: go on with a run that ``harn run --checkpoint`` recorded and that did not come to its end."""

from __future__ import annotations

import json
import os
import sys

from harn.cli.exits import FAILED, INTERRUPTED, TERMINATED, TIME_LIMIT, UNDECIDED
from harn.cli.options import CommandParser, command_parser
from harn.source.typing import Any
from harn.vm.journal.file import JournalError, JournalFile
from harn.vm.journal.journal import CHOICES
from harn.vm.journal.past import Past
from harn.vm.journal.records import Header, Intent

SCHEMA = "harn.journal/1"


def resume_parser() -> CommandParser:
    """The parser of ``harn resume``."""
    parser = command_parser(
        "resume",
        "The run goes on where it stood: with the program, the arguments and the options it was begun with, in the folder\n"
        "it was begun in. Nothing is done twice. What it had printed is not printed again: where standard output is a\n"
        "regular file, its length tells what had arrived (append to it with >>; a new file gets the whole output).\n"
        "Ctrl-C ends the run as it would end any other, which its journal then says; pressed twice it gives up the\n"
        "process, and the run can be resumed.",
        examples=[
            (
                "harn resume job.journal >> job.log",
                "go on with `harn run --checkpoint job.journal job.harn >> job.log`",
            ),
            ("harn resume --status job.journal", "what the journal tells, without running anything"),
            ("harn resume --in-flight retry job.journal", "perform again what was in flight when the process died"),
        ],
        exits=[FAILED, UNDECIDED, TIME_LIMIT, INTERRUPTED, TERMINATED],
    )
    parser.add_argument(
        "file", metavar="FILE", help="the journal; a run that has finished gives its exit code once more"
    )
    parser.add_argument(
        "--in-flight",
        dest="choice",
        choices=CHOICES,
        default="",
        help="what to do about an effect that was in flight when the process died: perform it again, go on as if it had been "
        "done (its value is nil), or throw an error there. Clocks, reads and other effects that may be repeated always are",
    )
    parser.add_argument("--status", action="store_true", help="tell how far the run is, and end")
    parser.add_argument("--json", action="store_true", help="with --status: one JSON object")
    return parser


def run(arguments: list[str]) -> int:
    """Go on with a run; its exit code."""
    parser = resume_parser()
    options = parser.parse_args(arguments)
    if options.json and not options.status:
        parser.error("--json goes with --status")
    try:
        if options.status:
            return show_status(options.file, as_json=options.json)
        file = JournalFile.reopen(options.file)
        try:
            return resume(file, Past(file), options.choice)
        finally:
            file.close()
    except JournalError as error:
        print(f"error: {error}", file=sys.stderr)
        return FAILED


def resume(file: JournalFile, past: Past, choice: str) -> int:
    """Go on with the run a journal holds."""
    from harn.cli.recorded import complain, go_on, read_options
    from harn.cli.run import machine, read, show_static
    from harn.compiler.build import build
    from harn.compiler.cache import Cache
    from harn.source.file import SourceFile

    if past.exit_code is not None:
        print(f"{file.path}: this run has finished, with exit code {past.exit_code}", file=sys.stderr)
        return past.exit_code
    header = past.header
    assert header is not None
    try:
        options = read_options(header)
        text = header.program["text"]
        os.chdir(header.folder)
    except (KeyError, TypeError, ValueError):
        return complain(f"{file.path} is damaged: it does not tell how the run was begun")
    except OSError as error:
        return complain(f"the run was begun in {header.folder}, which cannot be entered: {error.strerror}")
    if text is None:
        source = read(options)
    else:
        source = SourceFile("<eval>" if options["code"] is not None else "<stdin>", text)
    if source is None:
        return FAILED
    built = build(
        source,
        pipeline=options["pipeline"],
        cache=Cache(None) if options["cache"] is False else None,
        value=options["code"] is not None,
    )
    if not show_static(built.diagnostics) or built.entry is None:
        return FAILED
    return go_on(machine(options), built, source, options, past, file, choice)


def show_status(path: str, *, as_json: bool) -> int:
    """Print what a journal tells of its run."""
    file = JournalFile.look(path)
    try:
        past = Past(file)
    finally:
        file.close()
    assert past.header is not None
    told = _status(past, past.header, file.size)
    if as_json:
        print(json.dumps(told, indent=2, ensure_ascii=False))
        return 0
    from harn.cli.recorded import call_text, place_text

    ended = "has not ended" if past.exit_code is None else f"finished with exit code {past.exit_code}"
    print(f"{told['program']}: {ended}")
    print(f"  {file.count:,} records, {file.size:,} bytes, {past.states:,} states; {past.recorded:,} bytes of output")
    for effect in past.missing.values() if past.exit_code is None else ():
        print(f"  not known to be done: {call_text(effect)}, {place_text(effect)}")
    return 0


def _status(past: Past, header: Header, size: int) -> dict[str, Any]:
    missing = past.missing.values() if past.exit_code is None else ()
    return {
        "schema": SCHEMA,
        "program": header.program.get("path") or "<eval>",
        "folder": header.folder,
        "version": header.version,
        "finished": past.exit_code is not None,
        "exit_code": past.exit_code,
        "bytes": size,
        "states": past.states,
        "output_bytes": past.recorded,
        "in_flight": [_effect(effect) for effect in missing],
    }


def _effect(effect: Intent) -> dict[str, Any]:
    return {
        "kind": effect.kind,
        "operation": effect.operation,
        "arguments": effect.shown,
        "path": effect.path,
        "line": effect.line,
        "task": effect.task,
    }
