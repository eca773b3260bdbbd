"""The completed log: its JSON form, what goes on the receipt, and that a reset leaves nothing."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harn.steps.log import CompletedStep, completed_step_to_json, error_text, receipt_entry
from harn.steps.runtime import StepRuntime
from harn.values.errors import HarnError, category_error, runtime_error, thrown
from harn.values.json_read import from_json
from harn.values.json_write import to_json
from tests.steps.chains import Function, Stack, enter, leave

texts = st.text(max_size=12)
costs = st.floats(0, 1e6, allow_nan=False)
records = st.builds(
    CompletedStep,
    texts, texts, st.one_of(st.none(), texts), st.integers(0, 10**12), st.integers(0, 10**12), costs, st.integers(0, 99),
    st.sampled_from(("completed", "failed", "skipped", "escalated", "cancelled")), st.one_of(st.none(), texts),
    persona=texts,
    receipt=st.sampled_from(("", "audit", "none")),
    persona_receipts=st.sampled_from(("", "none")),
    inclusive=st.one_of(st.none(), st.tuples(st.integers(0, 99), costs)),
)  # fmt: skip
KEYS = ["name", "function", "model", "input_tokens", "output_tokens", "cost_usd", "llm_calls", "status", "error"]


@given(records)
def test_a_record_survives_json(record: CompletedStep) -> None:
    """With our own reader and writer, and with Python's."""
    shown = completed_step_to_json(record)
    assert list(shown) == KEYS
    assert from_json(to_json(shown)) == shown
    assert json.loads(json.dumps(shown)) == shown
    assert CompletedStep(**shown)[:9] == record[:9]


@given(records)
def test_what_goes_on_the_receipt(record: CompletedStep) -> None:
    """``audit`` always, ``none`` never, others unless their persona says none; keys sorted, absent ones left out."""
    assert record.on_receipt is (record.receipt == "audit" or (not record.receipt and not record.persona_receipts))
    entry = receipt_entry(record)
    assert list(entry) == sorted(entry)
    assert ("model" in entry, "error" in entry) == (record.model is not None, record.error is not None)
    assert ("inclusive_tokens" in entry) == ("inclusive_cost_usd" in entry) == (record.inclusive is not None)


def test_the_words_of_an_error() -> None:
    def ended(ending: str) -> HarnError:
        error = category_error("cancelled", "cancelled")
        error.ending = ending
        return error

    assert error_text(thrown({"message": "m", "category": "c"})) == "m"
    assert error_text(thrown({"message": 5})) == "Thrown: {message: 5}"
    assert error_text(runtime_error("broke")) == "Runtime error: broke"
    assert error_text(category_error("permission_denied", "no")) == "Error [permission_denied]: no"
    nested: list[Any] = []
    for _ in range(60):
        nested = [nested, nested]
    assert error_text(thrown(nested)) == "Thrown: <list>"
    assert error_text(thrown("x" * 20_000)) == "Thrown: " + "x" * 9_992 + "..."
    assert error_text(runtime_error("x" * 20_000)).endswith("x...")
    assert error_text(ended("cancel")) == error_text(ended("interrupt")) == "task cancelled"


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.integers(0, 2)),
        st.tuples(st.just("leave"), st.sampled_from(("completed", "failed"))),
        st.tuples(st.just("use"), st.integers(0, 30)),
        st.tuples(st.just("hook"), st.sampled_from(("OnBudgetThreshold(50)", "PreStep"))),
    ),
    max_size=20,
)


@given(OPERATIONS)
def test_two_runs_after_a_reset_are_equal(operations: list[tuple[str, Any]]) -> None:
    """Nothing of the first is left: no hook, no record, no number."""
    runtime = StepRuntime()
    functions = [Function(f"f{number}") for number in range(3)]
    runtime.register_step(functions[0], {"budget": {"max_tokens": 20}})
    runtime.register_persona(functions[1], {"budget": {"max_tokens": 40}})
    seen = []
    for _ in range(2):
        seen.append(_play(runtime, functions, operations))
        runtime.reset()
        assert runtime.peek_completed_steps() == []
        assert runtime.hooks == []
    assert seen[0] == seen[1]


def _play(runtime: StepRuntime, functions: list[Function], operations: list[tuple[str, Any]]) -> list[Any]:
    stack, seen = Stack(), []
    for what, argument in operations:
        if what == "call":
            enter(runtime, stack, functions[argument].tracked)
        elif what == "hook":
            runtime.register_persona_hook("*", argument, None)
        elif what == "use":
            charge = runtime.record_step_llm_usage(stack, "m", argument, 0, Decimal("0.01"))
            seen.append([(hook.number, share) for hook, _, share in charge.thresholds])
        elif stack.records:
            leave(runtime, stack, argument, None)
    runtime.prune_below_frame(stack, 0)
    return [*seen, *runtime.peek_completed_steps()]
