"""``harn bench``: its figures, and what cannot be timed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harn.cli.main import main


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that prints."""
    path = tmp_path / "small.harn"
    path.write_text("println(1 + 2)\n")
    return path


def test_the_figures_are_of_the_runs(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(program), "--iterations", "3", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["iterations"], told["file"]) == ("harn.bench/1", 3, str(program))
    runs = sorted(told["runs_ms"])
    assert (told["least_ms"], told["median_ms"], told["most_ms"]) == tuple(runs)


def test_what_the_program_prints_is_thrown_away(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(program), "--iterations", "1"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == f"{program}: 1 runs"
    assert [line.split()[0] for line in shown[1:]] == ["median", "mean", "least", "most"]


@pytest.mark.parametrize(
    ("text", "told"),
    [("let a = ", "error: unexpected end of file"), ("throw 7", "error: Thrown: 7"), ("no_such()", "no_such")],
)
def test_a_program_with_an_error_is_not_timed(
    program: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    program.write_text(text)
    assert main(["bench", str(program)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert told in shown.err


def test_a_count_below_one_is_wrong_use(program: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(program), "--iterations", "0"]) == 2
    assert "--iterations" in capsys.readouterr().err
