"""The errors of model calls: what category a failure is of, whether it may pass, and the dict that is thrown."""

from __future__ import annotations

from typing import Any

from harn.values.errors import BARE, CATEGORY, RUNTIME, THROWN, HarnError, thrown

TRANSIENT, TERMINAL = "transient", "terminal"

TAXONOMY: dict[str, tuple[str, str]] = {
    "timeout": (TRANSIENT, "timeout"),
    "rate_limit": (TRANSIENT, "rate_limit"),
    "overloaded": (TRANSIENT, "server_error"),
    "server_error": (TRANSIENT, "server_error"),
    "transient_network": (TRANSIENT, "network_error"),
    "auth": (TERMINAL, "auth_failure"),
    "not_found": (TERMINAL, "model_unavailable"),
    "schema_validation": (TERMINAL, "unknown"),
    "tool_error": (TERMINAL, "unknown"),
    "tool_rejected": (TERMINAL, "unknown"),
    "egress_blocked": (TERMINAL, "unknown"),
    "cancelled": (TERMINAL, "unknown"),
    "circuit_open": (TERMINAL, "unknown"),
    "budget_exceeded": (TERMINAL, "unknown"),
    "generic": (TERMINAL, "unknown"),
}
"""Category -> (kind, reason)."""


def failure(
    category: str,
    message: str,
    provider: str | None = None,
    model: str | None = None,
    retry_after_ms: int | None = None,
) -> dict[str, Any]:
    """The dict thrown for a call that failed. Without provider and model where the call never came so far."""
    kind, reason = TAXONOMY.get(category, TAXONOMY["generic"])
    value: dict[str, Any] = {"category": category, "kind": kind, "reason": reason, "message": message}
    if retry_after_ms is not None:
        value["retry_after_ms"] = retry_after_ms
    if provider is not None:
        value["provider"], value["model"] = provider, model
    return value


def as_failure(error: HarnError, provider: str, model: str) -> HarnError:
    """A provider's or host's error as the one a program sees; a dict stays what it is."""
    if error.ending or (error.kind == THROWN and isinstance(error.payload, dict)):
        return error
    if error.kind == CATEGORY:
        category, message = error.category, str(error.payload)
    else:
        category, message = "generic", error.text()
    made = thrown(failure(category if category in TAXONOMY else "generic", message, provider, model))
    made.trace = error.trace
    return made


def failure_dict(error: HarnError) -> dict[str, Any]:
    """What ``llm_call_safe`` puts into ``error``."""
    if error.kind == THROWN and isinstance(error.payload, dict):
        return dict(error.payload)
    message = (
        error.payload if error.kind in (THROWN, RUNTIME, BARE) and isinstance(error.payload, str) else error.text()
    )
    return failure("generic", message)


def may_pass(error: HarnError) -> bool:
    """Whether trying again may help."""
    return error.kind == THROWN and isinstance(error.payload, dict) and error.payload.get("kind") == TRANSIENT
