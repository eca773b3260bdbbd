"""Playing the death of a process within this one: from some moment on nothing reaches the journal, the output or the world."""

from __future__ import annotations

import io
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from harn.cli.main import main
from harn.host.host import Host
from harn.vm.journal import file as journal_file
from harn.vm.journal import output as journal_output
from harn.vm.journal import rhythm
from harn.vm.journal.file import JournalError, JournalFile
from harn.vm.journal.past import Past
from harn.vm.journal.records import Input, Read, unpacked

SUITE = Path(__file__).parents[2] / "conformance"
CHANGING = ("fs.write", "proc.exec")
"""Effects that others could see."""


class Died(BaseException):
    """The process is gone."""


class Fate:
    """Counts what a process does to the world, and lets it die at the ``when``-th such thing, with ``share`` of it done."""

    def __init__(self, when: int | None, share: float) -> None:
        self.when = when
        self.share = share
        self.done = 0
        self.performed = 0
        self.dead = False

    def meets(self) -> bool:
        """Whether this is the moment. Died afterwards, always."""
        if self.dead:
            raise Died
        self.done += 1
        self.dead = self.done == self.when
        return self.dead

    def write(self, handle: int, data: bytes) -> None:
        """What stands in for a write."""
        if self.meets():
            os.write(handle, data[: int(len(data) * self.share)])
            raise Died
        os.write(handle, data)

    def perform(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """What stands in for the host's performing of effects."""

        def perform(host: Host, task: Any, effect: Any, patience: float | None) -> Any:
            if effect.kind not in CHANGING:
                return real(host, task, effect, patience)
            value = None
            dies = self.meets()
            if not dies or self.share > 0:
                self.performed += 1
                value = real(host, task, effect, patience)
            if dies:
                raise Died
            return value

        return perform


class Process:
    """Runs commands in this process, under a fate, in a folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.patch = monkeypatch
        self.perform = Host.perform

    def run(self, words: list[str], fate: Fate) -> int | None:
        """The exit code; None where it died."""
        self.patch.chdir(self.folder)
        with open(self.folder / "output", "a") as output, self.patch.context() as patch:
            patch.setattr(sys, "stdout", output)
            patch.setattr(sys, "stderr", io.StringIO())
            patch.setattr(journal_file, "_write_all", fate.write)
            patch.setattr(journal_output.StandardOutput, "write", lambda self, data: fate.write(output.fileno(), data))
            patch.setattr(Host, "perform", fate.perform(self.perform))
            try:
                return main(words)
            except Died:
                return None


def begun(folder: Path) -> bool:
    """Whether the journal holds a run."""
    file = JournalFile.look(str(folder / "j"))
    try:
        return any(True for _ in file.records())
    except JournalError:
        return False
    finally:
        file.close()


def missing(folder: Path) -> tuple[list[str], int]:
    """The arguments of the effects that are not known to be done, and how many are."""
    file = JournalFile.look(str(folder / "j"))
    try:
        done = sum(
            entry.__class__ in (Read, Input) and entry.number != 0
            for entry in (unpacked(record, "j") for record in file.records())
        )
        return [intent.shown for intent in Past(file).missing.values()], done
    finally:
        file.close()


@contextmanager
def states(*, always: bool) -> Iterator[None]:
    """Have states written at every opportunity, or nearly never."""
    kept = rhythm.PAUSE, rhythm.LEAST, rhythm.SHARE
    rhythm.PAUSE, rhythm.LEAST, rhythm.SHARE = (0.0, 1, 0) if always else (1000.0, 10**9, 0)
    try:
        yield
    finally:
        rhythm.PAUSE, rhythm.LEAST, rhythm.SHARE = kept


def fixtures() -> list[Path]:
    """The programs of the suite with an expected output that do not change what others could see."""
    return [
        path
        for path in sorted(SUITE.rglob("*.harn"))
        if path.with_suffix(".expected").exists() and not any(word in path.read_text() for word in ("_file", "exec("))
    ]


def die_in(path: Path, folder: Path, chance: random.Random, patch: pytest.MonkeyPatch) -> int:
    """Run a fixture with a journal, let it die a few times and resume it; how often it died. AssertionError where it differs."""
    with states(always=chance.random() < 0.6):
        shutil.copytree(path.parent, folder / "whole")
        words = ["run", "--deterministic", "--checkpoint", "j", path.name]
        fate = Fate(None, 0)
        code = Process(folder / "whole", patch).run(words, fate)
        output, moments, deaths = (folder / "whole" / "output").read_bytes(), fate.done, 0
        shutil.copytree(path.parent, folder / "dying")
        process = Process(folder / "dying", patch)
        while True:
            fate = Fate(chance.randint(1, moments) if deaths < 3 else None, chance.choice((0.0, 0.5, 1.0)))
            ended = process.run(words, fate)
            if ended is not None:
                break
            deaths += 1
            if begun(folder / "dying"):
                words = ["resume", "j"]
        assert ended == code, path
        assert (folder / "dying" / "output").read_bytes() == output, path
        return deaths
