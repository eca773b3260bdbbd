"""Calls and access, and the lists and dicts whose elements break onto lines of their own as arguments do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from harn.syntax.nodes import (
    Binary,
    Call,
    Closure,
    DictEntry,
    DictLiteral,
    Expr,
    FnType,
    Index,
    Interpolation,
    ListLiteral,
    MethodCall,
    Param,
    Pipe,
    Propagate,
    Property,
    Slice,
    Spread,
    StringLiteral,
    StructLiteral,
)
from harn.syntax.printer.engine import Line, Printer, Steps, Work, pad, prints
from harn.syntax.printer.literals import quoted
from harn.syntax.printer.operators import ACCESS, operand
from harn.syntax.printer.types import joined

Access = MethodCall | Property | Index | Slice | Propagate

_IN_BRACKETS = (ListLiteral, DictLiteral, StructLiteral, Interpolation, Closure)
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
        line = yield from p.line(node, depth + 1)
        if _ends_type_arguments(node, line.text, lines):
            line = line._replace(text=f"({line.text})")
        lines.append(line)
    tail = p.comments_before(end, depth + 1)
    inline = ", ".join(line.text for line in lines)
    fits = "\n" not in inline and head + len(inline) + 1 <= p.width
    if not tail and (fits or not lines) and not any(line.lead or line.trail for line in lines):
        return inline
    edge = pad(depth + 1)
    pieces = []
    for node, line in zip(nodes, lines, strict=True):
        comma = "" if isinstance(node, Param) and node.rest else ","  # nothing may follow the rest
        pieces += [edge + comment for comment in p.comments(line.lead, depth + 1)]
        pieces.append(f"{edge}{line.text}{comma}{' ' + line.trail if line.trail else ''}")
    return "".join(pieces) + "".join(edge + comment for comment in tail) + pad(depth)


def _ends_type_arguments(node: object, text: str, before: list[Line]) -> bool:
    """Whether the ``c > (d)`` of ``f(a < b, c > (d))`` would end the type arguments of a call of ``a``."""
    return isinstance(node, (Binary, Pipe)) and "> (" in text and any(" < " in line.text for line in before)


@prints(ListLiteral)
def list_literal(p: Printer, node: ListLiteral, depth: int) -> Steps:
    return f"[{yield from comma_separated(p, node.items, depth, 1, node.span.end - 1)}]"


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
        if not (_NAME.fullmatch(key) and key.isidentifier()) or key in _QUOTED_KEYS:
            key = quoted(key)
    return f"{key}: {yield from _without_arrow(p, node.value, depth)}"


@prints(Spread)
def spread(p: Printer, node: Spread, depth: int) -> Steps:
    return f"...{yield from _without_arrow(p, node.value, depth)}"


def _without_arrow(p: Printer, node: Expr, depth: int) -> Work[str]:
    """A value in a dict, in parentheses where it shows an arrow: outside of brackets, that would make the dict a closure."""
    text = yield p.node(node, depth)
    return f"({text})" if "->" in text and _shows_arrow(node) else text


def _shows_arrow(node: Expr) -> bool:
    """Whether an arrow may stand outside of all brackets in the text of an expression."""
    open_parts: list[object] = [node]
    while open_parts:
        part = open_parts.pop()
        if isinstance(part, FnType) or (isinstance(part, Closure) and part.keyword and part.result is not None):
            return True
        if isinstance(part, (MethodCall, Index, Slice)):
            open_parts.append(part.receiver)
        elif isinstance(part, Call):
            open_parts += part.type_args
        elif not isinstance(part, _IN_BRACKETS):
            for field in getattr(part, "__attrs_attrs__", ()):
                child = getattr(part, field.name)
                open_parts += child if isinstance(child, tuple) else [child]
    return False


@prints(Call)
def call(p: Printer, node: Call, depth: int) -> Steps:
    type_args = yield from joined(p, node.type_args, depth)
    head = node.callee.name + (f"<{type_args}>" if type_args else "")
    args = yield from comma_separated(p, node.args, depth, len(head) + 1, node.span.end - 1)
    return f"{head}({args})"


@prints(MethodCall, Property, Index, Slice, Propagate)
def access(p: Printer, node: Access, depth: int) -> Steps:
    """A chain of access. A call begins a line of its own where it did when written, or where its arguments break."""
    receiver, links = _links(node)
    pieces = [(yield from operand(p, receiver, depth, ACCESS))]
    length, end = len(pieces[0]), receiver.span.end
    for link in links:
        if pieces[-1].endswith("?"):
            pieces = ["(", *pieces, ")"]
            length += 2
        if isinstance(link, (MethodCall, Property)):
            comments = p.comments_before(link.name_span.start, depth + 1)
            text = ("?." if link.optional else ".") + link.name
            if isinstance(link, MethodCall):
                args = yield from comma_separated(p, link.args, depth, length + len(text) + 1, link.span.end - 1)
                text += f"({args})"
                if comments or "\n" in args or p.origin.breaks(end, link.span.end):
                    text = "".join(pad(depth + 1) + line for line in [*comments, text])
            elif comments:
                text = "".join(pad(depth + 1) + line for line in [*comments, text])
        else:
            text = yield from _bracketed(p, link, depth)
        pieces.append(text)
        length, end = length + len(text), link.span.end
    return "".join(pieces)


def _bracketed(p: Printer, link: Index | Slice | Propagate, depth: int) -> Work[str]:
    if isinstance(link, Propagate):
        return "?"
    if isinstance(link, Index):
        return f"{'?' if link.optional else ''}[{yield p.node(link.index, depth)}]"
    start = "" if link.start is None else (yield p.node(link.start, depth))
    end = "" if link.end is None else (yield p.node(link.end, depth))
    if start.endswith("exclusive"):  # before a colon the word would be a key
        start = f"({start})"
    return f"[{start}:{end}]"


def _links(node: Access) -> tuple[Expr, list[Access]]:
    """What a chain of access begins with, and its links from left to right."""
    links: list[Access] = []
    current: Expr = node
    while isinstance(current, (MethodCall, Property, Index, Slice, Propagate)):
        links.append(current)
        current = current.operand if isinstance(current, Propagate) else current.receiver
    links.reverse()
    return current, links
