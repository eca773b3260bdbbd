"""A block in which nothing stands."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L012"


_BLOCKS = {
    nodes.If: ("if block", "then"),
    nodes.For: ("for loop", "body"),
    nodes.While: ("while loop", "body"),
    nodes.Try: ("try block", "body"),
}


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(*_BLOCKS):
        what, field = _BLOCKS[node.__class__]
        if getattr(node, field) == ():
            yield Finding(f"{what} has an empty body", node.span, "remove it, or write its body")
