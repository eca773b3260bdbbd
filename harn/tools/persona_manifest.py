"""``[[personas]]`` of a manifest: read, and checked field by field."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from harn.source.spelling import nearest
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
_LISTS_IN_TABLES = ("fallback_models", "cohorts")
"""Fields of tables that are lists of texts; other fields but amounts are texts."""

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
    faults = [fault for index in range(len(entries)) for fault in _faults(entries, index)]
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


def _faults(entries: list[dict[str, Any]], index: int) -> Iterator[Fault]:
    """What is wrong with one persona of a manifest."""
    root, entry = f"[[personas]][{index}]", entries[index]
    names = [other["name"] for other in entries if isinstance(other.get("name"), str)]
    known = {*_TEXTS, *_LISTS, *_CHOICES, *_TABLES, *_ALIASES, "stages"}
    yield from _unknown(root, entry, known, "unknown persona field")
    for key in _REQUIRED:
        if entry.get(key) is None or (isinstance(entry[key], str) and not entry[key].strip()):
            yield Fault(f"{root}.{key}", f"missing required {key}")
    for key in _TEXTS:
        if not isinstance(entry.get(key, ""), str):
            yield Fault(f"{root}.{key}", f"{key} must be a string")
    for key, words in _CHOICES.items():
        if entry.get(key, "") != "" and entry[key] not in words:
            hint = _near(entry[key], words)
            yield Fault(f"{root}.{key}", f"unknown {key} '{entry[key]}' (expected {', '.join(words)})", hint)
    if any(other.get("name") == entry["name"] for other in entries[:index] if "name" in entry):
        yield Fault(f"{root}.name", f"duplicate persona name '{entry['name']}'")
    for key in _LISTS:
        yield from _list_faults(f"{root}.{key}", key, entry.get(key, []))
    if not entry.get("tools") and not entry.get("capabilities"):
        yield Fault(f"{root}.tools", "at least one of tools or capabilities is required")
    yield from _word_faults(root, entry, names)
    for key, fields in _TABLES.items():
        yield from _table_faults(f"{root}.{key}", key, entry.get(key, {}), fields)
    yield from _stage_faults(root, entry)


def _unknown(at: str, table: dict[str, Any], known: Iterable[str], message: str) -> Iterator[Fault]:
    """A fault for each key that nobody knows."""
    for key in table:
        if key not in known:
            yield Fault(f"{at}.{key}", message, _near(key, known))


def _near(word: Any, known: Iterable[str]) -> str:
    """What may have been meant."""
    near = nearest(word, sorted(known)) if isinstance(word, str) else None
    return f"did you mean `{near}`?" if near else ""


def _list_faults(field: str, key: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        yield Fault(field, f"{key} must be a list of strings")
    elif not all(item.strip() for item in value):
        yield Fault(field, f"{key} entries must not be empty")


def _texts(entry: dict[str, Any], key: str) -> list[str]:
    value = entry.get(key, [])
    return [item for item in _strings(value) if item] if isinstance(value, list) else []


def _strings(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _word_faults(root: str, entry: dict[str, Any], names: list[str]) -> Iterator[Fault]:
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
            yield Fault(f"{root}.handoffs", f"unknown handoff target '{word}'", _near(word, names))


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
    yield from _unknown(field, value, fields, f"unknown {key} field")
    for name in fields:
        if name not in value:
            continue
        if key == "budget":
            if not _is_amount(value[name]):
                yield Fault(f"{field}.{name}", "budget amounts must be finite and non-negative")
        elif name == "percentage":
            if not _is_percentage(value[name]):
                yield Fault(f"{field}.percentage", "rollout percentage must be between 0 and 100")
        elif name in _LISTS_IN_TABLES:
            yield from _list_faults(f"{field}.{name}", name, value[name])
        elif not isinstance(value[name], str):
            yield Fault(f"{field}.{name}", f"{name} must be a string")


def _is_amount(value: Any) -> bool:
    try:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
    except OverflowError:  # an int that is more than any float
        return False


def _is_percentage(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100


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
        yield from _unknown(at, stage, _STAGE, "unknown stage field")
        yield from _stage_limits(at, stage, _texts(entry, "tools"))
        yield from _exit_faults(f"{at}.on_exit", stage.get("on_exit", {}), names)


def _exit_faults(at: str, on_exit: Any, names: list[Any]) -> Iterator[Fault]:
    """What is wrong with where a stage goes on."""
    if not isinstance(on_exit, dict):
        yield Fault(at, "on_exit must be a table")
        return
    yield from _unknown(at, on_exit, _ON_EXIT, "unknown on_exit field")
    for key in _ON_EXIT:
        if key in on_exit and on_exit[key] not in names:
            yield Fault(f"{at}.{key}", f"unknown stage '{on_exit[key]}'", _near(on_exit[key], _strings(names)))


def _stage_limits(at: str, stage: dict[str, Any], persona_tools: list[str]) -> Iterator[Fault]:
    tools = stage.get("allowed_tools", [])
    if not isinstance(tools, list) or not all(isinstance(tool, str) for tool in tools):
        yield Fault(f"{at}.allowed_tools", "allowed_tools must be a list of strings")
        tools = []
    for tool in tools:
        if not tool.strip():
            yield Fault(f"{at}.allowed_tools", "allowed_tools entries must not be empty")
        elif persona_tools and tool not in persona_tools:
            message = f"tool '{tool}' is not part of the persona-level tools allowlist"
            yield Fault(f"{at}.allowed_tools", message, _near(tool, persona_tools))
    level = stage.get("side_effect_level", "none")
    if not isinstance(level, str) or level not in RANKS:
        *others, last = RANKS
        expected = f"{', '.join(others)}, or {last}"
        message = f"unknown side_effect_level '{level}' (expected {expected})"
        yield Fault(f"{at}.side_effect_level", message, _near(level, RANKS))
    iterations = stage.get("max_iterations", 0)
    if not isinstance(iterations, int) or isinstance(iterations, bool) or iterations < 0:
        yield Fault(f"{at}.max_iterations", "max_iterations must be a non-negative integer")
