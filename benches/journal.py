"""What a journal costs a program of 1,000 small effects: whole processes with one, against the same without.

``appends`` adds 1,000 lines to a file: of each an intent and an answer are written. ``mixed`` appends, reads a small file, asks
the clock and prints in turn. ``--sync`` has every intent and output on the disk before it goes on: that is the disk's time. The
files lie in a folder beside the checkout, because folders for temporary files may lie in memory.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benches.timing import medians, seconds

APPENDS = """pipeline default(task) {
  for i in 1 to 1000 {
    append_file("log.txt", "line ${i}\\n")
  }
}
"""
MIXED = """pipeline default(task) {
  write_file("small.txt", "a few words")
  for i in 1 to 250 {
    append_file("log.txt", "line ${i}\\n")
    let text = read_file("small.txt")
    let now = timestamp()
    println("${i} ${text}")
  }
}
"""
PROGRAMS = {"appends": APPENDS, "mixed": MIXED}
WAYS = {"journal": ["--checkpoint", "j"], "journal --sync": ["--checkpoint", "j", "--sync"]}


def measure(rounds: int) -> dict[str, float]:
    """Medians in milliseconds, and the ratios to the run without a journal."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # part of a warm cache is Python's own: compiled modules
    report: dict[str, float] = {}
    with tempfile.TemporaryDirectory(dir=Path(__file__).resolve().parents[1]) as name:
        folder = Path(name)
        for program, text in PROGRAMS.items():
            (folder / f"{program}.harn").write_text(text)
            for way, words in WAYS.items():  # one by one: what one run leaves to the disk would slow the next
                times = medians({"plain": _run(folder, program, []), way: _run(folder, program, words)}, rounds)
                report |= {f"{program}, {subject}, ms": time * 1e3 for subject, time in times.items()}
                report[f"{program}, {way}, ratio"] = times[way] / times["plain"]
    return report


def _run(folder: Path, program: str, words: list[str]) -> Callable[[], float]:
    """A subject: one process, what it writes taken away before."""
    command = [str(Path(sys.executable).with_name("harn")), "run", *words, f"{program}.harn"]

    def once() -> float:
        for name in ("j", "log.txt"):
            (folder / name).unlink(missing_ok=True)
        with open(folder / "output", "w") as output:
            return seconds(lambda: subprocess.run(command, check=True, cwd=folder, stdout=output))

    once()  # fills the caches
    return once
