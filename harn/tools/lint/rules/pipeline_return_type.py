"""A public pipeline without a result type, which hosts rely on."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L028"


def find(source: Source) -> Iterator[Finding]:
    for node in source.program.body:
        if isinstance(node, nodes.Pipeline) and node.pub and node.result is None:
            message = f"public pipeline `{node.name}` has no declared return type"
            yield Finding(message, node.name_span, f"write `pub pipeline {node.name}(...) -> T`")
