"""A system prompt of `llm_call` with something interpolated, which may carry instructions of others."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L025"


def find(source: Source) -> Iterator[Finding]:
    for call in source.variables.calls:
        if call.callee.name == "llm_call" and len(call.args) > 1 and isinstance(call.args[1], nodes.Interpolation):
            message = "interpolated data in the `llm_call` system prompt can smuggle untrusted instructions"
            yield Finding(message, call.args[1].span, "keep the system prompt fixed and pass data in the user prompt")
