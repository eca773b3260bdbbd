"""How templates see values: as texts, and as true or false."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.display import display


def text_of(value: Any, limit: int) -> str:
    """The display text of a value; nil is no text. LimitReached above ``limit`` characters."""
    return "" if value is None else display(value, limit)


def truthy(value: Any) -> bool:
    """Whether a condition holds: not for nil, false, zero, blank texts, empty lists and dicts; for all else."""
    kind = value.__class__
    if kind is str:
        return not (value.isspace() or not value)
    if kind is bool or kind is int or kind is float or kind is list or kind is dict:
        return bool(value)
    return value is not None
