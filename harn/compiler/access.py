"""Properties, elements and slices. The receiver is on the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.compiler.names import AT_ONCE, ESCAPES, beside
from harn.source.span import NOWHERE, Span
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def reach(node: Any) -> int:
    """How far the receiver goes; what is taken out of it is another value."""
    if isinstance(node, nodes.Property):
        return AT_ONCE
    if isinstance(node, nodes.Index):
        return beside(node.index)
    return ESCAPES


def member_span(node: nodes.Property | nodes.MethodCall) -> Span:
    """Where errors of a ``.name`` point: at the name, which may stand lines below its receiver."""
    return node.name_span if node.name_span != NOWHERE else node.span


def property_(c: FunctionCompiler, node: nodes.Property) -> None:
    c.asm.at(member_span(node))
    c.asm.emit("GET_OPT" if node.optional else "GET", node.name)


def index(c: FunctionCompiler, node: nodes.Index) -> None:
    c.value(node.index, AT_ONCE)
    c.asm.at(node.span)
    c.asm.emit("INDEX_OPT" if node.optional else "INDEX")


def slice_(c: FunctionCompiler, node: nodes.Slice) -> None:
    for bound in (node.start, node.end):
        if bound is None:
            c.asm.emit("CONST", None)
        else:
            c.value(bound)
    c.asm.at(node.span)
    c.asm.emit("SLICE")
