"""Runs a folder of fixtures: programs with ``NAME.expected`` (what they print) or ``NAME.error`` (how they fail) beside them."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from harn.tools.execute import EXECUTE
from harn.tools.verdict import CRASH, ERROR, judge
from harn.tools.workers import Pool, cores

SECONDS = 30.0
"""How long a fixture may take."""


def discover(suite: Path, only: Path | None = None) -> list[Path]:
    """Every ``.harn`` file below ``suite``, hidden folders too, those with ``NAME.conformance-skip`` beside them left out.

    ``only``: a file or folder in the suite that narrows it.
    """
    start = suite if only is None else only
    if start.is_file():
        return [start]
    found: list[Path] = []
    folders = [start]
    while folders:
        entries = sorted(folders.pop().iterdir())
        found += (
            e
            for e in entries
            if e.suffix == ".harn" and e.is_file() and not e.with_suffix(".conformance-skip").exists()
        )
        folders += (e for e in reversed(entries) if e.is_dir() and not e.is_symlink())
    return found


def selected(path: str, wanted: str) -> bool:
    """Whether a filter takes a path (relative to the suite).

    ``re:PATTERN`` searches; alternatives stand between ``|``; with ``*`` or ``?`` it is a glob for any part; anything else
    is a part of the path.
    """
    if not wanted:
        return True
    if wanted.startswith("re:"):
        return re.search(wanted[3:], path) is not None
    if "|" in wanted:
        return any(part.strip() in path for part in wanted.split("|"))
    if "*" in wanted or "?" in wanted:
        return fnmatch.fnmatchcase(path, f"*{wanted}*")
    return wanted in path


class Tally:
    """What is known so far: ``judged`` are the fixtures with an expectation, ``failed`` the reasons of those that miss it.

    ``seconds`` by path: how long each took.
    """

    def __init__(self) -> None:
        self.judged: set[str] = set()
        self.failed: dict[str, str] = {}
        self.seconds: dict[str, float] = {}

    @property
    def done(self) -> int:
        """How many fixtures have ended."""
        return len(self.seconds)

    @property
    def passed(self) -> int:
        """How many hold."""
        return len(self.judged) - len(self.failed)

    def add(self, path: str, seconds: float, why: str | None) -> None:
        """Note a verdict of ``judge``."""
        self.seconds[path] = seconds
        if why is not None:
            self.judged.add(path)
            if why:
                self.failed[path] = why


def run_suite(
    suite: Path,
    fixtures: list[Path],
    *,
    report: TextIO | None = None,
    seconds: float = SECONDS,
    workers: int | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Tally:
    """Run fixtures on all cores and judge them.

    ``report`` gets one JSON object a line as soon as a fixture has ended: ``path`` relative to the suite, ``outcome`` ok,
    error or timeout, ``text`` what was printed or the bare error.
    """
    tally = Tally()
    root = suite.resolve()

    def take(job: dict[str, Any], answer: dict[str, Any]) -> None:
        path, outcome, text = job["path"], answer["outcome"], answer["text"]
        tally.add(path, answer["seconds"], judge(root / path, outcome, text))
        if report is not None:
            told = ERROR if outcome == CRASH else outcome
            report.write(json.dumps({"path": path, "outcome": told, "text": text}) + "\n")
            report.flush()
        if progress is not None:
            progress(tally.done, len(tally.failed), path)

    jobs = [{"file": str(f.resolve()), "path": f.resolve().relative_to(root).as_posix()} for f in fixtures]
    size = max(1, min(workers or cores(), len(jobs)))
    Pool(EXECUTE, size, {"HARN_LLM_CALLS_DISABLED": "1"}).run(jobs, seconds, take)
    return tally
