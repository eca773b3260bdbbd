"""Whether an expression fits a type. A literal that nobody else holds is measured part by part, not by its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.source.diagnostic import ERROR, WARNING
from harn.syntax import nodes
from harn.types.assignability import expand, fits, optional_faults
from harn.types.literals import entry_key
from harn.types.values import DYNAMIC, Literal, Named, OneOf, Shape, Type, members, substitute

if TYPE_CHECKING:
    from harn.types.checker import Checker


def misfit(c: Checker, node: Any, actual: Type, target: Type) -> tuple[Type, str] | None:
    """How an expression misses a type: what it is, and the severity. None where it fits.

    What the language itself does not compare is a warning: optional fields of shapes, and which literal of a union a text is.
    """
    if not value_fits(c, node, actual, target):
        return actual, ERROR
    literal = literal_outside(node, target)
    if literal is not None:
        return literal, WARNING
    return (actual, WARNING) if optional_faults(actual, target) else None


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


def literal_outside(node: Any, target: Type) -> Literal | None:
    """The literal that an expression is, where only other ones are expected. By its type any text fits a union of texts."""
    if not isinstance(node, (nodes.StringLiteral, nodes.IntLiteral)):
        return None
    literal = Literal(node.value)
    wanted = members(expand(target))
    if any(isinstance(member, Literal) for member in wanted) and not any(fits(literal, member) for member in wanted):
        return literal
    return None


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
