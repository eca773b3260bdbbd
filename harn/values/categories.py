"""The categories of errors, and how a text without one is classified."""

from __future__ import annotations

GENERIC = "generic"

CATEGORIES: dict[str, tuple[int, ...]] = {
    "timeout": (408, 504, 522, 524),
    "auth": (401, 403),
    "rate_limit": (429,),
    "overloaded": (503, 529),
    "server_error": (500, 502),
    "transient_network": (),
    "schema_validation": (),
    "tool_error": (),
    "tool_rejected": (),
    "egress_blocked": (),
    "cancelled": (),
    "not_found": (404, 410),
    "circuit_open": (),
    "budget_exceeded": (),
    GENERIC: (),
}
"""Name of a category -> the HTTP statuses that mean it."""

_BY_STATUS = {status: name for name, statuses in CATEGORIES.items() for status in statuses}

_MARKERS: tuple[tuple[str, str], ...] = (
    ("deadline exceeded", "timeout"),
    ("overloaded_error", "overloaded"),
    ("api_error", "server_error"),
    ("insufficient_quota", "rate_limit"),
    ("billing_hard_limit_reached", "rate_limit"),
    ("invalid_api_key", "auth"),
    ("authentication_error", "auth"),
    ("not_found_error", "not_found"),
    ("model_not_found", "not_found"),
    ("circuit_open", "circuit_open"),
    ("connection reset", "transient_network"),
    ("connection refused", "transient_network"),
    ("connection closed", "transient_network"),
    ("broken pipe", "transient_network"),
    ("dns error", "transient_network"),
    ("stream error", "transient_network"),
    ("unexpected eof", "transient_network"),
)
"""Words of error texts -> category; the first that appears counts."""


def classify(text: str) -> str:
    """The category of an error text: by the first HTTP status that stands free in it, then by well-known words."""
    digits = ""
    for character in text + " ":
        if "0" <= character <= "9":
            digits += character if len(digits) < 4 else ""
        elif digits:
            if len(digits) == 3 and int(digits) in _BY_STATUS:
                return _BY_STATUS[int(digits)]
            digits = ""
    lowered = text.lower()
    return next((category for words, category in _MARKERS if words in lowered), GENERIC)
