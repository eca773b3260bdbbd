"""Shared maps: entries by text that tasks of a scope read and replace. One version counts the writes to all entries."""

from __future__ import annotations

from typing import Any

from harn.builtins.shared_state import MAPS, Place, Versioned, handle, place_of, place_to_open, snapshot
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.values.errors import type_error
from harn.values.kinds import type_name
from harn.vm.machine import Context

KIND = "shared_map"


class SharedMap(Versioned):
    """Entries, and how often they were touched."""

    __slots__ = ("entries",)

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, Any] = {}


def _map(ctx: Context, name: str, target: Any) -> SharedMap:
    """The map behind a handle or name; one that was never opened is empty."""
    return _open(ctx, place_of(ctx, name, KIND, target), {})


def _open(ctx: Context, place: Place, initial: dict[str, Any]) -> SharedMap:
    maps: dict[Place, SharedMap] = ctx.vm.areas.setdefault(MAPS, {})
    found = maps.get(place)
    if found is None:
        found = maps[place] = SharedMap()
        found.entries.update(initial)
    return found


@builtin(
    "shared_map(key: any, initial?: dict) -> {_type: string, scope: string, key: string}",
    effects=["task"],
    keeps=["key", "initial"],
    ctx=True,
    examples=[('shared_map("memo")', "{_type: shared_map, key: memo, scope: task_group:task_root}")],
)
def shared_map(ctx: Context, key: Any, initial: Any = None) -> dict[str, Any]:
    """Open a map that tasks share: by a key, or by `{key, scope, initial, tenant_id}`. Opening it again keeps the entries."""
    place = place_to_open(ctx, "shared_map", key)
    if key.__class__ is dict:
        initial = key.get("initial", initial)
    if initial is not None and initial.__class__ is not dict:
        raise type_error(f"shared_map: initial must be a dict, got {type_name(initial)}")
    _open(ctx, place, initial or {})
    return handle(KIND, place)


@builtin(
    "shared_map_get(map: any, key: any, default?: any) -> any",
    effects=["task"],
    keeps=["default"],
    ctx=True,
    examples=[('shared_map_get(shared_map("m", {a: 1}), "a")', "1"), ('shared_map_get(shared_map("m"), "a", 0)', "0")],
)
def shared_map_get(ctx: Context, map: Any, key: Any, default: Any = None) -> Any:
    """An entry, or the default. Keys are texts; anything else counts as its display text."""
    found = _map(ctx, "shared_map_get", map)
    found.reads += 1
    return found.entries.get(text_of(key), default)


@builtin(
    "shared_map_snapshot(map: any, key: any) -> {_type: string, value: any, version: int}",
    effects=["task"],
    ctx=True,
    examples=[('shared_map_snapshot(shared_map("m"), "a")', "{_type: shared_snapshot, value: nil, version: 0}")],
)
def shared_map_snapshot(ctx: Context, map: Any, key: Any) -> dict[str, Any]:
    """An entry with the version of the whole map, for `shared_map_cas`."""
    found = _map(ctx, "shared_map_snapshot", map)
    found.reads += 1
    return snapshot(found.entries.get(text_of(key)), found.version)


@builtin(
    "shared_map_entries(map: any) -> dict",
    effects=["task"],
    ctx=True,
    examples=[('shared_map_entries(shared_map("m", {b: 1, a: 2}))', "{a: 2, b: 1}")],
)
def shared_map_entries(ctx: Context, map: Any) -> dict[str, Any]:
    """A copy of all entries."""
    found = _map(ctx, "shared_map_entries", map)
    found.reads += 1
    return dict(found.entries)


@builtin(
    "shared_map_set(map: any, key: any, value: any) -> any",
    effects=["task"],
    keeps=["value"],
    ctx=True,
    examples=[('shared_map_set(shared_map("m", {a: 1}), "a", 2)', "1")],
)
def shared_map_set(ctx: Context, map: Any, key: Any, value: Any) -> Any:
    """Replace an entry, whatever it is; what it was, or nil."""
    found = _map(ctx, "shared_map_set", map)
    name = text_of(key)
    old = found.entries.get(name)
    found.entries[name] = value
    found.wrote()
    return old


@builtin(
    "shared_map_delete(map: any, key: any) -> any",
    effects=["task"],
    ctx=True,
    examples=[('shared_map_delete(shared_map("m", {a: 1}), "a")', "1")],
)
def shared_map_delete(ctx: Context, map: Any, key: Any) -> Any:
    """Remove an entry; what it was, or nil."""
    found = _map(ctx, "shared_map_delete", map)
    name = text_of(key)
    if name not in found.entries:
        return None
    found.wrote()
    return found.entries.pop(name)


@builtin(
    "shared_map_cas(map: any, key: any, expected: any, value: any) -> bool",
    effects=["task"],
    keeps=["value"],
    ctx=True,
    examples=[
        ('shared_map_cas(shared_map("m"), "a", nil, 1)', "true"),
        ('shared_map_cas(shared_map("m", {a: 1}), "a", nil, 2)', "false"),
    ],
)
def shared_map_cas(ctx: Context, map: Any, key: Any, expected: Any, value: Any) -> bool:
    """Replace an entry if it is still as expected; whether it was. nil stands for no entry, on both sides. With a snapshot nobody
    may have written to the map since.
    """
    found = _map(ctx, "shared_map_cas", map)
    name = text_of(key)
    if not found.matches(found.entries.get(name), expected):
        return False
    if value is None:
        found.entries.pop(name, None)
    else:
        found.entries[name] = value
    found.wrote()
    return True
