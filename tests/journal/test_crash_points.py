"""A process that dies at a write or an effect, at each in turn: before it, in the middle of it, or right behind it.

The death is played within this process, so that many can be: from that moment on nothing reaches the journal, the output or the
world. Programs run on a virtual clock, where waiting takes no time.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.dying import Fate, Process, begun, die_in, fixtures, missing, states
from tests.journal.kill import PROGRAMS, lines_in
from tests.steps.programs import CALLS, ENDINGS, TASKS, Defer, Hear, Hold, Lock, Program, Wait, Yield, programs, text

PROGRAM = {path.stem: path for path in PROGRAMS}
OPTIONS = ("--deterministic", "--seed", "3")


@pytest.mark.parametrize("always", [False, True], ids=["tape", "states"])
@pytest.mark.parametrize("name", ["agent", "callbacks", "files", "tasks"])
def test_death_at_any_write_or_effect(name: str, always: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with states(always=always):
        die_everywhere(name, random.Random(f"{name} {always}"), tmp_path, monkeypatch)


def test_fixtures_die_and_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    deaths = 0
    for number, path in enumerate(chance.sample(fixtures(), 25)):
        deaths += die_in(path, tmp_path / str(number), chance, monkeypatch)
    assert deaths > 40


@settings(max_examples=8)
@given(
    programs(calls=(*CALLS, *TASKS, *ENDINGS), extras=(Defer, Hear, Hold, Lock, Wait, Yield), hooks=1, loops=2),
    st.integers(0, 1000),
)
def test_programs_of_steps_die_and_go_on(grown: Program, seed: int) -> None:
    with tempfile.TemporaryDirectory() as scratch, pytest.MonkeyPatch.context() as patch:
        path = Path(scratch) / "program" / "steps.harn"
        path.parent.mkdir()
        unwritten = text(grown).replace("${barred()}", "")  # that would write a file where no stage bars it
        path.write_text(unwritten.removesuffix("}") + "  println(completed_steps())\n}\n")
        die_in(path, Path(scratch) / "runs", random.Random(seed), patch)


def die_everywhere(name: str, chance: random.Random, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a program die at some of its moments."""
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
