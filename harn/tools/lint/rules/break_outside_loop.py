"""`break` or `continue` where no loop is around."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harn.resolve.tree import children
from harn.source.diagnostic import ERROR
from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L029"


_PLACES = (nodes.Fn, nodes.Closure, nodes.Tool, nodes.Spawn, nodes.Parallel, nodes.Defer, nodes.Pipeline)
_LOOPS = (nodes.For, nodes.While)


def find(source: Source) -> Iterator[Finding]:
    waiting: list[tuple[Any, bool]] = [(source.program, False)]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, (nodes.Break, nodes.Continue)) and not inside:
            word = "break" if isinstance(node, nodes.Break) else "continue"
            yield Finding(f"`{word}` used outside of a loop", node.span, "", (), ERROR)
        inside = isinstance(node, _LOOPS) or (inside and not isinstance(node, _PLACES))
        waiting += ((child, inside) for child in children(node))
