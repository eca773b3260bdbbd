"""Personas: read from source or from a ``harn.toml``, checked, and as data for ``harn persona``."""

from __future__ import annotations

import math
import os
from typing import Any, NamedTuple

from harn.host.failures import reason
from harn.resolve.manifest import MANIFEST
from harn.source.decode import decode
from harn.source.diagnostic import ERROR
from harn.source.file import SourceFile
from harn.steps.definitions import EXCLUSIVE, INCLUSIVE, Stage, read_persona, read_step
from harn.syntax import nodes
from harn.syntax.parser import parse
from harn.tools.declared_steps import DeclaredSteps, Marked, data, declared_steps, steps_called
from harn.types.step_attributes import attribute_warnings, symbol

INSPECT_SCHEMA = "harn.persona/1"

Shown = dict[str, Any]
"""A persona as data: what ``harn persona inspect --json`` prints."""


class Fault(NamedTuple):
    """What is wrong: ``field`` is the path in a manifest, ``persona`` for the whole; ``hint`` what to do about it, if known."""

    field: str
    message: str
    hint: str = ""


class Catalog(NamedTuple):
    """The personas of one file. ``declared`` and ``program`` are there for source files."""

    path: str
    personas: list[Shown]
    warnings: list[str]
    file: SourceFile | None = None
    program: nodes.Program | None = None
    declared: DeclaredSteps | None = None

    def find(self, name: str) -> Shown | None:
        """The persona of a name."""
        return next((persona for persona in self.personas if persona["name"] == name), None)


class CatalogError(Exception):
    """Personas that cannot be read; ``faults`` in the order of the file."""

    def __init__(self, path: str, faults: list[Fault]) -> None:
        super().__init__(faults[0].message)
        self.path = path
        self.faults = faults


def catalog(path: str) -> Catalog:
    """The personas of a ``.harn`` file, a manifest, or the manifest in a folder. CatalogError where there are none."""
    if os.path.isdir(path):
        path = os.path.join(path, MANIFEST)
    try:
        with open(path, "rb") as source:
            content = source.read()
    except (OSError, ValueError) as error:
        raise CatalogError(path, [Fault("persona", f"failed to read {path}: {reason(error)}")]) from None
    if path.endswith(".harn"):
        return from_source(path, content)
    from harn.tools.persona_manifest import from_manifest

    return from_manifest(path, content)


def from_source(path: str, content: bytes) -> Catalog:
    """The personas a program declares."""
    file, problem = decode(path, content)
    parsed = parse(file)
    broken = [d for d in ((problem,) if problem else tuple(parsed.diagnostics)) if d.severity == ERROR]
    if broken or parsed.program is None:
        text = "the file is no program"
        if broken:
            place = "at {}:{}".format(*broken[0].place[1:])
            text = broken[0].message if broken[0].message.endswith(place) else f"{broken[0].message} {place}"
        raise CatalogError(path, [Fault("persona", text)])
    declared = declared_steps(parsed.program)
    if not declared.personas:
        raise CatalogError(path, [Fault("persona", "no @persona declarations found")])
    shown = [_shown(persona, declared, file) for persona in declared.personas.values()]
    warnings = [
        "{}:{}:{}: {}".format(*warning.place, warning.message) for warning in attribute_warnings(parsed.program, file)
    ]
    return Catalog(path, shown, warnings, file, parsed.program, declared)


# ---------------------------------------------------------------------------------------------------------- as data


def blank(path: str) -> Shown:
    """A persona of which nothing is said, with every key that is always there."""
    return {
        "schema": INSPECT_SCHEMA,
        "name": "",
        "version": None,
        "description": "",
        "entry_workflow": "",
        "tools": [],
        "capabilities": [],
        "autonomy_tier": "",
        "receipt_policy": "",
        "triggers": [],
        "schedules": [],
        "model_policy": {
            "default_model": None,
            "escalation_model": None,
            "fallback_models": [],
            "reasoning_effort": None,
        },
        "budget": dict.fromkeys(BUDGET_FIELDS),
        "handoffs": [],
        "context_packs": [],
        "evals": [],
        "owner": None,
        "package_source": {"package": None, "path": None, "git": None, "rev": None},
        "rollout_policy": {"mode": None, "percentage": None, "cohorts": []},
        "stages": [],
        "steps": [],
        "source": {"manifest_path": path, "manifest_dir": os.path.dirname(path) or "."},
    }


BUDGET_FIELDS = ("daily_usd", "hourly_usd", "run_usd", "frontier_escalations", "max_tokens", "max_runtime_seconds")


