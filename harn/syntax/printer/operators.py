"""Operators: which operand needs parentheses, and how a long chain breaks.

The levels, loosest first: ``|>``, ``to``, ``? :``, the two-sided operators by their strength, ``! -``, access. An expression
with a block of its own (``if``, ``match``, ``try`` ...) binds loosest of all: at the start of a statement it would end the
statement there, so as a first operand it stands in parentheses.
"""

from __future__ import annotations

import re

from harn.syntax.nodes import (
    Binary,
    Closure,
    Deadline,
    Emit,
    Expr,
    FloatLiteral,
    If,
    IntLiteral,
    Match,
    Mutex,
    Parallel,
    Pipe,
    Range,
    Retry,
    Select,
    Spawn,
    Ternary,
    Try,
    TryStar,
    Unary,
    Yield,
)
from harn.syntax.operators import RIGHT_ASSOCIATIVE, STRENGTH
from harn.syntax.printer.engine import Printer, Steps, Work, pad, prints

BLOCK, PIPE, RANGE, TERNARY = -3, -2, -1, 0
OR, AND, POWER = STRENGTH["||"], STRENGTH["&&"], STRENGTH["**"]
UNARY, ACCESS = POWER + 1, POWER + 2

_LEVELS = {
    Pipe: PIPE,
    Range: RANGE,
    Ternary: TERNARY,
    Unary: UNARY,
    **dict.fromkeys((If, Match, Try, TryStar, Retry, Parallel, Spawn, Select, Deadline, Mutex, Yield, Emit), BLOCK),
}
_PRIMARY_BLOCKS = (If, Match, Try, Retry, Parallel, Spawn, Deadline)
"""What needs no parentheses behind an operator, where no statement can begin."""
_NEED_BACKSLASH = ("-", "in", "not in")
"""Operators that cannot begin a line: there they would begin a new statement."""
_LIKE_A_BRANCH = ("-", "not in")
"""Operators after which ``x?`` reads as the start of ``x ? ... : ...``, because they could begin an expression."""
_NO_BRANCH = re.compile(r'\[|r"|\d+(?:ms|[smhdw])(?!\w)')
"""What the first branch of a ternary may not begin with."""


def level(node: Expr) -> int:
    """How tightly an expression holds together, as one of the levels above."""
    if isinstance(node, Binary):
        return STRENGTH[node.op]
    if isinstance(node, Closure):
        return BLOCK if node.keyword else ACCESS
    if isinstance(node, (IntLiteral, FloatLiteral)):
        return UNARY if str(node.value).startswith("-") else ACCESS
    return _LEVELS.get(type(node), ACCESS)


def last_operand(node: Expr) -> Expr:
    """The expression that ends a chain of operators."""
    while isinstance(node, (Binary, Pipe)):
        node = _parts(node)[2]
    return node


def operand(p: Printer, node: Expr, depth: int, least: int) -> Work[str]:
    """An operand, in parentheses unless it holds together at least that tightly."""
    text = yield p.node(node, depth)
    return f"({text})" if level(node) < least else text


@prints(Binary, Pipe)
def chain(p: Printer, node: Binary | Pipe, depth: int) -> Steps:
    """A chain of operators, broken before the operator that would pass the line width and before all that follow it.

    A chain that was broken when written stays so.
    """
    first, links = _links(node)
    last = yield from _side(p, first, depth, links[0][0], right=False)
    pieces: list[str] = []
    length, broken, before, previous = len(last), "\n" in last, "", first
    for operator, right in links:
        backslash = " \\" if operator in _NEED_BACKSLASH else ""
        comments = [] if backslash else p.comments_before(right.span.start, depth + 1)
        other = yield from _side(p, right, depth, operator, right=True)
        pieces.append(f"({last})" if _misread(before, last, operator, other) else last)
        length += len(operator) + len(other) + 2
        broken = (
            broken
            or bool(comments)
            or p.origin.breaks(previous.span.start, right.span.start)
            or 2 * depth + length > p.width
        )
        if broken:
            edge = pad(depth + 1)
            pieces += [edge + line for line in comments]
            pieces.append(f"{backslash}{edge}{operator} ")
            length += len(edge)
        else:
            pieces.append(f" {operator} ")
        last, before, previous = other, operator, right
        broken = broken or "\n" in other
    return "".join(pieces) + last


def _links(node: Binary | Pipe) -> tuple[Expr, list[tuple[str, Expr]]]:
    """The first operand of a chain and its operators with their right operands, in written order."""
    links: list[tuple[str, Expr]] = []
    operator, left, right = _parts(node)
    if operator in RIGHT_ASSOCIATIVE:
        while isinstance(right, Binary) and right.op == operator:
            links.append((operator, right.left))
            right = right.right
        return left, [*links, (operator, right)]
    while isinstance(left, (Binary, Pipe)) and level(left) != POWER and not _enclosed(left, operator, right=False):
        links.append((operator, right))
        operator, left, right = _parts(left)
    links.append((operator, right))
    links.reverse()
    return left, links


def _parts(node: Expr) -> tuple[str, Expr, Expr]:
    if isinstance(node, Pipe):
        return "|>", node.value, node.target
    assert isinstance(node, Binary)
    return node.op, node.left, node.right


def _side(p: Printer, node: Expr, depth: int, operator: str, right: bool) -> Work[str]:
    text = yield p.node(node, depth)
    return f"({text})" if _enclosed(node, operator, right) else text


def _enclosed(child: Expr, operator: str, right: bool) -> bool:
    """Whether an operand needs parentheses; ``&&`` and ``||`` side by side always show which is which."""
    inner, outer = level(child), STRENGTH.get(operator, PIPE)
    if right and inner == BLOCK:
        return not isinstance(child, _PRIMARY_BLOCKS)
    if inner == outer:
        return right is not (operator in RIGHT_ASSOCIATIVE)
    return inner < outer or (inner == AND and outer == OR)


def _misread(before: str, text: str, operator: str, other: str) -> bool:
    """Whether an operand would be read as something else between these two operators, and so needs parentheses.

    ``x? - 1`` would begin a ternary, ``a < b > (c)`` would call ``a`` with a type argument.
    """
    if operator in _LIKE_A_BRANCH:
        return text.endswith("?")
    return operator == ">" and before == "<" and other.startswith("(")


@prints(Ternary)
def ternary(p: Printer, node: Ternary, depth: int) -> Steps:
    condition = yield from operand(p, node.condition, depth, OR)
    if condition.endswith("?"):
        condition = f"({condition})"
    then = yield from operand(p, node.then, depth, OR)
    if _NO_BRANCH.match(then):
        then = f"({then})"
    otherwise = yield from operand(p, node.otherwise, depth, OR)
    return f"{condition} ? {then} : {otherwise}"


@prints(Range)
def range_(p: Printer, node: Range, depth: int) -> Steps:
    start = yield from operand(p, node.start, depth, TERNARY)
    end = yield from operand(p, node.end, depth, TERNARY)
    return f"{start} to {end} exclusive" if node.exclusive else f"{start} to {end}"


@prints(Unary)
def unary(p: Printer, node: Unary, depth: int) -> Steps:
    signs, inner = node.op, node.operand
    while isinstance(inner, Unary):
        signs, inner = signs + inner.op, inner.operand
    return signs + (yield from operand(p, inner, depth, UNARY))


@prints(TryStar)
def try_star(p: Printer, node: TryStar, depth: int) -> Steps:
    count, inner = 1, node.operand
    while isinstance(inner, TryStar):
        count, inner = count + 1, inner.operand
    return "try* " * count + (yield from operand(p, inner, depth, UNARY))
