"""What a call may cost at most, and the refusals of its own budget and of the run's."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from harn.llm.messages import quarter, size
from harn.llm.options import DEFAULT_MAX_TOKENS, OwnBudget
from harn.llm.prices import Price, price_of
from harn.llm.shapes import Request
from harn.steps.budgets import Projection
from harn.steps.meters import Meter
from harn.values.json_write import to_json


def projected_input(request: Request) -> int:
    """Tokens that a request will be read as: system text, messages and native tools, each rounded by itself."""
    total = quarter(len((request.system or "").encode("utf-8", "surrogatepass"))) + quarter(size(request.messages))
    if request.tools:
        total += quarter(len(to_json(request.tools).encode("utf-8", "surrogatepass")))
    return total


def project(request: Request, session_cost: Decimal) -> Projection:
    """What a request costs at most."""
    given, made = projected_input(request), max(0, request.max_tokens)
    return Projection(given, made, price_of(request.model).cost(given, made), session_cost)


def output_cap(meters: Sequence[Meter], wanted: int, input_tokens: int, price: Price) -> int:
    """The output that every meter can bear, in tokens and in dollars: at least 1, at most what is wanted.

    Where no meter limits it that is ``wanted``, which may be 0 or less: then it is the provider's to decide, and a meter has to
    reckon with the default.
    """
    bounds = []
    for meter in meters:
        tokens, dollars = meter.left()
        if tokens is not None:
            bounds.append(tokens - input_tokens)
        if dollars is not None and price.output > 0:
            bounds.append(int((dollars - price.cost(input_tokens, 0)) * 1000 / price.output))
    if not bounds:
        return wanted
    return max(1, min(wanted if wanted > 0 else DEFAULT_MAX_TOKENS, *bounds))


def own_refusal(budget: OwnBudget, projected: Projection, provider: str, model: str) -> dict[str, Any] | None:
    """The error of a call that its own budget does not allow: the first limit exceeded, strictly."""
    checks = (
        ("max_input_tokens", budget.max_input_tokens, Decimal(projected.input_tokens), _tokens("input", projected)),
        ("max_output_tokens", budget.max_output_tokens, Decimal(projected.output_tokens), _tokens("output", projected)),
        ("max_cost_usd", budget.max_cost_usd, projected.cost, f"projected cost ${projected.cost:.6f}"),
        ("total_budget_usd", budget.total_budget_usd, *_session(projected)),
    )
    for name, limit, amount, words in checks:
        if limit is not None and amount > limit:
            return refusal(name, Decimal(limit), words, projected, provider, model)
    return None


def session_refusal(limit: Decimal | None, projected: Projection, provider: str, model: str) -> dict[str, Any] | None:
    """The error of a call that the run's limit does not allow."""
    amount, words = _session(projected)
    if limit is None or amount <= limit:
        return None
    return refusal("total_budget_usd", limit, words, projected, provider, model)


def refusal(name: str, limit: Decimal, words: str, projected: Projection, provider: str, model: str) -> dict[str, Any]:
    """The dict thrown where a projection exceeds a limit."""
    return {
        "category": "budget_exceeded",
        "kind": "terminal",
        "reason": "budget_exceeded",
        "limit": name,
        "limit_value": float(limit),
        "projected_cost_usd": float(projected.cost),
        "session_cost_usd": float(projected.session_cost),
        "projected_input_tokens": projected.input_tokens,
        "projected_output_tokens": projected.output_tokens,
        "provider": provider,
        "model": model,
        "message": f"LLM budget exceeded before provider call: {words} would exceed {name}",
    }


def _tokens(which: str, projected: Projection) -> str:
    count = projected.input_tokens if which == "input" else projected.output_tokens
    return f"projected {which} tokens {count}"


def _session(projected: Projection) -> tuple[Decimal, str]:
    total = projected.session_cost + projected.cost
    return total, f"projected session cost ${total:.6f}"
