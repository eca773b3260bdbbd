"""A variable that is declared only to be returned by the next statement."""

from __future__ import annotations

from collections.abc import Iterator

from harn.source.span import Span
from harn.syntax import nodes
from harn.tools.lint.flow import blocks
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L022"


def find(source: Source) -> Iterator[Finding]:
    for block in blocks(source.nodes):
        if len(block) < 2 or not isinstance(block[-2], nodes.Let) or not isinstance(block[-1], nodes.Return):
            continue
        let, leave = block[-2], block[-1]
        if not isinstance(let.pattern, nodes.NamePattern) or not isinstance(leave.value, nodes.Name):
            continue
        if let.type is None and let.pattern.name == leave.value.name:
            between = source.file.text[let.span.end : leave.span.start]
            whole = Span(let.span.start, leave.span.end)
            fix = (Edit(whole, f"return {source.text(let.value)}"),) if not between.strip() else ()
            name = let.pattern.name
            yield Finding(f"binding `{name}` is immediately returned", let.span, "return the expression itself", fix)
