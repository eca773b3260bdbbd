"""The error values of budgets, how they are recognised and marked, and what a boundary makes of one."""

from __future__ import annotations

from decimal import Decimal

from harn.source.typing import Any, NamedTuple
from harn.steps.definitions import CONTINUE, ESCALATE
from harn.steps.entries import PersonaEntry, StepEntry
from harn.steps.meters import TOKENS, Meter

BUDGET_EXCEEDED = "budget_exceeded"
HANDOFF = "handoff_escalation"


def dollars(*amounts: Decimal) -> list[str]:
    """Amounts as ``$0.012500``: six decimals, more where two different amounts would look alike."""
    for places in range(6, 29):
        shown = [f"${amount:.{places}f}" for amount in amounts]
        if len(set(shown)) == len(set(amounts)):
            break
    return shown


def crossed_error(meter: Meter, limit: str, *, provider: str, model: str) -> dict[str, Any]:
    """The value thrown at the call that crossed a limit."""
    shown = _amounts(meter, limit)
    who, fields = _owner(meter)
    limit_name = _limit_name(meter, limit)
    return {
        "category": BUDGET_EXCEEDED,
        "kind": "budget_exhausted",
        "reason": f"{'step' if isinstance(meter.owner, StepEntry) else 'persona'}_budget_exhausted",
        **fields,
        **_consumed(meter, limit, limit_name),
        "provider": provider,
        "model": model,
        "message": f"{who} exceeded {limit_name} budget ({shown[0]} > {shown[1]})",
    }


class Projection(NamedTuple):
    """What a call would cost at most: its input and output cap in tokens and dollars, and the session so far."""

    input_tokens: int
    output_tokens: int
    cost: Decimal
    session_cost: Decimal


def refused_error(meter: Meter, limit: str, projection: Projection, *, provider: str, model: str) -> dict[str, Any]:
    """The value thrown where a meter has nothing left for a call."""
    shown = _amounts(meter, limit)
    who, fields = _owner(meter)
    limit_name = _limit_name(meter, limit)
    return {
        **_refusal(projection, provider, model),
        **fields,
        **_consumed(meter, limit, limit_name),
        "message": f"LLM budget exceeded before provider call: {who} has used its {limit_name} budget "
        f"({shown[0]} of {shown[1]})",
    }


def iterations_error(entry: StepEntry, projection: Projection, *, provider: str, model: str) -> dict[str, Any]:
    """The value thrown where a stage's ``max_iterations`` is used up."""
    definition, most = entry.definition, entry.most_iterations or 0
    calls = entry.counted
    return {
        **_refusal(projection, provider, model),
        "step": definition.name,
        "function": definition.function,
        "error_boundary": definition.shown_boundary,
        "limit": "max_iterations",
        "limit_value": float(most),
        "consumed_tokens": float(calls.input_tokens + calls.output_tokens),
        "consumed_cost_usd": float(calls.cost),
        "message": f"LLM budget exceeded before provider call: stage `{definition.name}` has used its max_iterations "
        f"({calls.iterations} of {most})",
    }


def _refusal(projection: Projection, provider: str, model: str) -> dict[str, Any]:
    return {
        "category": BUDGET_EXCEEDED,
        "kind": "terminal",
        "reason": BUDGET_EXCEEDED,
        "provider": provider,
        "model": model,
        "projected_input_tokens": projection.input_tokens,
        "projected_output_tokens": projection.output_tokens,
        "projected_cost_usd": float(projection.cost),
        "session_cost_usd": float(projection.session_cost),
    }


def _owner(meter: Meter) -> tuple[str, dict[str, Any]]:
    owner = meter.owner
    if isinstance(owner, PersonaEntry):
        return f"persona `{owner.definition.name}`", {"persona": owner.definition.name}
    assert isinstance(owner, StepEntry)
    step = owner.definition
    fields = {"step": step.name, "function": step.function, "error_boundary": step.shown_boundary}
    return f"step `{step.name}`", fields


def _limit_name(meter: Meter, limit: str) -> str:
    return limit if limit == TOKENS or isinstance(meter.owner, StepEntry) else "run_usd"


def _consumed(meter: Meter, limit: str, limit_name: str) -> dict[str, Any]:
    bound = meter.budget.max_tokens if limit == TOKENS else meter.budget.max_usd
    return {
        "limit": limit_name,
        "limit_value": float(bound or 0),
        "consumed_tokens": float(meter.recorded.tokens),
        "consumed_cost_usd": float(meter.recorded.dollars),
    }


def _amounts(meter: Meter, limit: str) -> list[str]:
    """What was used and the limit, in the limit's own unit."""
    if limit == TOKENS:
        return [str(meter.recorded.tokens), str(meter.budget.max_tokens)]
    return dollars(meter.recorded.dollars, meter.budget.max_usd or Decimal(0))


def is_step_budget_exhausted(value: Any) -> bool:
    """Whether a thrown value is an exhausted budget: what a boundary is asked about."""
    if not isinstance(value, dict):
        return False
    return (
        (value.get("kind") == "budget_exhausted" and value.get("reason") == "step_budget_exhausted")
        or value.get("category") == BUDGET_EXCEEDED
        or (value.get("escalated") is True and value.get("category") == HANDOFF)
    )


def names(value: dict[str, Any], entry: StepEntry | PersonaEntry) -> bool:
    """Whether an exhausted budget says that it is that of an entry's step or persona."""
    if isinstance(entry, PersonaEntry):
        return value.get("persona") == entry.definition.name
    return value.get("step") == entry.definition.name and value.get("function") == entry.definition.function


def mark_escalated(value: Any, step: str, function: str) -> Any:
    """A copy marked as handed up; an identity that is there is kept, anything but a dict comes back as it is."""
    if not isinstance(value, dict):
        return value
    marked = dict(value)
    marked["escalated"] = True
    marked["category"] = HANDOFF
    marked.setdefault("step", step)
    marked.setdefault("function", function)
    return marked


class Verdict(NamedTuple):
    """What a boundary does: ``outcome`` of the step, and whether the caller gets nil or ``value`` thrown."""

    outcome: str
    value: Any = None
    swallowed: bool = False


def ask_boundary(entry: StepEntry, value: Any, *, owner_is_outside: bool) -> Verdict:
    """The boundary of a step that an exhausted budget leaves.

    ``owner_is_outside``: the meter behind the error belongs to an enclosing step or persona; it passes by, unmarked.
    """
    boundary = entry.definition.boundary
    if owner_is_outside or not is_step_budget_exhausted(value):
        return Verdict("failed", value)
    if boundary == CONTINUE:
        return Verdict("skipped", swallowed=True)
    if boundary == ESCALATE:
        return Verdict("escalated", mark_escalated(value, entry.definition.name, entry.definition.function))
    return Verdict("failed", value)
