"""Errors with categories."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.categories import CATEGORIES, GENERIC, classify
from harn.values.display import display
from harn.values.errors import thrown


@builtin('throw_error(message: any, category: any = "generic") -> never')
def throw_error(message: Any, category: Any = GENERIC) -> None:
    """Throw `{category, message}`; a category that does not exist becomes `generic`."""
    name = display(category)
    raise thrown({"category": name if name in CATEGORIES else GENERIC, "message": display(message)})


@builtin(
    "error_category(error: any) -> string",
    examples=[('error_category("HTTP 429 Too Many Requests")', "rate_limit"), ("error_category(5)", "generic")],
)
def error_category(error: Any) -> str:
    """The category an error states, or the one its text suggests."""
    kind = error.__class__
    if kind is dict:
        return display(error.get("category", GENERIC))
    return classify(error) if kind is str else GENERIC


@builtin("is_timeout(error: any) -> bool", examples=[('is_timeout({category: "timeout"})', "true")])
def is_timeout(error: Any) -> bool:
    """Whether an error's category is `timeout`."""
    return error_category(error) == "timeout"


@builtin("is_rate_limited(error: any) -> bool", examples=[('is_rate_limited("status 429")', "true")])
def is_rate_limited(error: Any) -> bool:
    """Whether an error's category is `rate_limit`."""
    return error_category(error) == "rate_limit"
