"""The options of a call: read, checked, and made into a request. A wrong option is thrown as a plain text."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, NamedTuple

from harn.llm.messages import messages_of
from harn.llm.shapes import Request
from harn.llm.tools import input_schema
from harn.values.errors import HarnError, thrown
from harn.values.kinds import type_name
from harn.values.operators import HIGHEST, LOWEST

DEFAULT_MAX_TOKENS = 16384
_SAMPLING = ("temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed")
_OFF = ("disabled", "off", "none")
_LEVELS = ("low", "medium", "high")
_BUDGET_SHAPE = "budget: expected a dict {max_cost_usd?, total_budget_usd?, max_input_tokens?, max_output_tokens?}"
_TRANSCRIPT = (
    "llm_call / agent_loop: the `transcript` option was removed. Open or open-and-resume a session with "
    "agent_session_open(id) and pass `session_id: id` instead."
)


class OwnBudget(NamedTuple):
    """The limits that a call sets itself; None: no limit."""

    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    max_cost_usd: Decimal | None = None
    total_budget_usd: Decimal | None = None


class Behaviour(NamedTuple):
    """What is asked of a call beyond one request: retries, and what its reply must look like."""

    budget: OwnBudget
    llm_retries: int
    backoff_ms: int
    structured: bool
    schema: dict[str, Any] | None
    validation: str
    schema_retries: int
    nudge: Any


def text_option(options: dict[str, Any], key: str) -> str | None:
    """A text, or None where it is absent or of another kind."""
    value = options.get(key)
    return value if isinstance(value, str) else None


def whole(value: Any) -> int | None:
    """A finite number as an int of the language, truncated and at most as large as one may be; None for anything else."""
    return max(LOWEST, min(HIGHEST, int(value))) if _is_number(value) else None


def whole_option(options: dict[str, Any], key: str, default: int) -> int:
    """A number as ``whole`` reads it, anything else is the default."""
    found = whole(options.get(key))
    return default if found is None else found


def fault(text: str) -> HarnError:
    """A wrong option."""
    return thrown(text)


def build_request(
    prompt: Any, system: Any, options: dict[str, Any], provider: str, model: str, nudge: str | None = None
) -> Request:
    """The request of a call whose provider and model are known; ``nudge`` is one more user message."""
    if options.get("transcript") is not None:
        raise fault(_TRANSCRIPT)
    messages = messages_of(prompt, options.get("messages"))
    if nudge is not None:
        messages.append({"role": "user", "content": nudge})
    request = Request(provider, model, messages, system if isinstance(system, str) else None)
    request.max_tokens = whole_option(options, "max_tokens", DEFAULT_MAX_TOKENS)
    request.tools = native_tools(options.get("tools"), options)
    request.tool_choice = options.get("tool_choice")
    request.thinking = read_thinking(options)
    request.output, request.schema = read_output(options)
    request.sampling = {key: options[key] for key in _SAMPLING if _is_number(options.get(key))}
    stop = options.get("stop")
    if isinstance(stop, list) and stop:
        request.sampling["stop"] = [word for word in stop if isinstance(word, str)]
    request.prefill = text_option(options, "prefill") or ""
    request.cache = options.get("cache") is True
    request.stream = options.get("stream") is not False
    if _is_number(options.get("timeout")):
        request.timeout = float(options["timeout"])
    extra = options.get(provider)
    request.extra = dict(extra) if isinstance(extra, dict) else {}
    return request


def read_behaviour(options: dict[str, Any]) -> Behaviour:
    """Everything of the options that does not go into the request."""
    output, schema = read_output(options)
    wanted = schema if schema is not None else options.get("output_schema")
    structured = output != "text" or isinstance(wanted, dict)
    retries = whole_option(options, "schema_retries", whole_option(options, "retries", 1))
    validation = options.get("output_validation")
    return Behaviour(
        read_budget(options),
        max(0, whole_option(options, "llm_retries", 0)),
        max(0, whole_option(options, "llm_backoff_ms", 250)),
        structured,
        wanted if isinstance(wanted, dict) else None,
        validation if validation in ("warn", "error") else "off",
        max(0, retries) if structured else 0,
        options.get("schema_retry_nudge", True),
    )


def native_tools(value: Any, options: dict[str, Any]) -> list[dict[str, Any]]:
    """The tools a provider gets in its own form; none where calls are written as text."""
    if value is None or options.get("tool_format") == "text":
        return []
    entries = value.get("tools") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        return []
    if any(isinstance(entry, str) for entry in entries):
        raise fault("tools must be declared as tool definition dicts or a tool_registry")
    return [_native_tool(entry) for entry in entries if isinstance(entry, dict)]


def _native_tool(entry: dict[str, Any]) -> dict[str, Any]:
    """``{type: function, function: {name, description, parameters}}``; a parameter is required unless it says otherwise."""
    if "function" in entry or "input_schema" in entry:
        return entry
    schema = input_schema(entry.get("parameters"))
    if "additionalProperties" not in schema:
        schema = {**schema, "additionalProperties": False}
    function = {"name": entry.get("name"), "description": entry.get("description") or "", "parameters": schema}
    return {"type": "function", "function": function}


# ------------------------------------------------------------------------------------------------ thinking and output


def read_thinking(options: dict[str, Any]) -> dict[str, Any]:
    """``{mode}`` with ``budget_tokens`` or ``level``."""
    effort = options.get("reasoning_effort")
    if effort is not None and effort not in _LEVELS:
        raise fault(f'reasoning_effort: expected "low" | "medium" | "high", got {_shown(effort)}')
    thinking = _thinking(options.get("thinking"))
    if effort is None:
        return thinking
    if thinking["mode"] != "disabled":
        raise fault("reasoning_effort cannot be combined with a non-disabled thinking option")
    return {"mode": "effort", "level": effort}


def _thinking(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return _thinking_dict(value)
    if value is None or value is False or value in _OFF:
        return {"mode": "disabled"}
    if value is True or value in ("enabled", "on", "true"):
        return {"mode": "enabled", "budget_tokens": None}
    if value == "adaptive":
        return {"mode": "adaptive"}
    if value in _LEVELS:
        return {"mode": "effort", "level": value}
    raise fault(f"thinking: expected a bool, string, or dict, got {_shown(value)}")


def _thinking_dict(value: dict[str, Any]) -> dict[str, Any]:
    budget = value.get("budget_tokens")
    if budget is not None and (not isinstance(budget, int) or isinstance(budget, bool) or budget < 0):
        raise fault("thinking.budget_tokens: expected a non-negative int")
    if value.get("enabled") is False:
        return {"mode": "disabled"}
    mode = value.get("mode", "enabled")
    if mode == "effort":
        level = value.get("level")
        if level not in _LEVELS:
            raise fault('thinking.level is required when thinking.mode is "effort"')
        return {"mode": "effort", "level": level}
    if mode == "enabled":
        return {"mode": "enabled", "budget_tokens": budget}
    return _thinking(mode)


def read_output(options: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    """(``text``, ``json`` or ``schema``; the schema) that the reply is to be."""
    wanted = options.get("output_format")
    if wanted is not None:
        return _output_format(wanted)
    schema = options.get("json_schema")
    if schema is not None and not isinstance(schema, dict):
        raise fault("json_schema: expected a JSON Schema object")
    if isinstance(schema, dict):
        return "schema", schema
    for key in ("schema", "output_schema"):
        if isinstance(options.get(key), dict):
            schema = options[key]
    written = options.get("response_format")
    if written is not None and written not in ("json", "json_object", "text"):
        raise fault(f'response_format: expected "json", "json_object", or "text", got {_shown(written)}')
    if written in ("json", "json_object"):
        return ("schema", schema) if schema is not None else ("json", None)
    return "text", schema


def _output_format(value: Any) -> tuple[str, dict[str, Any] | None]:
    kind = value
    schema = None
    if isinstance(value, dict):
        kind = value.get("kind")
        found = value.get("schema", value.get("json_schema"))
        schema = found if isinstance(found, dict) else None
    elif not isinstance(value, str):
        raise fault("output_format: expected string or dict")
    if kind in ("text", "none", "off"):
        return "text", None
    if kind in ("json", "json_object"):
        return "json", None
    if kind in ("json_schema", "schema"):
        if schema is None:
            raise fault('output_format: kind "json_schema" requires a `schema` field')
        return "schema", schema
    raise fault(f'output_format.kind: expected "text" | "json_object" | "json_schema", got {_shown(kind)}')


# ------------------------------------------------------------------------------------------------ the call's own budget


def read_budget(options: dict[str, Any]) -> OwnBudget:
    """The limits of ``budget``, whose fields may also stand among the options."""
    given = options.get("budget")
    if given is not None and not isinstance(given, dict):
        raise fault(_BUDGET_SHAPE)
    fields = {key: options[key] for key in OwnBudget._fields if key in options} | (given or {})
    return OwnBudget(
        _tokens(fields, "max_input_tokens"),
        _tokens(fields, "max_output_tokens"),
        _amount(fields, "max_cost_usd"),
        _amount(fields, "total_budget_usd"),
    )


def _tokens(fields: dict[str, Any], key: str) -> int | None:
    value = fields.get(key)
    if value is None:
        return None
    if not _is_number(value) or value != value or value < 0 or value != int(value):
        raise fault(f"budget.{key}: expected a non-negative integer")
    return int(value)


def _amount(fields: dict[str, Any], key: str) -> Decimal | None:
    value = fields.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise fault(f"budget.{key}: expected a non-negative number")
    if not math.isfinite(value) or value < 0:
        raise fault(f"budget.{key}: expected a non-negative finite number")
    return Decimal(repr(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _shown(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else type_name(value)
