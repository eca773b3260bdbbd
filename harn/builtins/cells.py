"""Shared cells: one value that tasks of a scope read and replace."""

from __future__ import annotations

from typing import Any

from harn.builtins.shared_state import CELLS, Place, Versioned, handle, place_of, place_to_open, snapshot
from harn.catalog.record import builtin
from harn.vm.machine import Context

KIND = "shared_cell"


class Cell(Versioned):
    """A value and how often it was touched."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def _open(ctx: Context, place: Place, initial: Any) -> Cell:
    """The cell of a place; one that was open before keeps its value."""
    cells: dict[Place, Cell] = ctx.vm.areas.setdefault(CELLS, {})
    found = cells.get(place)
    if found is None:
        found = cells[place] = Cell(initial)
    return found


def _cell(ctx: Context, name: str, target: Any) -> Cell:
    """The cell behind a handle or name; one that was never opened holds nil."""
    return _open(ctx, place_of(ctx, name, KIND, target), None)


@builtin(
    "shared_cell(key: any, initial?: any) -> {_type: string, scope: string, key: string}",
    effects=["task"],
    keeps=["key", "initial"],
    ctx=True,
    examples=[('shared_cell("tokens", 0)', "{_type: shared_cell, key: tokens, scope: task_group:task_root}")],
)
def shared_cell(ctx: Context, key: Any, initial: Any = None) -> dict[str, Any]:
    """Open a value that tasks share: by a key, or by `{key, scope, initial, tenant_id}`. Opening it again keeps the value."""
    place = place_to_open(ctx, "shared_cell", key)
    _open(ctx, place, key.get("initial", initial) if key.__class__ is dict else initial)
    return handle(KIND, place)


@builtin("shared_get(cell: any) -> any", effects=["task"], ctx=True, examples=[('shared_get("never opened")', "nil")])
def shared_get(ctx: Context, cell: Any) -> Any:
    """The value of a cell."""
    found = _cell(ctx, "shared_get", cell)
    found.reads += 1
    return found.value


@builtin(
    "shared_snapshot(cell: any) -> {_type: string, value: any, version: int}",
    effects=["task"],
    ctx=True,
    examples=[('shared_snapshot(shared_cell("n", 1))', "{_type: shared_snapshot, value: 1, version: 0}")],
)
def shared_snapshot(ctx: Context, cell: Any) -> dict[str, Any]:
    """The value of a cell with its version, for `shared_cas`."""
    found = _cell(ctx, "shared_snapshot", cell)
    found.reads += 1
    return snapshot(found.value, found.version)


@builtin(
    "shared_set(cell: any, value: any) -> any",
    effects=["task"],
    keeps=["value"],
    ctx=True,
    examples=[('shared_set(shared_cell("n", 1), 2)', "1")],
)
def shared_set(ctx: Context, cell: Any, value: Any) -> Any:
    """Replace the value of a cell, whatever it is; what it was."""
    found = _cell(ctx, "shared_set", cell)
    old = found.value
    found.value = value
    found.wrote()
    return old


@builtin(
    "shared_cas(cell: any, expected: any, value: any) -> bool",
    effects=["task"],
    keeps=["value"],
    ctx=True,
    examples=[('shared_cas(shared_cell("n", 1), 1, 2)', "true"), ('shared_cas(shared_cell("n", 1), 3, 2)', "false")],
)
def shared_cas(ctx: Context, cell: Any, expected: Any, value: Any) -> bool:
    """Replace the value of a cell if it is still as expected; whether it was. With a snapshot nobody may have written since."""
    found = _cell(ctx, "shared_cas", cell)
    if not found.matches(found.value, expected):
        return False
    found.value = value
    found.wrote()
    return True
