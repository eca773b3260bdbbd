"""Agents: a model that goes on calling tools until its task is done. The loop itself is Harn code, ``std/agent_loop``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from harn.catalog.record import builtin
from harn.llm.budgets import own_refusal, project
from harn.llm.looping import plan
from harn.llm.options import build_request, read_budget, text_option
from harn.llm.tools import missing, side_effect_level
from harn.steps.policies import in_force, tool_refusal
from harn.values.display import display
from harn.values.errors import HarnError
from harn.values.json_write import quote
from harn.vm.chain import FrameChain
from harn.vm.frame import Answer, Call, Done, Native, Throw
from harn.vm.machine import Context
from harn.vm.tracked import policies_of

_UNKNOWN = (
    "Tool '{name}' is not available in the current environment. "
    "Use only the tools listed in the tool-calling contract. Do not retry this tool."
)
_ASK_FOR = ". Use one of the declared tools exactly as named and put extra fields inside that tool's arguments."


@builtin(
    "agent_loop(prompt: any, system?: any | string, options?: any | dict) -> dict",
    form="harn",
    source="std/agent_loop:agent_loop",
    effects=["llm.call", "clock.sleep"],
)
def agent_loop() -> None:
    """Let a model work on a task with tools, turn by turn, until it is done.

    Without `persistent` the first reply without tool calls ends it; with it, one that holds the sentinel (`##DONE##`). The result
    holds `status` (`done`, `stuck`, `budget_exhausted`, `failed`), `text`, `visible_text`, `llm` (iterations, tokens, time),
    `tools` (calls, successful, rejected) and `transcript`. Tools are called natively: `tool_format: "native"`. An option that
    this loop cannot honour is refused.
    """


@builtin("__agent_plan(system: any, options: any) -> dict", keeps=["options"])
def agent_plan(system: Any, options: Any) -> dict[str, Any]:
    """The settings of a loop."""
    return plan(system, options)


@builtin("__agent_affords(settings: dict, messages: list, spent: float) -> bool")
def agent_affords(settings: dict[str, Any], messages: list[Any], spent: float) -> bool:
    """Whether the next call stays within the loop's own budget, with what it has spent so far."""
    call = settings["call"]
    names = (text_option(call, "provider") or "", text_option(call, "model") or "")
    request = build_request("", settings["system"], {**call, "messages": messages}, *names)
    return own_refusal(read_budget(settings["budget"]), project(request, Decimal(repr(spent))), *names) is None


@builtin("__agent_spent(settings: dict, spent: float) -> bool")
def agent_spent(settings: dict[str, Any], spent: float) -> bool:
    """Whether the loop has used up the dollars its own budget gives it."""
    most = read_budget(settings["budget"]).total_budget_usd
    return most is not None and Decimal(repr(spent)) >= most


@builtin("__agent_may_go_on() -> bool", ctx=True)
def agent_may_go_on(ctx: Context) -> bool:
    """Whether the stage of the active step lets a loop make one more turn."""
    if ctx.vm.step_runtime is None:
        return True
    step = ctx.vm.step_runtime.with_active_step(FrameChain(ctx.task.frames))
    return step is None or step.may_iterate


@builtin("__agent_turn(text: string, calls: list) -> dict")
def agent_turn(text: str, calls: list[Any]) -> dict[str, Any]:
    """A turn of the model with tool calls, as the next request shows it."""
    from harn.values.json_write import to_json

    shown = [
        {
            "id": call["id"],
            "type": "function",
            "function": {"name": call["name"], "arguments": to_json(call["arguments"])},
        }
        for call in calls
    ]
    return {"role": "assistant", "content": text, "tool_calls": shown}


@builtin("__agent_denial(tool: any, call: dict) -> string?", ctx=True)
def agent_denial(ctx: Context, tool: Any, call: dict[str, Any]) -> str | None:
    """What a call is answered that may not run, because nobody knows the tool or a stage bars it; nil for one that may."""
    name = call["name"]
    if not isinstance(tool, dict) or tool.get("handler") is None:
        reason = _UNKNOWN.format(name=name)
    else:
        refusal = tool_refusal(in_force(policies_of(ctx.task)), name, side_effect_level(tool))
        if refusal is None:
            return None
        reason = refusal + _ASK_FOR
    return f'{{\n  "error": "permission_denied",\n  "reason": {quote(reason)},\n  "tool": {quote(name)}\n}}'


@builtin("__agent_lacking(tool: dict, call: dict) -> string?")
def agent_lacking(tool: dict[str, Any], call: dict[str, Any]) -> str | None:
    """What a call is answered that lacks parameters; nil for one that has all."""
    names = missing(tool, call["arguments"])
    if not names:
        return None
    return (
        f"ERROR: Tool '{call['name']}' is missing required parameter(s): {', '.join(names)}. "
        "Provide all required parameters and try again."
    )


@builtin("__agent_handle(handler: any, arguments: any) -> dict", form="native")
def agent_handle(handler: Any, arguments: Any) -> Native:
    """Run a tool's handler: `{ok, text}`, its error a text too."""
    return Handling(handler, arguments)


class Handling(Native):
    """A handler that runs for a model: what it throws is a result like another, but for what ends the run or the task."""

    __slots__ = ("arguments", "handler")
    name = "tool handler"

    def __init__(self, handler: Any, arguments: Any) -> None:
        self.handler = handler
        self.arguments = arguments

    def start(self) -> Answer:
        return Call(self.handler, self.arguments)

    def resume(self, value: Any) -> Answer:
        text = display(value)
        return Done({"ok": not text.startswith(("Error:", "ERROR:")), "text": text})

    def fail(self, error: HarnError) -> Answer:
        return Throw(error) if error.ending else Done({"ok": False, "text": f"Error: {error.text()}"})
