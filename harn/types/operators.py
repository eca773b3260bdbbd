"""Operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.syntax import nodes
from harn.types.access import narrowed_field
from harn.types.assignability import expand
from harn.types.narrowing import assume, keep
from harn.types.scope import join
from harn.types.values import (
    BOOL,
    DYNAMIC,
    FLOAT,
    INT,
    NIL,
    STRING,
    Dynamic,
    Literal,
    Named,
    OneOf,
    Shape,
    Type,
    doubtful,
    show,
    union,
    widened,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker

_NUMBERS = ("int", "float")
_RANGE = Named("range")


def unary(c: Checker, node: nodes.Unary) -> Type:
    """``!x`` and ``-x``"""
    operand = c.infer(node.operand)
    return BOOL if node.op == "!" else widened(operand)


def range(c: Checker, node: nodes.Range) -> Type:
    """``a to b``"""
    c.infer(node.start)
    c.infer(node.end)
    return _RANGE


def binary(c: Checker, node: nodes.Binary) -> Type:
    """Any operator with two sides."""
    if node.op in ("&&", "||"):
        return _logical(c, node)
    left = c.infer(node.left)
    right = c.infer(node.right)
    if node.op == "??":
        return _coalesce(left, right)
    if node.op in ("<", ">", "<=", ">="):
        _compare(c, node, left, right)
        return BOOL
    if node.op in ("==", "!=", "in", "not in"):
        return BOOL
    return arithmetic(c, node.op, _operand_type(c, node.left, left), _operand_type(c, node.right, right), node.left)


def _operand_type(c: Checker, node: Any, type: Type) -> Type:
    """What a condition said of a field is a guess where it makes an operator fail: no annotation of a field is enforced."""
    return doubtful(type) if narrowed_field(c, node) else type


def _logical(c: Checker, node: nodes.Binary) -> Type:
    """The right side runs only where the left one lets it, and knows what that says."""
    c.infer(node.left)
    before = c.flow
    c.flow = before.copy()
    assume(c, node.left, node.op == "&&")
    c.infer(node.right)
    c.flow = join(before, c.flow) if c.flow.dead != before.dead else before
    return BOOL


def _coalesce(left: Type, right: Type) -> Type:
    opened = expand(left)
    if isinstance(opened, Dynamic) or opened == NIL or opened == Named("never"):
        return right
    if isinstance(opened, OneOf) and NIL in opened.members:
        rest = keep(left, lambda m: m != NIL)
        if opened.soft or not isinstance(right, Dynamic):
            return rest
    return left


def arithmetic(c: Checker, op: str, left: Type, right: Type, place: Any) -> Type:
    """The type of ``left op right``; what cannot be is told at ``place``."""
    a, b = _operand(left), _operand(right)
    if a is None or b is None:
        return DYNAMIC
    result = _result(op, a, b)
    if result is not None:
        return result
    if op == "+":
        message = f"can't add {show(left)} and {show(right)}"
    elif op == "*":
        message = f"can't multiply {show(left)} and {show(right)} (try string * int)"
    else:
        message = f"can't use '{op}' on {show(left)} and {show(right)} (needs numeric operands)"
    help = 'make a text of the other one: `to_string(x)`, or write both into one text: `"${x}..."`'
    told = help if op == "+" and "string" in (a, b) else ""
    c.report("T006", message, place.span, label=f"this is {show(left)}", help=told, actual=union((left, right)))
    return DYNAMIC


_OPERANDS = frozenset(("int", "float", "string", "bool", "nil", "list", "dict", "set", "closure", "bytes"))


def _operand(type: Type) -> str | None:
    """The kind of an operand where the checker may judge it: a plain one."""
    opened = expand(type)
    if isinstance(opened, Literal):
        opened = widened(opened)
    if isinstance(opened, OneOf) and all(isinstance(m, Literal) for m in opened.members):
        kinds = {show(widened(m)) for m in opened.members}
        return kinds.pop() if len(kinds) == 1 else None
    if isinstance(opened, Shape):
        return "dict"
    if isinstance(opened, Named) and opened.declared is None and opened.name in _OPERANDS:
        return opened.name
    return None


def _result(op: str, a: str, b: str) -> Type | None:
    """The type of an operation on two kinds; None where there is none."""
    if a in _NUMBERS and b in _NUMBERS:
        if op == "**":
            return DYNAMIC if a == b == "int" else FLOAT
        return INT if a == b == "int" else FLOAT
    if op == "+":
        if a == b == "string":
            return STRING
        if a == b and a in ("list", "dict", "set", "bytes"):
            return DYNAMIC
        return DYNAMIC if {a, b} <= {"list", "set"} else None
    if op == "*" and {a, b} == {"string", "int"}:
        return STRING
    if op == "-" and a == b and a in ("set", "list"):
        return DYNAMIC
    return None


def _compare(c: Checker, node: nodes.Binary, left: Type, right: Type) -> None:
    a, b = _operand(left), _operand(right)
    if a is None or b is None or (a in _NUMBERS and b in _NUMBERS) or a == b == "string":
        return
    if a == b == "list":
        return
    if {a, b} <= {"int", "float", "string"}:
        message = f"Comparing {show(left)} with {show(right)} using '{node.op}' may give unexpected results"
    else:
        message = f"Comparison '{node.op}' may not be meaningful for types {show(left)} and {show(right)}"
    c.warn("T007", message, node.left.span, f"this is {show(left)}")


def propagate(c: Checker, node: nodes.Propagate) -> Type:
    """``x?``: the value of an ``Ok``."""
    operand = expand(c.infer(node.operand))
    if isinstance(operand, Named) and operand.name == "Result" and operand.args:
        return operand.args[0]
    return DYNAMIC


def try_star(c: Checker, node: nodes.TryStar) -> Type:
    """``try* x``"""
    return c.infer(node.operand)
