"""``harn bench``."""

from __future__ import annotations

import json
import statistics
import sys

from harn.cli.exits import FAILED, OK, USAGE
from harn.cli.failures import show_diagnostics
from harn.cli.options import command_parser
from harn.cli.sources import read_source


def run(arguments: list[str]) -> int:
    """Time a program."""
    parser = command_parser(
        "bench",
        "Compiles the program once and runs it again and again, each time from scratch. Only the execution is timed; what the\n"
        "program prints is thrown away. One run comes first that is not counted.",
        examples=[
            ("harn bench loop.harn", "ten runs"),
            ("harn bench loop.harn --iterations 100 --json", "a hundred, for a program to read"),
        ],
        exits=[FAILED],
    )
    parser.add_argument("file", metavar="FILE", help="the program, `-` for standard input")
    parser.add_argument("--iterations", type=int, default=10, metavar="N", help="how many runs are timed (default: 10)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    if options.iterations < 1:
        print("error: --iterations must be at least 1", file=sys.stderr)
        return USAGE
    file = read_source(options.file)
    if file is None:
        return FAILED
    from harn.tools.bench import CannotTime, Subject

    try:
        subject = Subject(file)
        subject.run()
        taken = [subject.run() * 1e3 for _ in range(options.iterations)]
    except CannotTime as problem:
        if not problem.diagnostics:
            print(f"error: {problem}", file=sys.stderr)
        show_diagnostics(problem.diagnostics)
        return FAILED
    figures = {
        "median_ms": statistics.median(taken),
        "mean_ms": statistics.fmean(taken),
        "least_ms": min(taken),
        "most_ms": max(taken),
    }
    if options.json:
        print(
            json.dumps(
                {"schema": "harn.bench/1", "file": file.path, "iterations": len(taken), **figures, "runs_ms": taken}
            )
        )
    else:
        print(f"{file.path}: {len(taken)} runs")
        for name, value in figures.items():
            print(f"  {name.removesuffix('_ms'):<8}{value:>10.3f} ms")
    return OK
