"""Hooks that a project's ``harn.toml`` declares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harn.cli.main import main
from harn.steps.hooks import EventError, parse_pattern, told_matches
from harn.steps.runtime import StepRuntime

TOLD = {"event": "PreStep", "persona": "captain", "step": {"name": "plan", "args": [1]}, "target": "captain.plan"}


@pytest.mark.parametrize(
    ("pattern", "holds"),
    [
        ("", True), ("*", True), (" * ", True), ("captain.*", True), ("*.plan", True), ("captain.plan", True),
        ("plan", False), ("captain", False), ("persona", True), ("step.name", True), ("step.missing", False),
        ("missing.path", False), ("persona == captain", True), ("persona == 'other'", False), ('persona != "other"', True),
        ("persona != captain", False), ("step.name =~ ^pl", True), ('step.name =~ "an$|x"', True), ("step.name =~ ^an", False),
        ("missing == nil", True),
    ],
)  # fmt: skip
def test_patterns(pattern: str, holds: bool) -> None:
    assert told_matches(pattern, TOLD) is holds


def test_invalid_expressions_are_refused_at_registration() -> None:
    with pytest.raises(EventError, match="invalid regular expression"):
        parse_pattern("step.name =~ (")
    with pytest.raises(EventError, match="invalid regular expression"):
        StepRuntime().register_manifest_hook("step.name =~ (", "PreStep", None)


def test_clearing_keeps_them_and_reset_does_not() -> None:
    runtime = StepRuntime()
    runtime.register_manifest_hook("*", "PreStep", "kept")
    runtime.register_persona_hook("*", "PreStep", "cleared")
    runtime.clear_persona_hooks()
    assert [hook.handler for hook in runtime.matching_hooks("PreStep", None, None, TOLD)] == ["kept"]
    runtime.reset()
    assert runtime.hooks == []


MANIFEST = """
[package]
name = "crew"
[exports]
more = "hooks/more.harn"
[[hooks]]
event = "PreStep"
pattern = "captain.*"
handler = "crew::before"
[[hooks]]
event = "PostStep"
pattern = 'step.name =~ "^pl"'
handler = "more::after"
[[hooks]]
event = "PreToolUse"
handler = "crew::before"
"""
PROGRAM = """
@step(name: "plan")
fn plan(x) { return x }
@persona(name: "captain")
fn captain() { return plan(2) }
pipeline default(task) {
  register_persona_hook("*", "PreStep", { e -> println("own ${e.target}") })
  println(plan(1))
  println(captain())
  clear_persona_hooks()
  println(captain())
}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a manifest, in a folder above that of its program."""
    (tmp_path / "hooks").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "harn.toml").write_text(MANIFEST)
    (tmp_path / "lib.harn").write_text('pub fn before(e) {\n  println("manifest ${e.target}")\n  return nil\n}\n')
    (tmp_path / "hooks" / "more.harn").write_text('pub fn after(e) { return {output: "after ${e.output}"} }\n')
    (tmp_path / "bin" / "p.harn").write_text(PROGRAM)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_they_come_before_those_of_the_program_and_are_never_cleared(project: Path, capsys: Any) -> None:
    for _ in range(2):  # compiled anew, then from the cache
        assert main(["run", "bin/p.harn"]) == 0
        assert capsys.readouterr().out.splitlines() == [
            "own plan", "after 1",
            "manifest captain.plan", "own captain.plan", "after 2",
            "manifest captain.plan", "after 2",
        ]  # fmt: skip


def test_a_handler_that_is_not_there_fails_the_run(project: Path, capsys: Any) -> None:
    (project / "harn.toml").write_text('[[hooks]]\nevent = "PreStep"\nhandler = "nowhere::f"\n')
    assert main(["run", "bin/p.harn"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "Import error: cannot read" in told.err


@pytest.mark.parametrize(
    "manifest", ["hooks = 3", "[[hooks]]\nevent = 1", '[[hooks]]\nevent = "PreStep"\nhandler = "x y"', "[["]
)
def test_entries_that_are_none_are_passed_over(project: Path, manifest: str, capsys: Any) -> None:
    (project / "harn.toml").write_text(manifest)
    assert main(["run", "bin/p.harn"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "own plan"
