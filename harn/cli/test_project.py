"""``harn test PATH...``: the tests of a project."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harn.cli.exits import FAILED, INTERRUPTED, OK
from harn.cli.options import command_parser, milliseconds, positive

if TYPE_CHECKING:
    from harn.tools.testing import Found, Outcome


def run(arguments: list[str]) -> int:
    """Find and run tests."""
    parser = command_parser(
        "test",
        "Tests are pipelines named test_* or marked @test; one fails where an error leaves it. Folders are searched for .harn "
        "files. `harn test conformance` runs a suite of fixtures instead; see `harn test conformance --help`.",
        examples=[
            ("harn test tests", "all tests below a folder"),
            ("harn test --filter parse --parallel tests", "some of them, on all cores"),
            ("harn test --schedules 100 tests", "each test under 100 orders of its tasks"),
            ("harn test --json tests", "for another program to read"),
            ("harn test conformance --suite conformance", "a suite of fixtures"),
        ],
        exits=[FAILED, INTERRUPTED],
    )
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="files or folders (default: here)")
    parser.add_argument("--filter", default="", metavar="T", help="only tests whose FILE:NAME contains this")
    parser.add_argument("--parallel", action="store_true", help="use all cores")
    parser.add_argument("--timeout", type=milliseconds, default=30.0, metavar="MS", help="for each test (30000)")
    parser.add_argument(
        "--schedules",
        type=positive,
        metavar="N",
        help="run each test under the seeds 1 to N: deterministically, its tasks in another order each time; the first seed that "
        "a test fails under is told",
    )
    parser.add_argument("--junit", metavar="FILE", help="write the outcomes as JUnit XML")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    options = parser.parse_args(arguments)
    from harn.host.failures import reason
    from harn.tools.progress import Progress
    from harn.tools.testing import find_tests, run_schedules, run_tests

    try:
        found = find_tests(options.paths, options.filter)
    except OSError as error:
        print(f"error: {error.filename}: {reason(error)}", file=sys.stderr)
        return FAILED
    shown = Progress(len(found.tests))
    how: dict[str, Any] = {"parallel": options.parallel, "progress": shown.step}
    try:
        if options.schedules is None:
            outcomes = run_tests(found.tests, options.timeout, **how)
        else:
            outcomes = run_schedules(found.tests, options.timeout, options.schedules, **how)
    finally:
        shown.clear()
    if options.junit:
        from harn.tools.junit import Case, write_junit

        cases = [Case(o.test.pipeline, o.test.file, o.seconds, "\n".join([o.failure, *again(o)])) for o in outcomes]
        cases += [Case("parse", file, 0.0, why) for file, why in found.broken.items()]
        try:
            write_junit(Path(options.junit), "harn", cases)
        except OSError as error:
            print(f"error: cannot write {options.junit}: {reason(error)}", file=sys.stderr)
            return FAILED
    if options.json:
        print(json.dumps(as_data(found, outcomes)))
    else:
        show(found, outcomes)
    return FAILED if found.broken or any(o.failure for o in outcomes) else OK


def show(found: Found, outcomes: list[Outcome]) -> None:
    """Print a line a test, then what the failed ones printed and how they failed."""
    for file, why in found.broken.items():
        print(f"FAIL  {file}\n      {why}")
    for outcome in outcomes:
        verdict = "FAIL" if outcome.failure else "PASS"
        print(f"{verdict}  {outcome.test.file}:{outcome.test.pipeline} ({outcome.seconds * 1000:.0f} ms)")
        if outcome.failure:
            told = outcome.output.rstrip("\n").split("\n") if outcome.output else []
            for line in (*told, *outcome.failure.split("\n"), *again(outcome)):
                print(f"      {line}")
    failed = sum(bool(o.failure) for o in outcomes) + len(found.broken)
    if not outcomes and not failed:
        print("no tests found")
        return
    print(
        f"{len(outcomes) + len(found.broken) - failed} passed, {failed} failed, {len(outcomes) + len(found.broken)} total"
    )


def again(outcome: Outcome) -> list[str]:
    """How to see a failure under a seed again."""
    if outcome.seed is None:
        return []
    words = ["harn", "run", "--deterministic", "--seed", str(outcome.seed), "--pipeline", outcome.test.pipeline]
    return [f"under seed {outcome.seed}; once more: {shlex.join([*words, outcome.test.file])}"]


def as_data(found: Found, outcomes: list[Outcome]) -> dict[str, object]:
    """The outcomes for JSON."""
    return {
        "schema": "harn.test/1",
        "passed": sum(not o.failure for o in outcomes),
        "failed": sum(bool(o.failure) for o in outcomes) + len(found.broken),
        "tests": [
            {
                "file": o.test.file,
                "name": o.test.pipeline,
                "passed": not o.failure,
                "failure": o.failure,
                "seed": o.seed,
                "output": o.output,
                "ms": round(o.seconds * 1000, 1),
            }
            for o in outcomes
        ],
        "broken": found.broken,
    }
