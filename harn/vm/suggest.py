"""The nearest visible name for one that is not defined."""

from __future__ import annotations

from typing import Any

from harn.values.kinds import UNSET
from harn.vm.frame import Frame


def distance(a: str, b: str, cap: int) -> int:
    """Levenshtein distance, or ``cap + 1`` where it is larger than ``cap``."""
    if abs(len(a) - len(b)) > cap:
        return cap + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
        if min(row) > cap:
            return cap + 1
    return row[-1]


def nearest(name: str, candidates: list[str]) -> str | None:
    """The closest candidate: at most 1, 2 or 3 edits for names up to 2, 5 or more characters; names in ``__`` never."""
    cap = 1 if len(name) <= 2 else 2 if len(name) <= 5 else 3
    best: tuple[int, int, str] | None = None
    for other in candidates:
        if other == name or other.startswith("__"):
            continue
        edits = distance(name, other, cap)
        if edits <= cap:
            rank = (edits, abs(len(other) - len(name)), other)
            best = rank if best is None or rank < best else best
    return best[2] if best else None


def visible_names(vm: Any, frame: Frame, name: str) -> str | None:
    """The nearest name among the variables visible in a frame, its module's names and the builtins."""
    from harn.catalog.index import names

    pc = frame.pc - 1
    found = [s.name for s in frame.code.chunk.scopes if s.start <= pc < s.end]
    found += [c.name for c in frame.code.chunk.captures]
    module = frame.closure.module
    found += [other for other, slot in module.by_name.items() if module.slots[slot] is not UNSET]
    found += [key for key in names() if "." not in key]
    return nearest(name, found)
