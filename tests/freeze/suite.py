"""Freezing the fixtures: a program at a time, then everything that was kept for fresh interpreters."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from harn.tools.execute import Kept
from harn.vm.modules import Program
from tests.freeze import fresh
from tests.freeze.running import Ended, TooLong, chosen, compiled, disturbed, slices_of_one, undisturbed
from tests.freeze.worlds import FrozenWorld, Standing, Writes
from tests.structure.checkout import ROOT

LARGE = frozenset(("deep_values.harn",))
"""Fixtures with values so deep that a single point takes half a second."""


class Tried(NamedTuple):
    """What came of one program: how many points it has and how many were tried, in a fresh interpreter ``fresh``.

    ``skipped`` says why it was not tried, ``fault`` what was wrong.
    """

    path: str
    points: int = 0
    taken: int = 0
    fresh: int = 0
    skipped: str = ""
    fault: str = ""
    ended: Ended | None = None


def programs() -> list[Path]:
    """The fixtures that run: those beside what they print or how they fail."""
    found = sorted((ROOT / "conformance").rglob("*.harn"))
    return [path for path in found if path.with_suffix(".expected").exists() or path.with_suffix(".error").exists()]


def attempt(path: Path, folder: Path, most: int | None = None) -> Tried:
    """Freeze a program at its points and compare; one snapshot in fifty goes to ``folder``. ``most`` points are tried."""
    name = str(path.relative_to(ROOT))
    code = compiled(path)
    if code is None:
        return Tried(name, skipped="it has static errors")
    with slices_of_one():
        try:
            return _attempt(
                name, code, path, [FrozenWorld(Standing(0.0, 0, str(path.parent))) for _ in range(3)], folder, most
            )
        except Writes:
            with tempfile.TemporaryDirectory() as scratch:
                return _attempt(
                    name, code, path, [own_world(path, Path(scratch) / str(n)) for n in range(3)], folder, most
                )


def _attempt(name: str, code: Program, path: Path, worlds: list[FrozenWorld], folder: Path, most: int | None) -> Tried:
    try:
        first, second = undisturbed(code, worlds[0]), undisturbed(code, worlds[1])
    except TooLong:
        return Tried(name, skipped="it can stand still at too many points")
    if first != second:
        return Tried(name, first.points, skipped="two undisturbed runs differ")
    at = chosen(first.points)
    if most is not None and len(at) > most:
        places = sorted(at)
        at = frozenset(places[n * len(places) // most] for n in range(most))
    kept = 0

    def keep(data: bytes, output: Kept) -> None:
        nonlocal kept
        stem = f"{name.replace('/', '-')}-{kept}"
        kept += 1
        fresh.keep(folder, stem, path, data, worlds[2].standing(folder / f"{stem}.files"), output.text)

    try:
        ended = disturbed(code, worlds[2], at, keep, seed=len(name))
    except Exception as fault:
        return Tried(name, first.points, len(at), kept, fault=f"{type(fault).__name__}: {fault}", ended=first.ended)
    fault = "" if ended == first.ended else difference(ended, first.ended)
    return Tried(name, first.points, len(at), kept, fault=fault, ended=first.ended)


def own_world(path: Path, folder: Path) -> FrozenWorld:
    """A world with a copy of the folder of a program."""
    shutil.copytree(path.parent, folder)
    return FrozenWorld(Standing(0.0, 0, str(folder)), own=True)


def difference(found: Ended, wanted: Ended) -> str:
    """The first field that differs."""
    name = next(name for name, a, b in zip(Ended._fields, found, wanted, strict=True) if a != b)
    a, b = getattr(found, name) or "", getattr(wanted, name) or ""
    place = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return f"{name} differs from character {place} on: {a[place : place + 80]!r} instead of {b[place : place + 80]!r}"


def thaw_kept(folder: Path, wanted: dict[str, Ended]) -> list[str]:
    """Go on with what was kept, in one fresh interpreter; the faults. ``wanted``: how programs end, by the stems of the files."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.freeze.fresh", str(folder)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    faults = [] if done.returncode == 0 else [f"a fresh interpreter ended with {done.returncode}: {done.stderr[-500:]}"]
    for line in done.stdout.splitlines():
        stem, result = json.loads(line)
        expected = wanted[stem.rpartition("-")[0]]
        if isinstance(result, str):
            faults.append(f"{stem}: {result}")
        elif Ended(*result) != expected:
            faults.append(f"{stem}: {difference(Ended(*result), expected)}")
    return faults


def stem_of(tried: Iterable[Tried]) -> dict[str, Ended]:
    """How the tried programs end, by the stems of the files of their snapshots."""
    return {one.path.replace("/", "-"): one.ended for one in tried if one.ended is not None}
