"""The arguments of ``@step`` and ``@persona``: which there are and what they may be. What is wrong with them is a warning.

A value is compile-time data: a text, a *symbol* (a name, or names with dots between, which stand for their text), a number,
a list, a dict, or a call such as ``schedule("0 9 * * *")``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from harn.resolve.tree import walk
from harn.source.diagnostic import WARNING, Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes

CODE = "T090"

Complaint = tuple[str, Span]
Rule = Callable[[str, str, nodes.AttributeArg], Iterator[Complaint]]
"""Complaints about an argument: given the attribute (``@step``), the key and the argument."""

LEVELS = ("none", "read_only", "workspace_write", "process_exec", "network")
"""Side effects a stage may have, from none to most."""


def attribute_warnings(program: nodes.Program, file: SourceFile) -> list[Diagnostic]:
    """What is wrong with the ``@step`` and ``@persona`` attributes of a file, in the order of the text."""
    return [
        Diagnostic(WARNING, CODE, message, file, span)
        for statement in walk(program)
        for attribute in getattr(statement, "attributes", ())
        for message, span in complaints(statement, attribute)
    ]


def complaints(statement: Any, attribute: nodes.Attribute) -> Iterator[Complaint]:
    """What is wrong with one attribute of a declaration; nothing for attributes other than these two."""
    if attribute.name not in _KEYS:
        return
    which = f"@{attribute.name}"
    at = Span(attribute.span.start, attribute.span.start + 1)
    if attribute.name == "step" and not isinstance(statement, nodes.Fn):
        yield "`@step` only applies to function declarations", at
        return
    if attribute.name == "persona" and not isinstance(statement, (nodes.Fn, nodes.Tool, nodes.Pipeline)):
        yield "`@persona` only applies to function, tool, or pipeline declarations", at
        return
    keys = _KEYS[attribute.name]
    for argument in attribute.args:
        if argument.name is None:
            yield f"`{which}(...)` arguments must be named", argument.span
        elif argument.name not in keys:
            expected = f"expected one of {_listed(keys)}"
            yield f"unknown `{which}` argument `{argument.name}`; {expected}", _key(argument)
        else:
            yield from keys[argument.name](which, argument.name, argument)
    if attribute.name == "step" and all(argument.name != "name" for argument in attribute.args):
        yield '`@step(...)` should declare `name: "..."` for stable supervision metadata', at


# ---------------------------------------------------------------------------------------------------------- values


def symbol(node: Any) -> str | None:
    """The text of a string or symbol; None for anything else."""
    if isinstance(node, nodes.StringLiteral):
        return node.value
    names: list[str] = []
    while isinstance(node, nodes.Property) and not node.optional:
        names.append(node.name)
        node = node.receiver
    return ".".join(reversed([*names, node.name])) if isinstance(node, nodes.Name) else None


def number(node: Any) -> int | float | None:
    """The value of a number; None for anything else."""
    if isinstance(node, nodes.Unary) and node.op == "-":
        inner = number(node.operand)
        return None if inner is None else -inner
    return node.value if isinstance(node, (nodes.IntLiteral, nodes.FloatLiteral)) else None


def entries(node: nodes.DictLiteral) -> Iterator[tuple[str | None, Any, Span]]:
    """The entries of a dict: key (None where it is no name or string), value, and the place of the key."""
    for entry in node.entries:
        named = isinstance(entry, nodes.DictEntry) and isinstance(entry.key, nodes.StringLiteral) and not entry.computed
        if named and isinstance(entry, nodes.DictEntry) and isinstance(entry.key, nodes.StringLiteral):
            yield entry.key.value, entry.value, entry.key.span
        else:
            yield None, entry.value, entry.span


def _key(argument: nodes.AttributeArg) -> Span:
    return argument.name_span if argument.name is not None else argument.span


def _listed(words: Any) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


# ---------------------------------------------------------------------------------------------------------- rules


def _symbol(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    if symbol(argument.value) is None:
        yield f"`{which}({key}: ...)` must be a string or symbol", _key(argument)


def _one_of(*words: str) -> Rule:
    def rule(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
        if symbol(argument.value) not in words:
            yield f"`{which}({key}: ...)` must be one of {_listed(words)}", _key(argument)

    return rule


def _symbols(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    if not isinstance(argument.value, nodes.ListLiteral):
        yield f"`{which}({key}: ...)` must be a list of strings or symbols", _key(argument)
    elif any(symbol(item) is None for item in argument.value.items):
        yield f"`{which}({key}: ...)` must contain only strings or symbols", _key(argument)


def _occasions(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    kinds = "strings, dotted trigger ids, or schedule(...)"
    if not isinstance(argument.value, nodes.ListLiteral):
        yield f"`{which}({key}: ...)` must be a list of {kinds}", _key(argument)
    elif not all(symbol(item) is not None or _is_schedule(item) for item in argument.value.items):
        yield f"`{which}({key}: ...)` must contain only {kinds}", _key(argument)


def _is_schedule(node: Any) -> bool:
    return isinstance(node, nodes.Call) and node.callee.name == "schedule"


def _receipts(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    if symbol(argument.value) is None and not isinstance(argument.value, nodes.BoolLiteral):
        yield f"`{which}({key}: ...)` must be a string/symbol or bool", _key(argument)


def _step_budget(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    about = f"`{which}({key}: ...)`"
    if not isinstance(argument.value, nodes.DictLiteral):
        yield f"{about} must be a dict such as `{{ max_tokens: 1000, max_usd: 0.05 }}`", _key(argument)
        return
    for name, value, place in entries(argument.value):
        given = number(value)
        if name is None:
            yield f"{about} field names must be strings or identifiers", place
        elif name == "max_tokens":
            if not isinstance(given, int) or given <= 0:
                yield f"`{which}({key}: {{ max_tokens: ... }})` must be a positive integer", value.span
        elif name == "max_usd":
            if given is None or given < 0 or not math.isfinite(given):
                yield f"`{which}({key}: {{ max_usd: ... }})` must be a non-negative number", value.span
        elif name == "scope":
            if symbol(value) not in _SCOPES:
                yield f"`{which}({key}: {{ scope: ... }})` must be one of {_listed(_SCOPES)}", value.span
        else:
            yield f"unknown {about} field `{name}`; expected one of {_listed(_BUDGET)}", place


def _retry(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    about = f"`{which}({key}: ...)`"
    if not isinstance(argument.value, nodes.DictLiteral):
        yield f"{about} must be a dict such as `{{ max_attempts: 3 }}`", _key(argument)
        return
    for name, value, place in entries(argument.value):
        given = number(value)
        if name is None:
            yield f"{about} field names must be strings or identifiers", place
        elif name != "max_attempts":
            yield f"unknown {about} field `{name}`; expected `max_attempts`", place
        elif not isinstance(given, int) or given <= 0:
            yield f"`{which}({key}: {{ max_attempts: ... }})` must be a positive integer", value.span


def _persona_budget(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    if not isinstance(argument.value, nodes.DictLiteral):
        yield f"`{which}({key}: ...)` must be a dict of budget fields", _key(argument)
        return
    for name, value, _ in entries(argument.value):
        if name in _NUMBERS and number(value) is None:
            yield f"`{which}({name}: ...)` must be a number", value.span
        elif name in _REACTIONS and symbol(value) is None:
            yield f"`{which}({name}: ...)` must be a string or symbol", value.span


def _stages(which: str, key: str, argument: nodes.AttributeArg) -> Iterator[Complaint]:
    about = f"`{which}({key}: ...)`"
    if not isinstance(argument.value, nodes.ListLiteral):
        yield f"{about} must be a list of stage dicts", _key(argument)
        return
    for stage in argument.value.items:
        if isinstance(stage, nodes.DictLiteral):
            yield from _stage(about, stage)
        else:
            yield f"{about} entries must be dict literals", stage.span


def _stage(about: str, stage: nodes.DictLiteral) -> Iterator[Complaint]:
    names: list[str] = []
    for name, value, place in entries(stage):
        given = number(value)
        names.append(name or "")
        if name is None:
            yield f"{about} stage keys must be identifiers", place
        elif name not in _STAGE:
            yield f"unknown stage key `{name}`; expected one of {_listed(_STAGE)}", place
        elif name == "name" and symbol(value) is None:
            yield "stage `name` must be a string", value.span
        elif name == "allowed_tools" and not isinstance(value, nodes.ListLiteral):
            yield "stage `allowed_tools` must be a list of strings or symbols", value.span
        elif name == "allowed_tools" and any(symbol(item) is None for item in value.items):
            yield "stage `allowed_tools` must contain only strings or symbols", value.span
        elif name == "side_effect_level" and symbol(value) is None:
            yield "stage `side_effect_level` must be a string", value.span
        elif name == "side_effect_level" and symbol(value) not in LEVELS:
            yield f"stage `side_effect_level` must be one of {_listed(LEVELS)}", value.span
        elif name == "max_iterations" and (not isinstance(given, int) or given < 0):
            yield "stage `max_iterations` must be a non-negative integer", value.span
    if "name" not in names:
        yield f"{about} entry missing required `name`", stage.span


_BUDGET = ("max_tokens", "max_usd", "scope")
_SCOPES = ("exclusive", "inclusive")
_STAGE = ("name", "allowed_tools", "side_effect_level", "max_iterations")
_NUMBERS = (
    "daily_usd", "hourly_usd", "run_usd", "max_tokens", "frontier_escalations", "max_autonomous_decisions_per_hour",
    "max_autonomous_decisions_per_day",
)  # fmt: skip
_REACTIONS = ("on_exhausted", "on_budget_exhausted")

_KEYS: dict[str, dict[str, Rule]] = {
    "step": {
        "name": _symbol,
        "model": _symbol,
        "approval": _one_of("required", "optional"),
        "receipt": _one_of("audit", "none"),
        "error_boundary": _one_of("fail", "continue", "escalate"),
        "retry": _retry,
        "budget": _step_budget,
    },
    "persona": {
        "name": _symbol,
        "description": _symbol,
        "triggers": _occasions,
        "schedules": _occasions,
        "tools": _symbols,
        "autonomy": _symbol,
        "budget": _persona_budget,
        "handoffs": _symbols,
        "context_packs": _symbols,
        "evals": _symbols,
        "receipts": _receipts,
        "model": _symbol,
        "owner": _symbol,
        "stages": _stages,
        "output_style": _symbol,
    },
}
"""Attribute -> its keys, in the order in which they are listed, each with what its value may be."""
