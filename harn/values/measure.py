"""The parts of values, and how large a value is."""

from __future__ import annotations

from harn.source.typing import Any, Callable, Iterable
from harn.values.errors import LimitReached
from harn.values.kinds import Enum, Pair, Set, Struct

PARTS: dict[type, Callable[[Any], Iterable[Any]]] = {
    list: lambda value: value,
    dict: lambda value: value.values(),
    Struct: lambda value: value.fields.values(),
    Enum: lambda value: value.payload,
    Pair: lambda value: (value.first, value.second),
    Set: lambda value: value,
}
"""Kind of a container -> its parts, in order."""


def deep_size(value: Any, limit: int | None = None) -> int:
    """Bytes of a value, roughly: 8 for every scalar and every part, 1 for a character of a text or key.

    A part that is shared counts once. LimitReached as soon as there are more than ``limit``.
    """
    size = 0
    met: set[int] = set()
    todo = [value]
    while todo:
        part = todo.pop()
        kind = part.__class__
        opener = PARTS.get(kind)
        if opener is None:
            size += len(part) + 8 if kind is str or kind is bytes else 8
        elif id(part) not in met:
            met.add(id(part))
            parts = list(opener(part))
            size += 8 * (len(parts) + 1)
            if kind is dict or kind is Struct:
                size += sum(map(len, part if kind is dict else part.fields))
            todo += parts
        if limit is not None and size > limit:
            raise LimitReached("value_bytes", limit)
    return size
