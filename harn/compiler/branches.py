"""if, the ternary, guard and require."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.compiler.operators import jump_if, jump_unless
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def if_(c: FunctionCompiler, node: nodes.If, want: bool) -> None:
    """A chain of conditions: a loop, since ``else if`` may go on for thousands of lines."""
    asm = c.asm
    done = asm.label()
    while True:
        other = asm.label()
        jump_unless(c, node.condition, other)
        c.block(node.then, want)
        if node.otherwise is None and not want:
            asm.mark(other)
            break
        asm.emit("JUMP", done)
        asm.mark(other)
        if node.otherwise is None:
            asm.emit("CONST", None)
            break
        following = node.otherwise[0] if len(node.otherwise) == 1 else None
        if not isinstance(following, nodes.If):
            c.block(node.otherwise, want)
            break
        node = following
        asm.at(node.span)
    asm.mark(done)


def ternary(c: FunctionCompiler, node: nodes.Ternary) -> None:
    asm = c.asm
    other, done = asm.label(), asm.label()
    jump_unless(c, node.condition, other)
    c.value(node.then)
    asm.emit("JUMP", done)
    asm.mark(other)
    c.value(node.otherwise)
    asm.mark(done)


def guard(c: FunctionCompiler, node: nodes.Guard) -> None:
    """``guard c else { }``: the block need not leave."""
    holds = c.asm.label()
    jump_if(c, node.condition, holds)
    c.block(node.body, False)
    c.asm.mark(holds)


def require(c: FunctionCompiler, node: nodes.Require) -> None:
    """The message is evaluated only where the condition fails, and thrown as it is."""
    asm = c.asm
    holds = asm.label()
    jump_if(c, node.condition, holds)
    if node.message is None:
        asm.emit("CONST", "require condition failed")
    else:
        c.value(node.message)
    asm.at(node.span)
    asm.emit("THROW")
    asm.mark(holds)
