"""``harn lint``."""

from __future__ import annotations

import json
import sys
from typing import Any

from harn.cli.exits import FAILED, OK
from harn.cli.options import command_parser
from harn.cli.sources import STDIN, read_source, source_paths
from harn.source.diagnostic import ERROR
from harn.source.file import SourceFile


def run(arguments: list[str]) -> int:
    """Lint files and folders; FAILED where something is an error, or anything at all in a strict project."""
    parser = command_parser(
        "lint",
        "PATH is a file, a folder (all .harn files below it) or `-` for standard input. Nothing is executed.\n"
        "`[lint]` in harn.toml: disabled = [rules], complexity_threshold, persona_step_allowlist = [functions].\n"
        "`harn explain CODE` tells more of a rule.",
        examples=[
            ("harn lint main.harn lib/", "a file and a folder"),
            ("harn lint --fix main.harn", "apply the fixes that are safe"),
            ("harn lint --json src", "for another program to read"),
        ],
        exits=[FAILED],
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="what to lint")
    parser.add_argument("--fix", action="store_true", help="change the files where a fix is safe")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    failed = False
    shown: list[dict[str, Any]] = []
    for path in source_paths(options.paths):
        file = read_source(path)
        if file is None:
            failed = True
        elif options.fix:
            failed = not fix(path, file) or failed
        else:
            wrong, data = report(path, file, options.json)
            failed = failed or wrong
            shown += data
    if options.json and not options.fix:
        print(json.dumps({"schema": "harn.lint/1", "ok": not failed, "diagnostics": shown}))
    return FAILED if failed else OK


def report(path: str, file: SourceFile, quiet: bool) -> tuple[bool, list[dict[str, Any]]]:
    """Show what was found in a file unless ``quiet``; whether that fails the command, and the findings as data."""
    from harn.cli.check import as_data
    from harn.cli.failures import show_diagnostics
    from harn.tools.lint.engine import lint, rules
    from harn.tools.lint.settings import settings_for

    settings = settings_for(path)
    found = lint(file, settings)
    if not quiet and found.diagnostics:
        sys.stdout.flush()
        show_diagnostics(found.diagnostics)
    elif not quiet:
        print(f"{path}: no issues found")
    data = [as_data(diagnostic) for diagnostic in found.diagnostics]
    for entry, finding in zip(data, found.findings):
        entry |= {"rule": rules()[entry["code"]].name, "fixable": bool(finding.fix)}
    wrong = any(diagnostic.severity == ERROR for diagnostic in found.diagnostics)
    return wrong or (settings.strict and bool(found.diagnostics)), data


def fix(path: str, file: SourceFile) -> bool:
    """Apply the fixes of a file and tell how many; False where it could not be written."""
    from harn.cli.fmt import replaced
    from harn.tools.lint.engine import fixed
    from harn.tools.lint.settings import settings_for

    text, count = fixed(file, settings_for(path))
    if path == STDIN:
        sys.stdout.write(text)
        return True
    if count and not replaced(path, text):
        return False
    print(f"{path}: applied {count} fix{'' if count == 1 else 'es'}")
    return True
