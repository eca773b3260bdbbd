"""Literals: constants, texts with holes, lists, dicts, struct literals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.compiler.names import AT_ONCE, BORROWED, load, unbound
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

_Constant = nodes.IntLiteral | nodes.FloatLiteral | nodes.StringLiteral | nodes.BoolLiteral
_WIDE = 2_000
"""Elements of a literal that are pushed before they are gathered; longer ones grow element by element."""


def constant(c: FunctionCompiler, node: _Constant) -> None:
    c.asm.emit("CONST", node.value)


def nil(c: FunctionCompiler, node: nodes.NilLiteral) -> None:
    c.asm.emit("CONST", None)


def duration(c: FunctionCompiler, node: nodes.DurationLiteral) -> None:
    c.asm.emit("DURATION", node.milliseconds)


def interpolation(c: FunctionCompiler, node: nodes.Interpolation) -> None:
    last = node.parts[-1]
    for part in node.parts:
        if isinstance(part, str):
            c.asm.emit("CONST", part)
        else:
            c.value(part, AT_ONCE if part is last else BORROWED)
    c.asm.at(node.span)
    c.asm.emit("INTERPOLATE", len(node.parts))


def list_(c: FunctionCompiler, node: nodes.ListLiteral) -> None:
    gather(c, node.items, node)


def gather(c: FunctionCompiler, items: tuple[nodes.Expr | nodes.Spread, ...], node: nodes.Node) -> None:
    """Push a new list of some items, spreads among them. Errors of a spread point at the spread."""
    growing = len(items) > _WIDE
    if growing:
        c.asm.emit("LIST", 0)
    for place, item in enumerate(items):
        if isinstance(item, nodes.Spread):
            if not growing:
                c.asm.at(node.span)
                c.asm.emit("LIST", place)
                growing = True
            c.value(item.value, AT_ONCE)
            c.asm.at(item.span)
            c.asm.emit("LIST_SPREAD")
            continue
        c.value(item)
        if growing:
            c.asm.emit("LIST_PUSH")
    c.asm.at(node.span)
    if not growing:
        c.asm.emit("LIST", len(items))


def dict_(c: FunctionCompiler, node: nodes.DictLiteral) -> None:
    entries(c, node.entries, node)


def entries(c: FunctionCompiler, items: tuple[nodes.DictEntry | nodes.Spread, ...], node: nodes.Node) -> None:
    """Push a new dict of entries and spreads, evaluated in order; of several entries with one key the last counts."""
    keys = [
        item.key.value
        for item in items
        if isinstance(item, nodes.DictEntry) and isinstance(item.key, nodes.StringLiteral)
    ]
    if len(keys) == len(items) == len(set(keys)) and len(items) <= _WIDE:
        for item in items:
            c.value(item.value)
        c.asm.at(node.span)
        c.asm.emit("DICT", tuple(keys))
        return
    c.asm.emit("DICT", ())
    for item in items:
        if isinstance(item, nodes.Spread):
            c.value(item.value, AT_ONCE)
            c.asm.at(item.span)
            c.asm.emit("DICT_SPREAD")
        else:
            c.value(item.key)
            c.value(item.value)
            c.asm.at(item.span)
            c.asm.emit("DICT_PUT")
    c.asm.at(node.span)


def struct(c: FunctionCompiler, node: nodes.StructLiteral) -> None:
    binding = c.names.uses.get(id(node))
    if binding is None:
        unbound(c, node.name)
    else:
        load(c, binding)
    entries(c, node.entries, node)
    c.asm.emit("STRUCT")
