"""Any text ends in a tree or in diagnostics that stand in it. (A longer hunt: tests/fuzz.)"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from harn.source.decode import decode
from harn.source.file import SourceFile
from harn.source.render import render
from harn.syntax import nodes, tables
from harn.syntax.parser import parse
from harn.syntax.printer import print_node
from tests.strategies.trees import programs

SIGNS = (
    *"{}()[],:;.?+-*/%<>!=|@&$'`\\#~^é_x\n\t",
    *(
        "?.",
        "?[",
        "|>",
        "||",
        "&&",
        "==",
        "!=",
        "<=",
        ">=",
        "??",
        "**",
        "->",
        "...",
        "+=",
        "try*",
        "//",
        "/*",
        "*/",
        "\r\n",
        "\\\n",
    ),
    *("Name", "1", "2.5", "5s", '"s"', '"', 'r"q"', '"""', "${", '"${x}"'),
    *("gen", "each", "with", "as stream", "timeout", "default", "where", "out", "self", "description", "summarize"),
)
lexemes = st.one_of(st.sampled_from(SIGNS), st.sampled_from(sorted(tables.load().reserved)))


def check(file: SourceFile) -> None:
    program, diagnostics = parse(file)
    assert program is not None or diagnostics
    for diagnostic in diagnostics:
        assert diagnostic.message
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(file.text)
        assert render(diagnostic).startswith("error: ")


@given(st.lists(lexemes, max_size=40).map(" ".join))
@settings(max_examples=150)
def test_token_soup(text: str) -> None:
    check(SourceFile("soup.harn", text))


@given(st.text(max_size=60))
@settings(max_examples=100)
def test_any_text(text: str) -> None:
    check(SourceFile("text.harn", text))


@given(st.binary(max_size=60))
@settings(max_examples=100)
def test_any_bytes(data: bytes) -> None:
    file, problem = decode("bytes.harn", data)
    check(file)
    assert (problem is None) == (file.text.encode("utf-8", "surrogatepass") == data)


@given(programs(25), st.data())
@settings(max_examples=60)
def test_broken_programs(program: nodes.Program, data: st.DataObject) -> None:
    text = print_node(program)
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 8)))
    check(SourceFile("broken.harn", text[:begin] + data.draw(lexemes) + text[end:]))
