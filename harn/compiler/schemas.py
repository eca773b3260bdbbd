"""Types of tool parameters as JSON schemas, pushed as values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.signature import TypeTerm
from harn.compiler.attributes import attribute_value, is_plain_data
from harn.compiler.types import checkable
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

_NAMES = {
    "int": "integer", "float": "number", "string": "string", "bool": "boolean", "list": "array", "dict": "object",
    "nil": "null", "set": "array", "bytes": "string", "closure": "closure",
}  # fmt: skip


def parameter_schema(c: FunctionCompiler, node: nodes.Param | nodes.Type) -> bool:
    """Push the schema of a parameter or of a result; False, and nothing pushed, for a result without one."""
    asm = c.asm
    is_param = isinstance(node, nodes.Param)
    term = checkable(node.type if isinstance(node, nodes.Param) else node, c.module.aliases)
    if term is None and not is_param:
        return False
    schema: dict[str, Any] = schema_of(term) if term is not None else {"type": "any"}
    default = node.default if isinstance(node, nodes.Param) else None
    if default is not None:
        schema["required"] = False
    keys = list(schema)
    for value in schema.values():
        _push(c, value)
    if is_plain_data(default):
        attribute_value(c, default)
        keys.append("default")
    asm.emit("DICT", tuple(keys))
    return True


def schema_of(term: TypeTerm) -> dict[str, Any]:
    """The JSON schema of a type term."""
    tag = term[0]
    if tag == "literal":
        return {"type": "string" if isinstance(term[1], str) else "integer", "enum": [term[1]]}
    if tag == "union":
        members = term[1]
        if all(member[0] == "literal" for member in members) and len({type(m[1]) for m in members}) == 1:
            return {**schema_of(members[0]), "enum": [member[1] for member in members]}
        return {"anyOf": [schema_of(member) for member in members]}
    if tag == "shape":
        required = [name for name, _, optional in term[1] if not optional]
        shape: dict[str, Any] = {"type": "object", "properties": {name: schema_of(t) for name, t, _ in term[1]}}
        return {**shape, "required": required} if required else shape
    found: dict[str, Any] = {"type": _NAMES[term[1]]}
    if term[1] == "list" and term[2]:
        found["items"] = schema_of(term[2][0])
    if term[1] == "dict" and term[2]:
        found["additionalProperties"] = schema_of(term[2][1])
    return found


def _push(c: FunctionCompiler, value: Any) -> None:
    if isinstance(value, dict):
        for part in value.values():
            _push(c, part)
        c.asm.emit("DICT", tuple(value))
    elif isinstance(value, list):
        for part in value:
            _push(c, part)
        c.asm.emit("LIST", len(value))
    else:
        c.asm.emit("CONST", value)
