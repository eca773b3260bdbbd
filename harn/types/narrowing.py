"""What a condition says of the variables in it, where it holds and where it does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from harn.syntax import nodes
from harn.types.access import place_of, place_type
from harn.types.assignability import expand, fits
from harn.types.declarations import Declared
from harn.types.scope import Place, join
from harn.types.values import (
    NEVER,
    NIL,
    TESTED,
    Dynamic,
    Field,
    Literal,
    Named,
    OneOf,
    Shape,
    Type,
    Unknown,
    doubtful,
    members,
    union,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker


def assume(c: Checker, node: Any, holds: bool) -> None:
    """Take a condition to hold, or not to, from here on."""
    if isinstance(node, nodes.Unary) and node.op == "!":
        assume(c, node.operand, not holds)
    elif isinstance(node, nodes.Binary) and node.op in ("&&", "||"):
        _logical(c, node, holds)
    elif isinstance(node, nodes.Binary) and node.op in ("==", "!="):
        _equal(c, node, holds is (node.op == "=="))
    elif isinstance(node, (nodes.Name, nodes.Property, nodes.Index)):
        _truthy(c, node, holds)
    elif isinstance(node, nodes.MethodCall):
        _has(c, node, holds)
    elif isinstance(node, nodes.Call) and node.callee.name in ("schema_is", "is_type"):
        _schema(c, node, holds)


def _logical(c: Checker, node: nodes.Binary, holds: bool) -> None:
    """Both sides where ``&&`` holds or ``||`` does not; else either way there may have been."""
    both = holds is (node.op == "&&")
    if both:
        assume(c, node.left, holds)
        assume(c, node.right, holds)
        return
    before = c.flow
    c.flow = before.copy()
    assume(c, node.left, holds)
    left = c.flow
    c.flow = before.copy()
    assume(c, node.left, not holds)
    assume(c, node.right, holds)
    c.flow = join(left, c.flow)


# --------------------------------------------------------------------------------------------- what a test is about


def narrow(c: Checker, place: Place, type: Type) -> None:
    """A variable or field has a type from here on."""
    c.flow.narrow(place, type)


def _subject(c: Checker, node: Any) -> tuple[Place, Type] | None:
    """The variable or field a test is about, with its type as it is now."""
    place = place_of(c, node)
    if place is None:
        return None
    type = place_type(c, place)
    return None if isinstance(type, Dynamic) else (place, type)


def _reached(c: Checker, node: Any) -> None:
    """The value of an expression is not nil: then whatever stands before a ``?.`` in it is not, either."""
    while isinstance(node, (nodes.Property, nodes.Index)):
        if node.optional:
            _without_nil(c, node.receiver)
        node = node.receiver


def _without_nil(c: Checker, node: Any) -> None:
    found = _subject(c, node)
    if found is None or isinstance(found[1], Unknown) or found[1] == Named("any"):
        return
    place, type = found
    rest = keep(type, lambda m: m != NIL)
    if rest != type:
        narrow(c, place, rest)


def keep(type: Type, wanted: Callable[[Type], bool]) -> Type:
    """The members of a type for which something holds; ``never`` where it is none. A type that stays whole stays as written."""
    opened = expand(type)
    if isinstance(opened, Dynamic):
        return opened
    kept = [m for m in members(opened) if wanted(m)]
    if len(kept) == len(members(opened)):
        return type
    if isinstance(opened, OneOf):
        return union(kept, soft=opened.soft and len(kept) > 1, sure=opened.sure)
    return NEVER


def _truthy(c: Checker, node: Any, holds: bool) -> None:
    """A bare name or field: true rules nil out. False says nil of a variable where that is a member, which is how programs ask
    for it.
    """
    if holds:
        _reached(c, node)
        _without_nil(c, node)
        return
    found = _subject(c, node)
    if found is None or not isinstance(node, nodes.Name):
        return
    opened = expand(found[1])
    if isinstance(opened, OneOf) and NIL in opened.members:
        narrow(c, found[0], NIL)


# --------------------------------------------------------------------------------------------- == and !=


def _equal(c: Checker, node: nodes.Binary, equal: bool) -> None:
    left, right = node.left, node.right
    for tested, other in ((left, right), (right, left)):
        if isinstance(other, nodes.NilLiteral):
            _nil(c, tested, equal)
        elif isinstance(other, nodes.StringLiteral) and isinstance(tested, nodes.Call) and _is_type_of(tested):
            _kind(c, tested.args[0], other.value, equal)
        elif isinstance(other, (nodes.StringLiteral, nodes.IntLiteral)):
            if equal:
                _reached(c, tested)
            tag = tag_access(tested)
            if tag is not None:
                _tagged(c, tag[0], tag[1], other.value, equal)
            _literal(c, tested, other.value, equal)
        else:
            continue
        return


def _is_type_of(node: nodes.Call) -> bool:
    return node.callee.name == "type_of" and len(node.args) == 1


def _nil(c: Checker, node: Any, equal: bool) -> None:
    if not equal:
        _reached(c, node)
        _without_nil(c, node)
        return
    found = _subject(c, node)
    if found is None or _may_lack(node):
        return
    opened = expand(found[1])
    if isinstance(opened, OneOf):
        if NIL in opened.members:
            narrow(c, found[0], NIL)
    elif found[0] in c.flow.types and kind_of(opened) not in (None, "nil"):
        narrow(c, found[0], NEVER)  # what was assigned last rules nil out


def _may_lack(node: Any) -> bool:
    """Whether an expression may be nil because something before a ``?.`` is."""
    while isinstance(node, (nodes.Property, nodes.Index)):
        if node.optional:
            return True
        node = node.receiver
    return False


def _kind(c: Checker, node: Any, kind: str, equal: bool) -> None:
    """``type_of(x) == kind``."""
    if equal and kind != "nil":
        _reached(c, node)
    found = _subject(c, node)
    if found is None or kind not in TESTED or (_may_lack(node) and not equal):
        return
    local, type = found
    if isinstance(type, Unknown):
        narrow(c, local, Named(kind) if equal else Unknown(type.covered | {kind}))
        return
    opened = expand(type)
    if not isinstance(opened, OneOf):
        if kind_of(opened) is not None and (kind_of(opened) == kind) is not equal:
            narrow(c, local, NEVER)  # what was assigned last rules it out
        return
    if any(kind_of(m) is None for m in opened.members):
        rest = [m for m in opened.members if (kind_of(m) in (None, kind) if equal else kind_of(m) != kind)]
        narrow(c, local, doubtful(union(rest)))
        return
    narrow(c, local, keep(type, lambda m: (kind_of(m) == kind) is equal))


_PLAIN = frozenset(("int", "string", "float", "bool", "nil", "list", "dict", "closure", "bytes", "set", "range", "iter",
                    "pair", "duration"))  # fmt: skip


def kind_of(type: Type) -> str | None:
    """The word ``type_of`` has for values of a type; None where that is not known. A float may be an int there."""
    if isinstance(type, Literal):
        return "string" if isinstance(type.value, str) else "int"
    if isinstance(type, Shape):
        return "dict"
    if isinstance(type, Named):
        if type.declared is not None:
            return {"struct": "struct", "enum": "enum", "interface": "struct"}.get(type.declared.kind)
        if type.name in _PLAIN:
            return type.name
        return {"Result": "enum", "Stream": "stream", "Generator": "generator"}.get(type.name)
    return "closure" if type.__class__.__name__ == "Function" else None


def _literal(c: Checker, node: Any, value: str | int, equal: bool) -> None:
    """``x == "a"`` on a union with literals."""
    found = _subject(c, node)
    if found is None or (_may_lack(node) and not equal):
        return
    local, type = found
    opened = expand(type)
    literal = Literal(value)
    if literal not in members(opened):
        return
    if equal:
        if all(isinstance(m, Literal) or m == NIL for m in members(opened)):
            narrow(c, local, doubtful(literal))
    elif all(m != Named(kind_of(literal) or "") for m in members(opened)):
        narrow(c, local, keep(type, lambda m: m != literal))


# --------------------------------------------------------------------------------------------- tagged shapes


def tag_access(node: Any) -> tuple[nodes.Name, str] | None:
    """``x.tag`` or ``x["tag"]`` as (x, tag)."""
    if isinstance(node, nodes.Property) and isinstance(node.receiver, nodes.Name):
        return node.receiver, node.name
    if (
        isinstance(node, nodes.Index)
        and isinstance(node.receiver, nodes.Name)
        and isinstance(node.index, nodes.StringLiteral)
    ):
        return node.receiver, node.index.value
    return None


def tag_values(type: Type, name: str) -> dict[str | int, Shape] | None:
    """The members of a tagged union by the literals of a field; None where ``name`` is not the tag of all its members."""
    opened = expand(type)
    found: dict[str | int, Shape] = {}
    for member in members(opened):
        shape = expand(member)
        field = shape.get(name) if isinstance(shape, Shape) else None
        literal = expand(field.type) if field is not None else None
        if field is None or field.optional or not isinstance(literal, Literal) or literal.value in found:
            return None
        assert isinstance(shape, Shape)
        found[literal.value] = shape
    return found


def _tagged(c: Checker, name: nodes.Name, tag: str, value: str | int, equal: bool) -> None:
    found = _subject(c, name)
    if found is None:
        return
    local, type = found
    shapes = tag_values(type, tag)
    if shapes is None or (equal and value not in shapes):
        return
    if equal:
        narrow(c, local, shapes[value])
    else:
        narrow(c, local, union(shape for key, shape in shapes.items() if key != value))


# --------------------------------------------------------------------------------------------- has, schema_is


def _has(c: Checker, node: nodes.MethodCall, holds: bool) -> None:
    """``x.has("f")``: an optional field is there."""
    if node.name != "has" or not holds or len(node.args) != 1 or not isinstance(node.args[0], nodes.StringLiteral):
        return
    found = _subject(c, node.receiver)
    if found is None:
        return
    local, type = found
    opened, name = expand(type), node.args[0].value
    if isinstance(opened, Shape) and opened.get(name) is not None:
        fields = tuple(Field(f.name, f.type, f.optional and f.name != name) for f in opened.fields)
        narrow(c, local, attrs.evolve(opened, fields=fields))


def _schema(c: Checker, node: nodes.Call, holds: bool) -> None:
    """``schema_is(x, S)``."""
    from harn.types.schemas import schema_type

    if len(node.args) != 2:
        return
    subject = node.args[0]
    local = c.local(subject.name) if isinstance(subject, nodes.Name) else None
    if local is not None and local.boundary and holds:
        c.flow.validated |= {local}
    found = _subject(c, subject)
    wanted = schema_type(c, node.args[1])
    if found is None or isinstance(wanted, Dynamic):
        return
    place, type = found
    if isinstance(type, Unknown):
        if holds:
            narrow(c, place, wanted)
        return
    opened = expand(type)
    if isinstance(opened, OneOf):
        meeting = [m for m in opened.members if fits(m, wanted)]
        if holds:
            narrow(c, place, union(meeting) if meeting else wanted)
        elif len(meeting) < len(opened.members):
            narrow(c, place, doubtful(union(m for m in opened.members if m not in meeting)))
    elif holds and not fits(type, wanted):
        narrow(c, place, wanted)


def enum_of(type: Type) -> Declared | None:
    """The declaration of an enum type."""
    opened = expand(type)
    if isinstance(opened, Named) and opened.declared is not None and opened.declared.kind == "enum":
        return opened.declared
    return None
