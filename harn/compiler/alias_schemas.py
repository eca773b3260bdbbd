"""Types as schemas: what ``schema_of(Alias)`` gives, and an alias wherever a value is expected.

Aliases are written out. One that leads to itself stands under ``definitions`` in the schema and is referred to from there; so
do all aliases of a type that would grow too large, since aliases of aliases can double it at every step.

A part without a schema (any, a type parameter, a struct, an enum, an interface) is ``{}``, which every value fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from harn.compiler.types import BASIC, Aliases
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler
    from harn.resolve.bindings import Binding

_LARGEST = 500
"""Parts of a schema with its aliases written out."""

_PLAIN = BASIC | {"duration", "range"}
"""Names of types that are a kind of their own."""

TYPE_WORDS = _PLAIN | {"any", "unknown"}
"""Names of types that stand for themselves where a builtin expects a schema."""

_MEMBERS = (nodes.UnionType, nodes.LiteralType)
"""What a member of a union may stand for to be written out as members."""

Types = dict[str, nodes.Type]
"""What the type parameters of an alias stand for."""


def alias_schema(c: FunctionCompiler, name: str) -> None:
    """Push the schema of an alias of the file."""
    push(c, schema(nodes.NamedType(name), c.module.aliases))


def type_schema(c: FunctionCompiler, name: str) -> bool:
    """Push the schema of a type that a name stands for which means nothing else; False where it is no type."""
    if name in c.module.aliases or name in TYPE_WORDS or name in c.module.type_names:
        push(c, schema(nodes.NamedType(name), c.module.aliases))
        return True
    return False


def schema(node: nodes.Type, aliases: Aliases) -> Any:
    """The schema of a type: dicts, lists and constants, with a NamedType for each name that is no alias of the file."""
    recursive = {name for name in aliases if _reaches(name, aliases)}
    try:
        return _Lowering(aliases, recursive).root(node)
    except _TooLarge:
        return _Lowering(aliases, set(aliases), 0).root(node)


def _reaches(name: str, aliases: Aliases) -> bool:
    """Whether an alias leads to itself."""
    seen: set[str] = set()
    waiting = list(_named(aliases[name].type))
    while waiting:
        found = waiting.pop()
        if found == name:
            return True
        if found in aliases and found not in seen:
            seen.add(found)
            waiting += _named(aliases[found].type)
    return False


def _named(node: nodes.Type) -> Iterator[str]:
    """The names of types in a type."""
    waiting: list[nodes.Type] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, nodes.NamedType):
            yield one.name
            waiting += one.args
        elif isinstance(one, nodes.UnionType):
            waiting += one.members
        elif isinstance(one, nodes.ShapeType):
            waiting += (field.type for field in one.fields)


class _TooLarge(Exception):
    """The schema has more than ``_LARGEST`` parts."""


class _Lowering:
    """One type being lowered. ``apart``: aliases that stand under ``definitions``, those used so far in ``definitions``."""

    def __init__(self, aliases: Aliases, apart: set[str], most: int = _LARGEST) -> None:
        self.aliases = aliases
        self.apart = apart
        self.most = most
        self.parts = 0
        self.definitions: dict[str, Any] = {}
        self.waiting: list[str] = []

    def root(self, node: nodes.Type) -> Any:
        """The whole schema. An alias that leads to itself is written out at the root, and once more to be referred to."""
        name = node.name if isinstance(node, nodes.NamedType) else ""
        body = self.aliases[name].type if name in self.aliases else node
        found = self.term(body, self.unknown(name))
        while self.waiting:
            name = self.waiting.pop()
            self.definitions[name] = self.term(self.aliases[name].type, self.unknown(name))
        return {**found, "definitions": self.definitions} if self.definitions else found

    def unknown(self, name: str) -> Types:
        """Parameters of an alias that stand for any type."""
        alias = self.aliases.get(name)
        return {param.name: nodes.NamedType("any") for param in alias.type_params} if alias is not None else {}

    def term(self, node: nodes.Type, given: Types) -> Any:
        self.parts += 1
        if self.most and self.parts > self.most:
            raise _TooLarge
        if isinstance(node, nodes.NamedType):
            return self.named(node, given)
        if isinstance(node, nodes.UnionType):
            return self.union(node, given)
        if isinstance(node, nodes.LiteralType):
            return {"const": node.value, "type": _kind(node.value)}
        if isinstance(node, nodes.ShapeType):
            fields = {field.name: field for field in node.fields}
            required = [field.name for field in fields.values() if not field.optional]
            found = {"type": "dict", "properties": {name: self.term(f.type, given) for name, f in fields.items()}}
            return {**found, "required": required} if required else found
        return {"type": "closure"}

    def union(self, node: nodes.UnionType, given: Types) -> dict[str, Any]:
        """Literals of one kind as ``enum``, anything else as ``union``; members that are unions themselves are spread."""
        members = list(self.members(node, given))
        values = [m.value for m, _ in members if isinstance(m, nodes.LiteralType)]
        if len(values) == len(members) and len({_kind(value) for value in values}) == 1:
            return {"enum": values, "type": _kind(values[0])}
        return {"union": [self.term(member, inner) for member, inner in members]}

    def members(self, node: nodes.UnionType, given: Types) -> Iterator[tuple[nodes.Type, Types]]:
        for member in node.members:
            alias = self.aliases.get(member.name) if isinstance(member, nodes.NamedType) else None
            plain = alias is not None and not alias.type_params and alias.name not in self.apart
            if plain and alias is not None and alias.name not in given and isinstance(alias.type, _MEMBERS):
                yield from (
                    self.members(alias.type, {}) if isinstance(alias.type, nodes.UnionType) else ((alias.type, {}),)
                )
            else:
                yield member, given

    def named(self, node: nodes.NamedType, given: Types) -> Any:
        name = node.name
        if name in given:
            return self.term(given[name], {})
        if name in self.aliases:
            return self.alias(node, given)
        if name == "list" and node.args:
            return {"type": "list", "items": self.term(node.args[0], given)}
        if name == "dict" and len(node.args) == 2 and _is_text(node.args[0]):
            return {"type": "dict", "additional_properties": self.term(node.args[1], given)}
        if name in _PLAIN:
            return {"type": name}
        return node

    def alias(self, node: nodes.NamedType, given: Types) -> Any:
        name = node.name
        if name in self.apart:
            if name not in self.definitions:
                self.definitions[name] = {}
                self.waiting.append(name)
            return {"$ref": f"#/definitions/{name}"}
        alias = self.aliases[name]
        inner = self.unknown(name)
        if len(node.args) == len(alias.type_params):
            inner = {p.name: _filled(a, given) for p, a in zip(alias.type_params, node.args, strict=True)}
        return self.term(alias.type, inner)


def _is_text(node: nodes.Type) -> bool:
    return isinstance(node, nodes.NamedType) and node.name == "string"


def _kind(value: str | int) -> str:
    return "string" if isinstance(value, str) else "int"


def _filled(node: nodes.Type, given: Types) -> nodes.Type:
    """A type with what its parameters stand for in their places."""
    if not given:
        return node
    if isinstance(node, nodes.NamedType):
        if node.name in given:
            return given[node.name]
        return nodes.NamedType(node.name, tuple(_filled(arg, given) for arg in node.args))
    if isinstance(node, nodes.UnionType):
        return nodes.UnionType(tuple(_filled(member, given) for member in node.members))
    if isinstance(node, nodes.ShapeType):
        fields = (nodes.ShapeField(f.name, _filled(f.type, given), f.optional) for f in node.fields)
        return nodes.ShapeType(tuple(fields))
    return node


# ---------------------------------------------------------------------------------------------------------- code


def push(c: FunctionCompiler, value: Any) -> None:
    """Push a schema. What a name imported from elsewhere stands for is known only when the program runs."""
    if isinstance(value, nodes.NamedType):
        _push_named(c, value)
    elif isinstance(value, dict):
        for part in value.values():
            push(c, part)
        c.asm.emit("DICT", tuple(value))
    elif isinstance(value, list):
        for part in value:
            push(c, part)
        c.asm.emit("LIST", len(value))
    else:
        c.asm.emit("CONST", value)


def _push_named(c: FunctionCompiler, node: nodes.NamedType) -> None:
    """The schema of an imported alias, else ``{}``; so too in a circle of imports, where the alias is not there yet."""
    binding: Binding | None = c.names.module.get(node.name)
    asm = c.asm
    if binding is None or binding.kind != "import":
        asm.emit("DICT", ())
        return
    start, end, caught, done = asm.label(), asm.label(), asm.label(), asm.label()
    asm.mark(start)
    asm.emit("LOAD_MODULE", binding.slot, binding.name)
    asm.emit("CALL_BUILTIN", "schema_of", 1)
    asm.emit("JUMP", done)
    asm.mark(end)
    asm.handler(start, end, caught)
    asm.mark(caught)
    asm.emit("POP")
    asm.emit("DICT", ())
    asm.mark(done)