def _shown(persona: Marked, declared: DeclaredSteps, file: SourceFile) -> Shown:
    given = persona.given
    shown = blank(file.path)
    shown["name"] = persona.name
    shown["description"] = symbol(given.get("description")) or "Source-declared persona"
    shown["entry_workflow"] = persona.node.name
    shown["capabilities"] = ["project.test_commands"]
    shown["autonomy_tier"] = symbol(given.get("autonomy")) or "suggest"
    shown["receipt_policy"] = _receipt_policy(given.get("receipts"))
    shown["owner"] = symbol(given.get("owner"))
    shown["model_policy"]["default_model"] = symbol(given.get("model"))
    for key in ("tools", "handoffs", "context_packs", "evals", "triggers", "schedules"):
        shown[key] = _words(given.get(key))
    shown["schedules"] += [*_schedules(given.get("schedules")), *_schedules(given.get("triggers"))]
    budget = data(given.get("budget"))
    if isinstance(budget, dict):
        for key in BUDGET_FIELDS:
            value = budget.get(key)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0:
                shown["budget"][key] = value
    stages = data(given.get("stages"))
    if isinstance(stages, list):
        named = [stage for stage in stages if isinstance(stage, dict) and isinstance(stage.get("name"), str)]
        shown["stages"] = [shown_stage(stage) for stage in read_persona("", {"stages": _readable(named)}).stages]
    shown["steps"] = [_shown_step(step, file) for step in steps_called(persona, declared.steps)]
    return shown


def _receipt_policy(node: Any) -> str:
    if isinstance(node, nodes.BoolLiteral):
        return "required" if node.value else "disabled"
    text = symbol(node)
    return "optional" if text is None else "disabled" if text == "none" else text


def _words(node: Any) -> list[str]:
    """The texts of a list of strings and symbols."""
    items = node.items if isinstance(node, nodes.ListLiteral) else ()
    return [text for text in map(symbol, items) if text is not None]


def _schedules(node: Any) -> list[str]:
    """The times in the ``schedule("...")`` entries of a list."""
    if not isinstance(node, nodes.ListLiteral):
        return []
    timed = [
        item for item in node.items if isinstance(item, nodes.Call) and item.callee.name == "schedule" and item.args
    ]
    return [text for text in (symbol(item.args[0]) for item in timed) if text is not None]


def _readable(stages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Stages without tools that are no list of texts, which registration refuses."""
    good = []
    for stage in stages:
        tools = stage.get("allowed_tools")
        fine = tools is None or (isinstance(tools, list) and all(isinstance(tool, str) for tool in tools))
        good.append(stage if fine else {key: value for key, value in stage.items() if key != "allowed_tools"})
    return good


def shown_stage(stage: Stage) -> dict[str, Any]:
    """A stage as data: what it does not say is left out."""
    shown: dict[str, Any] = {"name": stage.name}
    if stage.allowed_tools is not None:
        shown["allowed_tools"] = list(stage.allowed_tools)
    if stage.side_effect_level:
        shown["side_effect_level"] = stage.side_effect_level
    if stage.max_iterations is not None:
        shown["max_iterations"] = stage.max_iterations
    return shown


def _shown_step(step: Marked, file: SourceFile) -> dict[str, Any]:
    """A step as data; what is malformed is left out, as registration does."""
    given = {key: data(value) for key, value in step.given.items()}
    definition = read_step(step.node.name, given)
    shown: dict[str, Any] = {"name": definition.name, "function": definition.function}
    shown["line"] = file.position(step.node.name_span.start)[0]
    if definition.model:
        shown["model"] = definition.model
    for key, words in (("approval", ("required", "optional")), ("receipt", ("audit", "none"))):
        if given.get(key) in words:
            shown[key] = given[key]
    if definition.boundary is not None:
        shown["error_boundary"] = definition.boundary
    budget: dict[str, Any] = {}
    if definition.budget.max_tokens is not None:
        budget["max_tokens"] = definition.budget.max_tokens
    if definition.budget.max_usd is not None:
        budget["max_usd"] = given["budget"]["max_usd"]
    if budget and given["budget"].get("scope") in (EXCLUSIVE, INCLUSIVE):
        budget["scope"] = given["budget"]["scope"]
    if budget:
        shown["budget"] = budget
    retry = given.get("retry")
    if isinstance(retry, dict) and isinstance(retry.get("max_attempts"), (int, float)) and retry["max_attempts"] >= 1:
        shown["retry"] = {"max_attempts": definition.attempts}
    return shown
