"""``python -m tests.mutants [WORD ...]``: break a rule at a time (only mutants with one of the words in their names) and count.

Exit code 0 where every mutant dies, 1 where one survives or could not be tried, 2 where the tests fail without any.
"""

from __future__ import annotations

import argparse
import queue
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.mutants import MUTANTS
from tests.mutants.record import Mutant
from tests.mutants.trial import TARGETS, Checkout, Stopped, Verdict, tried


def main() -> int:
    """Try all mutants, print a line for each, and how many died."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    options = parser.parse_args()
    chosen = [one for one in MUTANTS if not options.words or any(word in one.name for word in options.words)]
    stop = threading.Event()
    with tempfile.TemporaryDirectory(prefix="harn-mutants-") as folder:
        try:
            return hunt(chosen, Path(folder), min(options.jobs, len(chosen)) or 1, stop)
        except KeyboardInterrupt:
            print("called off")
            return 130


def hunt(chosen: list[Mutant], folder: Path, jobs: int, stop: threading.Event) -> int:
    """Try mutants in ``jobs`` copies of the checkout."""
    began = time.monotonic()
    free: queue.SimpleQueue[Checkout] = queue.SimpleQueue()
    first = Checkout(folder / "0", stop)
    failed = first.first_to_fail(list(TARGETS))
    if failed:
        print(f"without any mutant {failed} fails")
        return 2
    free.put(first)
    for number in range(1, jobs):
        free.put(Checkout(folder / str(number), stop))

    def run(mutant: Mutant) -> Verdict:
        checkout = free.get()
        try:
            return tried(checkout, mutant)
        finally:
            free.put(checkout)

    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(jobs) as pool:
        waiting = [pool.submit(run, mutant) for mutant in chosen]
        try:
            for one in as_completed(waiting):
                verdicts.append(one.result())
                print(line(verdicts[-1]), flush=True)
        except (KeyboardInterrupt, Stopped):
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise KeyboardInterrupt from None
    died = sum(bool(verdict.test) for verdict in verdicts)
    print(f"{died} of {len(chosen)} died, {time.monotonic() - began:.0f} s")
    return 0 if died == len(chosen) else 1


def line(verdict: Verdict) -> str:
    """What came of a mutant, in a line."""
    assert verdict.mutant is not None
    end = f"died in {verdict.test}" if verdict.test else (verdict.wrong and f"WRONG: {verdict.wrong}") or "SURVIVED"
    return f"{verdict.mutant.name}: {end} ({verdict.seconds:.0f} s)"


sys.exit(main())
