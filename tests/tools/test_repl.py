"""Sessions: names that stay, pieces that fail, declaring anew, copies, imports, completion."""

from __future__ import annotations

from pathlib import Path

import pytest

from harn.host.host import Host
from harn.tools.repl import Session, shown
from harn.vm.frame import Returned, Threw


class Lines:
    """Keeps what a session prints."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.fixture
def session() -> Session:
    return Session(Host.sandbox(), Lines())


def enter(session: Session, *pieces: str) -> list[str]:
    """What a session shows for pieces: values, texts of errors, messages of static ones."""
    found = []
    for piece in pieces:
        diagnostics, outcome = session.enter(piece)
        if isinstance(outcome, Returned):
            found.append(shown(outcome.value))
        elif isinstance(outcome, Threw):
            found.append(outcome.error.text())
        else:
            found += [d.message for d in diagnostics]
    return found


def test_names_stay(session: Session) -> None:
    assert enter(session, "let x = 2", "var y = x + 1", "y = y * 10", "x + y", '"a"') == ["", "", "", "32", '"a"']
    assert session.variables == {"x": 2, "y": 30}


def test_functions_see_what_later_pieces_assign(session: Session) -> None:
    pieces = ["var n = 1", "fn get() { return n }", "fn bump() { n = n + 1 }", "n = 5", "bump()", "get()", "n"]
    assert enter(session, *pieces)[-2:] == ["6", "6"]


def test_functions_may_be_used_before_they_are_there(session: Session) -> None:
    found = enter(session, "fn f() { return g() + 1 }", "f()", "fn g() { return 41 }", "f()")
    assert "Undefined variable: g" in found[1]
    assert found[3] == "42"


def test_a_failed_piece_keeps_what_it_had_bound(session: Session) -> None:
    found = enter(session, "let a = 1\nlet b = 1 / 0\nlet c = 3", "a", "b")
    assert found[0] == "Runtime error: Division by zero (line 2)"
    assert found[1] == "1"
    assert "Undefined variable: b" in found[2]


def test_declaring_anew(session: Session) -> None:
    assert enter(session, "let x = 1", "let x = x + 1", "x") == ["", "", "2"]
    assert enter(session, "fn f() { return 1 }", "fn f() { return 2 }", "f()")[-1] == "2"
    assert (
        enter(session, "struct P { x: int }", "struct P { x: int, y: int }", "P { x: 1, y: 2 }")[-1] == "P {x: 1, y: 2}"
    )
    assert "Cannot assign to immutable binding: x" in enter(session, "x = 3")[0]
    assert enter(session, "let x = unknown", "x") == ["Runtime error: Undefined variable: unknown (line 1)", "2"]


def test_a_static_error_leaves_no_trace(session: Session) -> None:
    assert enter(session, "let x = 1", "let x = )", "break", "x")[-1] == "1"
    assert list(session.variables) == ["x"]


def test_values_do_not_alias_over_pieces(session: Session) -> None:
    enter(
        session,
        "var xs = [1]",
        "fn get() { return xs }",
        "let a = get()",
        "xs = xs + [2]",
        "let b = xs",
        "xs[0] = 9",
        "let c = get()",
    )
    enter(session, "xs = xs + [3]", "xs[1] = 8")
    values = {name: session.variables[name] for name in ("a", "b", "c", "xs")}
    assert values == {"a": [1], "b": [1, 2], "c": [9, 2], "xs": [9, 8, 3]}


def test_imports(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lib.harn").write_text("var count = 0\npub fn next() {\n  count = count + 1\n  return count\n}\n")
    pieces = ['import "lib"', "next()", "next()", 'import { next } from "lib"', "next()"]
    assert enter(session, *pieces) == ["", "1", "2", "", "3"]
    assert "cannot read 'none.harn'" in enter(session, 'import "none"')[0]
    assert enter(session, "next()") == ["4"]


@pytest.mark.parametrize(
    ("text", "unfinished"),
    [
        ("let x = 1", False),
        ("let x =", True),
        ("fn f() {", True),
        ("fn f() {\n  return 1\n}", False),
        ("[1,\n2", True),
        ("f(1,", True),
        ("1 +", True),
        ('"""a', True),
        ("/* a", True),
        ('"abc', False),
        ("let x = )", False),
        ("}", False),
    ],
)
def test_what_needs_more_lines(session: Session, text: str, unfinished: bool) -> None:
    assert session.is_unfinished(text) == unfinished


def test_completion(session: Session) -> None:
    enter(session, "let people = {ada: 1}", "let pears = [1]")
    assert session.complete("let y = pe") == ["pears", "people", "percentile"]
    assert session.complete("people.ad") == ["people.ada"]
    assert "pears.map" in session.complete("pears.ma")
    assert "pears.keys" not in session.complete("pears.k")
    assert "println" in session.complete("printl")
    assert "while" in session.complete("whi")
    assert session.complete("x + ") == []


def test_output_and_exit() -> None:
    lines = Lines()
    session = Session(Host.sandbox(), lines)
    enter(session, "println(1)", "exit(3)")
    assert lines.text == "1\n"
