"""Start-up: ``harn run`` as a whole process, its compiled code in the cache, against ``python -c pass``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benches.timing import medians, process

SMALL = Path(__file__).resolve().parent / "small"


def measure(rounds: int) -> dict[str, float]:
    """Medians in milliseconds, and the ratios to the bare interpreter."""
    harn = str(Path(sys.executable).with_name("harn"))
    # Part of a warm cache is Python's own: compiled modules.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "empty program": [harn, "run", str(SMALL / "empty.harn")],
        "ten lines": [harn, "run", str(SMALL / "ten_lines.harn")],
    }
    for command in commands.values():  # fills the caches
        subprocess.run(command, check=True, capture_output=True)
    times = medians({name: process(command) for name, command in commands.items()}, 3 * rounds)
    report = {f"{name}, ms": time * 1e3 for name, time in times.items()}
    bare = times["python -c pass"]
    return report | {f"{name}, ratio": time / bare for name, time in times.items() if time != bare}
