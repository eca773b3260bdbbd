"""A defect of ours, met while a program ran."""

from __future__ import annotations

from harn.code.opcodes import OPS
from harn.source.typing import Any
from harn.vm.frame import Frame


class InternalFault(Exception):
    """An exception that is no Harn error: named with instruction, place and code, and never catchable in Harn."""

    @classmethod
    def at(cls, top: Any, fault: BaseException) -> InternalFault:
        """The defect ``fault`` as it was met with ``top`` on the stack."""
        place = ""
        if top.__class__ is Frame:
            instructions = top.code.instructions  # of a function that is not linked there is one
            op = OPS[instructions[top.pc - 1][0]].name if 0 < top.pc <= len(instructions) else "entry"
            line = top.code.position(top.pc - 1)[0]
            place = f" at {op}, pc {top.pc - 1} of {top.code.chunk.qualified} ({top.code.module.path}:{line})"
        elif top is not None:
            place = f" in {top.name}"
        made = cls(f"internal error{place}: {type(fault).__name__}: {fault}")
        made.__cause__ = fault
        return made
