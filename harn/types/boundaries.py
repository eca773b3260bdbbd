"""Values from outside of the program: with ``--strict-types`` they are held against a schema before they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import entry
from harn.catalog.signature import ANY
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.types.checker import Checker

_OUTSIDE = frozenset(("llm.call", "net.http"))
"""Effects that bring values in; builtins that parse a text do so as well."""


def boundary(c: Checker, node: Any) -> str:
    """The builtin whose result an expression is, where that comes from outside and may be anything; else empty."""
    if not c.strict or not isinstance(node, nodes.Call) or c.scope.find(node.callee.name) is not None:
        return ""
    name = node.callee.name
    found = entry(name)
    if found is None or found.signature.result != ANY or c.declarations.function(name) is not None:
        return ""
    return name if found.effects & _OUTSIDE or found.key.endswith("_parse") else ""


def check_read(c: Checker, node: nodes.Property | nodes.Index) -> None:
    """Warn of a field or element of such a value."""
    receiver = node.receiver
    is_property = isinstance(node, nodes.Property)
    help = "hold it against a schema first: `schema_expect(value, Type)`"
    if isinstance(receiver, nodes.Name):
        local = c.local(receiver.name)
        if local is not None and local.boundary and local not in c.flow.validated:
            verb = "Accessing property" if is_property else "Subscript access"
            message = f"{verb} on unvalidated value '{local.name}' from `{local.boundary}`"
            c.warn("T028", message, node.span, "not checked before", help)
        return
    name = boundary(c, receiver)
    if name:
        what = "property" if is_property else "subscript"
        c.warn("T028", f"Direct {what} access on unvalidated `{name}()` result", node.span, "not checked before", help)
