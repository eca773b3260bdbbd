"""All benches, or those named: ``python -m benches.run [NAME ...] [--rounds N] [--json]``.

    programs    each program of benches/programs against its Python twin, warmed up, in turns in one process
    startup     whole processes of ``harn run``, compiled code cached, against ``python -c pass``
    parsing     how fast source text becomes a syntax tree
    checking    how long the type checker takes for 1,000 lines
    growth      building collections of n and 4 n elements: about 4 where building is linear, 16 where it is quadratic
    steps       a call of a step against a plain call of the same function, and plain calls with and without a step registered
    tasks       spawning, joining, waiting and cancelling tasks, in time and memory, against anyio task groups
    journal     a program of 1,000 small effects with a journal against the same without, with and without --sync

A NAME is one of these or of a program. Times are medians.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable
from typing import Any

from benches import checking, growth, journal, parsing, startup, steps, tasks, twins

SECTIONS: dict[str, Callable[[int], dict[str, Any]]] = {
    "startup": startup.measure,
    "parsing": parsing.measure,
    "checking": checking.measure,
    "growth": growth.measure,
    "journal": journal.measure,
    "steps": steps.measure,
    "tasks": tasks.measure,
}


def main() -> None:
    """Measure what the command line names, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="what to measure (default: everything)")
    parser.add_argument("--rounds", type=int, default=7, help="measurements of each subject (default: 7)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    known = ["programs", *SECTIONS, *twins.NAMES]
    if unknown := sorted(set(options.names) - set(known)):
        parser.error(f"unknown: {', '.join(unknown)}; known are {', '.join(known)}")
    wanted = options.names or ["programs", *SECTIONS]
    chosen = [name for name in twins.NAMES if name in wanted or "programs" in wanted]
    report: dict[str, Any] = {
        "schema": "harn.benches/1",
        "python": platform.python_version(),
        "machine": platform.machine(),
    }
    if chosen:
        report["programs"] = twins.measure(chosen, options.rounds, None if options.json else print)
    for name, measure in SECTIONS.items():
        if name in wanted:
            report[name] = measure(options.rounds)
            if not options.json:
                print(f"\n{name}")
                for what, value in report[name].items():
                    print(f"  {what:<32}{value:>10}" if isinstance(value, int) else f"  {what:<32}{value:>10.2f}")
    if options.json:
        print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
