"""Blocks of statements, which of them leave, and which lines are tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from harn.source.span import Span
from harn.syntax import nodes

_FIELDS = ("body", "then", "otherwise", "cleanup", "timeout_body", "default_body")
_LEAVING = (nodes.Return, nodes.Throw, nodes.Break, nodes.Continue)


def blocks(parts: Iterable[Any]) -> Iterator[nodes.Block]:
    """The blocks that are below some nodes."""
    for node in parts:
        for field in _FIELDS:
            block = getattr(node, field, None)
            if block.__class__ is tuple and block:
                yield block


def leaves(statement: Any) -> bool:
    """Whether a statement never goes on to the next one."""
    if isinstance(statement, _LEAVING):
        return True
    if not isinstance(statement, nodes.If) or not statement.otherwise:
        return False
    return any(map(leaves, statement.then)) and any(map(leaves, statement.otherwise))


def test_spans(program: nodes.Program) -> list[Span]:
    """Where the pipelines stand that are tests, by name or by attribute, and functions whose names say so."""
    return [
        node.span
        for node in program.body
        if isinstance(node, (nodes.Pipeline, nodes.Fn))
        and (node.name.startswith(("test", "assert", "expect")) or any(a.name == "test" for a in node.attributes))
    ]
