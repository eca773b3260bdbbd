"""From written types to type values: annotations of a program, and the terms of builtin signatures."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from harn.catalog.signature import TypeTerm
from harn.syntax import nodes
from harn.types.values import (
    DYNAMIC,
    FLOAT,
    INT,
    UNKNOWN,
    Field,
    Function,
    Literal,
    Named,
    OneOf,
    Shape,
    Type,
    Variable,
    union,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.declarations import Declarations

KINDS = frozenset(
    (
        "int float string bool nil bytes list dict set range iter pair duration closure any never "
        "Stream Generator Result Schema"
    ).split()
)
"""The names whose values the checker can tell apart. Any other name without a declaration is not known to it."""

OTHER_NAMES = {"Pair": "pair", "Iter": "iter", "Set": "set", "generator": "Generator", "stream": "Stream"}
"""Further spellings of some of them."""


def annotation(node: nodes.Type | None, home: Declarations, variables: tuple[str, ...] = ()) -> Type:
    """The type that is written; not known where none is. ``variables``: type parameters in whose reach it stands."""
    if node is None:
        return DYNAMIC
    if isinstance(node, nodes.NamedType):
        return _named(node, home, variables)
    if isinstance(node, nodes.UnionType):
        return OneOf(tuple(annotation(m, home, variables) for m in node.members))
    if isinstance(node, nodes.ShapeType):
        return Shape(tuple(Field(f.name, annotation(f.type, home, variables), f.optional) for f in node.fields))
    if isinstance(node, nodes.FnType):
        params = tuple(annotation(p, home, variables) for p in node.params)
        return Function(params, annotation(node.result, home, variables))
    return Literal(node.value)


def _named(node: nodes.NamedType, home: Declarations, variables: tuple[str, ...]) -> Type:
    name = node.name
    if name in variables:
        return Variable(name)
    if name == "unknown":
        return UNKNOWN
    args = tuple(annotation(a, home, variables) for a in node.args)
    declared = home.type(name)
    if declared is not None:
        return Named(name, args, declared)
    # An unknown name keeps its text for messages, and fits everything.
    return Named(OTHER_NAMES.get(name, name), args)


@lru_cache(maxsize=2048)
def term(found: TypeTerm, variables: frozenset[str] = frozenset()) -> Type:
    """The type of a term of a signature. ``number`` is an int or a float, and a union is soft: see ``OneOf``."""
    tag = found[0]
    if tag == "name":
        name = found[1]
        if name in variables:
            return Variable(name)
        if name == "unknown":
            return UNKNOWN
        if name == "any":
            return DYNAMIC
        if name == "number":
            return OneOf((INT, FLOAT), soft=True)
        args = tuple(term(a, variables) for a in found[2])
        if any(a == DYNAMIC for a in args) and name in ("list", "set", "iter", "dict"):
            args = ()
        return Named(OTHER_NAMES.get(str(name), str(name)), args)
    if tag == "union":
        return union((term(m, variables) for m in found[1]), soft=True)
    if tag == "shape":
        return Shape(tuple(Field(n, term(t, variables), o) for n, t, o in found[1]))
    if tag == "fn":
        return Function(tuple(term(p, variables) for p in found[1]), term(found[2], variables))
    return Literal(found[1])
