"""How fixtures are judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from harn.tools.conformance import discover, selected
from harn.tools.verdict import difference, judge, matches, normal


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\nb\n", "a\nb", True),
        ("a\nb", "a\nb  \n\n", True),
        ("a\r\nb\n", "a\nb\n", True),
        ("a\n\nb", "a\nb", False),
        ("a ", "a", True),
        ("a \nb", "a\nb", False),
        (" a", "a", False),
        ("[timer] load: 3ms", "[timer] load: 1200ms", True),
        ("[timer] a: b: 3ms", "[timer] a: b: 4ms", True),
        ("timer load: 3ms", "timer load: 4ms", False),
        ("[timer] load 3ms", "[timer] load 4ms", False),
    ],
)
def test_outputs(expected: str, printed: str, same: bool) -> None:
    assert (difference(expected, printed) == "") == same


def test_a_difference_names_the_line() -> None:
    assert difference("a\nb\n", "a\nc\n") == "line 2: expected 'b'\nline 2: printed  'c'"
    assert difference("a\nb\n", "a\n") == "line 2: expected 'b'\nline 2: printed  the end"
    assert normal("[timer] x: 5ms\n\n") == ["[timer] x: <ms>"]


@pytest.mark.parametrize(
    ("message", "wanted", "good"),
    [
        ("Runtime error: x is bad", "x is", True),
        ("Runtime error: x is bad", "x was", False),
        ("at 4:12", r"re: at \d+:\d+", True),
        ("at 4", r"re:at \d+:", False),
        ("(", "re:(", False),
    ],
)
def test_errors(message: str, wanted: str, good: bool) -> None:
    assert matches(message, wanted) == good


def test_verdicts(tmp_path: Path) -> None:
    fixture = tmp_path / "a.harn"
    assert judge(fixture, "ok", "") is None
    (tmp_path / "a.error").write_text("first text\n  second text  \n")
    assert judge(fixture, "error", "has the second text in it") == ""
    assert judge(fixture, "ok", "second text") == "expected an error, but it ended with ok"
    assert judge(fixture, "timeout", "second text") == "expected an error, but it ended with timeout"
    assert "expected       first text | second text" in str(judge(fixture, "error", "third"))
    (tmp_path / "a.expected").write_text("5\n")
    assert judge(fixture, "ok", "5") == ""
    assert judge(fixture, "error", "Division by zero") == "error: Division by zero"


def test_discovery(tmp_path: Path) -> None:
    for name in ("b.harn", "a/x.harn", ".hidden/y.harn", "a/skip.harn", "a/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "a" / "skip.conformance-skip").write_text("")
    found = [p.relative_to(tmp_path).as_posix() for p in discover(tmp_path)]
    assert sorted(found) == [".hidden/y.harn", "a/x.harn", "b.harn"]
    assert discover(tmp_path, tmp_path / "b.harn") == [tmp_path / "b.harn"]


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("", True),
        ("lists", True),
        ("dicts", False),
        ("dicts|push", True),
        ("tests/*/push*", True),
        ("l?sts", True),
        ("re:^tests/.*push", True),
        ("re:^push", False),
    ],
)
def test_filters(wanted: str, taken: bool) -> None:
    assert selected("tests/lists/push_many.harn", wanted) == taken
