"""``python -m tests.fuzz --count N [--from K]``: a long hunt on all cores. What it finds is kept in ``.fuzz/``."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time

from tests.fuzz.hunt import Finding, hunt
from tests.structure.checkout import ROOT

CHUNK = 500
SHOWN = 10


def chunk(start: int) -> list[Finding]:
    """One piece of work for a process."""
    return list(hunt(range(start, start + CHUNK)))


def main() -> int:
    """Hunt, print findings, and fail where there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200_000, help="how many inputs")
    parser.add_argument("--from", type=int, default=0, dest="first", metavar="K", help="number of the first one")
    options = parser.parse_args()
    found = 0
    began = time.monotonic()
    with multiprocessing.Pool() as pool:
        starts = range(options.first, options.first + options.count, CHUNK)
        for done, findings in enumerate(pool.imap_unordered(chunk, starts), 1):
            for finding in findings:
                found += 1
                keep(finding)
                if found <= SHOWN:
                    print(f"\ninput {finding.number}, {finding.target}: {finding.data[:200]!r}\n{finding.why}")
            if sys.stdout.isatty():
                print(f"\r{done * CHUNK:,} inputs, {found} findings", end="", flush=True)
    print(f"\r{len(starts) * CHUNK:,} inputs, {found} findings, {time.monotonic() - began:.0f} s")
    return 1 if found else 0


def keep(finding: Finding) -> None:
    """Write an input down, to be tried again."""
    folder = ROOT / ".fuzz"
    folder.mkdir(exist_ok=True)
    (folder / f"{finding.target}-{finding.number}.harn").write_bytes(finding.data)


if __name__ == "__main__":
    sys.exit(main())
