"""Near names, for "did you mean" hints."""

from __future__ import annotations

from harn.source.typing import Iterable


def distance(a: str, b: str, cap: int) -> int:
    """How many insertions, deletions and substitutions of characters make ``b`` of ``a``; ``cap + 1`` where more than ``cap``."""
    if abs(len(a) - len(b)) > cap:
        return cap + 1
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (x != y)))
        if min(row) > cap:
            return cap + 1
        above = row
    return min(above[-1], cap + 1)


def tolerance(name: str) -> int:
    """How far a suggestion may lie from a name: 1 for up to two characters, 2 up to five, else 3."""
    return 1 if len(name) <= 2 else 2 if len(name) <= 5 else 3


def nearest(name: str, candidates: Iterable[str], cap: int | None = None) -> str | None:
    """The candidate nearest to ``name`` within ``cap`` edits (default: ``tolerance``), or None.

    Among equally near ones that of the nearest length wins, then the first in the alphabet. Names in ``__`` are never told.
    """
    limit = tolerance(name) if cap is None else cap
    ranked = (
        (distance(name, candidate, limit), abs(len(candidate) - len(name)), candidate)
        for candidate in candidates
        if candidate != name and not candidate.startswith("__")
    )
    best = min(ranked, default=None)
    return best[2] if best is not None and best[0] <= limit else None
