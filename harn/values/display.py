"""The one text form of values."""

from __future__ import annotations

from typing import Any


def display(value: Any) -> str:
    """The display text of a value."""
    if value.__class__ is str:
        return str(value)
    if value is None:
        return "nil"
    if value is True or value is False:
        return "true" if value else "false"
    if value.__class__ is list:
        return "[" + ", ".join(map(display, value)) + "]"
    return str(value)


def interpolate(parts: list[Any], limit: int) -> str:
    """The display texts of values, joined."""
    return "".join([p if p.__class__ is str else str(p) if p.__class__ is int else display(p) for p in parts])
