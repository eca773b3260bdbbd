"""``python -m tests.freeze [FILE ...]``: freeze and thaw every fixture at every point where it can stand still."""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from tests.freeze.suite import LARGE, attempt, programs, stem_of, thaw_kept

WORKERS = 2


def main(paths: list[Path]) -> int:
    """Try all, print what was taken and skipped, and fail where something differs."""
    began = time.monotonic()
    wanted = sorted(paths or programs(), key=lambda path: path.name not in LARGE)  # what takes longest comes first
    with tempfile.TemporaryDirectory() as scratch, multiprocessing.Pool(WORKERS) as pool:
        folders = [Path(scratch) / str(n) for n in range(WORKERS)]
        for folder in folders:
            folder.mkdir()
        jobs = [(path.resolve(), folders[n % WORKERS]) for n, path in enumerate(wanted)]
        tried = []
        for one in pool.imap_unordered(partial(_attempt), jobs, chunksize=1):
            tried.append(one)
            if one.skipped or one.fault:
                print(f"{one.path}: {one.fault or 'skipped: ' + one.skipped}", flush=True)
        faults = [fault for found in pool.map(partial(_thaw, stem_of(tried)), folders) for fault in found]
    for fault in faults:
        print(fault)
    bad = sum(bool(one.fault) for one in tried) + len(faults)
    run = [one for one in tried if not one.skipped]
    print(
        f"{len(run)} programs ({len(tried) - len(run)} skipped), {sum(one.points for one in run):,} points, "
        f"{sum(one.taken for one in run):,} taken, {sum(one.points - one.taken for one in run):,} skipped, "
        f"{sum(one.fresh for one in run):,} in fresh interpreters; {bad} faults, {time.monotonic() - began:.0f} s"
    )
    return 1 if bad else 0


def _attempt(job: tuple[Path, Path]):  # type: ignore[no-untyped-def]
    return attempt(*job)


def _thaw(wanted, folder):  # type: ignore[no-untyped-def]
    return thaw_kept(folder, wanted)


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
