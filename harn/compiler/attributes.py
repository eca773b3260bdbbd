"""Attributes: @step and @persona register the function they mark right after it is defined; @acp_tool and @acp_skill likewise.

Attribute values are compile-time data: a name is a text, a dotted name too, a call shape is its text as written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import known
from harn.compiler.names import load
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

_STEP_WORDS = ("name", "model", "approval", "receipt", "error_boundary")
_STEP_DICTS = ("budget", "retry")


def registrations(c: FunctionCompiler, node: nodes.Fn) -> None:
    """What the attributes of a function do, in the order they are written; of several of one kind the last counts."""
    marks = {attribute.name: attribute for attribute in node.attributes}
    for attribute in node.attributes:
        if marks[attribute.name] is not attribute:
            continue
        lower = _LOWERINGS.get(attribute.name)
        if lower is not None:
            lower(c, node, attribute)


def _named(attribute: nodes.Attribute) -> dict[str, Any]:
    return {argument.name: argument.value for argument in attribute.args if argument.name is not None}


def _step(c: FunctionCompiler, node: nodes.Fn, attribute: nodes.Attribute) -> None:
    given = _named(attribute)
    fields = {key: value for key, value in given.items() if key in _STEP_WORDS}
    fields |= {key: given[key] for key in _STEP_DICTS if isinstance(given.get(key), nodes.DictLiteral)}
    _register(c, node, attribute, "__register_step", fields)


def _persona(c: FunctionCompiler, node: nodes.Fn, attribute: nodes.Attribute) -> None:
    given = _named(attribute)
    fields: dict[str, Any] = {key: given[key] for key in ("name", "receipts") if key in given}
    if isinstance(given.get("stages"), nodes.ListLiteral):
        fields["stages"] = given["stages"]
    if isinstance(given.get("budget"), nodes.DictLiteral):
        fields["budget"] = given["budget"]
    _register(c, node, attribute, "__register_persona", fields)


def _register(
    c: FunctionCompiler, node: nodes.Fn, attribute: nodes.Attribute, key: str, fields: dict[str, Any]
) -> None:
    if not known(key):
        return
    _load_function(c, node)
    _dict(c, fields)
    c.asm.at(attribute.span)
    c.asm.emit("CALL_BUILTIN", key, 2)
    c.asm.emit("POP")


def _load_function(c: FunctionCompiler, node: nodes.Fn) -> None:
    binding = c.names.declared[id(node)][0]
    assert binding is not None
    load(c, binding)


def _acp_tool(c: FunctionCompiler, node: nodes.Fn, attribute: nodes.Attribute) -> None:
    """``tool_define(tool_registry(), name, "", {handler, annotations})``."""
    if not (known("tool_define") and known("tool_registry")):
        return
    given = _named(attribute)
    asm = c.asm
    asm.at(attribute.span)
    asm.emit("CALL_BUILTIN", "tool_registry", 0)
    asm.emit("CONST", _text_or(given.pop("name", None), node.name))
    asm.emit("CONST", "")
    _load_function(c, node)
    _dict(c, given)
    asm.emit("DICT", ("handler", "annotations"))
    asm.emit("CALL_BUILTIN", "tool_define", 4)
    asm.emit("POP")


def _acp_skill(c: FunctionCompiler, node: nodes.Fn, attribute: nodes.Attribute) -> None:
    """``skill_define(skill_registry(), name, {arguments, on_activate})``."""
    if not (known("skill_define") and known("skill_registry")):
        return
    given = _named(attribute)
    asm = c.asm
    asm.at(attribute.span)
    asm.emit("CALL_BUILTIN", "skill_registry", 0)
    asm.emit("CONST", _text_or(given.pop("name", None), node.name))
    given.pop("on_activate", None)
    for value in given.values():
        attribute_value(c, value)
    _load_function(c, node)
    asm.emit("DICT", (*given, "on_activate"))
    asm.emit("CALL_BUILTIN", "skill_define", 3)
    asm.emit("POP")


def _text_or(node: Any, default: str) -> str:
    return node.value if isinstance(node, nodes.StringLiteral) else default


def _dict(c: FunctionCompiler, fields: dict[str, Any]) -> None:
    for value in fields.values():
        attribute_value(c, value)
    c.asm.emit("DICT", tuple(fields))


def attribute_value(c: FunctionCompiler, node: Any) -> None:
    """Push the value of an attribute's argument."""
    if isinstance(node, (nodes.IntLiteral, nodes.FloatLiteral, nodes.StringLiteral, nodes.BoolLiteral)):
        c.asm.emit("CONST", node.value)
    elif isinstance(node, nodes.NilLiteral):
        c.asm.emit("CONST", None)
    elif isinstance(node, nodes.ListLiteral):
        for item in node.items:
            attribute_value(c, item)
        c.asm.emit("LIST", len(node.items))
    elif isinstance(node, nodes.DictLiteral):
        _dict(c, literal_entries(node))
    else:
        c.asm.emit("CONST", c.module.file.slice(node.span))


def literal_entries(node: nodes.DictLiteral) -> dict[str, Any]:
    """The entries of a dict literal whose keys are written out."""
    return {
        entry.key.value: entry.value
        for entry in node.entries
        if isinstance(entry, nodes.DictEntry) and isinstance(entry.key, nodes.StringLiteral)
    }


def is_plain_data(node: Any) -> bool:
    """Whether an expression is data that ``attribute_value`` can push: literals, and lists and dicts of them."""
    if isinstance(node, nodes.ListLiteral):
        return all(is_plain_data(item) for item in node.items)
    if isinstance(node, nodes.DictLiteral):
        return all(isinstance(e, nodes.DictEntry) and not e.computed and is_plain_data(e.value) for e in node.entries)
    return isinstance(
        node, (nodes.IntLiteral, nodes.FloatLiteral, nodes.StringLiteral, nodes.BoolLiteral, nodes.NilLiteral)
    )


_LOWERINGS = {"step": _step, "persona": _persona, "acp_tool": _acp_tool, "acp_skill": _acp_skill}
