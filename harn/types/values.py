"""Type values: what the checker computes with, how they print, and how they are built.

A type is one of the frozen records below. Two equal types are equal records; ``sure`` takes no part in that: a type that is not
sure was guessed (from the arms of a ``match``, say), and what contradicts it is told as a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Union

import attrs

if TYPE_CHECKING:
    from harn.types.declarations import Declared


@attrs.frozen(slots=True)
class Dynamic:
    """What the checker does not know; it fits everywhere and everything fits it."""


@attrs.frozen(slots=True)
class Unknown:
    """The type ``unknown``: fits nothing before it is tested. ``covered``: kinds that tests on the way here have ruled out."""

    covered: frozenset[str] = attrs.field(default=frozenset(), eq=False)


@attrs.frozen(slots=True)
class Named:
    """A type by name: a builtin kind, or with ``declared`` a struct, enum, interface or alias of the program.

    A list or dict that is ``made`` comes from a builtin: nobody declared what it may hold, so it fits as what it holds does.
    """

    name: str
    args: tuple[Type, ...] = ()
    declared: Declared | None = attrs.field(default=None, eq=False, repr=False)
    sure: bool = attrs.field(default=True, eq=False)
    made: bool = attrs.field(default=False, eq=False)


@attrs.frozen(slots=True)
class Variable:
    """A type parameter, inside the declaration that has it."""

    name: str


@attrs.frozen(slots=True)
class Literal:
    """The type of one string or int."""

    value: str | int
    sure: bool = attrs.field(default=True, eq=False)


@attrs.frozen(slots=True)
class OneOf:
    """A union. A ``soft`` one is told by a builtin that mostly gives one of them: it fits where any member fits."""

    members: tuple[Type, ...]
    soft: bool = attrs.field(default=False, eq=False)
    sure: bool = attrs.field(default=True, eq=False)


@attrs.frozen(slots=True)
class Field:
    """A field of a shape."""

    name: str
    type: Type
    optional: bool = False


@attrs.frozen(slots=True)
class Shape:
    """A dict whose fields are known."""

    fields: tuple[Field, ...]
    sure: bool = attrs.field(default=True, eq=False)

    def get(self, name: str) -> Field | None:
        """The field of a name."""
        for field in self.fields:
            if field.name == name:
                return field
        return None


@attrs.frozen(slots=True)
class Function:
    """A function type. ``least``: how many arguments it needs (None: all); ``rest``: whether it takes any number more."""

    params: tuple[Type, ...]
    result: Type
    least: int | None = attrs.field(default=None, eq=False)
    rest: bool = attrs.field(default=False, eq=False)
    sure: bool = attrs.field(default=True, eq=False)


Type = Union[Dynamic, Unknown, Named, Variable, Literal, OneOf, Shape, Function]  # noqa: UP007

DYNAMIC = Dynamic()
UNKNOWN = Unknown()
ANY = Named("any")
NEVER = Named("never")
NIL = Named("nil")
BOOL = Named("bool")
INT = Named("int")
FLOAT = Named("float")
STRING = Named("string")
LIST = Named("list")
DICT = Named("dict")
CLOSURE = Named("closure")

TESTED = ("int", "string", "float", "bool", "nil", "list", "dict", "closure", "bytes")
"""The kinds that a ``type_of`` test can tell, in the order in which missing ones are named."""


# --------------------------------------------------------------------------------------------- printing


def show(type: Type) -> str:
    """A type as a program would write it; ``_`` where it is not known."""
    if isinstance(type, (Named, Variable)):
        args = getattr(type, "args", ())
        return f"{type.name}<{', '.join(map(show, args))}>" if args else type.name
    if isinstance(type, Literal):
        return show_literal(type.value)
    if isinstance(type, OneOf):
        return " | ".join(map(show, type.members)) or "never"
    if isinstance(type, Shape):
        fields = (f"{f.name}{'?' if f.optional else ''}: {show(f.type)}" for f in type.fields)
        return "{" + ", ".join(fields) + "}"
    if isinstance(type, Function):
        return f"fn({', '.join(map(show, type.params))}) -> {show(type.result)}"
    return "unknown" if isinstance(type, Unknown) else "_"


def show_literal(value: str | int) -> str:
    """A literal as a program would write it."""
    return f'"{value}"' if isinstance(value, str) else str(value)


# --------------------------------------------------------------------------------------------- building


def union(types: Iterable[Type], *, soft: bool = False, sure: bool = True) -> Type:
    """The union of types: flat, without doubles and ``never``. Something not known makes the whole not known."""
    members: list[Type] = []
    for type in types:
        if isinstance(type, Dynamic):
            return DYNAMIC
        parts = type.members if isinstance(type, OneOf) else (type,)
        soft = soft or (isinstance(type, OneOf) and type.soft)
        for part in parts:
            if isinstance(part, Dynamic):
                return DYNAMIC
            if part == NEVER:
                continue
            if part not in members:
                members.append(part)
            elif isinstance(part, Unknown):
                kept = members[members.index(part)]
                assert isinstance(kept, Unknown)
                members[members.index(part)] = Unknown(kept.covered & part.covered)
    if not members:
        return NEVER
    return members[0] if len(members) == 1 else OneOf(tuple(members), soft, sure)


def members(type: Type) -> tuple[Type, ...]:
    """The members of a union, or the type itself."""
    return type.members if isinstance(type, OneOf) else (type,)


def rebuild(type: Type, change: Callable[[Type], Type]) -> Type:
    """A type with ``change`` applied to the types directly in it."""
    if isinstance(type, Named):
        return attrs.evolve(type, args=tuple(change(a) for a in type.args)) if type.args else type
    if isinstance(type, OneOf):
        return union((change(m) for m in type.members), soft=type.soft, sure=type.sure)
    if isinstance(type, Shape):
        return Shape(tuple(Field(f.name, change(f.type), f.optional) for f in type.fields), type.sure)
    if isinstance(type, Function):
        return attrs.evolve(type, params=tuple(change(p) for p in type.params), result=change(type.result))
    return type


def substitute(type: Type, bound: Mapping[str, Type]) -> Type:
    """A type with its parameters replaced."""
    if isinstance(type, Variable):
        return bound.get(type.name, type)
    if not bound or isinstance(type, (Dynamic, Unknown, Literal)):
        return type
    return rebuild(type, lambda part: substitute(part, bound))


def doubtful(type: Type) -> Type:
    """A type marked as guessed, with everything in it."""
    if isinstance(type, (Dynamic, Unknown, Variable)):
        return type
    changed: Any = rebuild(type, doubtful)
    return changed if isinstance(changed, (Dynamic, Unknown, Variable)) else attrs.evolve(changed, sure=False)


def made(type: Type) -> Type:
    """A type marked as that of a value which a builtin made, with everything in it."""
    if isinstance(type, Named):
        return attrs.evolve(type, args=tuple(map(made, type.args)), made=True) if type.args else type
    return rebuild(type, made) if isinstance(type, (OneOf, Shape)) else type


def certain(type: Type) -> bool:
    """Whether nothing in a type was guessed."""
    if isinstance(type, (Dynamic, Unknown, Variable)):
        return True
    if not type.sure:
        return False
    if isinstance(type, Named):
        return all(map(certain, type.args))
    if isinstance(type, OneOf):
        return not type.soft and all(map(certain, type.members))
    if isinstance(type, Shape):
        return all(certain(f.type) for f in type.fields)
    if isinstance(type, Function):
        return all(map(certain, type.params)) and certain(type.result)
    return True


def list_of(element: Type) -> Type:
    """``list<element>``, or ``list`` where the element is not known."""
    return LIST if isinstance(element, Dynamic) else Named("list", (element,))


def widened(type: Type) -> Type:
    """The kind of a literal; any other type as it is."""
    if isinstance(type, Literal):
        return STRING if isinstance(type.value, str) else INT
    return type
