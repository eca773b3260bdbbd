"""What one run has spent on model calls, and the limit it set itself (``llm_budget``)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from harn.values.errors import HarnError, thrown
from harn.values.operators import HIGHEST

if TYPE_CHECKING:
    from harn.vm.machine import Machine

AREA = "llm"


class Spent:
    """What some model calls came to."""

    __slots__ = ("calls", "cost", "input_tokens", "output_tokens")

    def __init__(self) -> None:
        self.cost = Decimal(0)
        self.input_tokens = 0
        self.output_tokens = 0
        self.calls = 0

    def add(self, input_tokens: int, output_tokens: int, cost: Decimal) -> None:
        """Count a call that was served."""
        self.input_tokens += max(0, input_tokens)
        self.output_tokens += max(0, output_tokens)
        self.cost += max(Decimal(0), cost)
        self.calls += 1


class Session(Spent):
    """The totals of a run, and those of each model by its name; crossing calls are in them.

    ``budget`` in dollars, None without.
    """

    __slots__ = ("budget", "milliseconds", "models")

    def __init__(self) -> None:
        super().__init__()
        self.models: dict[str, Spent] = {}
        self.milliseconds = 0
        self.budget: Decimal | None = None

    def charge(self, model: str, input_tokens: int, output_tokens: int, cost: Decimal) -> None:
        """Count a call that ``model`` served."""
        self.add(input_tokens, output_tokens, cost)
        self.models.setdefault(model, Spent()).add(input_tokens, output_tokens, cost)

    def overspent(self, provider: str, model: str) -> HarnError | None:
        """The error of a run that has spent more than its own limit."""
        if self.budget is None or self.cost <= self.budget:
            return None
        return thrown(
            {
                "category": "generic",
                "kind": "terminal",
                "reason": "unknown",
                "message": f"LLM budget exceeded: spent ${self.cost:.4f} of ${self.budget:.4f} budget",
                "provider": provider,
                "model": model,
            }
        )

    def totals(self) -> dict[str, Any]:
        """What ``llm_session_cost`` gives."""
        return {
            "total_cost": float(self.cost),
            "input_tokens": min(self.input_tokens, HIGHEST),
            "output_tokens": min(self.output_tokens, HIGHEST),
            "call_count": self.calls,
        }


def session_of(vm: Machine) -> Session:
    """The session of a run, made at its first use."""
    found = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = Session()
    return found
