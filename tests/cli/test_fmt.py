"""``harn fmt``: what it changes, what it leaves alone, and what it says."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from harn.cli.main import main

UGLY = "fn f( a,b ){return a+b}\n"
NEAT = "fn f(a, b) {\n  return a + b\n}\n"
BROKEN = "fn f( {\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file of each kind, the working directory of the test."""
    monkeypatch.chdir(tmp_path)
    for name, text in {"a/ugly.harn": UGLY, "b/neat.harn": NEAT, "b/.hidden/x.harn": UGLY, "b/notes.txt": UGLY}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_files_are_laid_out_in_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.chmod("a/ugly.harn", 0o640)
    assert main(["fmt", "."]) == 0
    assert (folder / "a/ugly.harn").read_text() == NEAT
    assert (folder / "a/ugly.harn").stat().st_mode & 0o777 == 0o640
    assert (folder / "b/.hidden/x.harn").read_text() == UGLY
    assert capsys.readouterr() == ("", "1 formatted, 1 unchanged\n")
    assert main(["fmt", "."]) == 0
    assert capsys.readouterr().err == "0 formatted, 2 unchanged\n"


def test_check_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--check", "a", "b/neat.harn"]) == 1
    assert capsys.readouterr() == ("a/ugly.harn: would be reformatted\n", "1 to format, 1 unchanged\n")
    assert (folder / "a/ugly.harn").read_text() == UGLY
    assert main(["fmt", "--check", "b"]) == 0


def test_diff_shows_the_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "--diff", "a/ugly.harn"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("--- a/ugly.harn\n+++ a/ugly.harn (formatted)\n")
    assert "\n-fn f( a,b ){return a+b}\n+fn f(a, b) {\n" in shown
    assert (folder / "a/ugly.harn").read_text() == UGLY


def test_standard_input_goes_to_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(UGLY.encode())))
    assert main(["fmt", "-"]) == 0
    assert capsys.readouterr() == (NEAT, "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BROKEN.encode(), "broken.harn:1:7"),
        (b"let a = \xff\n", "broken.harn:1:9"),
        (b"\xef\xbb\xbflet a = 1\n", "broken.harn:1:1"),
    ],
)
def test_what_is_no_program_is_told_and_left_alone(
    folder: Path, text: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = folder / "broken.harn"
    broken.write_bytes(text)
    assert main(["fmt", "broken.harn", "a"]) == 1
    shown = capsys.readouterr().err
    assert told in shown
    assert shown.endswith("1 formatted, 0 unchanged, 1 failed\n")
    assert broken.read_bytes() == text


def test_a_missing_file_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fmt", "nowhere.harn"]) == 1
    assert "Error reading nowhere.harn: No such file or directory (os error 2)\n" in capsys.readouterr().err
