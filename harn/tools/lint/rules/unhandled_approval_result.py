"""The answer of someone who was asked for approval is thrown away."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.flow import blocks
from harn.tools.lint.source import Finding, Source

CODE = "L033"


_QUESTIONS = frozenset(("request_approval", "dual_control"))


def find(source: Source) -> Iterator[Finding]:
    for block in blocks(source.nodes):
        for statement in block[:-1]:
            if isinstance(statement, nodes.Call) and statement.callee.name in _QUESTIONS:
                message = f"approval result from `{statement.callee.name}` is discarded"
                yield Finding(message, statement.span, "look at the answer, or assign it to `_`")
