"""A process that dies at a write or an effect, at each in turn: before it, in the middle of it, or right behind it.

The death is played within this process, so that many can be: from that moment on nothing reaches the journal, the output or the
world. Programs run on a virtual clock, where waiting takes no time.
"""

from __future__ import annotations

import io
import os
import random
import sys
from collections import Counter
from collections.abc import Callable
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
from tests.journal.kill import PROGRAMS, lines_in

PROGRAM = {path.stem: path for path in PROGRAMS}
OPTIONS = ("--deterministic", "--seed", "3")


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
            if effect.kind not in ("fs.write", "proc.exec"):
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


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Have states written at every opportunity, or nearly never."""

    def choose(always: bool) -> None:
        monkeypatch.setattr(rhythm, "PAUSE", 0.0 if always else 1000.0)
        monkeypatch.setattr(rhythm, "LEAST", 1 if always else 10**9)
        monkeypatch.setattr(rhythm, "SHARE", 0)

    return choose


@pytest.mark.parametrize("always", [False, True], ids=["tape", "states"])
@pytest.mark.parametrize("name", ["agent", "callbacks", "files", "tasks"])
def test_death_at_any_write_or_effect(
    name: str,
    always: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    often: Callable[[bool], None],
) -> None:
    often(always)
    chance = random.Random(f"{name} {always}")
    whole = tmp_path / "whole"
    whole.mkdir()
    counted = Fate(None, 0)
    assert Process(whole, monkeypatch).run(["run", *OPTIONS, "--checkpoint", "j", str(PROGRAM[name])], counted) == 0
    output, lines = (whole / "output").read_bytes(), lines_in(whole)
    moments = range(1, counted.done + 1)
    for number, moment in enumerate(sorted(chance.sample(moments, min(len(moments), 14)))):
        folder = tmp_path / str(number)
        folder.mkdir()
        asked = live(folder, name, moment, counted.done, chance, monkeypatch)
        assert (folder / "output").read_bytes() == output, f"died at {moment}"
        found = lines_in(folder)
        assert found.keys() == lines.keys(), f"died at {moment}"
        assert all(count <= 1 + asked[line] for line, count in found.items()), f"died at {moment}"


def live(
    folder: Path, name: str, moment: int, moments: int, chance: random.Random, monkeypatch: pytest.MonkeyPatch
) -> Counter[str]:
    """Run, die, and resume until the end; what was performed again though it may have been done.

    Whoever asks is told the truth about what was in flight: what was done is skipped, what was not is retried. Of a program that
    was started nobody knows.
    """
    process = Process(folder, monkeypatch)
    words, asked, performed = ["run", *OPTIONS, "--checkpoint", "j", str(PROGRAM[name])], Counter[str](), 0
    fate = Fate(moment, chance.choice((0.0, 0.5, 1.0)))
    for deaths in range(50):
        code = process.run(words, fate)
        performed += fate.performed
        if code == 0:
            return asked
        assert code in (None, 75), code
        if begun(folder):
            words = ["resume", "j"]
        if code == 75:
            shown, done = missing(folder)
            assert len(shown) == 1
            again = [line for line in lines_in(folder) if f"echo {line} >>" in shown[0]]
            asked.update(again)
            words[1:1] = ["--in-flight", "retry" if "echo" in shown[0] or performed == done else "skip"]
            performed -= bool(again)
        dies = chance.random() < 0.5 and deaths < 4
        fate = Fate(chance.randint(1, moments // 2) if dies else None, chance.choice((0.0, 0.5, 1.0)))
    raise AssertionError("it never ends")
