"""``harn test``: the tests of a project, or a suite of fixtures."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from harn.cli.exits import FAILED, INTERRUPTED, OK
from harn.cli.options import CommandParser, command_parser, milliseconds
from harn.host.failures import reason

if TYPE_CHECKING:
    from harn.tools.conformance import Tally


def run(arguments: list[str]) -> int:
    """``harn test conformance ...`` or ``harn test PATH...``."""
    if arguments[:1] == ["conformance"]:
        return conformance(arguments[1:])
    from harn.cli.test_project import run as run_project

    return run_project(arguments)


def conformance(arguments: list[str]) -> int:
    """Run a suite of fixtures."""
    options = conformance_parser().parse_args(arguments)
    suite = Path(options.suite)
    if not suite.is_dir():
        print(f"error: there is no suite: {options.suite}", file=sys.stderr)
        return FAILED
    only = None if options.path is None else find_in(suite, options.path)
    if options.path is not None and only is None:
        print(f"error: there is no such place in the suite: {options.path}", file=sys.stderr)
        return FAILED
    try:
        tally = judged(suite.resolve(), only, options)
        if options.junit:
            write_report(Path(options.junit), tally)
    except OSError as error:
        print(f"error: cannot write {error.filename}: {reason(error)}", file=sys.stderr)
        return FAILED
    if options.json:
        failed = dict(sorted(tally.failed.items()))
        told = {"schema": "harn.conformance/1", "passed": tally.passed, "failed": failed, "total": len(tally.judged)}
        print(json.dumps(told))
    else:
        show(tally, options.verbose)
    return FAILED if tally.failed else OK


def conformance_parser() -> CommandParser:
    """The parser of ``harn test conformance``."""
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
    parser.add_argument(
        "--filter", default="", type=wanted, metavar="T", help="part of a path, a|b, a glob, or re:PATTERN"
    )
    parser.add_argument("--report", metavar="FILE", help="write path, outcome and text of each fixture, as JSON lines")
    parser.add_argument("--timeout", type=milliseconds, default=30.0, metavar="MS", help="for each fixture (30000)")
    parser.add_argument("--junit", metavar="FILE", help="write the verdicts as JUnit XML")
    parser.add_argument("--jobs", type=int, metavar="N", help="worker processes (default: one a core)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    parser.add_argument("-v", "--verbose", action="store_true", help="list what passes too")
    return parser


def wanted(text: str) -> str:
    """A filter, whose pattern must be one."""
    try:
        re.compile(text[3:] if text.startswith("re:") else "")
    except re.error as error:
        raise argparse.ArgumentTypeError(f"`{text[3:]}` is no regular expression: {error}") from None
    return text


def judged(root: Path, only: Path | None, options: argparse.Namespace) -> Tally:
    """Run the fixtures that the options select. OSError where the report cannot be written."""
    from harn.tools.conformance import discover, run_suite, selected
    from harn.tools.progress import Progress

    fixtures = [f for f in discover(root, only) if selected(f.relative_to(root).as_posix(), options.filter)]
    shown = Progress(len(fixtures))
    with open(options.report or os.devnull, "w", encoding="utf-8") as report:
        try:
            return run_suite(
                root, fixtures, report=report, seconds=options.timeout, workers=options.jobs, progress=shown.step
            )
        finally:
            shown.clear()


def write_report(path: Path, tally: Tally) -> None:
    """Write the verdicts as JUnit XML."""
    from harn.tools.junit import Case, write_junit

    cases = [Case(name, "conformance", tally.seconds[name], tally.failed.get(name)) for name in sorted(tally.judged)]
    write_junit(path, "conformance", cases)


def show(tally: Tally, everything: bool) -> None:
    """Print what failed, with the reasons, and the counts."""
    for path in sorted(tally.judged if everything else tally.failed):
        why = tally.failed.get(path)
        print(f"{'PASS' if why is None else 'FAIL'}  {path}")
        for line in why.split("\n") if why is not None else ():
            print(f"      {line}")
    print(f"{tally.passed} passed, {len(tally.failed)} failed, {len(tally.judged)} total")


def find_in(suite: Path, path: str) -> Path | None:
    """A file or folder of the suite, given from here or from the suite's root; None where there is none."""
    root = suite.resolve()
    for candidate in (Path(path), root / path):
        found = candidate.resolve()
        if found.exists() and found.is_relative_to(root) and (found.is_dir() or found.suffix == ".harn"):
            return found
    return None
