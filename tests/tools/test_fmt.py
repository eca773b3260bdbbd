"""Formatting keeps the program and every comment, and formatting twice changes nothing more."""

from __future__ import annotations

from collections import Counter
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.source.file import SourceFile
from harn.syntax.mask import mask
from harn.syntax.nodes import Program
from harn.syntax.parser import parse
from harn.syntax.printer import print_node
from harn.tools.fmt import format_file, same_tree
from tests.strategies import trees

LINE_COMMENTS = (" // c{}", " /* c{} */", "\n// c{}", "\n/// c{}", "\n\n/** c{}\n   c */", "\n// ---- c{} ----")


def formatted(text: str, width: int = 100) -> str:
    result = format_file(SourceFile("a.harn", text), width)
    assert result.text is not None, [diagnostic.short for diagnostic in result.diagnostics]
    return result.text


def words_of_comments(text: str) -> Counter[str]:
    program = parse(SourceFile("a.harn", text)).program
    assert program is not None
    spaced = " ".join(comment.text.replace("/", " ").replace("*", " ") for comment in program.comments)
    return Counter(word for word in spaced.split() if word.strip("-"))


@st.composite
def commented(draw: st.DrawFn) -> str:
    """A program with comments between any of its tokens."""
    text = print_node(draw(trees.programs()))
    masked = mask(text).text
    gaps = [
        place
        for place, character in enumerate(masked)
        if character in " \n" and character == text[place] and masked[place - 1 : place] != "\\"
    ]
    places = sorted(draw(st.sets(st.sampled_from(gaps), max_size=6))) if gaps else []
    pieces, start = [], 0
    for number, place in enumerate(places):
        form = draw(st.sampled_from(LINE_COMMENTS)) if text[place] == "\n" else " /* c{} */"
        pieces += [text[start:place], form.format(number)]
        start = place
    return "".join(pieces) + text[start:]


@given(commented())
def test_formatting_keeps_the_tree_and_every_comment(text: str) -> None:
    before = parse(SourceFile("a.harn", text))
    assert not before.diagnostics
    result = formatted(text)
    assert same_tree(parse(SourceFile("a.harn", result)).program, before.program)
    assert words_of_comments(result) == words_of_comments(text)
    assert formatted(result) == result


@given(trees.programs(), st.sampled_from((20, 60, 100)))
def test_formatting_twice_changes_nothing_at_any_width(tree: Program, width: int) -> None:
    once = formatted(print_node(tree), width)
    assert formatted(once, width) == once


