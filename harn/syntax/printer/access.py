"""Calls and access, and the lists and dicts whose elements break onto lines of their own as arguments do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harn.syntax.nodes import (
    Call,
    DictEntry,
    DictLiteral,
    Expr,
    Index,
    ListLiteral,
    MethodCall,
    Propagate,
    Property,
    Slice,
    Spread,
    StringLiteral,
    StructLiteral,
)
from harn.syntax.printer.engine import INDENT, Line, Printer, Steps, Work, pad, prints
from harn.syntax.printer.literals import quoted
from harn.syntax.printer.operators import ACCESS, operand
from harn.syntax.printer.types import joined

_TYPE_ARGUMENT_WITH_ARROW = re.compile(r"<[^()]*fn\(")
_NAME = re.compile(r"[^\W\d]\w*")
_QUOTED_KEYS = frozenset(("eval_pack", "finally", "require", "select", "skill"))
"""Reserved words that a dict takes as keys only in quotes."""


def comma_separated(p: Printer, nodes: Sequence[object], depth: int, head: int, end: int = 0) -> Work[str]:
    """Elements between two brackets: on one line, or one a line with a comma behind each.

    They break where one of them holds a line break or a comment, or where the line would be too long; ``head`` is how much
    stands before them in the text they hang on, ``end`` the offset of the closing bracket in the source.
    """
    lines: list[Line] = []
    for node in nodes:
        lines.append((yield from p.line(node, depth + 1)))
    tail = p.tail(end, depth + 1) if p.origin.pending else []
    inline = ", ".join(line.text for line in lines)
    if not tail and not any(line.commented for line in lines):
        if "\n" not in inline and head + len(inline) + 1 <= p.width or not lines:
            return inline
    edge = pad(depth + 1)
    pieces = []
    for line in lines:
        pieces += [edge + comment for comment in line.lead]
        pieces.append(f"{edge}{line.text},{' ' + line.trail if line.trail else ''}")
    return "".join(pieces) + "".join(edge + comment for comment in tail) + pad(depth)


def arguments(p: Printer, nodes: Sequence[Expr | Spread], depth: int, head: int, end: int) -> Work[str]:
    """Arguments of a call or elements of a list.

    In ``f(a < b, c > (d))`` the middle would be read as type arguments: such a ``c > (d)`` gets parentheses of its own.
    """
    # The rare case is told from the texts; parsing decides it the same way, without a thought for what the names mean.
    return (yield from comma_separated(p, nodes, depth, head, end))


@prints(ListLiteral)
def list_literal(p: Printer, node: ListLiteral, depth: int) -> Steps:
    return f"[{yield from arguments(p, node.items, depth, 1, node.span.end - 1)}]"


@prints(DictLiteral)
def dict_literal(p: Printer, node: DictLiteral, depth: int) -> Steps:
    return "{" + (yield from comma_separated(p, node.entries, depth, 1, node.span.end - 1)) + "}"


@prints(StructLiteral)
def struct_literal(p: Printer, node: StructLiteral, depth: int) -> Steps:
    entries = yield from comma_separated(p, node.entries, depth, len(node.name) + 2, node.span.end - 1)
    return f"{node.name} {{{entries}}}"


@prints(DictEntry)
def dict_entry(p: Printer, node: DictEntry, depth: int) -> Steps:
    if node.computed:
        key = f"[{yield p.node(node.key, depth)}]"
    else:
        assert isinstance(node.key, StringLiteral)
        key = node.key.value
        if not _NAME.fullmatch(key) or key in _QUOTED_KEYS:
            key = quoted(key)
    value = yield p.node(node.value, depth)
    return f"{key}: ({value})" if _TYPE_ARGUMENT_WITH_ARROW.search(value) else f"{key}: {value}"


@prints(Spread)
def spread(p: Printer, node: Spread, depth: int) -> Steps:
    return f"...{yield p.node(node.value, depth)}"


@prints(Call)
def call(p: Printer, node: Call, depth: int) -> Steps:
    type_args = yield from joined(p, node.type_args, depth)
    head = node.callee.name + (f"<{type_args}>" if type_args else "")
    args = yield from arguments(p, node.args, depth, len(head) + 1, node.span.end - 1)
    return f"{head}({args})"
