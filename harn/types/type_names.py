"""Names of types that nothing declares. Such a name fits everything, so a misspelt annotation checks nothing: a warning.

The check is generous: a type parameter counts in its whole file, and all is well in a file with an import that leads nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from harn.catalog.index import entry, names
from harn.catalog.signature import TypeTerm
from harn.resolve.tree import walk
from harn.source.spelling import nearest
from harn.syntax import nodes
from harn.types.annotations import KINDS, OTHER_NAMES

if TYPE_CHECKING:
    from harn.types.checker import Checker

_WRITTEN: dict[type, tuple[str, ...]] = {
    nodes.Call: ("type_args",),
    nodes.Param: ("type",),
    nodes.Closure: ("result",),
    nodes.Catch: ("type",),
    nodes.Let: ("type",),
    nodes.Fn: ("result",),
    nodes.Pipeline: ("result",),
    nodes.Tool: ("result",),
    nodes.StructField: ("type",),
    nodes.AssociatedType: ("default",),
    nodes.InterfaceMethod: ("result",),
    nodes.TypeAlias: ("type",),
}
"""Which fields of which nodes hold types as they are written."""


def check_type_names(c: Checker) -> None:
    """Warn of names in annotations that stand for no type."""
    if not c.resolved:
        return
    used: list[nodes.NamedType] = []
    parameters: set[str] = set()
    for node in walk(c.program):
        kind = node.__class__
        for field in _WRITTEN.get(kind, ()):
            written = getattr(node, field)
            if written is not None:
                used += _named(written)
        if kind is nodes.AssociatedType:
            parameters.add(node.name)
        for parameter in getattr(node, "type_params", ()):
            parameters.add(parameter.name)
    for type in used:
        name = type.name
        if name in KINDS or name in parameters or name in OTHER_NAMES or c.declarations.type(name) is not None:
            continue
        if name not in of_builtins():
            near = nearest(name, (*KINDS, *c.declarations.types, *parameters))
            help = f"did you mean `{near}`?" if near else "declare it with `type`, `struct`, `enum` or `interface`"
            c.warn("T030", f"unknown type `{name}`", type.span, "fits everything", help)


def _named(written: Any) -> Iterator[nodes.NamedType]:
    """The names in a type, or in several."""
    waiting = list(written) if isinstance(written, tuple) else [written]
    while waiting:
        type = waiting.pop()
        if isinstance(type, nodes.NamedType):
            yield type
            waiting += type.args
        elif isinstance(type, nodes.UnionType):
            waiting += type.members
        elif isinstance(type, nodes.ShapeType):
            waiting += (field.type for field in type.fields)
        elif isinstance(type, nodes.FnType):
            waiting += (*type.params, type.result)


@cache
def of_builtins() -> frozenset[str]:
    """The names of types in the signatures of builtins: ``channel`` and its like."""
    found: set[str] = {"unknown"}
    waiting: list[TypeTerm] = []
    for key in names():
        known = entry(key)
        if known is not None:
            waiting += (known.signature.result, *(parameter.type for parameter in known.signature.params))
    while waiting:
        term = waiting.pop()
        if term[0] == "name":
            found.add(term[1])
            waiting += term[2]
        elif term[0] == "union":
            waiting += term[1]
    return frozenset(found)