@given(st.text(st.sampled_from('ab1"{}()[]<>|&?!:;,.=+-*/%@#$\\\n '), max_size=40))
def test_garbage_gives_diagnostics(text: str) -> None:
    result = format_file(SourceFile("a.harn", text))
    assert (result.text is None) == bool(result.diagnostics)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        pytest.param("fn add(a,b){ return a+b }", "fn add(a, b) {\n  return a + b\n}\n", id="blanks"),
        pytest.param("let a=1; let b = 2", "let a = 1\n\nlet b = 2\n", id="semicolons"),
        pytest.param("", "", id="empty"),
        pytest.param("\n\n  \n", "", id="blank"),
        pytest.param("// only\n\n\n", "// only\n", id="only a comment"),
        pytest.param("#!/usr/bin/env harn\n\n\nf()\n", "#!/usr/bin/env harn\nf()\n", id="shebang"),
        pytest.param("f()\r\ng()\r\n", "f()\n\ng()\n", id="line ends"),
        pytest.param('import "b"\nimport { d, c } from "a"\nf()', 'import "b"\nimport { d, c } from "a"\n\nf()\n', id="imports"),
        pytest.param("fn f() {\n\n  a()\n\n\n  b()\n}\n", "fn f() {\n  a()\n  b()\n}\n", id="blank lines in bodies"),
        pytest.param("let d = {'a': 1}".replace("'", '"'), "let d = {a: 1}\n", id="keys"),
        pytest.param('let d = {"a b": 1,}', 'let d = {"a b": 1}\n', id="quoted keys"),
        pytest.param("let x = a && b || c", "let x = (a && b) || c\n", id="clarifying parentheses"),
        pytest.param("let x = ((a)) + (b * c)", "let x = a + b * c\n", id="needless parentheses"),
        pytest.param("let t = 60s\nlet f = 1.50", "let t = 60s\n\nlet f = 1.50\n", id="spelling of literals"),
        pytest.param('let s = "\\q${ x }"', 'let s = "\\q${ x }"\n', id="spelling of strings"),
        pytest.param('let s = """\n  a\n    b\n  """', 'let s = """\n  a\n    b\n  """\n', id="triple quotes"),
        pytest.param(
            "match x { 1 if ok -> {a()} _ -> { b(); c() } }",
            "match x {\n  1 if ok -> { a() }\n  _ -> {\n    b()\n    c()\n  }\n}\n",
            id="arms",
        ),
        pytest.param("xs.map({x->x+1}).len()", "xs.map({ x -> x + 1 }).len()\n", id="closures"),
        pytest.param("xs\n .map(f)\n .len()", "xs\n  .map(f)\n  .len()\n", id="broken chains"),
        pytest.param("if a {} else if b {}", "if a {\n} else if b {\n}\n", id="else if"),
        pytest.param("if a {} else { if b {} }", "if a {\n} else {\n  if b {\n  }\n}\n", id="if in else"),
        pytest.param("enum E { A, B(x:int) }", "enum E {\n  A\n  B(x: int)\n}\n", id="variants"),
        pytest.param("@a @b(1,k:[x])\nfn f() {}", "@a\n@b(1, k: [x])\nfn f() {\n}\n", id="attributes"),
        pytest.param("try {} catch e {} finally {}", "try {\n} catch (e) {\n} finally {\n}\n", id="try"),
    ],
)  # fmt: skip
def test_layout(written: str, wanted: str) -> None:
    assert formatted(written) == wanted
    assert formatted(wanted) == wanted


def test_comments_stay_where_they_are() -> None:
    text = dedent(
        """\
        // about the file
        fn f(a, b) { // first thing
          a() // behind a call
          // above a statement
          let xs = [
            1, // behind an element
            // above an element
            2,
            // below the elements
          ]
          xs
            // why
            .map(g) // behind a link
            .len()
          if a {
            // nothing to do
          } else {
            b()
            // at the end
          }
          match b {
            // above an arm
            1 -> { g() } // behind an arm
          }
        } // behind the function
        // at the end of the file
        """
    )
    assert formatted(text) == text.replace("fn f(a, b) { // first thing\n", "fn f(a, b) {\n  // first thing\n").replace(
        "    .map(g) // behind a link\n", "    .map(g)\n    // behind a link\n"
    )


def test_documentation_has_one_form() -> None:
    text = dedent(
        """\
        /// One line.
        fn f() {}
        /// First line.
        ///   indented
        pub fn g() {}
        @test
        /** Below an attribute. */
        fn h() {}
        /**
           no stars
         */
        fn i() {}
        // plain
        fn j() {}
        """
    )
    assert formatted(text) == dedent(
        """\
        /** One line. */
        fn f() {
        }

        /**
         * First line.
         *   indented
         */
        pub fn g() {
        }

        @test
        /** Below an attribute. */
        fn h() {
        }

        /** no stars */
        fn i() {
        }

        // plain
        fn j() {
        }
        """
    )


def test_bars_between_sections() -> None:
    bar = "// " + "-" * 77
    text = "fn f() {}\n// ---- Second ----\nfn g() {}\n// -----\n// Third\n// ----\nfn h() {}\n"
    result = formatted(text)
    assert f"}}\n\n{bar}\n// Second\n{bar}\n\nfn g()" in result
    assert f"}}\n\n{bar}\n// Third\n{bar}\n\nfn h()" in result
    assert formatted(result) == result


def test_long_lines_break_at_the_width() -> None:
    text = 'let x = build("first argument", {name: "some name", values: [1, 2, 3]}, other)\n'
    assert formatted(text) == text
    assert formatted(text, 36) == dedent(
        """\
        let x = build(
          "first argument",
          {
            name: "some name",
            values: [1, 2, 3],
          },
          other,
        )
        """
    )
