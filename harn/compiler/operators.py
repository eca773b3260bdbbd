"""Operators, and conditions that jump instead of leaving a bool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.compiler.names import AT_ONCE, ESCAPES, beside
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

OPCODES: dict[str, str] = {
    "+": "ADD", "-": "SUB", "*": "MUL", "/": "DIV", "%": "MOD", "**": "POW", "==": "EQ", "!=": "NE", "<": "LT", ">": "GT",
    "<=": "LE", ">=": "GE", "in": "IN", "not in": "NOT_IN",
}  # fmt: skip


def reach(node: Any) -> int:
    """How far the first operand goes: it is only looked at, but ``??`` may give it back."""
    if isinstance(node, nodes.Unary):
        return AT_ONCE
    if node.op in ("&&", "||"):
        return AT_ONCE
    return ESCAPES if node.op == "??" else beside(node.right)


def unary(c: FunctionCompiler, node: nodes.Unary) -> None:
    """The operand is on the stack."""
    c.asm.at(node.span)
    c.asm.emit("NOT" if node.op == "!" else "NEG")


def binary(c: FunctionCompiler, node: nodes.Binary) -> None:
    """The left operand is on the stack."""
    asm = c.asm
    if node.op in ("&&", "||"):
        _logical(c, node)
    elif node.op == "??":
        some = asm.label()
        asm.at(node.span)
        asm.emit("JUMP_IF_SOME", some)
        c.value(node.right)
        asm.mark(some)
    else:
        c.value(node.right, AT_ONCE)
        asm.at(node.span)
        asm.emit(OPCODES[node.op])


def _logical(c: FunctionCompiler, node: nodes.Binary) -> None:
    """``&&`` and ``||`` as values are bools; the right side is skipped where the left decides."""
    asm = c.asm
    decided, done = asm.label(), asm.label()
    asm.emit("JUMP_IF_FALSE" if node.op == "&&" else "JUMP_IF_TRUE", decided)
    c.value(node.right, AT_ONCE)
    asm.at(node.span)
    asm.emit("TRUTH")
    asm.emit("JUMP", done)
    asm.mark(decided)
    asm.emit("CONST", node.op == "||")
    asm.mark(done)


def range_(c: FunctionCompiler, node: nodes.Range) -> None:
    c.value(node.start)
    c.value(node.end)
    c.asm.at(node.span)
    c.asm.emit("RANGE", node.exclusive)


def jump_unless(c: FunctionCompiler, node: Any, target: int) -> None:
    """Jump where a condition does not hold; nothing stays on the stack."""
    _test(c, node, target, False)


def jump_if(c: FunctionCompiler, node: Any, target: int) -> None:
    """Jump where a condition holds."""
    _test(c, node, target, True)


def _test(c: FunctionCompiler, node: Any, target: int, when: bool) -> None:
    """Jump where the truth of a condition is ``when``."""
    while isinstance(node, nodes.Unary) and node.op == "!":
        node, when = node.operand, not when
    if isinstance(node, nodes.Binary) and node.op in ("&&", "||"):
        terms = _terms(node)
        if (node.op == "||") == when:  # one term decides for the jump
            for term in terms:
                _test(c, term, target, when)
            return
        past = c.asm.label()
        for term in terms[:-1]:
            _test(c, term, past, not when)
        _test(c, terms[-1], target, when)
        c.asm.mark(past)
        return
    c.value(node, AT_ONCE)
    c.asm.at(node.span)
    c.asm.emit("JUMP_IF_TRUE" if when else "JUMP_IF_FALSE", target)


def _terms(node: nodes.Binary) -> list[Any]:
    """The operands of a chain of one logical operator, from left to right."""
    terms: list[Any] = []
    left: Any = node
    while isinstance(left, nodes.Binary) and left.op == node.op:
        terms.append(left.right)
        left = left.left
    terms.append(left)
    return terms[::-1]
