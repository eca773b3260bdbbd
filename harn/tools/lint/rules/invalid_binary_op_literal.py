"""Arithmetic with `true`, `false` or `nil`, which fails when it is reached."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L016"


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(nodes.Binary):
        operands = (node.left, node.right)
        if node.op in ("+", "-", "*", "/", "%", "**") and any(isinstance(o, _WRONG) for o in operands):
            message = f"operator '{node.op}' used with boolean or nil literal — this will cause a runtime error"
            yield Finding(message, node.span, "convert the value first, or put it into a text with `${}`")


_WRONG = (nodes.BoolLiteral, nodes.NilLiteral)
