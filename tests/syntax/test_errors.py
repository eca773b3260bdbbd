"""What a broken program is told: words, places, several errors in one run, bounds."""

from __future__ import annotations

import time

import pytest

from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.depth import MAX_DEPTH, too_deep
from harn.syntax.parser import MAX_PROBLEMS, SyntaxFault, parse, parse_expression, parse_program
from tests.syntax.sketch import block, errors


def diagnostics(text: str) -> list[Diagnostic]:
    return parse(SourceFile("test.harn", text)).diagnostics


def test_the_two_wordings_and_the_label() -> None:
    (found,) = diagnostics("pipeline default(task) {\n  let x = )\n}\n")
    assert found.message == "expected expression, found )"
    assert found.bare == "Expected expression, got ) at 2:11"
    assert (found.label, found.place) == ("unexpected token", ("test.harn", 2, 11))
    (found,) = diagnostics("pipeline default(task) {\n")
    assert found.message == "unexpected end of file, expected }"
    assert found.bare == "Unexpected end of file, expected }"
    assert (found.label, found.help) == ("file ends here", "add a closing `}` to finish this block")
    (found,) = diagnostics("let x = `a\n")
    assert found.message == found.short == "Unexpected character '`' at 1:9"
    assert found.label == "here"
    (found,) = diagnostics("let x = !\n1")
    assert found.label == "line break not allowed here"


@pytest.mark.parametrize(
    ("text", "got"),
    [
        ("let 5", "int(5)"),
        ("let 5.50", "float(5.50)"),
        ("let 90s", "duration(90000ms)"),
        ('let "a\\nb"', "str(a\nb)"),
        ('let "${a}"', "istr(...)"),
        ('let r"\\d"', "rstr(\\d)"),
        ("let -", "-"),
        ("let while", "'while' (reserved keyword)"),
        ("if while", "while"),
        ("f(a).while while", "while"),
        ("let ...", "."),
        ("a.?[", "?"),
        ("let x" + "y" * 200, None),
    ],
)
def test_what_was_found(text: str, got: str | None) -> None:
    (found,) = diagnostics(text)[:1]
    if got is None:
        assert found.message == "unexpected end of file, expected ="
    else:
        assert found.message.endswith(f", found {got}")


def test_long_tokens_are_cut() -> None:
    (found,) = diagnostics("let a " + "b" * 500)
    assert len(found.message) < 110
    assert found.message.endswith("bbb...)")


@pytest.mark.parametrize(
    ("text", "found", "tree"),
    [
        ("let x = )\nlet y = 1\nlet z = ]\n", ["got ) at 1:9", "got ] at 3:9"], "let y = 1"),
        ("f(1, 2\nlet y = 1", ["got let at 2:1"], ""),
        ("if a {\n  let x = )\n  b\n  let = 2\n}\nc", ["got ) at 2:11", "got = at 4:7"], "if a {b}; c"),
        ("if a { let x = ) }\nb", ["got ) at 1:16"], "if a {}; b"),
        ("f({ x -> let = 1 })\ng()", ["got = at 1:14"], "f({x -> }); g()"),
        ("let a = [1, 2 }\nb", ["got } at 1:15"], "b"),
        ("a b c\nd", ["got id(b) at 1:3"], "a; d"),
        ("a\n}\nb", ["got } at 2:1"], "a; b"),
        ("match x { 1 -> 2 }\nb", ["got int(2) at 1:16"], "b"),
        ("fn f( { a }\nfn g() { b }\nlet =", ["got { at 1:7", "got = at 3:5"], None),
        ("struct A { 1 }\nstruct B { x: }\nc", ["got int(1) at 1:12", "got } at 2:15"], "c"),
        ("let a = 1 +\n  * 2\n  + 3\nb", ["got * at 2:3"], "b"),
    ],
)
def test_errors_do_not_hide_what_follows(text: str, found: list[str], tree: str | None) -> None:
    program, said = parse(SourceFile("test.harn", text))
    assert [diagnostic.short.rsplit(", ", 1)[1] for diagnostic in said] == found
    assert program is not None
    if tree is not None:
        assert block(program.body) == tree


