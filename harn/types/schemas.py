"""Schemas as types: which type a schema stands for, and the calls that make or use one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.literals import entry_key
from harn.types.values import DICT, DYNAMIC, Dynamic, Field, Literal, Named, Shape, Type, list_of, union

if TYPE_CHECKING:
    from harn.types.checker import Checker

_KINDS = {
    "string": "string", "int": "int", "integer": "int", "float": "float", "number": "float", "bool": "bool", "boolean": "bool",
    "nil": "nil", "null": "nil", "list": "list", "array": "list", "dict": "dict", "object": "dict", "bytes": "bytes",
    "closure": "closure", "set": "set",
}  # fmt: skip
"""What the words of a schema's ``type`` mean."""


def schema_call(c: Checker, node: nodes.Call) -> Type | None:
    """``schema_of(T)``; None for any other call."""
    if node.callee.name != "schema_of" or len(node.args) != 1:
        return None
    type = schema_type(c, node.args[0])
    if not isinstance(node.args[0], nodes.Name):
        c.infer(node.args[0])
    return DYNAMIC if isinstance(type, Dynamic) else Named("Schema", (type,))


def schema_type(c: Checker, node: Any) -> Type:
    """The type that an expression stands for where a schema is expected; not known where it cannot be told."""
    if isinstance(node, nodes.Name) and c.scope.find(node.name) is None:
        declared = c.declarations.type(node.name)
        if declared is None:
            return DYNAMIC
        if declared.kind == "alias":
            return expand(Named(declared.name, (), declared))
        return Named(declared.name, (), declared)
    if isinstance(node, nodes.DictLiteral):
        return _inline(node)
    known = c.types.get(id(node))
    if known is None:
        known = c.infer(node)
    opened = expand(known)
    return opened.args[0] if isinstance(opened, Named) and opened.name == "Schema" and opened.args else DYNAMIC


def _inline(node: nodes.DictLiteral) -> Type:
    """The type of a schema that is written out."""
    parts = {entry_key(e): e.value for e in node.entries if isinstance(e, nodes.DictEntry)}
    if len(parts) != len(node.entries) or "nullable" in parts:
        return DYNAMIC
    choices = parts.get("enum")
    if isinstance(choices, nodes.ListLiteral):
        values = [item.value for item in choices.items if isinstance(item, (nodes.StringLiteral, nodes.IntLiteral))]
        return union(map(Literal, values)) if len(values) == len(choices.items) else DYNAMIC
    word = parts.get("type")
    kind = _KINDS.get(word.value) if isinstance(word, nodes.StringLiteral) else None
    if kind is None:
        return DYNAMIC
    if kind == "list":
        items = parts.get("items")
        return list_of(_inline(items)) if isinstance(items, nodes.DictLiteral) else Named("list")
    properties = parts.get("properties")
    if kind == "dict" and isinstance(properties, nodes.DictLiteral):
        return _object(properties, parts.get("required"))
    return DICT if kind == "dict" else Named(kind)


def _object(properties: nodes.DictLiteral, required: Any) -> Type:
    needed: set[str] = set()
    if isinstance(required, nodes.ListLiteral):
        needed = {item.value for item in required.items if isinstance(item, nodes.StringLiteral)}
    fields: list[Field] = []
    for entry in properties.entries:
        key = entry_key(entry) if isinstance(entry, nodes.DictEntry) else None
        if key is None:
            return DICT
        type = _inline(entry.value) if isinstance(entry.value, nodes.DictLiteral) else DYNAMIC
        fields.append(Field(key, type, key not in needed))
    return Shape(tuple(fields)) if fields else DICT
