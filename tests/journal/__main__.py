"""``python -m tests.journal [--points 200] [--seed N]``: kill checkpointed runs until so many kills have hit.

Then every fixture of the suite dies, within this process, at random writes, and is resumed.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

import pytest

from tests.journal.dying import die_in, fixtures
from tests.journal.kill import stories


def main() -> None:
    """Tell stories until enough kills have hit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200, help="kills that must hit a run (default: 200)")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    began = time.monotonic()
    told = stories(options.points, options.seed)
    print(
        f"seed {options.seed}: {told.kills} kills, {told.resumes} resumes, {told.decided} decisions about an effect in flight, "
        f"{time.monotonic() - began:.0f} s; no output and no effect lost or doubled",
        flush=True,
    )
    chance, deaths = random.Random(options.seed), 0
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        for number, path in enumerate(fixtures()):
            deaths += die_in(path, Path(name) / str(number), chance, patch)
    print(f"{len(fixtures())} fixtures, {deaths} deaths at a write; no output lost or doubled")


if __name__ == "__main__":
    main()