def test_errors_are_in_order_and_not_without_end() -> None:
    said = diagnostics('let a = "${b c}" )\nlet d = (\n' * 500)
    assert len(said) <= 2 * MAX_PROBLEMS
    places = [diagnostic.place for diagnostic in said]
    assert places == sorted(places)
    assert len(diagnostics("~" * 500)) == MAX_PROBLEMS


def test_text_that_is_no_token_is_reported_alone() -> None:
    assert errors("let = 1\nlet x = ~\nlet y = 'a'") == [
        "Unexpected character '~' at 2:9",
        "Unexpected character ''' at 3:9",
        "Unexpected character ''' at 3:11",
    ]


def test_a_fault_carries_all_diagnostics() -> None:
    with pytest.raises(SyntaxFault, match=r"Expected expression, got \) at 1:9") as caught:
        parse_program(SourceFile("test.harn", "let x = )\nlet y = ]"))
    assert len(caught.value.diagnostics) == 2
    with pytest.raises(SyntaxFault, match="end of file"):
        parse_expression("1 +")


DEEP = {
    "parentheses": "(" * 10_000 + "1" + ")" * 10_000,
    "lists": "[" * 10_000,
    "dicts": "{a: " * 10_000,
    "closures": "{ x -> " * 10_000,
    "calls": "f(" * 10_000,
    "blocks": "if a { " * 10_000,
    "negations": "!" * 10_000 + "a",
    "minus signs": "- " * 10_000 + "a",
    "powers": "a ** " * 10_000 + "a",
    "sums": "a + " * 10_000 + "a",
    "pipes": "a |> " * 10_000 + "a",
    "accesses": "a" + ".b" * 10_000,
    "calls of methods": "a" + ".b()" * 10_000,
    "branches": "if a { b }" + " else if a { b }" * 10_000,
    "types": "let a: " + "list<" * 10_000 + "int" + ">" * 10_000 + " = 1",
    "function types": "let a: " + "fn() -> " * 10_000 + "int = 1",
    "strings": '"${' * 10_000 + "a" + '}"' * 10_000,
    "attributes": "@a(" + "[" * 10_000,
}


@pytest.mark.parametrize("what", DEEP)
def test_deep_nesting_is_an_error(what: str) -> None:
    (found,) = diagnostics(DEEP[what])
    assert found.code == "S011"
    assert found.span is not None
    assert found.span.end <= len(DEEP[what])


@pytest.mark.parametrize("size", [MAX_DEPTH - 20, MAX_DEPTH + 20])
def test_the_bound_is_one_for_all_kinds_of_depth(size: int) -> None:
    half = size // 2
    for text in ("a" + " + a" * size, "[" * size + "]" * size, "[" * half + "a" + ".b" * half + "]" * half):
        program, said = parse(SourceFile("test.harn", text))
        assert bool(said) == (size > MAX_DEPTH)
        assert (program is None) == bool(said)


def test_long_is_not_deep() -> None:
    for text in (
        "[" + "1, " * 10_000 + "]",
        "f(" + "a " * 10_000 + ")",
        "a\n" * 10_000,
        "let a: " + "int | " * 10_000 + "nil = 1",
        "match a {" + "1 -> { 2 } " * 5_000 + "}",
        '"' + "${a}" * 5_000 + '"',
    ):
        assert not errors(text)


def test_depth_counts_nodes() -> None:
    name: nodes.Expr = nodes.Name("a")
    for _ in range(MAX_DEPTH - 1):
        name = nodes.Unary("!", name)
    assert too_deep(name) is None
    assert too_deep(nodes.Unary("!", name)) is not None


@pytest.mark.parametrize(
    "text", ["(" * 100_000, '"' * 100_001, "/*" * 100_000, "{" * 100_000, "f<" * 50_000, "a?" * 50_000]
)
def test_hostile_texts_end_soon(text: str) -> None:
    """No time is measured: a quadratic pass over these takes minutes, and the test's own limit ends it."""
    start = time.process_time()
    assert diagnostics(text)
    assert time.process_time() - start < 60
