"""The pipe: ``v |> f`` calls f with v, ``v |> f(_, 1)`` evaluates the right side with v in the places of ``_``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import known
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def pipe(c: FunctionCompiler, node: nodes.Pipe) -> None:
    """The piped value is on the stack."""
    piped = c.names.pipes.get(id(node))
    if piped is not None:
        piped.slot = c.temporary()
        c.value(node.target)
        c.asm.release(piped.slot)
        return
    builtin = _builtin(c, node.target)
    if builtin is not None:
        c.asm.at(node.span)
        c.asm.emit("CALL_BUILTIN", builtin, 1)
        return
    c.value(node.target)
    c.asm.at(node.span)
    c.asm.emit("PIPE")


def _builtin(c: FunctionCompiler, target: Any) -> str | None:
    """The builtin a bare name stands for."""
    if not isinstance(target, nodes.Name) or id(target) in c.names.uses:
        return None
    return target.name if known(target.name) and not c.module.is_constant(target.name) else None
