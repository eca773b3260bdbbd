"""Annotations as type terms that can be checked when a function is called.

Only what a value's own kind tells is checked: the basic kinds, lists, dicts, sets and their elements, shapes, unions, literals,
function types. Structs, enums, interfaces, type parameters and names of other modules are left to the checker.
"""

from __future__ import annotations

from harn.catalog.signature import TypeTerm
from harn.syntax import nodes

BASIC = frozenset(("int", "float", "string", "bool", "list", "dict", "set", "nil", "closure", "bytes"))
"""Names of types whose values are told apart by their kind."""

_LARGEST = 500
"""Parts of a type, aliases written out. A larger one is not checked: aliases of aliases can double it at every step."""

Aliases = dict[str, nodes.TypeAlias]


def checkable(
    annotation: nodes.Type | None, aliases: Aliases, type_params: frozenset[str] = frozenset()
) -> TypeTerm | None:
    """The term of an annotation with aliases expanded, or None where there is nothing to check."""
    if annotation is None:
        return None
    try:
        return _Lowering(aliases).term(annotation, type_params)
    except _TooLarge:
        return None


class _TooLarge(Exception):
    """The type has more than ``_LARGEST`` parts."""


class _Lowering:
    """One annotation being lowered. ``open``: the aliases being expanded; one that leads to itself stands for any type."""

    def __init__(self, aliases: Aliases) -> None:
        self.aliases = aliases
        self.open: set[str] = set()
        self.parts = 0

    def term(self, node: nodes.Type, opaque: frozenset[str]) -> TypeTerm | None:
        """The term of a type, None for one that stands for anything. ``opaque``: type parameters in sight."""
        self.parts += 1
        if self.parts > _LARGEST:
            raise _TooLarge
        if isinstance(node, nodes.NamedType):
            return self.alias(node, opaque) if node.name in self.aliases else self.named(node, opaque)
        if isinstance(node, nodes.UnionType):
            members = [self.term(member, opaque) for member in node.members]
            return None if None in members else ("union", tuple(members))
        if isinstance(node, nodes.ShapeType):
            fields = [(f.name, self.term(f.type, opaque), f.optional) for f in node.fields]
            return None if any(term is None for _, term, _ in fields) else ("shape", tuple(fields))
        if isinstance(node, nodes.LiteralType):
            return ("literal", node.value)
        return ("name", "closure", ())

    def alias(self, node: nodes.NamedType, opaque: frozenset[str]) -> TypeTerm | None:
        """What an alias stands for; the parameters of a generic one stand for any type."""
        if node.name in opaque or node.name in self.open:
            return None
        alias = self.aliases[node.name]
        self.open.add(node.name)
        found = self.term(alias.type, opaque | {param.name for param in alias.type_params})
        self.open.discard(node.name)
        return found

    def named(self, node: nodes.NamedType, opaque: frozenset[str]) -> TypeTerm | None:
        """A type by its own name, with what its arguments add to the check."""
        name = node.name
        if name in opaque or name not in BASIC:
            return None
        if name == "list" and node.args:
            element = self.term(node.args[0], opaque)
            return ("name", "list", () if element is None else (element,))
        if name == "dict" and len(node.args) == 2:
            key, value = (self.term(argument, opaque) for argument in node.args)
            if key == ("name", "string", ()) and value is not None:
                return ("name", "dict", (key, value))
        return ("name", name, ())
