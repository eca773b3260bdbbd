"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.structure.checkout import ROOT

GOOD = """
fn half(n) { return n / 2 }
pipeline test_halves() { assert_eq(half(4), 2) }
@test
pipeline marked() { println("seen") }
pipeline other() { throw "never run" }
pipeline test_fails() {
  println("before")
  assert_eq(half(4), 3)
}
"""


def collected(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What pytest says in a folder."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:harn",
        "-p",
        "harn.testing.plugin",
        "-p",
        "no:cacheprovider",
        *words,
    ]
    return subprocess.run(
        [*command, "--rootdir", str(folder), str(folder)], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_pipelines_are_tests(tmp_path: Path) -> None:
    (tmp_path / "test_halves.harn").write_text(GOOD)
    (tmp_path / "more_test.harn").write_text("pipeline test_more() { 1 }")
    (tmp_path / "halves.harn").write_text("pipeline test_not_collected() { throw 1 }")
    done = collected(tmp_path, "-q", "-rA")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 3 passed" in done.stdout
    assert "pipeline test_fails" in done.stdout
    assert "before" in done.stdout
    assert "Traceback" not in done.stdout
    assert "plugin.py" not in done.stdout


def test_a_file_that_is_no_program_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_broken.harn").write_text("pipeline test_x( {")
    done = collected(tmp_path)
    assert done.returncode == 2
    assert "test_broken.harn" in done.stdout
