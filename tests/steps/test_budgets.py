"""Errors of budgets: how they are recognised, marked and worded."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.steps.budgets import ask_boundary, crossed_error, dollars, is_step_budget_exhausted, mark_escalated
from harn.steps.definitions import read_persona, read_step
from harn.steps.entries import PersonaEntry, StepEntry
from harn.steps.meters import DOLLARS, TOKENS
from tests.strategies.values import values

words = st.sampled_from(
    (
        "budget_exceeded",
        "budget_exhausted",
        "step_budget_exhausted",
        "handoff_escalation",
        "persona_budget_exhausted",
        "x",
    )
)
thrown_dicts = st.dictionaries(
    st.sampled_from(("category", "kind", "reason", "step", "function", "message")), words, max_size=5
)
marks: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}), st.fixed_dictionaries({"escalated": st.sampled_from((True, False, "true", 1))})
)


@given(thrown_dicts, marks)
def test_marking_keeps_the_error_recognisable(value: dict[str, Any], mark: dict[str, Any]) -> None:
    """23: recognised marked or not; the input stays; marking twice is marking once; identity is kept."""
    value = {**value, **mark}
    before = dict(value)
    marked = mark_escalated(value, "s", "f")
    assert value == before
    assert mark_escalated(marked, "other", "other") == marked
    assert is_step_budget_exhausted(marked)
    assert marked["step"] == value.get("step", "s")
    assert marked["function"] == value.get("function", "f")
    assert {k: v for k, v in marked.items() if k in ("kind", "reason", "message")} == {
        k: v for k, v in value.items() if k in ("kind", "reason", "message")
    }


@given(values)
def test_what_is_no_dict_comes_back_unchanged(value: Any) -> None:
    """24."""
    if not isinstance(value, dict):
        assert mark_escalated(value, "s", "f") is value
        assert not is_step_budget_exhausted(value)


@pytest.mark.parametrize(
    ("value", "recognised"),
    [
        ({"kind": "budget_exhausted", "reason": "step_budget_exhausted"}, True),
        ({"kind": "budget_exhausted"}, False),
        ({"reason": "step_budget_exhausted"}, False),
        ({"category": "budget_exceeded"}, True),
        ({"category": "handoff_escalation"}, False),
        ({"category": "handoff_escalation", "escalated": True}, True),
        ({"category": "handoff_escalation", "escalated": 1}, False),
        ({"escalated": True}, False),
        ("budget_exceeded", False),
        (None, False),
    ],
)
def test_recognised(value: Any, recognised: bool) -> None:
    assert is_step_budget_exhausted(value) is recognised


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize(
    ("boundary", "outcome"),
    [("fail", "failed"), ("continue", "skipped"), ("escalate", "escalated"), ("Continue", "failed"), (3, "failed")],
)
def test_boundaries(boundary: Any, outcome: str, outside: bool) -> None:
    """27: only an exhausted budget of the step's own yields nil; one that belongs further out passes by, unmarked."""
    entry = StepEntry(read_step("f", {"error_boundary": boundary}), None, [])
    value = {"category": "budget_exceeded"}
    verdict = ask_boundary(entry, value, owner_is_outside=outside)
    assert verdict.outcome == ("failed" if outside else outcome)
    assert verdict.swallowed is (verdict.outcome == "skipped")
    assert ask_boundary(entry, "plain", owner_is_outside=False).outcome == "failed"
    assert value == {"category": "budget_exceeded"}


def test_a_crossed_limit_is_told_in_its_own_unit() -> None:
    entry = StepEntry(read_step("f", {"name": "s", "budget": {"max_tokens": 10, "max_usd": 0.01}}), None, [])
    assert entry.meter is not None
    entry.meter.add(11, Decimal("0.0125"))
    by_tokens = crossed_error(entry.meter, TOKENS, provider="p", model="m")
    assert by_tokens["message"] == "step `s` exceeded max_tokens budget (11 > 10)"
    by_dollars = crossed_error(entry.meter, DOLLARS, provider="p", model="m")
    assert by_dollars["message"] == "step `s` exceeded max_usd budget ($0.012500 > $0.010000)"
    assert by_dollars["limit_value"] == 0.01
    assert by_dollars["error_boundary"] == "fail"


def test_a_personas_meter_names_the_persona() -> None:
    entry = PersonaEntry(read_persona("f", {"name": "p", "budget": {"run_usd": 0}}))
    assert entry.meter is not None
    entry.meter.add(0, Decimal("0.5"))
    error = crossed_error(entry.meter, DOLLARS, provider="p", model="m")
    assert (error["persona"], error["limit"], error["reason"]) == ("p", "run_usd", "persona_budget_exhausted")
    assert "step" not in error
    # 27: kind and reason are not a step's, but the category counts
    assert is_step_budget_exhausted(error)


@given(st.lists(st.decimals(0, 1, places=12), min_size=2, max_size=2, unique=True))
def test_different_amounts_look_different(pair: list[Decimal]) -> None:
    shown = dollars(*pair)
    assert shown[0] != shown[1]
    assert all(len(text.partition(".")[2]) >= 6 for text in shown)


def test_amounts_that_hardly_differ_are_not_told_apart_for_ever() -> None:
    shown = dollars(Decimal(1), Decimal(1) + Decimal("1E-27"))
    assert shown[0] != shown[1]
    assert len(set(dollars(Decimal("1E-40"), Decimal("2E-40")))) == 1
