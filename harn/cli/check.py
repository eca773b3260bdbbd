"""``harn check``: what is wrong with programs, nothing of them executed."""

from __future__ import annotations

import json
import sys
from typing import Any

from harn.cli.exits import FAILED, OK
from harn.cli.options import command_parser
from harn.cli.sources import read_source, source_paths
from harn.compiler.build import build
from harn.resolve.imports import failing_imports
from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile


def run(arguments: list[str]) -> int:
    """Check files and folders; FAILED where one has an error."""
    parser = command_parser(
        "check",
        "PATH is a file, a folder (all .harn files below it), a template (.prompt) or `-` for standard input.",
        examples=[
            ("harn check main.harn", "one program with the modules it imports and the templates it names"),
            ("harn check src --json", "everything in a folder, for another program to read"),
            ("harn check --invariants agent.harn", "what its `@invariant` promises as well, on every path"),
        ],
        exits=[FAILED],
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="what to check")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--strict-types", action="store_true", help="warn of values from outside that nothing checked")
    parser.add_argument("--invariants", action="store_true", help="hold what `@invariant` promises against every path")
    options = parser.parse_args(arguments)
    findings: list[Diagnostic] = []
    failed = False
    for path in source_paths(options.paths):
        file = read_source(path)
        if file is None:
            failed = True
            continue
        found = look_at(file, strict=options.strict_types, promises=options.invariants)
        findings += found
        failed = failed or any(diagnostic.severity == ERROR for diagnostic in found)
        if not options.json:
            show(path, found)
    if options.json:
        print(json.dumps({"schema": "harn.check/1", "ok": not failed, "diagnostics": [as_data(d) for d in findings]}))
    return FAILED if failed else OK


def look_at(file: SourceFile, *, strict: bool, promises: bool) -> list[Diagnostic]:
    """What is wrong with a program, its imports and the templates it names, or with a template file."""
    from harn.tools.templates import SUFFIX, called_templates, template_file

    if file.path.endswith(SUFFIX):
        return template_file(file)
    built = build(file, recheck=True, strict=strict)
    found = built.diagnostics
    if built.entry is not None:
        found = [*failing_imports(built.entry.imports, file), *found]
    found = [*found, *called_templates(file)]
    if promises:
        from harn.tools.invariants.analysis import invariants

        found = [*found, *invariants(file)]
    return found


def show(path: str, found: list[Diagnostic]) -> None:
    """Print what was found, or that nothing was."""
    if not found:
        print(f"{path}: ok")
        return
    from harn.cli.failures import show_diagnostics

    sys.stdout.flush()
    show_diagnostics(found)


def as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic for JSON; lines and columns count from 1, 0 where unknown."""
    path, line, column = diagnostic.place
    end_line, end_column = line, column
    if diagnostic.file is not None and diagnostic.span is not None:
        end_line, end_column = diagnostic.file.position(diagnostic.span.end)
    return {
        "severity": diagnostic.severity,
        "code": diagnostic.code,
        "message": diagnostic.message,
        "path": path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "notes": [note.text for note in diagnostic.notes],
        "suggestion": diagnostic.help,
    }
