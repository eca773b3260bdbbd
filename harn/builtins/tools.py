"""Registries of tools: dicts that grow by definition and never change in place."""

from __future__ import annotations

import re
from typing import Any

from harn.catalog.record import builtin
from harn.llm.tools import KIND, entry_of, input_schema
from harn.values.display import display
from harn.values.errors import thrown
from harn.values.json_read import JsonError, from_json
from harn.values.json_write import quote, to_json

_CALL = re.compile(r"<tool_call>(.*?)</tool_call>", re.DOTALL)


@builtin("tool_registry() -> dict", examples=[("tool_count(tool_registry())", "0")])
def tool_registry() -> dict[str, Any]:
    """A registry without tools."""
    return {"_type": KIND, "tools": []}


@builtin(
    "tool_define(registry: any | dict, name: string, description: string, config: any | dict) -> dict",
    keeps=["registry", "config"],
    examples=[
        ('tool_count(tool_define(tool_registry(), "up", "Shout", {handler: { args -> args.text.upper() }}))', "1"),
    ],
)
def tool_define(registry: Any, name: str, description: str, config: Any) -> dict[str, Any]:
    """The registry with one tool more, or with another one of that name.

    The config holds `handler` (called with a dict of arguments), `parameters` (name to JSON schema or type name), `returns`, and
    where another than the program runs the tool, `executor`: `host_bridge`, `mcp_server` or `provider_native`.
    """
    entries = _entries("tool_define", registry)
    entry = entry_of(name, description, config)
    places = [place for place, other in enumerate(entries) if other.get("name") == name]
    changed = [*entries[: places[0]], entry, *entries[places[0] + 1 :]] if places else [*entries, entry]
    return {**registry, "tools": changed}


@builtin("tool_list(registry: any | dict) -> list<dict>", keeps=["registry"])
def tool_list(registry: Any) -> list[Any]:
    """The tools of a registry, in the order they were defined."""
    return list(_entries("tool_list", registry))


@builtin("tool_count(registry: any | dict) -> int")
def tool_count(registry: Any) -> int:
    """How many tools a registry has."""
    return len(_entries("tool_count", registry))


@builtin("tool_find(registry: any | dict, name: string) -> dict | nil", keeps=["registry"])
def tool_find(registry: Any, name: str) -> Any:
    """The tool of a name; nil where there is none."""
    return next((entry for entry in _entries("tool_find", registry) if entry.get("name") == name), None)


@builtin("tool_remove(registry: any | dict, name: string) -> dict", keeps=["registry"])
def tool_remove(registry: Any, name: str) -> dict[str, Any]:
    """The registry without a tool."""
    return {**registry, "tools": [entry for entry in _entries("tool_remove", registry) if entry.get("name") != name]}


@builtin("tool_select(registry: any | dict, names: list) -> dict", keeps=["registry"])
def tool_select(registry: Any, names: list[Any]) -> dict[str, Any]:
    """The registry with the named tools only."""
    return {**registry, "tools": [entry for entry in _entries("tool_select", registry) if entry.get("name") in names]}


@builtin("tool_describe(registry: any | dict) -> string")
def tool_describe(registry: Any) -> str:
    """A line for each tool, by name."""
    entries = sorted(_entries("tool_describe", registry), key=lambda entry: display(entry.get("name")))
    lines = [
        f"- {display(entry.get('name'))}({_parameters(entry)}): {entry.get('description', '')}" for entry in entries
    ]
    return "\n".join(["Available tools:", *lines])


@builtin("tool_schema(registry: any | dict, components?: any) -> dict", keeps=["registry", "components"])
def tool_schema(registry: Any, components: Any = None) -> dict[str, Any]:
    """The tools as JSON schemas: `{schema_version, tools: [{name, description, inputSchema, outputSchema?}]}`."""
    tools = []
    for entry in _entries("tool_schema", registry):
        shown = {
            "name": entry.get("name"),
            "description": entry.get("description", ""),
            "inputSchema": input_schema(entry.get("parameters")),
        }
        if "outputSchema" in entry:
            shown["outputSchema"] = entry["outputSchema"]
        tools.append(shown)
    schema: dict[str, Any] = {"schema_version": "harn-tools/1.0", "tools": tools}
    return schema if components is None else {**schema, "components": components}


@builtin("tool_prompt(registry: any | dict) -> string")
def tool_prompt(registry: Any) -> str:
    """What a model without tool calls of its own is told: the tools, and how to call one in text."""
    parts = ["# Available Tools", "To call a tool, write a JSON object between these tags, one call a pair:"]
    parts.append('<tool_call>{"name": "tool name", "arguments": {}}</tool_call>')
    for entry in _entries("tool_prompt", registry):
        schema = to_json(input_schema(entry.get("parameters")))
        parts.append(f"## {display(entry.get('name'))}\n{entry.get('description', '')}\nArguments: {schema}")
    return "\n\n".join(parts)


@builtin(
    "tool_parse_call(text: string) -> list<{name: string, arguments: any}>",
    examples=[('tool_parse_call("<tool_call>{\\"name\\": \\"f\\"}</tool_call>")', "[{arguments: {}, name: f}]")],
)
def tool_parse_call(text: str) -> list[Any]:
    """The calls `{name, arguments}` that a reply holds between `<tool_call>` tags; what is no JSON is left out."""
    found = []
    for body in _CALL.findall(text):
        try:
            call = from_json(body)
        except JsonError:
            continue
        if isinstance(call, dict) and isinstance(call.get("name"), str):
            found.append({"name": call["name"], "arguments": call.get("arguments") or {}})
    return found


@builtin(
    "tool_format_result(name: string, result: any) -> string",
    examples=[('tool_format_result("f", "ok")', '<tool_result>{"name": "f", "result": "ok"}</tool_result>')],
)
def tool_format_result(name: str, result: Any) -> str:
    """A tool's result as a model is shown it in text."""
    return f'<tool_result>{{"name": {quote(name)}, "result": {quote(display(result))}}}</tool_result>'


def _entries(name: str, registry: Any) -> list[dict[str, Any]]:
    """The tools of a registry. HarnError for what is none."""
    tools = registry.get("tools") if isinstance(registry, dict) and registry.get("_type") == KIND else None
    if not isinstance(tools, list):
        raise thrown(f"{name}: argument must be a tool registry (created with tool_registry())")
    return [entry for entry in tools if isinstance(entry, dict)]


def _parameters(entry: dict[str, Any]) -> str:
    parameters = entry.get("parameters")
    return ", ".join(sorted(parameters)) if isinstance(parameters, dict) else ""
