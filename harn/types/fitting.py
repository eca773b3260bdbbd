"""Whether an expression fits a type. A literal that nobody else holds is measured part by part, not by its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.syntax import nodes
from harn.types.assignability import expand, fits
from harn.types.literals import entry_key
from harn.types.values import DYNAMIC, Named, OneOf, Shape, Type, substitute

if TYPE_CHECKING:
    from harn.types.checker import Checker


def value_fits(c: Checker, node: Any, actual: Type, target: Type) -> bool:
    """Whether an expression that was inferred to be ``actual`` may stand where ``target`` is expected."""
    if fits(actual, target):
        return True
    if not isinstance(node, _FRESH):
        return False
    opened = expand(target)
    if isinstance(opened, OneOf):
        return any(_fresh(c, node, member) for member in opened.members)
    return _fresh(c, node, opened)


_FRESH = (nodes.ListLiteral, nodes.DictLiteral, nodes.StructLiteral, nodes.Ternary)


def _part(c: Checker, node: Any, target: Type) -> bool:
    return value_fits(c, node, c.types.get(id(node), DYNAMIC), target)


def _fresh(c: Checker, node: Any, target: Type) -> bool:
    target = expand(target)
    if isinstance(node, nodes.Ternary):
        return _part(c, node.then, target) and _part(c, node.otherwise, target)
    if isinstance(node, nodes.ListLiteral):
        if not isinstance(target, Named) or target.name != "list" or not target.args:
            return fits(c.types.get(id(node), DYNAMIC), target)
        return all(_item(c, item, target.args[0]) for item in node.items)
    if isinstance(node, nodes.DictLiteral):
        return _dict(c, node, target)
    return _struct(c, node, target)


def _item(c: Checker, item: Any, target: Type) -> bool:
    if not isinstance(item, nodes.Spread):
        return _part(c, item, target)
    whole = expand(c.types.get(id(item.value), DYNAMIC))
    return not isinstance(whole, Named) or len(whole.args) != 1 or fits(whole.args[0], target)


def _dict(c: Checker, node: nodes.DictLiteral, target: Type) -> bool:
    shape = c.types.get(id(node), DYNAMIC)
    values = {entry_key(e): e.value for e in node.entries if isinstance(e, nodes.DictEntry)}
    if isinstance(target, Named) and target.name == "dict" and len(target.args) == 2:
        return all(_part(c, value, target.args[1]) for value in values.values())
    if not isinstance(target, Shape) or not isinstance(shape, Shape):
        return fits(shape, target)
    for field in target.fields:
        if field.optional:
            continue
        if field.name not in values or not _part(c, values[field.name], field.type):
            return False
    return True


def _struct(c: Checker, node: nodes.StructLiteral, target: Type) -> bool:
    declared = target.declared if isinstance(target, Named) else None
    if declared is None or declared.name != node.name or declared.kind != "struct":
        return False
    assert isinstance(target, Named)
    bound = dict(zip(declared.variables, target.args, strict=False))
    for entry in node.entries:
        if isinstance(entry, nodes.Spread):
            continue
        field = declared.fields().get(entry_key(entry) or "")
        if field is not None and not _part(c, entry.value, substitute(field[0], bound)):
            return False
    return True
