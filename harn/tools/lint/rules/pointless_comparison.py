"""A comparison of something with itself, or a condition that is a constant."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L020"


_COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")
_STEADY = (nodes.Name, nodes.Property, nodes.IntLiteral, nodes.StringLiteral)


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(nodes.Binary, nodes.If):
        if isinstance(node, nodes.If):
            if isinstance(node.condition, nodes.BoolLiteral):
                word = "true" if node.condition.value else "false"
                yield Finding(f"if condition is always `{word}`", node.condition.span, "remove the test")
        elif node.op in _COMPARISONS and isinstance(node.left, _STEADY) and node.left == node.right:
            yield Finding(
                f"expression is compared to itself with `{node.op}`", node.span, "compare it with something else"
            )
