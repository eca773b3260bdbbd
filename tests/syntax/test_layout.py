"""Line ends, separators, comments and continuation."""

from __future__ import annotations

import pytest

from tests.syntax.sketch import errors, statements


@pytest.mark.parametrize("operator", ["||", "&&", "==", "!=", "<", ">", "<=", ">=", "??", "+", "*", "/", "%", "**"])
def test_a_line_goes_on_with_an_operator(operator: str) -> None:
    tree = f"let x = ({operator} a b)"
    assert statements(f"let x = a\n  {operator} b") == tree
    assert statements(f"let x = a {operator}\n  b") == tree
    assert statements(f"let x = a // why\n\n  // because\n  {operator} b") == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("let x = a\n- b", "let x = a; (- b)"),
        ("let x = a\n(b)", "let x = a; b"),
        ("let x = a\n[b]", "let x = a; [b]"),
        ("let x = a -\n b", "let x = (- a b)"),
        ("let x = a\n  |> f\n  |> g", "let x = (|> (|> a f) g)"),
        ("xs\n  .map(f)\n  // between\n  .filter(g)?\n  .first", "xs.map(f).filter(g)?.first"),
        ("a \\\n  - b", "(- a b)"),
        ("a \\\r\n  - b", "(- a b)"),
        ("let x =\n\n  5", "let x = 5"),
        ("f(\n  a,\n\n  b\n)", "f(a b)"),
        ("return\nf()", "return; f()"),
        ("return f()", "return f()"),
        ("a\r\nb\r\n", "a; b"),
        ("a;b;\nc;", "a; b; c"),
        ("", ""),
        ("\n\n  \n", ""),
        ("// only a comment", ""),
        ("/* a /* nested */ comment */ a", "a"),
        ("#!/usr/bin/env harn\na", "a"),
        ("if a { b }\nelse { c }", "if a {b} else {c}"),
        ("if a { b }\n\n// then\nelse if c { d }", "if a {b} else {if c {d}}"),
        ("if a\n{\nb\n}", "if a {b}"),
        ("while a { b; c }", "(While a [b; c])"),
    ],
)
def test_line_ends(text: str, tree: str) -> None:
    assert statements(text) == tree


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a b", "Expected top-level item separator (`;` or newline), got id(b) at 1:3"),
        ("if c { break } f()", "Expected top-level item separator (`;` or newline), got id(f) at 1:16"),
        ("if c { a b }", "Expected statement separator (`;` or newline), got id(b) at 1:10"),
        (";", "Expected expression, got ; at 1:1"),
        ("a;;b", "Expected expression, got ; at 1:3"),
        ("a\n; b", "Expected expression, got ; at 2:1"),
        ("if a { b }; else { c }", "Expected expression, got else at 1:13"),
        ("try { a }; catch (e) { b }", "Expected expression, got catch at 1:12"),
        ("let x = (a\n- b)", "Expected ), got - at 2:1"),
        ("let x = !\ntrue", "Expected expression, got \\n at 1:10"),
        ("let x = -\n5", "Expected expression, got \\n at 1:10"),
        ("c\n? a : b", "Expected expression, got ? at 2:1"),
        ("pub\nfn f() {}", None),
    ],
)
def test_separators_that_are_missing_or_misplaced(text: str, error: str | None) -> None:
    assert errors(text)[:1] == [
        error or "Expected fn, tool, skill, eval_pack, struct, enum, pipeline, or import after pub, got \\n at 1:4"
    ]


def test_a_line_end_does_not_hide_a_struct_literal_behind_it() -> None:
    assert statements("let a = Point\nlet b = [Point\n{x: 1}]") == "let a = Point; let b = [Point {x: 1}]"


def test_blanks_of_other_kinds_are_no_blanks() -> None:
    assert errors("a\fb") == ["Unexpected character '\\u{c}' at 1:2"]
    assert errors("a\u00a0b") == ["Unexpected character '\\u{a0}' at 1:2"]
