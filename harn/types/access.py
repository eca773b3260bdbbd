"""Names, properties, elements and slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.source.spelling import nearest
from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.boundaries import check_read
from harn.types.declarations import Callable, Declared
from harn.types.scope import Local, Path, Place
from harn.types.values import (
    DYNAMIC,
    NIL,
    STRING,
    Dynamic,
    Named,
    OneOf,
    Shape,
    Type,
    doubtful,
    substitute,
    union,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker


def name(c: Checker, node: nodes.Name) -> Type:
    """A variable, or a function as a value."""
    found = c.scope.find(node.name)
    if isinstance(found, Local):
        return c.flow.type(found)
    function = found if isinstance(found, Callable) else c.declarations.function(node.name)
    if function is not None and function.form == "fn" and not function.variables:
        return function.type()
    return DYNAMIC


def property(c: Checker, node: nodes.Property) -> Type:
    """``x.f``, or a variant of an enum without a payload."""
    variant = enum_named(c, node.receiver)
    if variant is not None:
        from harn.types.structs import enum_value

        return enum_value(c, variant, node.name, (), node)
    if c.strict:
        check_read(c, node)
    receiver = c.infer(node.receiver)
    found = _found_out(c, node)
    if found is not None:
        return found
    _undeclared(c, node, receiver)
    return DYNAMIC if node.optional else field_type(receiver, node.name)


def _undeclared(c: Checker, node: nodes.Property, receiver: Type) -> None:
    """Warn of a field that a struct does not declare: it reads as nil."""
    opened = expand(receiver)
    declared = opened.declared if isinstance(opened, Named) else None
    if declared is None or declared.kind != "struct" or node.name in declared.fields() or node.name in declared.methods:
        return
    near = nearest(node.name, declared.fields())
    help = f"did you mean `{near}`?" if near else ""
    c.warn("T017", f"Unknown field '{node.name}' in struct '{declared.name}'", node.span, "reads as nil", help)


def place_of(c: Checker, node: object) -> Place | None:
    """The variable, or the field of a variable, that an expression reads; None for any other expression."""
    names: list[str] = []
    while not isinstance(node, nodes.Name):
        if isinstance(node, nodes.Property):
            names.append(node.name)
        elif isinstance(node, nodes.Index) and isinstance(node.index, nodes.StringLiteral):
            names.append(node.index.value)
        else:
            return None
        node = node.receiver
    local = c.local(node.name)
    return Path(local, tuple(reversed(names))) if local is not None and names else local


def place_type(c: Checker, place: Place) -> Type:
    """The type of a place here; where a field is read, what holds it is not nil."""
    if not isinstance(place, Path):
        return c.flow.type(place)
    type = c.flow.type(place.local)
    for number, name in enumerate(place.names, 1):
        found = c.flow.paths.get(Path(place.local, place.names[:number]))
        if found is None:
            opened = expand(type)
            held = union(m for m in opened.members if m != NIL) if isinstance(opened, OneOf) else opened
            found = field_type(held, name)
        type = found
    return type


def _found_out(c: Checker, node: nodes.Property | nodes.Index) -> Type | None:
    """What conditions have said of a field."""
    if not c.flow.paths:
        return None
    place = place_of(c, node)
    return c.flow.paths.get(place) if isinstance(place, Path) else None


def narrowed_field(c: Checker, node: object) -> bool:
    """Whether the type of an expression rests on a condition about a field."""
    return isinstance(node, (nodes.Property, nodes.Index)) and _found_out(c, node) is not None


def field_type(receiver: Type, name: str) -> Type:
    """The type of a property of a value; not known where the checker cannot tell."""
    opened = expand(receiver)
    if isinstance(opened, Shape):
        field = opened.get(name)
        return DYNAMIC if field is None else field.type
    if isinstance(opened, OneOf):
        found = [field_type(m, name) for m in opened.members]
        return DYNAMIC if any(isinstance(f, Dynamic) for f in found) else union(found)
    if isinstance(opened, Named):
        if opened.declared is not None:
            return _declared_field(opened, opened.declared, name)
        if opened.name == "pair" and len(opened.args) == 2 and name in ("first", "second"):
            return opened.args[name == "second"]
    return DYNAMIC


def _declared_field(type: Named, declared: Declared, name: str) -> Type:
    if declared.kind == "enum":
        return STRING if name == "variant" else DYNAMIC
    if declared.kind == "struct":
        field = declared.fields().get(name)
        if field is not None and not field[1] and len(type.args) == len(declared.variables):
            return doubtful(substitute(field[0], dict(zip(declared.variables, type.args, strict=True))))
    return DYNAMIC


def enum_named(c: Checker, node: object) -> Declared | None:
    """The enum that a bare name stands for."""
    if isinstance(node, nodes.Name) and c.scope.find(node.name) is None:
        return c.type_declared(node.name, "enum")
    return None


def index(c: Checker, node: nodes.Index) -> Type:
    """``x[i]``"""
    if c.strict:
        check_read(c, node)
    receiver = expand(c.infer(node.receiver))
    c.infer(node.index)
    found = _found_out(c, node)
    if found is not None:
        return found
    if node.optional:
        return DYNAMIC
    if isinstance(receiver, Named) and receiver.declared is None:
        if receiver.name == "list" and receiver.args:
            return receiver.args[0]
        if receiver.name == "string":
            return STRING
        if receiver.name == "dict" and len(receiver.args) == 2:
            return receiver.args[1]
    if isinstance(receiver, Shape) and isinstance(node.index, nodes.StringLiteral):
        return field_type(receiver, node.index.value)
    return DYNAMIC


def slice(c: Checker, node: nodes.Slice) -> Type:
    """``x[a:b]``"""
    receiver = c.infer(node.receiver)
    for bound in (node.start, node.end):
        if bound is not None:
            c.infer(bound)
    opened = expand(receiver)
    return receiver if isinstance(opened, Named) and opened.name in ("list", "string", "bytes") else DYNAMIC
