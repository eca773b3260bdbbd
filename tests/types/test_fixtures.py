"""What the fixtures of types say to tools other than ``harn run``: findings are told once, and no tool loses a declaration."""

from __future__ import annotations

from pathlib import Path

from harn.compiler.build import build
from harn.compiler.cache import Cache
from harn.source.file import SourceFile
from harn.tools.fmt import format_file
from harn.tools.lint.engine import lint
from harn.tools.lint.settings import settings_for

FIXTURES = Path(__file__).parents[2] / "conformance" / "tests" / "types"


def fixture(name: str) -> SourceFile:
    path = FIXTURES / f"{name}.harn"
    return SourceFile(str(path), path.read_text())


def test_types_that_are_only_constructed_are_used() -> None:
    file = fixture("constructed_only")
    assert lint(file, settings_for(file.path)).diagnostics == []


def test_formatting_keeps_guards_and_comments() -> None:
    file = fixture("match_guards")
    assert format_file(file).text == file.text


def test_a_deprecation_is_told_once() -> None:
    built = build(fixture("deprecated_once"), cache=Cache(None))
    assert [(d.code, d.place[1]) for d in built.diagnostics] == [("T022", 7)]


def test_a_variable_of_a_loop_may_be_assigned() -> None:
    assert build(fixture("loop_variables_change"), cache=Cache(None)).diagnostics == []
