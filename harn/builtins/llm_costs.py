"""What model calls cost, and limiting it for a whole run."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from harn.catalog.record import builtin
from harn.llm.prices import price_of
from harn.llm.session import session_of
from harn.values.errors import runtime_error
from harn.vm.machine import Context


@builtin(
    "llm_cost(model: string, input_tokens: int, output_tokens: int) -> float",
    examples=[('llm_cost("gpt-4o", 1000000, 0)', "2.5"), ('llm_cost("unknown", 1000, 1000)', "0.0")],
)
def llm_cost(model: str, input_tokens: int, output_tokens: int) -> float:
    """The US dollars that so many tokens of a model cost; 0 where no price is known."""
    return float(price_of(model).cost(input_tokens, output_tokens))


@builtin(
    "llm_session_cost() -> {total_cost: float, input_tokens: int, output_tokens: int, call_count: int}",
    effects=["state"],
    ctx=True,
)
def llm_session_cost(ctx: Context) -> dict[str, Any]:
    """What this run has spent: `total_cost, input_tokens, output_tokens, call_count`."""
    return session_of(ctx.vm).totals()


@builtin(
    "llm_usage() -> {input_tokens: int, output_tokens: int, total_duration_ms: int, call_count: int, total_calls: int}",
    effects=["state"],
    ctx=True,
)
def llm_usage(ctx: Context) -> dict[str, Any]:
    """What this run has used: `input_tokens, output_tokens, total_duration_ms, call_count, total_calls`."""
    session = session_of(ctx.vm)
    totals = session.totals()
    return {
        "input_tokens": totals["input_tokens"],
        "output_tokens": totals["output_tokens"],
        "total_duration_ms": session.milliseconds,
        "call_count": session.calls,
        "total_calls": session.calls,
    }


@builtin("llm_budget(dollars: number) -> nil", effects=["state"], ctx=True)
def llm_budget(ctx: Context, dollars: int | float) -> None:
    """Limit what this run may spend on model calls. Looked at before each call, with what it may cost, and after it."""
    if not math.isfinite(dollars):
        raise runtime_error("llm_budget: requires a finite number")
    session_of(ctx.vm).budget = Decimal(repr(dollars))


@builtin("llm_budget_remaining() -> float?", effects=["state"], ctx=True)
def llm_budget_remaining(ctx: Context) -> float | None:
    """What is left of `llm_budget`, nil without one."""
    session = session_of(ctx.vm)
    return None if session.budget is None else float(session.budget - session.cost)
