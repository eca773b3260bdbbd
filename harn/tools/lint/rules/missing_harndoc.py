"""A public function without a `/** */` comment."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L018"


def find(source: Source) -> Iterator[Finding]:
    for node in source.program.body:
        if isinstance(node, nodes.Fn) and node.pub and not node.doc:
            message = f"public function `{node.name}` is missing a `/** */` doc comment"
            yield Finding(message, node.name_span, f"say above `pub fn {node.name}` what it does")
