"""How deep a tree is, and the bound that makes recursion over it safe."""

from __future__ import annotations

from harn.source.span import Span
from harn.source.typing import Any

#: The most levels a tree may have, and the most brackets that may be open at once. Programs written by people stay below 30,
#: generated ones may hold long chains: of operators, accesses or ``else if`` each link is one level. Every pass may recurse
#: this deep, with Python's recursion limit raised to some frames for each level.
MAX_DEPTH = 1000


def too_deep(root: Any) -> Span | None:
    """The place of a node deeper than ``MAX_DEPTH``, or None. Looks at all nodes, without recursion."""
    level = [root]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for node in level:
            for field in node.__attrs_attrs__:
                value = getattr(node, field.name)
                if isinstance(value, tuple):
                    below.extend(part for part in value if hasattr(part, "__attrs_attrs__"))
                elif hasattr(value, "__attrs_attrs__"):
                    below.append(value)
        if not below:
            return None
        level = below
    span: Span = level[0].span
    return span
