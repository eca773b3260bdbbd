"""Errors: their text forms, what a handler binds, categories."""

from __future__ import annotations

import pytest

from harn.values.categories import CATEGORIES, classify
from harn.values.errors import HarnError, LimitReached, bare_error, category_error, runtime_error, thrown, type_error


@pytest.mark.parametrize(
    ("error", "text", "bound", "located"),
    [
        (thrown("boom"), "Thrown: boom", "boom", "Thrown: boom"),
        (thrown({"code": 422}), "Thrown: {code: 422}", {"code": 422}, "Thrown: {code: 422}"),
        (runtime_error("bad"), "Runtime error: bad", "Runtime error: bad", "Runtime error: bad (line 3)"),
        (type_error("bad"), "Type error: bad", "Type error: bad", "Type error: bad (line 3)"),
        (category_error("auth", "no"), "Error [auth]: no", "Error [auth]: no", "Error [auth]: no"),
        (
            bare_error("Division by zero"),
            "Division by zero",
            "Division by zero",
            "Runtime error: Division by zero (line 3)",
        ),
    ],
)
def test_text_forms(error: HarnError, text: str, bound: object, located: str) -> None:
    assert (error.text(), str(error)) == (text, text)
    assert error.bound() == bound
    error.locate(3)
    assert error.text() == located
    error.locate(9)
    assert error.text() == located, "a second edge adds nothing"


def test_an_error_without_a_line_gains_only_its_class() -> None:
    error = bare_error("Undefined variable: x")
    error.locate(0)
    assert error.text() == "Runtime error: Undefined variable: x"


def test_limits_name_their_kind() -> None:
    error = LimitReached("value_bytes", 1_000_000)
    assert str(error) == "the run reached its limit of 1,000,000 bytes for one value (value_bytes)"


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("HTTP 429 Too Many Requests", "rate_limit"), ("status 401", "auth"), ("403", "auth"), ("error: 404", "not_found"),
        ("504 Gateway", "timeout"), ("a529b", "overloaded"), ("502", "server_error"), ("code 4290", "generic"),
        ("14290 x 500", "server_error"), ("418 then 503", "overloaded"), ("Deadline exceeded", "timeout"),
        ("overloaded_error", "overloaded"), ("insufficient_quota", "rate_limit"), ("invalid_api_key", "auth"),
        ("model_not_found", "not_found"), ("circuit_open", "circuit_open"), ("Connection reset by peer", "transient_network"),
        ("something else", "generic"), ("", "generic"),
    ],
)  # fmt: skip
def test_texts_are_classified(text: str, category: str) -> None:
    assert classify(text) == category
    assert category in CATEGORIES
