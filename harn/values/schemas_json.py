"""Schemas as JSON Schema and OpenAPI write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harn.values.schemas import KINDS, NAMED_PARTS, NOTES, SPELLINGS, Schema, rewrite

_JSON_KINDS = {ours: theirs for theirs, ours in KINDS.items()}
_FUNCTIONS = ("closure", "builtin")
_NUMBERS = ("min", "max")
_COUNTS = ("min_length", "max_length", "min_items", "max_items")
_NULL = {"type": "null"}


def json_schema(schema: Schema, openapi: bool = False) -> Schema:
    """A canonical schema in the words of JSON Schema; with ``openapi`` nil is told by ``nullable``."""

    def rule(node: Schema, part: Callable[[Any], Schema]) -> Schema:
        return _exported(node, part, openapi)

    return rewrite(schema, rule)


def _exported(schema: Schema, part: Callable[[Any], Schema], openapi: bool) -> Schema:
    out: Schema = {key: schema[key] for key in NOTES if key in schema and key != "nullable"}
    kind = schema.get("type")
    if kind is not None:
        _put_kind(out, kind)
    if schema.get("unique_items") is True:
        out["uniqueItems"] = True
    for key in (*_NUMBERS, *_COUNTS):
        value = schema.get(key)
        if value.__class__ is int or (value.__class__ is float and key in _NUMBERS):
            out[SPELLINGS[key][0]] = value
    if schema.get("required").__class__ is list:
        out["required"] = schema["required"]
    for key in NAMED_PARTS:
        if key in schema:
            out[key] = {name: part(inner) for name, inner in schema[key].items()}
    if "components" in schema:
        out["components"] = schema["components"]
        if schema["components"].get("schemas").__class__ is dict:
            named = {name: part(inner) for name, inner in schema["components"]["schemas"].items()}
            out["components"] = {**schema["components"], "schemas": named}
    if "items" in schema:
        out["items"] = part(schema["items"])
    extra = schema.get("additional_properties")
    if extra is not None:
        out["additionalProperties"] = part(extra) if extra.__class__ is dict else extra
    if "all_of" in schema:
        out["allOf"] = [part(branch) for branch in schema["all_of"]]
    nullable = schema.get("nullable") is True
    if "union" in schema:
        branches = [part(branch) for branch in schema["union"]]
        others = [branch for branch in branches if branch != _NULL]
        if openapi and others and len(others) < len(branches):
            nullable, branches = True, others
            if len(others) == 1:
                return {**out, **others[0], "nullable": True}
        out["oneOf"] = branches
    if nullable and openapi:
        out["nullable"] = True
    elif nullable and "type" in out:
        out["type"] = [out["type"], "null"]
    return out


def _put_kind(out: Schema, kind: str) -> None:
    if kind in _FUNCTIONS:
        out["type"] = "string"
        out["x-harn-type"] = kind
    elif kind == "set":
        out["type"] = "array"
        out["uniqueItems"] = True
    elif kind != "any":
        out["type"] = _JSON_KINDS.get(kind, kind)
