"""What the value of a run means for the process that ran it."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.display import display
from harn.values.kinds import RESULT, Enum


def exit_code(value: Any) -> int:
    """An int gives itself, brought into 0..255; an ``Err`` gives 1; anything else 0."""
    if value.__class__ is int:
        return max(0, min(255, int(value)))
    return 1 if is_err(value) else 0


def is_err(value: Any) -> bool:
    """Whether it is a Result that holds an error."""
    return value.__class__ is Enum and value.type.name == RESULT.name and value.variant == "Err"


def err_text(value: Any) -> str:
    """The display text of an ``Err``'s payload."""
    return display(value.payload[0]) if value.payload else ""
