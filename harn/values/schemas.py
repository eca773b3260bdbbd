"""Schemas: dicts that say which values are meant, their one form, and edits of them.

A schema may be written in two spellings, ours (``dict``, ``min_length``, ``union``) and that of JSON Schema (``object``,
``minLength``, ``oneOf``); ``canonical`` gives ours and drops what it does not know. All that works on schemas takes that form.

Schemas are values like any other: they may be as deep as memory allows and share parts many times over. So every walk keeps
its own stack and does each part once, however often it is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from harn.values.display import display
from harn.values.kinds import EnumType, StructType

Schema = dict[str, Any]
"""A schema; canonical where nothing else is said."""

Rewrite = Callable[[Schema, Callable[[Any], Schema]], Schema]
"""Makes a schema of one whose parts are done: called with the schema and with what gives the new form of a part."""

KINDS = {
    "object": "dict", "array": "list", "integer": "int", "number": "float", "boolean": "bool", "null": "nil",
}  # fmt: skip
"""Names of kinds in JSON Schema, and ours. All other names are the same, or unknown to JSON Schema."""

SPELLINGS = {
    "min": ("minimum",),
    "max": ("maximum",),
    "min_length": ("minLength",),
    "max_length": ("maxLength",),
    "min_items": ("minItems",),
    "max_items": ("maxItems",),
    "unique_items": ("uniqueItems",),
    "additional_properties": ("additionalProperties",),
    "union": ("oneOf", "anyOf"),
    "all_of": ("allOf",),
}
"""Our keys, and what JSON Schema calls them; the first is written, all are read."""

NOTES = (
    "$ref", "title", "description", "format", "deprecated", "readOnly", "writeOnly", "example", "examples", "default",
    "const", "enum", "pattern", "nullable",
)  # fmt: skip
"""Keys with one spelling whose values are no schemas."""

NAMED_PARTS = ("properties", "definitions", "$defs")
"""Keys that hold a dict of schemas."""

_PLAIN = ("min", "max", "min_length", "max_length", "min_items", "max_items")
_LISTS = ("union", "all_of")
_KIND_NOTE = "x-harn-type"


class SchemaFault(ValueError):
    """A schema that is none; the text says why."""


def canonical(schema: Any) -> Schema:
    """The one form of a schema. SchemaFault where it, or a part, is no dict. A struct or enum type stands for any value."""
    return rewrite(schema, _canonical)


def rewrite(schema: Any, rule: Rewrite) -> Schema:
    """A schema made anew from its innermost parts outwards. SchemaFault where a part is no dict."""
    done: dict[int, Schema] = {}
    waiting = [(_dict(schema), False)]
    root = waiting[0][0]
    alive = []  # an identity means something only as long as its object lives

    def part(value: Any) -> Schema:
        return done[id(value)] if value.__class__ is dict else {}

    while waiting:
        node, ready = waiting.pop()
        if id(node) in done:
            continue
        if ready:
            done[id(node)] = rule(node, part)
            alive.append(node)
        else:
            waiting.append((node, True))
            waiting += [(_dict(inner), False) for inner in parts(node)]
    return done[id(root)]


def _dict(value: Any) -> Schema:
    if isinstance(value, dict):
        return value
    if value.__class__ is StructType or value.__class__ is EnumType:
        return {}
    raise SchemaFault("schema must be a dict")


def parts(schema: Schema) -> Iterator[Any]:
    """The schemas inside a schema of either spelling; SchemaFault where a list of schemas is none."""
    for key in NAMED_PARTS:
        named = schema.get(key)
        if named.__class__ is dict:
            yield from named.values()
    components = schema.get("components")
    if components.__class__ is dict and components.get("schemas").__class__ is dict:
        yield from components["schemas"].values()
    if "items" in schema:
        yield schema["items"]
    extra = _either(schema, "additional_properties")
    if extra.__class__ is dict:
        yield extra
    for key in _LISTS:
        branches = _either(schema, key)
        if branches is not None:
            if branches.__class__ is not list:
                raise SchemaFault("schema union/all_of must be a list")
            yield from branches


def _either(schema: Schema, key: str) -> Any:
    """The value of a key in our spelling or else another; nil where it is absent."""
    for word in (key, *SPELLINGS[key]):
        if word in schema:
            return schema[word]
    return None


def _canonical(schema: Schema, part: Callable[[Any], Schema]) -> Schema:
    out = {key: schema[key] for key in NOTES if key in schema}
    if out.get("nullable") is not True:
        out.pop("nullable", None)
    for key in _PLAIN:
        value = _either(schema, key)
        if value is not None:
            out[key] = value
    for key in NAMED_PARTS:
        if schema.get(key).__class__ is dict:
            out[key] = {name: part(inner) for name, inner in schema[key].items()}
    components = schema.get("components")
    if components.__class__ is dict:
        out["components"] = components
        if components.get("schemas").__class__ is dict:
            named = {name: part(inner) for name, inner in components["schemas"].items()}
            out["components"] = {**components, "schemas": named}
    if "items" in schema:
        out["items"] = part(schema["items"])
    extra = _either(schema, "additional_properties")
    if extra.__class__ is dict or extra.__class__ is bool:
        out["additional_properties"] = part(extra) if extra.__class__ is dict else extra
    for key in _LISTS:
        branches = _either(schema, key)
        if branches is not None:
            out[key] = [part(branch) for branch in branches]
    if "required" in schema:
        out["required"] = _required(schema["required"])
    _put_kind(schema, out)
    return out


def _required(value: Any) -> Any:
    """The keys a dict must have; true and false stay, with which the builders of std/schema mark a field."""
    if value.__class__ is list:
        return [key if key.__class__ is str else display(key) for key in value]
    return value if value.__class__ is bool else []


def _put_kind(schema: Schema, out: Schema) -> None:
    """The kind: several make a union; JSON Schema has no sets and functions and marks them."""
    kind = schema.get("type")
    if kind.__class__ is str:
        out["type"] = KINDS.get(kind, kind)
    elif kind.__class__ is list:
        names = [word if word.__class__ is str else display(word) for word in kind]
        out["union"] = [{"type": KINDS.get(name, name)} for name in names]
    mark = schema.get(_KIND_NOTE)
    if mark.__class__ is str:
        out["type"] = mark
    if _either(schema, "unique_items") is True and out.get("type") == "list":
        out["unique_items"] = True


# ---------------------------------------------------------------------------------------------------------- references


def resolve(root: Schema, pointer: str) -> Schema | None:
    """What ``#/definitions/Name`` and the like lead to in a canonical schema; None where that is no schema."""
    path = pointer.lstrip("#").lstrip("/")
    found: Any = root
    for segment in path.split("/") if path else ():
        key = segment.replace("~1", "/").replace("~0", "~")
        if found.__class__ is dict:
            found = found.get(key, found.get(_OURS.get(key, key)))
        elif found.__class__ is list and key.isdecimal() and len(key) < 10 and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found if found.__class__ is dict else None


_OURS = {word: key for key, words in SPELLINGS.items() for word in words}


# ---------------------------------------------------------------------------------------------------------- edits


def extended(schema: Schema, changes: Schema) -> Schema:
    """A schema with keys of another in place of its own."""
    return {**schema, **changes}


def partial(schema: Schema) -> Schema:
    """A schema that requires no key, at any depth."""
    return rewrite(schema, _partial)


def _partial(schema: Schema, part: Callable[[Any], Schema]) -> Schema:
    out = _canonical(schema, part)
    out.pop("required", None)
    return out


def picked(schema: Schema, keys: frozenset[str], keep: bool) -> Schema:
    """A schema with only (``keep``) or without some of its properties, ``required`` in step."""
    out = dict(schema)
    if out.get("properties").__class__ is dict:
        out["properties"] = {name: part for name, part in out["properties"].items() if (name in keys) is keep}
    if out.get("required").__class__ is list:
        out["required"] = [name for name in out["required"] if (name in keys) is keep]
    return out
