"""What a run gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harn.llm.session import AREA
from harn.steps.log import completed_step_to_json

if TYPE_CHECKING:
    from harn.llm.session import Spent
    from harn.steps.entries import Calls
    from harn.vm.machine import Machine


@dataclass
class Usage:
    """What model calls took: tokens and exact cost in dollars, in total, by the model that served and by the step that paid.

    ``by_step`` has the steps that are over, all calls of one name together; a call in a task counts to no step there.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    by_model: dict[str, Usage] = field(default_factory=dict)
    by_step: dict[str, Usage] = field(default_factory=dict)

    def add(self, spent: Spent | Calls) -> None:
        """Add what some calls came to."""
        self.input_tokens += spent.input_tokens
        self.output_tokens += spent.output_tokens
        self.cost += spent.cost


def used(vm: Machine) -> tuple[list[dict[str, Any]], Usage]:
    """What a run has used: the steps that are over, oldest first, with the keys of ``completed_steps()``, and the usage."""
    steps: list[dict[str, Any]] = []
    usage = Usage()
    session = vm.areas.get(AREA)
    if session is not None:
        usage.add(session)
        for model, spent in session.models.items():
            usage.by_model.setdefault(model, Usage()).add(spent)
    if vm.step_runtime is not None:
        steps = [completed_step_to_json(record) for record in vm.step_runtime.peek_completed_steps()]
        for entry in vm.step_runtime.settled:
            usage.by_step.setdefault(entry.definition.name, Usage()).add(entry.counted)
    return steps, usage


@dataclass
class Result:
    """A run that came to its end.

    ``value``      of the pipeline, as a Python value (None for a script)
    ``stdout``     everything the program printed
    ``exit_code``  what ``harn run`` would end with
    ``steps``      completed steps, oldest first, as ``completed_steps()`` gives them
    ``usage``      tokens and dollars
    """

    value: Any
    stdout: str
    exit_code: int
    steps: list[dict[str, Any]] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
