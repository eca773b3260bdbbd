"""Diagnostics and failures as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.source.diagnostic import ERROR, WARNING, Diagnostic, Note
from harn.source.file import SourceFile
from harn.source.render import LINE_WIDTH, render, render_failure
from harn.source.span import Span
from harn.values.errors import TraceEntry

FILE = SourceFile("a.harn", "let a = 1\n\tlet b = \u65e5 + c\nlast")


def shown(start: int, end: int, label: str = "here", file: SourceFile = FILE) -> str:
    return render(Diagnostic(ERROR, "S004", "wrong", file, Span(start, end), label))


def test_the_layout() -> None:
    diagnostic = Diagnostic(
        WARNING,
        "T001",
        "odd",
        FILE,
        Span(4, 5),
        "this",
        notes=(Note("declared here", FILE, Span(11, 14)), Note("plain")),
        help="do not",
    )
    assert render(diagnostic) == (
        "warning: odd\n"
        "  --> a.harn:1:5\n"
        "   |\n"
        " 1 | let a = 1\n"
        "   |     ^ this\n"
        "   = note: declared here (a.harn:2:2)\n"
        "   = note: plain\n"
        "   = help: do not\n"
    )


def test_without_a_label_there_are_no_carets() -> None:
    assert shown(4, 5, label="") == "error: wrong\n  --> a.harn:1:5\n   |\n 1 | let a = 1\n"


def test_without_a_place_there_is_the_message() -> None:
    assert render(Diagnostic(ERROR, "X", "wrong")) == "error: wrong\n"


def test_tabs_and_wide_characters_keep_the_carets_in_place() -> None:
    lines = shown(19, 24).splitlines()
    assert lines[3] == " 2 |     let b = \u65e5 + c"
    assert lines[4] == "   |" + " " * 13 + "^" * 6 + " here"


def test_a_span_over_lines_is_marked_on_its_first() -> None:
    assert shown(8, 30).splitlines()[4] == "   |         ^ here"


def test_behind_the_last_line_end_is_no_line() -> None:
    file = SourceFile("a.harn", "a\n")
    assert shown(2, 2, file=file) == "error: wrong\n  --> a.harn:2:1\n   |\n"
    assert shown(0, 0, file=SourceFile("a.harn", "")) == "error: wrong\n  --> a.harn:1:1\n   |\n"


def test_the_gutter_grows_with_the_line_number() -> None:
    lines = shown(99, 100, file=SourceFile("a.harn", "\n" * 99 + "x")).splitlines()
    assert lines[1:] == ["    --> a.harn:100:1", "     |", " 100 | x", "     | ^ here"]


@pytest.mark.parametrize("column", [0, 10, 500, 990])
def test_long_lines_are_cut_around_the_carets(column: int) -> None:
    file = SourceFile("a.harn", "0123456789" * 100)
    _, _, _, source, carets = shown(column, column + 3, file=file).splitlines()
    assert len(source) <= len(" 1 | ") + LINE_WIDTH + len("......")
    start = carets.index("^")
    assert source[start : start + 3] == "012"
    assert ("..." in source[5:10]) == (column > 10)
    assert source.endswith("...") == (column < 900)


def test_control_characters_do_not_reach_the_terminal() -> None:
    file = SourceFile("a\x1b[31m.harn", 'let a = "\x1b[31m" x')
    text = render(Diagnostic(ERROR, "X", "bad \x1b[0m", file, Span(16, 17), "\x07"))
    assert text.replace("\n", "").isprintable()


def test_colour_only_when_asked() -> None:
    diagnostic = Diagnostic(ERROR, "X", "wrong", FILE, Span(4, 5), "here", help="do")
    plain, coloured = render(diagnostic), render(diagnostic, colour=True)
    assert "\x1b" not in plain
    assert coloured.startswith("\x1b[1;31merror\x1b[0m: wrong\n")


@given(st.text(max_size=200), st.data())
def test_any_line_is_rendered(text: str, data: st.DataObject) -> None:
    file = SourceFile("a.harn", text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    lines = shown(start, end, file=file).splitlines()
    assert lines[0] == "error: wrong"
    assert len(lines) in (3, 5)


def test_a_failure_with_its_calls() -> None:
    file = SourceFile("m.harn", "fn f() {\n  return 1 / zero\n}\nf()\n")
    calls = [TraceEntry("f", "m.harn", 2, 10, 8), TraceEntry("g", "n.harn", 7, 1), TraceEntry("h", "n.harn", 0, 0)]
    assert render_failure("Runtime error: no", [*calls, TraceEntry("", "m.harn", 4, 1)], file) == (
        "error: Runtime error: no\n"
        "  --> m.harn:2:10\n"
        "   |\n"
        " 2 |   return 1 / zero\n"
        "   |          ^^^^^^^^\n"
        "  = note: called from g at n.harn:7\n"
        "  = note: called from pipeline at m.harn:4\n"
    )


def test_a_failure_with_less_known_about_its_place() -> None:
    file = SourceFile("m.harn", "  total + 1\n")
    word = render_failure("no", [TraceEntry("f", "m.harn", 1, 3, 0)], file)
    assert word.splitlines()[4] == "   |   ^^^^^"
    line = render_failure("no", [TraceEntry("f", "m.harn", 1, 0, 0)], file)
    assert line.splitlines()[1:] == ["  --> m.harn:1:1", "   |", " 1 |   total + 1", "   |   ^^^^^^^^^"]
    assert render_failure("no", [TraceEntry("f", "m.harn", 1, 3)]) == "error: no\n  --> m.harn:1:1\n"
    assert render_failure("no", [TraceEntry("f", "m.harn", 0, 0)], file) == "error: no\n"
    assert render_failure("no", []) == "error: no\n"
