"""What a run gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass
class Usage:
    """What model calls took: tokens and exact cost in dollars, in total, by model and by step."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    by_model: dict[str, Usage] = field(default_factory=dict)
    by_step: dict[str, Usage] = field(default_factory=dict)


@dataclass
class Result:
    """A run that came to its end.

    ``value``      of the pipeline, as a Python value (None for a script)
    ``stdout``     everything the program printed
    ``exit_code``  what ``harn run`` would end with
    ``steps``      completed steps, oldest first
    """

    value: Any
    stdout: str
    exit_code: int
    steps: list[dict[str, Any]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
