"""Imports in another order than that of their paths, those of the library first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, takewhile

from harn.source.span import Span
from harn.syntax import nodes
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L035"


def find(source: Source) -> Iterator[Finding]:
    leading = takewhile(lambda node: isinstance(node, nodes.Import), source.program.body)
    imports = [node for node in leading if isinstance(node, nodes.Import)]
    ordered = sorted(imports, key=_order)
    if ordered == imports:
        return
    whole = Span(imports[0].span.start, imports[-1].span.end)
    between = [source.file.text[a.span.end : b.span.start] for a, b in pairwise(imports)]
    message = "imports are not in canonical order (stdlib first, then alphabetical by path)"
    movable = not any(text.strip() for text in between)  # a comment belongs to the import it stands above
    fix = (Edit(whole, "\n".join(source.text(node) for node in ordered)),) if movable else ()
    yield Finding(message, whole, f"begin with `{source.text(ordered[0])}`", fix)


def _order(node: nodes.Import) -> tuple[bool, str, bool, tuple[str, ...]]:
    return not node.path.startswith("std/"), node.path, node.names is not None, node.names or ()
