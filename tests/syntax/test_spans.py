"""Every node stands where its text stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings

from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes
from harn.syntax.parser import parse_program
from harn.syntax.printer import print_node
from tests.strategies.trees import programs


def children(node: Any) -> Iterator[Any]:
    for field in node.__attrs_attrs__:
        value = getattr(node, field.name)
        for part in value if isinstance(value, tuple) and not isinstance(value, Span) else (value,):
            if hasattr(part, "__attrs_attrs__") and not isinstance(part, nodes.Comment):
                yield part


def every(node: Any) -> Iterator[tuple[Any, Any]]:
    """All nodes below a node, each with the one it is part of."""
    stack = [node]
    while stack:
        parent = stack.pop()
        for child in children(parent):
            yield parent, child
            stack.append(child)


SAMPLE = """\
import { a, b } from "m"
/// doc
@test(n: -1, s: x.y)
pub fn f<T>(a: int = 1 + 2, ...rest: list<T>) -> {k: int} where T: I {
  let [x, y = (1)] = a.b?.c[0]
}
fn g() {
  é = "日${ (p + q) * (r) }本" + (s).t(u, ...v)
  for k in 1 to 3 { return }
  match x { 1 | 2 -> { a } _ if (b) -> { c } }
  try { a } catch (e: E) { b } finally { c }
  parallel each xs with { max_concurrent: 2 } { x -> x } as stream
}
"""


def test_the_text_of_each_node() -> None:
    file = SourceFile("test.harn", SAMPLE)
    texts = [file.slice(node.span) for _, node in every(parse_program(file))]
    for text in (
        'import { a, b } from "m"',
        "@test(n: -1, s: x.y)",
        "n: -1",
        "x.y",
        "a: int = 1 + 2",
        "1 + 2",
        "...rest: list<T>",
        "list<T>",
        "{k: int}",
        "k: int",
        "T: I",
        "let [x, y = (1)] = a.b?.c[0]",
        "[x, y = (1)]",
        "y = (1)",
        "a.b?.c",
        '"日${ (p + q) * (r) }本" + (s).t(u, ...v)',
        "(p + q) * (r)",
        "p + q",
        "(s).t(u, ...v)",
        "...v",
        "for k in 1 to 3 { return }",
        "1 to 3",
        "return",
        "1 | 2 -> { a }",
        "1 | 2",
        "_ if (b) -> { c }",
        "catch (e: E) { b }",
        "parallel each xs with { max_concurrent: 2 } { x -> x } as stream",
        "max_concurrent: 2",
    ):
        assert text in texts, text


@given(programs(30))
@settings(max_examples=40)
def test_spans_nest_and_names_are_found(program: nodes.Program) -> None:
    """Also through what the printer makes of any tree: a child lies within its parent, after its elder siblings."""
    file = SourceFile("test.harn", print_node(program))
    for parent, node in every(parse_program(file)):
        assert parent.span.start <= node.span.start <= node.span.end <= parent.span.end
        if hasattr(node, "name_span") and node.name_span != Span(0, 0):
            named = file.slice(node.name_span)
            assert named == node.name or isinstance(node, nodes.EvalPack)
        if isinstance(node, nodes.Name):
            assert file.slice(node.span) == node.name
