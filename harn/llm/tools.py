"""Tools as programs define them: an entry of a registry, what it is checked for, and the schema a provider is shown."""

from __future__ import annotations

from typing import Any

from harn.values.errors import HarnError, thrown
from harn.values.json_write import quote
from harn.values.kinds import Builtin, Closure

KIND = "tool_registry"
HARN = "harn"
EXECUTORS = (HARN, "host_bridge", "mcp_server", "provider_native")
"""What may run a tool: its handler, the embedding program, an MCP server, the provider itself."""

_OTHER_NAMES = {"harn_builtin": HARN}
_MADE = ("name", "description", "parameters", "params", "returns", "executor", "handler")


def entry_of(name: str, description: str, config: Any) -> dict[str, Any]:
    """The entry of a tool. HarnError where the config does not say who runs it, or says it twice."""
    if not isinstance(config, dict):
        raise _fault("config must be a dict with parameters and handler")
    shown = quote(name)
    executor = _executor(config, shown)
    deferred = config.get("defer_loading")
    if deferred is not None and not isinstance(deferred, bool):
        raise _fault(f"`defer_loading` must be a bool (tool {shown})")
    handler = config.get("handler")
    if handler is not None and not isinstance(handler, Closure | Builtin):
        raise _fault(f"`handler` of tool {shown} must be a function")
    parameters = config.get("parameters", config.get("params"))
    entry = {
        "name": name,
        "description": description,
        "parameters": parameters if isinstance(parameters, dict) else {},
        "executor": executor,
        **{key: value for key, value in config.items() if key not in _MADE},
    }
    if handler is not None:
        entry["handler"] = handler
    if config.get("returns") is not None:
        entry["outputSchema"] = _property(config["returns"])
    return entry


def _executor(config: dict[str, Any], shown: str) -> str:
    """The backend a tool declares, and whether what it needs is there."""
    given, handler = config.get("executor"), config.get("handler")
    if given is not None and not isinstance(given, str):
        raise _fault(f"`executor` must be a string (tool {shown})")
    if given is None:
        if handler is None:
            raise _fault(
                f"tool {shown} has no `handler` and no `executor`. Either attach a `handler` fn (executor: {quote(HARN)}) or "
                'declare an alternate backend, e.g. executor: "host_bridge" + host_capability: "cap.op", executor: "mcp_server"'
                ' + mcp_server: "server-name", executor: "provider_native". Defining a handlerless tool would surface as '
                f"`[builtin_call] unhandled: {shown.strip(chr(34))}` at the first model call."
            )
        return HARN
    executor = _OTHER_NAMES.get(given, given)
    if executor not in EXECUTORS:
        known = ", ".join(quote(name) for name in EXECUTORS)
        raise _fault(f"unknown executor {quote(given)} for tool {shown}. Expected one of: {known}")
    declares = f"tool {shown} declares executor: {quote(executor)} but"
    if executor == HARN:
        if handler is None:
            raise _fault(f"{declares} has no `handler`. Attach a `handler` fn, or declare another executor.")
        return executor
    if handler is not None:
        why = " — host-bridge tools are dispatched by the host shell, not the VM" if executor == "host_bridge" else ""
        raise _fault(f"{declares} also has a `handler`. Drop the handler{why}.")
    if executor == "host_bridge" and not config.get("host_capability"):
        raise _fault(
            f"{declares} is missing `host_capability`. Set it to the canonical bridge identifier (e.g. "
            '"interaction.ask") so `harn check` can validate the binding against the host capability manifest.'
        )
    if executor == "mcp_server" and not config.get("mcp_server"):
        raise _fault(f"{declares} is missing `mcp_server`. Set it to the name of the server.")
    return executor


def _fault(text: str) -> HarnError:
    return thrown(f"tool_define: {text}")


def _property(declared: Any) -> Any:
    """The schema of one parameter: a mere type name is short for it."""
    return {"type": declared} if isinstance(declared, str) else declared


def input_schema(parameters: Any) -> dict[str, Any]:
    """``{type: object, properties, required}``; a parameter is required unless it says otherwise or has a default."""
    fields = parameters if isinstance(parameters, dict) else {}
    if isinstance(fields.get("properties"), dict):
        return fields
    properties = {name: _property(declared) for name, declared in fields.items()}
    dicts = {name: declared if isinstance(declared, dict) else {} for name, declared in properties.items()}
    required = [name for name, given in dicts.items() if given.get("required") is not False and "default" not in given]
    shown = {name: {key: value for key, value in given.items() if key != "required"} for name, given in dicts.items()}
    return {"type": "object", "properties": shown, "required": sorted(required)}


def missing(entry: dict[str, Any], arguments: Any) -> list[str]:
    """The required parameters that a call does not give, sorted."""
    required = input_schema(entry.get("parameters")).get("required")
    given = arguments if isinstance(arguments, dict) else {}
    return [name for name in required if name not in given] if isinstance(required, list) else []


def side_effect_level(entry: dict[str, Any]) -> str | None:
    """What a tool's annotations say it may do outside; None where they say nothing."""
    annotations = entry.get("annotations")
    level = annotations.get("side_effect_level") if isinstance(annotations, dict) else None
    return level if isinstance(level, str) else None
