"""Walking over trees of nodes without recursion."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

_OUTSIDE = frozenset(
    ("span", "name_span", "type_args", "type", "attributes", "type_params", "where", "result", "comments")
)
"""Fields that hold no names of the running program: places, types, attributes."""

_FIELDS: dict[type, tuple[str, ...]] = {}


def children(node: Any) -> list[Any]:
    """The nodes directly below one, the last first, types and attributes left out."""
    kind = node.__class__
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = tuple(field.name for field in reversed(attrs.fields(kind)) if field.name not in _OUTSIDE)
        _FIELDS[kind] = fields
    found: list[Any] = []
    for field in fields:
        value = getattr(node, field)
        if value.__class__ is tuple:
            found += [item for item in reversed(value) if hasattr(item, "span")]
        elif hasattr(value, "span"):
            found.append(value)
    return found


def walk(node: Any) -> Iterator[Any]:
    """A node and everything below it, in the order of the fields."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += children(node)
