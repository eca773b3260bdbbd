"""Scripted replies, for tests and for runs without a network."""

from __future__ import annotations

from typing import Any

from harn.catalog.record import builtin
from harn.llm.mock import Entry, mocks_of
from harn.values.errors import bare_error
from harn.vm.machine import Context


@builtin("llm_mock(reply: dict) -> nil", effects=["state"], ctx=True)
def llm_mock(ctx: Context, reply: dict[str, Any]) -> None:
    """Queue a reply: `text`, `tool_calls`, `input_tokens`, `output_tokens`, `model`, `thinking`, `stop_reason`, ... or `error:
    {category, message, retry_after_ms}`. Without `match` it answers the next call; with it every call whose messages fit the
    pattern (`*` stands for anything), or only the first with `consume_match`.
    """
    mocks_of(ctx.vm).queue.append(Entry(reply))


@builtin("llm_mock_calls() -> list<dict>", effects=["state"], ctx=True)
def llm_mock_calls(ctx: Context) -> list[dict[str, Any]]:
    """The calls that were answered so far, failures included: `{messages, system, tools, thinking}`."""
    return list(mocks_of(ctx.vm).log)


@builtin("llm_mock_clear() -> nil", effects=["state"], ctx=True)
def llm_mock_clear(ctx: Context) -> None:
    """Forget queued replies and the calls so far."""
    mocks_of(ctx.vm).clear()


@builtin("llm_mock_push_scope() -> nil", effects=["state"], ctx=True)
def llm_mock_push_scope(ctx: Context) -> None:
    """Hide queued replies and calls until `llm_mock_pop_scope`."""
    mocks_of(ctx.vm).push_scope()


@builtin("llm_mock_pop_scope() -> nil", effects=["state"], ctx=True)
def llm_mock_pop_scope(ctx: Context) -> None:
    """Show again what the last `llm_mock_push_scope` has hidden; what came since is forgotten."""
    if not mocks_of(ctx.vm).pop_scope():
        raise bare_error("llm_mock_pop_scope: no scope to pop")
