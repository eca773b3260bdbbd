"""Scripted replies: who answers, what is counted, what is logged."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.llm.mock import Entry, Mocks, fits
from harn.llm.shapes import Request
from harn.values.errors import HarnError


def request(text: str, **settings: Any) -> Request:
    made = Request("mock", "m", [{"role": "user", "content": text}], None)
    for key, value in settings.items():
        setattr(made, key, value)
    return made


@given(st.text("ab\n*", max_size=6), st.text("ab\n", max_size=8))
def test_patterns_agree_with_globs(pattern: str, text: str) -> None:
    assert fits(pattern, text) == fnmatchcase(text, pattern)


replies = st.fixed_dictionaries(
    {"text": st.text("xyz", max_size=3)},
    optional={"match": st.sampled_from(("*a*", "*b*", "*")), "consume_match": st.booleans()},
)


@given(st.lists(replies, max_size=5), st.lists(st.text("ab", max_size=2), max_size=8))
def test_entries_without_a_pattern_first_then_the_first_that_fits(
    declared: list[dict[str, Any]], asked: list[str]
) -> None:
    mocks = Mocks()
    queue = list(declared)
    for entry in declared:
        mocks.queue.append(Entry(entry))
    for text in asked:
        chosen = next((one for one in queue if "match" not in one), None)
        if chosen is None:
            chosen = next((one for one in queue if fits(one["match"], f"{text}\nuser")), None)
        reply = mocks.answer(request(text))
        if chosen is None:
            assert reply.text.startswith("Mock")
            assert reply.model == "m"
            continue
        assert (reply.text, reply.model) == (chosen["text"], "mock")
        assert (reply.input_tokens, reply.output_tokens) == (len(text) + 5, 30)
        if "match" not in chosen or chosen.get("consume_match"):
            queue = [one for one in queue if one is not chosen]
    assert len(mocks.log) == len(asked)


def test_scopes_hide_queue_and_log() -> None:
    mocks = Mocks()
    mocks.queue.append(Entry({"text": "outer"}))
    mocks.answer(request("x"))
    mocks.queue.append(Entry({"text": "kept"}))
    mocks.push_scope()
    assert mocks.log == []
    assert mocks.answer(request("hello there")).text == "Mock response to 2-word prompt: hello there"
    assert mocks.pop_scope()
    assert len(mocks.log) == 1
    assert mocks.answer(request("x")).text == "kept"
    assert not mocks.pop_scope()


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (5, "llm_mock: error must be a dict {category, message, retry_after_ms?}"),
        ({}, "llm_mock: error.category is required"),
        ({"category": "weird"}, "llm_mock: unknown error category `weird`"),
        ({"category": "auth", "retry_after_ms": -1}, "llm_mock: error.retry_after_ms must be a non-negative int"),
    ],
)
def test_declarations_are_checked_at_once(error: Any, text: str) -> None:
    with pytest.raises(HarnError) as raised:
        Entry({"error": error})
    assert raised.value.payload == text


def test_failures_carry_category_kind_and_wait() -> None:
    mocks = Mocks()
    mocks.queue.append(Entry({"error": {"category": "rate_limit", "message": "slow down", "retry_after_ms": 1500}}))
    with pytest.raises(HarnError) as raised:
        mocks.answer(request("x"))
    value = raised.value.payload
    assert (value["category"], value["kind"], value["reason"]) == ("rate_limit", "transient", "rate_limit")
    assert value["retry_after_ms"] == 1500
    assert value["message"] == "slow down\nretry-after: 1.5\n"
    assert len(mocks.log) == 1


def test_equal_requests_with_cache_write_once_and_read_then() -> None:
    mocks = Mocks()
    first, second, other = (mocks.answer(request(text, cache=True)) for text in ("same", "same", "else"))
    assert (first.cache_write, first.cache_read) == (first.input_tokens, 0)
    assert (second.cache_write, second.cache_read) == (0, second.input_tokens)
    assert other.cache_write > 0


def test_native_tools_are_called_with_stubs() -> None:
    parameters = {
        "properties": {"n": {"type": "integer"}, "t": {"type": "string"}, "o": {"type": "array"}},
        "required": ["n", "t"],
    }
    tool = {"type": "function", "function": {"name": "f", "parameters": parameters}}
    reply = Mocks().answer(request("x", tools=[tool]))
    assert reply.tool_calls == [{"type": "tool_call", "id": "mock_call_1", "name": "f", "arguments": {"n": 0, "t": ""}}]
    assert reply.output_tokens == 20
