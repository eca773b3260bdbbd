"""An `else` behind a branch that returns, where both do."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L015"


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(nodes.If):
        if node.otherwise and _returns(node.then) and _returns(node.otherwise):
            message = "both if and else branches return — else is unnecessary"
            yield Finding(message, node.span, "write the else branch behind the if")


def _returns(block: nodes.Block) -> bool:
    return bool(block) and isinstance(block[-1], nodes.Return)
