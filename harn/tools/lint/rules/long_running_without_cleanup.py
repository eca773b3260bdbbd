"""Work is started in the background and no `defer` or `finally` is there to stop it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source, everything

CODE = "L034"


def find(source: Source) -> Iterator[Finding]:
    for function in source.of(nodes.Fn, nodes.Pipeline, nodes.Tool):
        parts = [part for statement in function.body for part in everything(statement)]
        if any(isinstance(part, nodes.Defer) or (isinstance(part, nodes.Try) and part.cleanup) for part in parts):
            continue
        for call in parts:
            if isinstance(call, nodes.Call) and any(_long_running(argument) for argument in call.args):
                message = f"`{call.callee.name}` starts long-running work without a defer/finally cleanup path"
                help = "keep the handle and stop it in a `defer` or `finally` with `tools.cancel_handle`"
                yield Finding(message, call.span, help)


def _long_running(node: Any) -> bool:
    entries = node.entries if isinstance(node, nodes.DictLiteral) else ()
    return any(
        isinstance(entry, nodes.DictEntry)
        and isinstance(entry.key, nodes.StringLiteral)
        and entry.key.value == "long_running"
        and isinstance(entry.value, nodes.BoolLiteral)
        and entry.value.value
        for entry in entries
    )
