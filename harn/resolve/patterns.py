"""What patterns declare, and which expressions in the place of a pattern are patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from harn.resolve.bindings import Resolution
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.resolve.resolver import Resolver


def declare_pattern(resolver: Resolver, pattern: nodes.Pattern, kind: str, value: nodes.Expr | None = None) -> None:
    """The names of a ``let``, ``var`` or ``for``, in order; a default sees the names before it."""
    if isinstance(pattern, nodes.NamePattern):
        resolver.declare(pattern, pattern.name, kind, value=value)
    elif isinstance(pattern, nodes.PairPattern):
        resolver.declare(pattern, pattern.first, kind)
        resolver.declare(pattern, pattern.second, kind, place=1)
    elif isinstance(pattern, nodes.ListPattern):
        for item in pattern.items:
            if item.default is not None:
                resolver.operand(item.default)
            resolver.declare(item, item.name, kind)
    else:
        for field in pattern.fields:
            if field.default is not None:
                resolver.operand(field.default)
            resolver.declare(field, field.alias or field.key, kind)


class VariantPattern(NamedTuple):
    """``E.V`` (``args`` None: whatever the payload) or ``E.V(p, ...)``; ``enum`` None for ``Ok(p)`` and ``Err(p)``."""

    enum: nodes.Name | None
    variant: str
    args: tuple[Any, ...] | None


def variant_pattern(node: Any, names: Resolution) -> VariantPattern | None:
    """How an expression in a pattern's place reads as a variant of an enum, or None. Its names must be resolved."""
    if isinstance(node, nodes.Call):
        if node.callee.name in ("Ok", "Err") and id(node.callee) not in names.uses:
            return VariantPattern(None, node.callee.name, node.args)
        return None
    if not isinstance(node, (nodes.MethodCall, nodes.Property)) or node.optional:
        return None
    receiver = node.receiver
    if not isinstance(receiver, nodes.Name):
        return None
    binding = names.uses.get(id(receiver))
    if binding is None:
        if receiver.name != "Result":
            return None
    elif binding.origin.kind not in ("enum", "import"):
        return None
    return VariantPattern(receiver, node.name, node.args if isinstance(node, nodes.MethodCall) else None)


def declare_match_pattern(resolver: Resolver, pattern: Any, payload: bool = False) -> None:
    """The names an arm's pattern binds, and the uses in its expressions. ``payload``: inside a variant's parentheses."""
    if isinstance(pattern, nodes.Name):
        resolver.declare(pattern, pattern.name, "match")
    elif isinstance(pattern, nodes.OrPattern):
        for alternative in pattern.alternatives:
            if not isinstance(alternative, nodes.Name):
                resolver.operand(alternative)
    elif isinstance(pattern, nodes.ListLiteral):
        for item in pattern.items:
            _element(resolver, item.value if isinstance(item, nodes.Spread) else item, payload)
    elif isinstance(pattern, nodes.DictLiteral):
        for entry in pattern.entries:
            if isinstance(entry, nodes.DictEntry) and entry.computed:
                resolver.operand(entry.key)
            _element(resolver, entry.value, payload)
    else:
        _variant_or_value(resolver, pattern)


def _element(resolver: Resolver, node: Any, payload: bool) -> None:
    """An element of a list or dict pattern: a name binds, inside a payload patterns nest, anything else is compared."""
    if isinstance(node, nodes.Name) or payload:
        declare_match_pattern(resolver, node, payload)
    else:
        resolver.operand(node)


def _variant_or_value(resolver: Resolver, node: Any) -> None:
    if isinstance(node, (nodes.MethodCall, nodes.Property)) and isinstance(node.receiver, nodes.Name):
        resolver.name(node.receiver)
    elif isinstance(node, nodes.Call):
        resolver.name(node.callee)
    pattern = variant_pattern(node, resolver.out)
    if pattern is None:
        resolver.operand(node)
        return
    for argument in pattern.args or ():
        declare_match_pattern(resolver, argument, payload=True)
