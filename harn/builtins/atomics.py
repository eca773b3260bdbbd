"""Atomics: numbers that tasks share."""

from __future__ import annotations

from typing import Any

from harn.catalog.record import builtin
from harn.values.kinds import Atomic
from harn.values.operators import wrap


@builtin("atomic(initial: any | number | bool = 0) -> atomic", effects=["task"])
def atomic(initial: Any = 0) -> Atomic:
    """A number shared between tasks. Floats are cut, bools count as 0 and 1, anything else as 0."""
    if isinstance(initial, float):
        return Atomic(int(initial) if abs(initial) < 2**63 else 0)
    return Atomic(int(initial) if isinstance(initial, int) else 0)


@builtin("atomic_get(cell: any | atomic) -> int?", effects=["task"])
def atomic_get(cell: Any) -> int | None:
    """The number."""
    return cell.value if cell.__class__ is Atomic else None


@builtin("atomic_set(cell: any | atomic, value: any | int) -> int?", effects=["task"])
def atomic_set(cell: Any, value: Any) -> int | None:
    """Put a number; the old one."""
    if cell.__class__ is not Atomic or value.__class__ is not int:
        return None
    old: int = cell.value
    cell.value = value
    return old


@builtin("atomic_add(cell: any | atomic, delta: any | int) -> int?", effects=["task"])
def atomic_add(cell: Any, delta: Any) -> int | None:
    """Add to the number; the old one."""
    if cell.__class__ is not Atomic or delta.__class__ is not int:
        return None
    old: int = cell.value
    cell.value = wrap(old + delta)
    return old


@builtin("atomic_cas(cell: any | atomic, expected: any | int, value: any | int) -> bool", effects=["task"])
def atomic_cas(cell: Any, expected: Any, value: Any) -> bool:
    """Put a number where the old one is as expected; whether it was."""
    if cell.__class__ is not Atomic or value.__class__ is not int or expected.__class__ is not int:
        return False
    if cell.value != expected:
        return False
    cell.value = value
    return True
