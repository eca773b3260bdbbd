"""Pages about builtins, made from their records: what ``harn doc`` prints and the reference page holds."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NamedTuple

from harn.catalog.effects import EFFECTS
from harn.catalog.index import entry, names, record
from harn.catalog.record import HARN, NATIVE, Record
from harn.source.spelling import nearest


class Area(NamedTuple):
    """The builtins of one file: its ``title`` (what its docstring says) and its records by key."""

    name: str
    title: str
    records: tuple[Record, ...]


def areas() -> list[Area]:
    """All builtins by area, each once under its own key, in alphabetical order."""
    found: dict[str, dict[str, Record]] = {}
    for key in names():
        known = entry(key)
        assert known is not None
        if known.key == key:
            made = record(key)
            assert made is not None
            found.setdefault(known.module, {})[key] = made
    return [Area(module.rsplit(".", 1)[1], _title(module), tuple(found[module].values())) for module in sorted(found)]


def _title(module: str) -> str:
    text = (sys.modules.get(module) or import_module(module)).__doc__ or ""
    return " ".join(text.strip().split("\n\n")[0].split()).rstrip(".")


def find(name: str) -> list[Record]:
    """The records a name means: its own key, else every method of that name."""
    exact = record(name)
    if exact is not None:
        return [exact]
    found = {
        known.key: record(key) for key in names() if key.endswith(f".{name}") and (known := entry(key)) is not None
    }
    return [made for made in found.values() if made is not None]


def suggestion(name: str) -> str | None:
    """The nearest name that has a page."""
    return nearest(name, {part for key in names() for part in (key, key.rpartition(".")[2])})


def page(made: Record) -> str:
    """The page of one builtin, as plain text."""
    lines = [made.text, "", *_indented(made.doc or "No description.")]
    facts = _facts(made)
    if facts:
        lines += ["", *facts]
    if made.examples:
        lines += ["", "Examples:"]
        width = max(len(call) for call, _ in made.examples)
        lines += (f"    {call:<{width}}  -> {shown}" for call, shown in made.examples)
    return "\n".join(lines)


def _facts(made: Record) -> list[str]:
    facts = []
    if made.aliases:
        facts.append(f"Also called: {', '.join(made.aliases)}")
    if made.deprecated:
        facts.append(f"Deprecated: {made.deprecated}")
    facts += (f"Effect: {word} ({EFFECTS[word]})" for word in sorted(made.effects))
    if made.form == NATIVE and not made.effects:
        facts.append("Calls back into the program or works step by step.")
    if made.form == HARN:
        facts.append(f"Written in Harn: {made.source}")
    return facts


def _indented(text: str) -> list[str]:
    return [f"    {line}".rstrip() for line in text.split("\n")]


def overview() -> str:
    """All builtins by area, a line each."""
    blocks = []
    for area in areas():
        rows = [f"  {made.text}" for made in area.records]
        blocks.append("\n".join([f"{area.name}: {area.title}", *rows]))
    return "\n\n".join(blocks)


def described(made: Record) -> dict[str, object]:
    """A record as plain data, for programs."""
    return {
        "name": made.key,
        "signature": made.text,
        "doc": made.doc,
        "effects": sorted(made.effects),
        "aliases": list(made.aliases),
        "deprecated": made.deprecated,
        "examples": [{"expression": call, "shows": shown} for call, shown in made.examples],
    }
