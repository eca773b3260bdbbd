"""``[[personas]]`` of a manifest: read, and checked field by field."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator
from typing import Any

from harn.steps.definitions import Stage
from harn.steps.policies import RANKS
from harn.tools.personas import BUDGET_FIELDS, Catalog, CatalogError, Fault, Shown, blank, shown_stage

_TEXTS = ("name", "version", "description", "entry_workflow", "owner")
_LISTS = ("tools", "capabilities", "triggers", "schedules", "handoffs", "context_packs", "evals")
_ALIASES = {"autonomy": "autonomy_tier", "receipts": "receipt_policy"}
_REQUIRED = ("name", "description", "entry_workflow", "autonomy_tier", "receipt_policy")
_CHOICES = {
    "autonomy_tier": ("shadow", "suggest", "act_with_approval", "act_auto"),
    "receipt_policy": ("required", "optional", "disabled"),
}
_TABLES = {
    "budget": BUDGET_FIELDS,
    "model_policy": ("default_model", "escalation_model", "fallback_models", "reasoning_effort"),
    "package_source": ("package", "path", "git", "rev"),
    "rollout_policy": ("mode", "percentage", "cohorts"),
}
_STAGE = ("name", "allowed_tools", "side_effect_level", "max_iterations", "on_exit")
_ON_EXIT = ("on_complete", "on_failure")
_NEVER_APPLIED = "stages of persona '{}' in the manifest are not applied at run time"
_CRON = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def from_manifest(path: str, content: bytes) -> Catalog:
    """The personas of a manifest; one persona may also stand at the top of a file of its own. CatalogError with all faults."""
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise CatalogError(path, [Fault("persona", f"failed to parse {path}: {error}")]) from None
    listed = table.get("personas", [table] if "entry_workflow" in table else [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise CatalogError(path, [Fault("personas", "personas must be an array of tables")])
    entries = [{_ALIASES.get(key, key): value for key, value in entry.items()} for entry in listed]
    faults: list[Fault] = []
    names = {entry.get("name") for entry in entries}
    for index, entry in enumerate(entries):
        faults += _faults(f"[[personas]][{index}]", entry, names)
    if faults:
        raise CatalogError(path, faults)
    warnings = [_NEVER_APPLIED.format(entry["name"]) for entry in entries if entry.get("stages")]
    return Catalog(path, [_shown(entry, path) for entry in entries], warnings)


def _shown(entry: dict[str, Any], path: str) -> Shown:
    shown = blank(path)
    for key in (*_TEXTS, *_LISTS, *_CHOICES):
        if key in entry:
            shown[key] = entry[key]
    for key, fields in _TABLES.items():
        shown[key].update({field: entry[key][field] for field in fields if field in entry.get(key, {})})
    shown["stages"] = [
        shown_stage(
            Stage(
                stage["name"],
                tuple(stage["allowed_tools"]) if "allowed_tools" in stage else None,
                stage.get("side_effect_level", ""),
                stage.get("max_iterations"),
            )
        )
        for stage in entry.get("stages", ())
    ]
    return shown


def _faults(root: str, entry: dict[str, Any], names: set[Any]) -> Iterator[Fault]:
    known = {*_TEXTS, *_LISTS, *_CHOICES, *_TABLES, "stages"}
    for key in entry:
        if key not in known:
            yield Fault(f"{root}.{key}", "unknown persona field")
    for key in _REQUIRED:
        if entry.get(key) in (None, ""):
            yield Fault(f"{root}.{key}", f"missing required {key}")
    for key in _TEXTS:
        if not isinstance(entry.get(key, ""), str):
            yield Fault(f"{root}.{key}", f"{key} must be a string")
    for key, words in _CHOICES.items():
        if entry.get(key) and entry[key] not in words:
            yield Fault(f"{root}.{key}", f"unknown {key} '{entry[key]}' (expected {', '.join(words)})")
    for key in _LISTS:
        yield from _list_faults(f"{root}.{key}", key, entry.get(key, []))
    if not entry.get("tools") and not entry.get("capabilities"):
        yield Fault(f"{root}.tools", "at least one of tools or capabilities is required")
    yield from _word_faults(root, entry, names)
    for key, fields in _TABLES.items():
        yield from _table_faults(f"{root}.{key}", key, entry.get(key, {}), fields)
    yield from _stage_faults(root, entry)


def _list_faults(field: str, key: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        yield Fault(field, f"{key} must be a list of strings")
    elif not all(item.strip() for item in value):
        yield Fault(field, f"{key} entries must not be empty")


def _texts(entry: dict[str, Any], key: str) -> list[str]:
    value = entry.get(key, [])
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def _word_faults(root: str, entry: dict[str, Any], names: set[Any]) -> Iterator[Fault]:
    """Words that must have a form, or name something."""
    for word in _texts(entry, "capabilities"):
        if word.count(".") != 1 or word.startswith(".") or word.endswith("."):
            yield Fault(f"{root}.capabilities", f"capability '{word}' must use capability.operation syntax")
    for word in _texts(entry, "schedules"):
        wrong = cron_fault(word)
        if wrong:
            yield Fault(f"{root}.schedules", f"invalid cron schedule '{word}': {wrong}")
    for word in _texts(entry, "triggers"):
        if "." not in word.strip("."):
            yield Fault(f"{root}.triggers", f"trigger '{word}' must use provider.event syntax")
    for word in _texts(entry, "handoffs"):
        if word not in names:
            yield Fault(f"{root}.handoffs", f"unknown handoff target '{word}'")


def cron_fault(schedule: str) -> str:
    """What is wrong with a cron schedule of five fields; empty where nothing is."""
    fields = schedule.split()
    if len(fields) != len(_CRON):
        return f"expected {len(_CRON)} fields, found {len(fields)}"
    for field, (least, most) in zip(fields, _CRON, strict=True):
        for part in field.split(","):
            span, _, step = part.partition("/")
            first, _, last = span.partition("-")
            if step and (not step.isdecimal() or int(step) == 0):
                return f"'{part}' is no step"
            if span == "*" or span[:3].isalpha():
                continue
            ends = [first, last] if last else [first]
            if not all(end.isdecimal() and least <= int(end) <= most for end in ends):
                return f"'{part}' is not between {least} and {most}"
    return ""


def _table_faults(field: str, key: str, value: Any, fields: tuple[str, ...]) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(field, f"{key} must be a table")
        return
    for name, given in value.items():
        if name not in fields:
            yield Fault(f"{field}.{name}", f"unknown {key} field")
        elif key == "budget" and not _is_amount(given):
            yield Fault(f"{field}.{name}", "budget amounts must be finite and non-negative")
    if key == "rollout_policy" and "percentage" in value:
        percentage = value["percentage"]
        if not isinstance(percentage, int) or isinstance(percentage, bool) or not 0 <= percentage <= 100:
            yield Fault(f"{field}.percentage", "rollout percentage must be between 0 and 100")


def _is_amount(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0


def _stage_faults(root: str, entry: dict[str, Any]) -> Iterator[Fault]:
    stages = entry.get("stages", [])
    if not isinstance(stages, list) or not all(isinstance(stage, dict) for stage in stages):
        yield Fault(f"{root}.stages", "stages must be an array of tables")
        return
    names = [stage.get("name") for stage in stages]
    for index, stage in enumerate(stages):
        at = f"{root}.stages[{index}]"
        name = stage.get("name")
        if not isinstance(name, str) or not name.strip():
            yield Fault(f"{at}.name", "stage name must not be empty")
        elif name in names[:index]:
            yield Fault(f"{at}.name", f"duplicate stage name '{name}'")
        for key in stage:
            if key not in _STAGE:
                yield Fault(f"{at}.{key}", "unknown stage field")
        yield from _stage_limits(at, stage, _texts(entry, "tools"))
        on_exit = stage.get("on_exit", {})
        for key, target in on_exit.items() if isinstance(on_exit, dict) else ():
            if key not in _ON_EXIT:
                yield Fault(f"{at}.on_exit.{key}", "unknown on_exit field")
            elif target not in names:
                yield Fault(f"{at}.on_exit.{key}", f"unknown stage '{target}'")


def _stage_limits(at: str, stage: dict[str, Any], persona_tools: list[str]) -> Iterator[Fault]:
    tools = stage.get("allowed_tools", [])
    if not isinstance(tools, list) or not all(isinstance(tool, str) for tool in tools):
        yield Fault(f"{at}.allowed_tools", "allowed_tools must be a list of strings")
        tools = []
    for tool in tools:
        if not tool.strip():
            yield Fault(f"{at}.allowed_tools", "allowed_tools entries must not be empty")
        elif persona_tools and tool not in persona_tools:
            yield Fault(f"{at}.allowed_tools", f"tool '{tool}' is not part of the persona-level tools allowlist")
    level = stage.get("side_effect_level", "none")
    if level not in RANKS:
        *others, last = RANKS
        expected = f"{', '.join(others)}, or {last}"
        yield Fault(f"{at}.side_effect_level", f"unknown side_effect_level '{level}' (expected {expected})")
    iterations = stage.get("max_iterations", 0)
    if not isinstance(iterations, int) or isinstance(iterations, bool) or iterations < 0:
        yield Fault(f"{at}.max_iterations", "max_iterations must be a non-negative integer")
