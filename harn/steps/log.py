"""The completed log: one record a settled step, in order of settling.

The runtime keeps settled entries; what they come to is worked out here, when somebody looks.
"""

from __future__ import annotations

from harn.source.typing import Any, NamedTuple
from harn.steps.entries import StepEntry
from harn.values.display import display
from harn.values.errors import THROWN, HarnError, LimitReached
from harn.values.kinds import type_name
from harn.values.operators import HIGHEST

COMPLETED, FAILED, SKIPPED, ESCALATED, CANCELLED = "completed", "failed", "skipped", "escalated", "cancelled"

TASK_CANCELLED = "task cancelled"
"""The error of a record whose task was cancelled."""


class CompletedStep(NamedTuple):
    """A step that was left. ``model``: last served, else declared, else None. Costs in US dollars.

    ``receipt`` and ``persona_receipts`` decide whether the record goes on the run's receipt; ``inclusive`` holds the tokens and
    dollars of an inclusive meter.
    """

    name: str
    function: str
    model: str | None
    input_tokens: int
    output_tokens: int
    cost_usd: float
    llm_calls: int
    status: str
    error: str | None
    persona: str = ""
    receipt: str = ""
    persona_receipts: str = ""
    inclusive: tuple[int, float] | None = None

    @property
    def on_receipt(self) -> bool:
        """Whether the record belongs on the receipt."""
        if self.receipt:
            return self.receipt == "audit"
        return self.persona_receipts != "none"


def record_of(entry: StepEntry) -> CompletedStep:
    """The record of a settled step; a count that is no int of the language any more is the largest."""
    definition = entry.definition
    meter = entry.meter
    shared = meter is not None and definition.budget.inclusive
    calls = entry.counted
    return CompletedStep(
        definition.name,
        definition.function,
        calls.last_model or definition.model or None,
        min(calls.input_tokens, HIGHEST),
        min(calls.output_tokens, HIGHEST),
        float(calls.cost),
        calls.llm_calls,
        entry.status,
        entry.error,
        entry.persona_name,
        definition.receipt,
        entry.persona.receipts if entry.persona is not None else "",
        (min(meter.recorded.tokens, HIGHEST), float(meter.recorded.dollars)) if shared and meter is not None else None,
    )


def completed_step_to_json(record: CompletedStep) -> dict[str, Any]:
    """The nine keys scripts and hosts see, in their order."""
    return dict(zip(CompletedStep._fields[:9], record[:9]))


def receipt_entry(record: CompletedStep) -> dict[str, Any]:
    """The record as ``model_calls[]`` of a receipt holds it, keys sorted."""
    entry: dict[str, Any] = {
        "cost_usd": record.cost_usd,
        "function": record.function,
        "input_tokens": record.input_tokens,
        "llm_calls": record.llm_calls,
        "output_tokens": record.output_tokens,
        "status": record.status,
        "step": record.name,
    }
    if record.error is not None:
        entry["error"] = record.error
    if record.model is not None:
        entry["model"] = record.model
    if record.inclusive is not None:
        entry["inclusive_tokens"], entry["inclusive_cost_usd"] = record.inclusive
    return dict(sorted(entry.items()))


MOST = 10_000
"""Characters of a record's error: the log keeps it to the end of the run, whatever was thrown."""


def error_text(error: HarnError) -> str:
    """What a record says of an error: the thrown dict's message, else its one-line text; of a long one the beginning or kind."""
    if error.ending in ("cancel", "interrupt"):
        return TASK_CANCELLED
    text = _thrown_text(error.payload) if error.kind == THROWN else error.text()
    return text if len(text) <= MOST else text[:MOST] + "..."


def _thrown_text(value: Any) -> str:
    if isinstance(value, dict) and isinstance(value.get("message"), str):
        return str(value["message"])
    try:
        return f"Thrown: {display(value, MOST)}"
    except LimitReached:
        return f"Thrown: <{type_name(value)}>"
