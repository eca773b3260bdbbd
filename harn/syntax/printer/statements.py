"""Statements that are no expressions."""

from __future__ import annotations

from harn.syntax.nodes import (
    Assign,
    Break,
    Continue,
    Defer,
    For,
    Guard,
    If,
    Let,
    Require,
    Return,
    Throw,
    While,
)
from harn.syntax.printer.blocks import block, head
from harn.syntax.printer.engine import Printer, Steps, prints
from harn.syntax.printer.operators import last_operand
from harn.syntax.printer.types import annotated


@prints(Let)
def let(p: Printer, node: Let, depth: int) -> Steps:
    pattern = yield p.node(node.pattern, depth)
    type_ = yield from annotated(p, node.type, depth)
    return f"{'var' if node.mutable else 'let'} {pattern}{type_} = {yield p.node(node.value, depth)}"


@prints(Assign)
def assign(p: Printer, node: Assign, depth: int) -> Steps:
    target = yield p.node(node.target, depth)
    return f"{target} {node.op} {yield p.node(node.value, depth)}"


@prints(For)
def for_(p: Printer, node: For, depth: int) -> Steps:
    pattern = yield p.node(node.pattern, depth)
    iterable = yield from head(p, node.iterable, depth, node.body)
    return (yield from block(p, node.body, depth, node.iterable.span.end, f"for {pattern} in {iterable} {{"))


@prints(While)
def while_(p: Printer, node: While, depth: int) -> Steps:
    condition = yield from head(p, node.condition, depth, node.body)
    if condition.startswith("("):  # a first pair of parentheses is read as the whole condition
        condition = f"({condition})"
    return (yield from block(p, node.body, depth, node.condition.span.end, f"while {condition} {{"))


@prints(Return)
def return_(p: Printer, node: Return, depth: int) -> Steps:
    return "return" if node.value is None else f"return {yield p.node(node.value, depth)}"


@prints(Throw)
def throw(p: Printer, node: Throw, depth: int) -> Steps:
    return f"throw {yield p.node(node.value, depth)}"


@prints(Break)
def break_(p: Printer, node: Break, depth: int) -> str:
    return "break"


@prints(Continue)
def continue_(p: Printer, node: Continue, depth: int) -> str:
    return "continue"


@prints(Guard)
def guard(p: Printer, node: Guard, depth: int) -> Steps:
    condition = yield p.node(node.condition, depth)
    if isinstance(last_operand(node.condition), If):  # it would take the ``else``
        condition = f"({condition})"
    return (yield from block(p, node.body, depth, node.condition.span.end, f"guard {condition} else {{"))


@prints(Require)
def require(p: Printer, node: Require, depth: int) -> Steps:
    condition = yield p.node(node.condition, depth)
    return (
        f"require {condition}" if node.message is None else f"require {condition}, {yield p.node(node.message, depth)}"
    )


@prints(Defer)
def defer(p: Printer, node: Defer, depth: int) -> Steps:
    return (yield from block(p, node.body, depth, node.span.start, "defer {"))
