"""Fused instructions: which rows they stand for, read off the table, and how a stretch of code is fused.

A fused row's doc lists its parts: ``LOAD slot; CONST; ADD; STORE slot``. Its fields are those of the parts in the row's own
order. Where the parts name more slots than the row has fields, the last one is the first again: what is stored is what was
loaded (``INCREMENT``, ``ACCUMULATE``).
"""

from __future__ import annotations

from harn.code.opcodes import BY_NAME, NUMBER, OPS
from harn.code.pictures import PICTURES, Fields
from harn.source.typing import Any, NamedTuple

Part = tuple[int, Fields]
"""An instruction by its number and fields."""


class Fusion(NamedTuple):
    """A fused row. ``sources``: per part, for each of its fields the place of the fused field it stands in."""

    number: int
    parts: tuple[int, ...]
    sources: tuple[tuple[int, ...], ...]
    span: int
    """Which part's place a diagnostic shows: the operation itself, the first part that is no operand."""

    def unfused(self, fields: Fields) -> list[Part]:
        """The instructions a fused one stands for."""
        return [
            (part, tuple(fields[at] for at in places)) for part, places in zip(self.parts, self.sources, strict=True)
        ]

    def fused(self, parts: list[Part]) -> Fields | None:
        """The fields for these parts, or None where they cannot be fused: another slot is stored, the constant is no int."""
        fields: dict[int, Any] = {}
        for (part, given), places in zip(parts, self.sources, strict=True):
            if part == _CONST and given[0].__class__ is not int:
                return None
            for at, value in zip(places, given, strict=True):
                if fields.setdefault(at, value) != value:
                    return None
        return tuple(fields[at] for at in sorted(fields))


_CONST = NUMBER["CONST"]
_OPERANDS = ("LOAD", "CONST")


def _fusion(name: str) -> Fusion:
    op = BY_NAME[name]
    names = [text.split()[0] for text in op.doc.split("; ")]
    free: dict[str, list[int]] = {}
    for at, kind in enumerate(op.arg):
        free.setdefault(kind, []).append(at)
    first = {kind: places[0] for kind, places in free.items()}
    sources = tuple(
        tuple(free[kind].pop(0) if free[kind] else first[kind] for kind in PICTURES[NUMBER[part]].fields)
        for part in names
    )
    span = next(at for at, part in enumerate(names) if part not in _OPERANDS)
    return Fusion(op.number, tuple(NUMBER[part] for part in names), sources, span)


FUSIONS: dict[int, Fusion] = {op.number: _fusion(op.name) for op in OPS if "fused" in op.flags}
"""Fused rows by number."""


def _by_first_part() -> dict[int, tuple[Fusion, ...]]:
    found: dict[int, list[Fusion]] = {}
    for fusion in FUSIONS.values():
        found.setdefault(fusion.parts[0], []).append(fusion)
    return {first: tuple(sorted(group, key=lambda f: -len(f.parts))) for first, group in found.items()}


CANDIDATES = _by_first_part()
"""First part's number -> the fused rows that begin with it, longest first."""

OPPOSITE: dict[int, int] = {
    NUMBER[a]: NUMBER[b]
    for a, b in (
        ("LT", "GE"), ("GE", "LT"), ("GT", "LE"), ("LE", "GT"), ("EQ", "NE"), ("NE", "EQ"), ("IN", "NOT_IN"), ("NOT_IN", "IN"),
        ("JUMP_IF_FALSE", "JUMP_IF_TRUE"), ("JUMP_IF_TRUE", "JUMP_IF_FALSE"),
    )
}  # fmt: skip
"""Instructions that give or test the contrary for any operands (``a >= b`` is *not* ``a < b`` also for NaN and unlike kinds)."""
