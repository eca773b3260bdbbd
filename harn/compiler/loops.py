"""for and while, break and continue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.compiler.bindings import destructure
from harn.compiler.operators import jump_unless
from harn.compiler.regions import BREAK, CONTINUE, Loop, innermost_loop, leave_loop
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def for_(c: FunctionCompiler, node: nodes.For) -> None:
    """The collection as it is now, and a position in it, stay on the operand stack for as long as the loop runs."""
    asm = c.asm
    head, end = asm.label(), asm.label()
    c.value(node.iterable)
    asm.at(node.span)
    asm.emit("ITER")
    loop = Loop(head, end, asm.depth)
    asm.mark(head)
    asm.emit("FOR", end)
    c.open()
    destructure(c, node.pattern)
    _body(c, node.body, loop)
    c.close()
    asm.at(node.span)
    asm.emit("LOOP", head)
    asm.mark(end)
    asm.emit("END_FOR")


def while_(c: FunctionCompiler, node: nodes.While) -> None:
    asm = c.asm
    head, end = asm.label(), asm.label()
    loop = Loop(head, end, asm.depth)
    asm.mark(head)
    jump_unless(c, node.condition, end)
    _body(c, node.body, loop)
    asm.at(node.span)
    asm.emit("LOOP", head)
    asm.mark(end)


def _body(c: FunctionCompiler, body: nodes.Block, loop: Loop) -> None:
    c.regions.append(loop)
    c.block(body, False)
    c.regions.pop()


def break_(c: FunctionCompiler, node: nodes.Break) -> None:
    _leave(c, node, BREAK)


def continue_(c: FunctionCompiler, node: nodes.Continue) -> None:
    _leave(c, node, CONTINUE)


def _leave(c: FunctionCompiler, node: Any, kind: str) -> None:
    loop = innermost_loop(c)
    if loop is None:
        c.module.fault("C001", f"{kind} outside of loop", node.span)
        return
    leave_loop(c, kind, loop)
