"""Tools: the schemas providers see, calls read from any text, and options no loop may take in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.builtins.tools import tool_parse_call
from harn.llm.looping import LATER, OWN, plan
from harn.llm.tools import input_schema, missing
from harn.values.errors import HarnError


@given(st.text(alphabet='<tool_cal>/{}":[]na1 ', max_size=60))
def test_any_text_may_hold_calls(text: str) -> None:
    for call in tool_parse_call(f"<tool_call>{text}</tool_call>"):
        assert set(call) == {"name", "arguments"}


@given(
    st.dictionaries(
        st.text(max_size=4), st.sampled_from(["int", {"type": "int"}, {"default": 1}, {"required": False}, 5])
    )
)
def test_what_is_required_is_what_a_call_may_lack(parameters: dict[str, object]) -> None:
    schema = input_schema(parameters)
    entry = {"parameters": parameters}
    assert missing(entry, {}) == schema["required"]
    assert missing(entry, dict.fromkeys(schema["required"], 1)) == []
    assert set(schema["properties"]) == set(parameters)


@pytest.mark.parametrize("option", sorted(LATER))
def test_options_that_are_not_honoured_are_refused(option: str) -> None:
    with pytest.raises(HarnError, match=f"`{option}` is not supported"):
        plan(None, {option: "x"})
    assert option not in OWN


def test_text_calls_are_refused() -> None:
    tools = [{"name": "t", "parameters": {}}]
    with pytest.raises(HarnError, match="pass `tool_format"):
        plan(None, {"tools": tools})
    assert plan(None, {"tools": tools, "tool_format": "native"})["mode"] == "native"
