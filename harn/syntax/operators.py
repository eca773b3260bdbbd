"""Two-sided operators: one table of binding strengths for the tree builder and the printer."""

from __future__ import annotations

#: Strength by operator, a higher one binds tighter. All associate to the left but ``**``.
STRENGTH: dict[str, int] = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "in": 4,
    "not in": 4,
    "+": 5,
    "-": 5,
    "??": 6,
    "*": 7,
    "/": 7,
    "%": 7,
    "**": 8,
}

RIGHT_ASSOCIATIVE = frozenset({"**"})
