"""Declarations: functions, types, methods, and those that lower to calls of builtins (tools, skills, eval packs)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import known
from harn.compiler.alias_schemas import push, schema
from harn.compiler.attributes import registrations
from harn.compiler.closures import make_function, plain, valued
from harn.compiler.names import bind, load
from harn.compiler.schemas import parameter_schema
from harn.source.span import Span
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def nothing(c: FunctionCompiler, node: Any) -> None:
    """A declaration without effect where it stands."""


def fn(c: FunctionCompiler, node: nodes.Fn) -> None:
    _function(c, node, node.name)
    _define(c, node)
    registrations(c, node)


def _function(c: FunctionCompiler, node: nodes.Fn, name: str, flags: tuple[str, ...] = ()) -> None:
    opaque = frozenset(param.name for param in node.type_params)
    make_function(c, node, name, node.params, plain(node.body), flags=flags, type_params=opaque)


def _define(c: FunctionCompiler, node: Any) -> None:
    """Pop a declaration's value into its name."""
    binding = c.names.declared[id(node)][0]
    c.asm.at(node.span)
    if binding is not None and binding.function is None:
        c.asm.emit("DEFINE_MODULE", binding.slot, binding.name)
    else:
        bind(c, node)


def struct(c: FunctionCompiler, node: nodes.Struct) -> None:
    fields = tuple(dict.fromkeys(field.name for field in node.fields))
    c.asm.emit("STRUCT_TYPE", node.name, fields)
    _define(c, node)


def enum(c: FunctionCompiler, node: nodes.Enum) -> None:
    variants = {v.name: tuple(param.name for param in v.params) for v in node.variants}
    c.asm.emit("ENUM_TYPE", node.name, tuple(variants.items()))
    _define(c, node)


def alias(c: FunctionCompiler, node: nodes.TypeAlias | nodes.Interface) -> None:
    """A module's aliases are variables, for those who import them; in the file itself each use writes the alias out."""
    if id(node) in c.names.declared:
        push(c, schema(nodes.NamedType(node.name), c.module.aliases))
        _define(c, node)


def impl(c: FunctionCompiler, node: nodes.Impl) -> None:
    """Methods belong to the type; whoever has a value of it finds them."""
    binding = c.names.uses.get(id(node))
    if binding is None:
        c.asm.emit("LOOKUP_FN", node.type_name)
    else:
        load(c, binding)
    for method in node.methods:
        opaque = frozenset(param.name for param in method.type_params)
        name = f"{node.type_name}.{method.name}"
        make_function(c, method, name, method.params, plain(method.body), flags=("method",), type_params=opaque)
        c.asm.at(method.span)
        c.asm.emit("METHOD", method.name)
    c.asm.emit("POP")


# --------------------------------------------------------------------------------------------- tools, skills, eval packs


def builtin_call(c: FunctionCompiler, key: str, count: int, what: str, span: Span) -> None:
    """Call a builtin that a declaration stands for."""
    if not known(key):
        c.module.fault("C004", f"{what} are not available in this build", span)
        key = "println"
    c.asm.at(span)
    c.asm.emit("CALL_BUILTIN", key, count)


def tool(c: FunctionCompiler, node: nodes.Tool) -> None:
    """``tool_define(tool_registry(), name, description, {handler, parameters, returns})``, bound to the name."""
    asm = c.asm
    builtin_call(c, "tool_registry", 0, "tools", node.span)
    asm.emit("CONST", node.name)
    asm.emit("CONST", node.description or "")
    params = {param.name: param for param in node.params}
    for param in params.values():
        parameter_schema(c, param)
    asm.emit("DICT", tuple(params))
    make_function(c, node, node.name, node.params, valued(node.body))
    keys = ["parameters", "handler"]
    if node.result is not None and parameter_schema(c, node.result):
        keys.append("returns")
    asm.emit("DICT", tuple(keys))
    builtin_call(c, "tool_define", 4, "tools", node.span)
    _define(c, node)


def skill(c: FunctionCompiler, node: nodes.Skill) -> None:
    """``skill_define(skill_registry(), name, {fields})``, bound to the name."""
    builtin_call(c, "skill_registry", 0, "skills", node.span)
    c.asm.emit("CONST", node.name)
    fields = {field.name: field.value for field in node.fields}
    for value in fields.values():
        c.value(value)
    c.asm.emit("DICT", tuple(fields))
    builtin_call(c, "skill_define", 3, "skills", node.span)
    _define(c, node)


def eval_pack(c: FunctionCompiler, node: nodes.EvalPack) -> None:
    """``eval_pack_manifest({fields})``, bound to the name; where the pack is a statement its body then runs in place."""
    fields: dict[str, Any] = {"version": 1, "id": node.id}
    fields.update((field.name, field.value) for field in node.fields)
    for value in fields.values():
        if isinstance(value, (int, str)):
            c.asm.emit("CONST", value)
        else:
            c.value(value)
    c.asm.emit("DICT", tuple(fields))
    builtin_call(c, "eval_pack_manifest", 1, "eval packs", node.span)
    visible = c.names.declared[id(node)][1:]
    if not visible:
        _define(c, node)
        return
    pack = c.temporary()
    c.asm.emit("LOAD", pack)
    _define(c, node)
    c.open()
    for place, binding in enumerate(visible, 1):
        if binding is not None:
            c.asm.emit("LOAD", pack)
            c.asm.emit("GET", binding.name)
            bind(c, node, place)
    c.statements(node.body, False)
    if node.summarize is not None:
        c.statements(node.summarize, False)
    c.close()
    c.asm.release(pack)
