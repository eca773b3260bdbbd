"""``harn test``: the tests of a project, or a suite of fixtures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from harn.cli.exits import FAILED, INTERRUPTED, OK
from harn.cli.options import command_parser, milliseconds


def run(arguments: list[str]) -> int:
    """``harn test conformance ...`` or ``harn test PATH...``."""
    if arguments[:1] == ["conformance"]:
        return conformance(arguments[1:])
    from harn.cli.test_project import run as run_project

    return run_project(arguments)


def conformance(arguments: list[str]) -> int:
    """Run a suite of fixtures."""
    parser = command_parser(
        "test",
        "Runs every NAME.harn below a folder that has NAME.expected (its output) or NAME.error (a text of its error) beside it.",
        usage="harn test conformance [options] [PATH]",
        examples=[
            ("harn test conformance", "all fixtures below ./conformance"),
            ("harn test conformance --filter lists", "those with `lists` in their path"),
            ("harn test conformance --suite other --report out.jsonl", "another suite, one line a fixture"),
        ],
        exits=[FAILED, INTERRUPTED],
    )
    parser.add_argument("path", nargs="?", metavar="PATH", help="a file or folder of the suite")
    parser.add_argument("--suite", default="conformance", metavar="DIR", help="the folder (default: conformance)")
    parser.add_argument("--filter", default="", metavar="T", help="part of a path, a|b, a glob, or re:PATTERN")
    parser.add_argument("--report", metavar="FILE", help="write path, outcome and text of each fixture, as JSON lines")
    parser.add_argument("--timeout", type=milliseconds, default=30.0, metavar="MS", help="for each fixture (30000)")
    parser.add_argument("--junit", metavar="FILE", help="write the verdicts as JUnit XML")
    parser.add_argument("--jobs", type=int, metavar="N", help="worker processes (default: one a core)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what passes too")
    options = parser.parse_args(arguments)
    from harn.tools.conformance import discover, run_suite, selected
    from harn.tools.progress import Progress

    suite = Path(options.suite)
    only = None if options.path is None else find_in(suite, options.path)
    if not suite.is_dir() or (options.path is not None and only is None):
        print(
            f"error: there is no {'suite' if not suite.is_dir() else 'such place in the suite'}: "
            f"{options.suite if not suite.is_dir() else options.path}",
            file=sys.stderr,
        )
        return FAILED
    root = suite.resolve()
    fixtures = [f for f in discover(root, only) if selected(f.relative_to(root).as_posix(), options.filter)]
    shown = Progress(len(fixtures))
    report = open(options.report, "w", encoding="utf-8") if options.report else None  # noqa: SIM115
    try:
        tally = run_suite(
            root, fixtures, report=report, seconds=options.timeout, workers=options.jobs, progress=shown.step
        )
    finally:
        shown.clear()
        if report is not None:
            report.close()
    if options.junit:
        from harn.tools.junit import Case, write_junit

        cases = [
            Case(path, "conformance", tally.seconds[path], tally.failed.get(path)) for path in sorted(tally.judged)
        ]
        write_junit(Path(options.junit), "conformance", cases)
    if options.json:
        failed = dict(sorted(tally.failed.items()))
        print(
            json.dumps(
                {"schema": "harn.conformance/1", "passed": tally.passed, "failed": failed, "total": len(tally.judged)}
            )
        )
        return FAILED if tally.failed else OK
    for path in sorted(tally.judged) if options.verbose else sorted(tally.failed):
        print(f"{'FAIL' if path in tally.failed else 'PASS'}  {path}")
        for line in tally.failed.get(path, "").split("\n") if path in tally.failed else ():
            print(f"      {line}")
    print(f"{tally.passed} passed, {len(tally.failed)} failed, {len(tally.judged)} total")
    return FAILED if tally.failed else OK


def find_in(suite: Path, path: str) -> Path | None:
    """A file or folder of the suite, given from here or from the suite's root; None where there is none."""
    root = suite.resolve()
    for candidate in (Path(path), root / path):
        found = candidate.resolve()
        if found.exists() and found.is_relative_to(root) and (found.is_dir() or found.suffix == ".harn"):
            return found
    return None
