"""What the rows of the opcode table say, in a form to compute with: stack effects, targets, arguments from fields.

A picture like ``r (count) -- v`` takes one cell and as many as the field ``count`` says, and leaves one. ``(len spec)`` is one
cell for each key of the spec, ``(keys spec)`` one for each computed key of its path.
"""

from __future__ import annotations

from harn.code.opcodes import OPS, Op
from harn.source.typing import Any, NamedTuple

Fields = tuple[Any, ...]


class Picture(NamedTuple):
    """One opcode, ready to compute with.

    ``fields``   names of the fields an assembler is given: the row's without ``weight``
    ``weight``   whether a weight follows them
    ``taken``    cells taken besides those a field counts; ``counted`` is the place of that field, -1 for none
    ``measure``  how the field counts: ``count``, ``len`` or ``keys``
    ``left``     cells left where it falls through; ``jumped`` the change of depth where it jumps
    ``target``   place of the field with the target or targets, -1 for none
    """

    name: str
    fields: tuple[str, ...]
    weight: bool
    taken: int
    counted: int
    measure: str
    left: int
    jumped: int | None
    target: int
    ends: bool

    def takes(self, fields: Fields) -> int:
        """How many cells an instruction with these fields takes."""
        if self.counted < 0:
            return self.taken
        value = fields[self.counted]
        if self.measure == "count":
            return self.taken + int(value)
        return self.taken + (len(value) if self.measure == "len" else computed_keys(value))

    def change(self, fields: Fields) -> int:
        """By how much the operand stack grows where the instruction falls through."""
        return self.left - self.takes(fields)

    def argument(self, fields: Fields, weight: int) -> Any:
        """The instruction's argument."""
        whole = (*fields, weight) if self.weight else fields
        return whole[0] if len(whole) == 1 else whole or None

    def split(self, argument: Any) -> Fields:
        """The fields of an instruction's argument, the weight left out."""
        size = len(self.fields) + self.weight
        whole = () if size == 0 else (argument,) if size == 1 else argument
        return tuple(whole[:-1] if self.weight else whole)

    def targets(self, fields: Fields) -> tuple[Any, ...]:
        """Where an instruction with these fields may jump to."""
        if self.target < 0:
            return ()
        value = fields[self.target]
        return value if self.fields[self.target] == "targets" else (value,)


def computed_keys(spec: Any) -> int:
    """How many keys of a SET_PATH lie on the stack."""
    return sum(step is None for step in spec[3])


def _picture(op: Op) -> Picture:
    fields = tuple(name for name in op.arg if name != "weight")
    taken, counted, measure = 0, -1, ""
    for word in op.pops.replace("(len ", "(len:").replace("(keys ", "(keys:").split():
        if word.startswith("("):
            measure, _, field = word.strip("()").rpartition(":")
            counted, measure = fields.index(field), measure or "count"
        else:
            taken += 1
    left = len(op.pushes.split())
    target = next((place for place, name in enumerate(fields) if name in ("target", "targets")), -1)
    # A branch keeps its operands where it jumps, whatever its picture says of falling through.
    jumped = None if target < 0 else 0 if "branch" in op.flags else left - taken
    return Picture(
        op.name, fields, "weight" in op.arg, taken, counted, measure, left, jumped, target, "ends" in op.flags
    )


PICTURES: tuple[Picture, ...] = tuple(_picture(op) for op in OPS)
"""By opcode number."""
