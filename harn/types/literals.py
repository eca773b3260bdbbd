"""Literals: numbers, texts, lists and dicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.values import (
    BOOL,
    DICT,
    DYNAMIC,
    FLOAT,
    INT,
    LIST,
    NIL,
    STRING,
    Dynamic,
    Field,
    Named,
    Shape,
    Type,
    list_of,
    union,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker

_DURATION = Named("duration")


def int_literal(c: Checker, node: nodes.IntLiteral) -> Type:
    """``1``"""
    return INT


def float_literal(c: Checker, node: nodes.FloatLiteral) -> Type:
    """``1.5``"""
    return FLOAT


def string_literal(c: Checker, node: nodes.StringLiteral) -> Type:
    """``"a"``: a string, which fits a literal type."""
    return STRING


def interpolation(c: Checker, node: nodes.Interpolation) -> Type:
    """``"${x}"``. What stands in a text is never refused before it runs."""
    c.doubt += 1
    for part in node.parts:
        if not isinstance(part, str):
            c.infer(part)
    c.doubt -= 1
    return STRING


def bool_literal(c: Checker, node: nodes.BoolLiteral) -> Type:
    """``true``"""
    return BOOL


def nil_literal(c: Checker, node: nodes.NilLiteral) -> Type:
    """``nil``"""
    return NIL


def duration_literal(c: Checker, node: nodes.DurationLiteral) -> Type:
    """``5s``. Durations stand for numbers in many places, so nothing is claimed of them."""
    return DYNAMIC


def list_literal(c: Checker, node: nodes.ListLiteral) -> Type:
    """``[a, ...b]``"""
    elements: list[Type] = []
    for item in node.items:
        if isinstance(item, nodes.Spread):
            spread = expand(c.infer(item.value))
            elements.append(spread.args[0] if isinstance(spread, Named) and len(spread.args) == 1 else DYNAMIC)
        else:
            elements.append(c.infer(item))
    if not elements or any(isinstance(e, Dynamic) for e in elements):
        return LIST
    return list_of(union(elements))


def dict_literal(c: Checker, node: nodes.DictLiteral) -> Type:
    """``{a: 1, ...d}``: a shape where all keys are known."""
    fields: dict[str, Field] = {}
    known = True
    for entry in node.entries:
        if isinstance(entry, nodes.Spread):
            c.infer(entry.value)
            known = False
            continue
        if entry.computed:
            c.infer(entry.key)
        type = c.infer(entry.value)
        key = entry_key(entry)
        if key is None:
            known = False
        else:
            fields[key] = Field(key, type)
    return Shape(tuple(fields.values())) if known and fields else DICT


def entry_key(entry: nodes.DictEntry) -> str | None:
    """The key of an entry, None for a computed one."""
    if isinstance(entry.key, nodes.StringLiteral) and not entry.computed:
        return entry.key.value
    if isinstance(entry.key, nodes.Name) and not entry.computed:
        return entry.key.name
    return None
