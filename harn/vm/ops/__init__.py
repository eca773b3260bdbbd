"""The instructions that are not in the hot loop, one module per family, gathered in ``COLD``.

A cold instruction is ``op(vm, task, frame, arg, sp) -> sp``. ``frame.pc`` is already past it. It may raise ``HarnError``. To
jump it sets ``frame.pc`` and ``frame.sp`` and returns RELOAD; to hand over to the pump it sets ``frame.sp`` and ``task.request``
and returns PUMP.
"""

from __future__ import annotations

from harn.code.opcodes import OPS
from harn.source.typing import Any, Callable
from harn.vm.ops.calls import CALL_OPS, call_method, call_value, tail_call
from harn.vm.ops.errors import ERROR_OPS
from harn.vm.ops.linking import LINKING_OPS
from harn.vm.ops.making import MAKING_OPS
from harn.vm.ops.names import NAME_OPS, undefined
from harn.vm.ops.parts import PART_OPS
from harn.vm.ops.places import PLACE_OPS, append, set_index

ColdOp = Callable[[Any, Any, Any, Any, int], int]

_BY_NAME: dict[str, ColdOp] = {
    **CALL_OPS, **ERROR_OPS, **LINKING_OPS, **MAKING_OPS, **NAME_OPS, **PART_OPS, **PLACE_OPS,
}  # fmt: skip

COLD: list[ColdOp | None] = [_BY_NAME.get(op.name) for op in OPS]
"""By opcode number; None for the hot ones."""

__all__ = ["COLD", "append", "call_method", "call_value", "set_index", "tail_call", "undefined"]
