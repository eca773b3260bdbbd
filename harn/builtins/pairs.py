"""Pairs: two values, read as the properties ``first`` and ``second``."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.kinds import Pair


@builtin(
    "pair<A, B>(first: A, second: B) -> pair<A, B>",
    keeps=["first", "second"],
    examples=[('pair(1, "one")', "(1, one)"), ("pair(1, 2).second", "2"), ("pair(1, 2) < pair(1, 3)", "true")],
)
def pair(first: Any, second: Any) -> Pair:
    """Two values as one; pairs are ordered by their first values, then by their second."""
    return Pair(first, second)
