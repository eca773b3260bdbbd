"""The dispatch loop with a look before every instruction: the operand stack must be as deep as the table of opcodes says.

The depths come from the pictures of the instructions alone (``harn.code.flow``), so an instruction that takes or leaves another
number of cells than its row declares is met at the next one.
"""

from __future__ import annotations

import types
from typing import Any

from harn.code.chunk import CATCH, Chunk
from harn.code.flow import Region, follow
from harn.code.opcodes import NUMBER, OPS
from harn.code.pictures import PICTURES
from harn.vm.weave import weave

_STEP = " " * 16 + "op, arg = instructions[pc]\n"
_LINK = NUMBER["LINK"]


class Checked:
    """The loop as ``run``. ``executed`` are the numbers of the opcodes it has met."""

    def __init__(self) -> None:
        text = weave()
        assert text.count(_STEP) == 1
        module = types.ModuleType("checked_loop")
        module.__dict__["check"] = self.check
        exec(text.replace(_STEP, _STEP + " " * 16 + "check(frame, regs, pc, sp)\n"), module.__dict__)
        self.run = module.run
        self.executed: set[int] = set()
        self._depths: dict[int, tuple[Chunk, list[int]]] = {}

    def check(self, frame: Any, regs: list[Any], pc: int, sp: int) -> None:
        """Compare a frame about to execute with what its code declares."""
        code = frame.code
        number = code.instructions[pc][0]
        self.executed.add(number)
        if number == _LINK:
            return
        known = self._depths.get(id(code.chunk))
        if known is None:
            known = self._depths[id(code.chunk)] = (code.chunk, depths(code.chunk))
        declared = known[1][pc]
        assert sp - code.slots == declared, (
            f"{code.name}, instruction {pc} ({OPS[number].name}): {sp - code.slots} cells, {declared} declared"
        )
        assert len(regs) >= code.slots + code.chunk.depth


def depths(chunk: Chunk) -> list[int]:
    """The operand depth before each instruction."""
    fields = [PICTURES[number].split(argument) for number, argument in chunk.code]
    regions = [Region(h.start, h.end, h.target, -1 - h.depth, h.slot == CATCH) for h in chunk.handlers]
    return follow([number for number, _ in chunk.code], fields, range(len(fields)), regions, chunk.defers)
