"""Type parameters: what arguments say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.kinds import meant
from harn.catalog.signature import Signature
from harn.syntax import nodes
from harn.types.annotations import term
from harn.types.assignability import alike, expand
from harn.types.elements import drawn
from harn.types.schemas import schema_type
from harn.types.values import (
    DYNAMIC,
    NEVER,
    Dynamic,
    Function,
    Named,
    OneOf,
    Shape,
    Type,
    Unknown,
    Variable,
    members,
    widened,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker

Conflict = tuple[str, Type, Type]


def bind(wanted: Type, actual: Type, free: set[str], bound: dict[str, Type]) -> Conflict | None:
    """Bind the parameters ``free`` that stand in ``wanted`` to what stands in their place in ``actual``.

    The first conflict, if there is one: (parameter, what it was, what it would be).
    """
    if isinstance(actual, Dynamic) or actual == NEVER or not free:
        return None
    if isinstance(wanted, Variable):
        return _bind_variable(wanted.name, actual, free, bound)
    if isinstance(wanted, (Named, OneOf, Shape, Function)) and not isinstance(actual, (Variable, Unknown)):
        return _bind_parts(wanted, actual, free, bound)
    return None


def _bind_variable(name: str, actual: Type, free: set[str], bound: dict[str, Type]) -> Conflict | None:
    if name not in free or isinstance(actual, Variable):
        return None
    known = bound.get(name)
    if known is None:
        bound[name] = widened(actual)
        return None
    if isinstance(known, Dynamic) or alike(known, actual):
        return None
    return name, known, actual


def _bind_parts(wanted: Type, actual: Type, free: set[str], bound: dict[str, Type]) -> Conflict | None:
    pairs: list[tuple[Type, Type]] = []
    if isinstance(wanted, OneOf):
        variables = [m for m in wanted.members if isinstance(m, Variable)]
        named = _of_the_same_name(wanted, actual)
        if named is not None:
            pairs = [(named, actual)]
        elif len(variables) == 1:
            rest = [m for m in members(expand(actual)) if m not in wanted.members]
            pairs = [(variables[0], rest[0])] if len(rest) == 1 else []
        return _all(pairs, free, bound)
    if isinstance(wanted, Named) and wanted.declared is not None and wanted.declared.kind == "alias":
        if isinstance(actual, Named) and actual.name == wanted.name:
            return _all(list(zip(wanted.args, actual.args, strict=False)), free, bound)
        wanted = expand(wanted)
    actual = expand(actual)
    if isinstance(wanted, Named) and wanted.name == "iterable" and wanted.declared is None:
        pairs = [(element, drawn(actual)) for element in wanted.args]
    elif isinstance(wanted, Named) and isinstance(actual, Named):
        if wanted.name == actual.name:
            pairs = list(zip(wanted.args, actual.args, strict=False))
    elif isinstance(wanted, Named) and isinstance(actual, Shape):
        if wanted.name == "dict" and len(wanted.args) == 2:
            pairs = [(wanted.args[1], field.type) for field in actual.fields]
    elif isinstance(wanted, Shape) and isinstance(actual, Shape):
        for field in wanted.fields:
            found = actual.get(field.name)
            if found is not None:
                pairs.append((field.type, found.type))
    elif isinstance(wanted, Function) and isinstance(actual, Function):
        pairs = [*zip(wanted.params, actual.params, strict=False), (wanted.result, actual.result)]
    return _all(pairs, free, bound)


def _of_the_same_name(wanted: OneOf, actual: Type) -> Type | None:
    """The member of a union that says more of a container of this name."""
    opened = expand(actual)
    if not isinstance(opened, Named):
        return None
    for member in wanted.members:
        if (
            isinstance(member, Named)
            and member.name == opened.name
            and any(isinstance(a, Variable) for a in member.args)
        ):
            return member
    return None


def _all(pairs: list[tuple[Type, Type]], free: set[str], bound: dict[str, Type]) -> Conflict | None:
    for wanted, actual in pairs:
        conflict = bind(wanted, actual, free, bound)
        if conflict is not None:
            return conflict
    return None


def bind_arguments(
    c: Checker, signature: Signature, args: tuple[Any, ...], types: list[Type], receiver: dict[str, Type]
) -> dict[str, Type]:
    """What the arguments of a call say of the type parameters of a builtin; ``receiver``: what a method's receiver says.

    What two arguments say differently is not known, nor what one of them leaves open. Of a function only the result counts: its
    parameters say what it takes, not what it will be given. A dict may hold more than the fields that its type names.
    """
    bound = dict(receiver)
    own = set(signature.type_params)
    if not own or any(isinstance(a, nodes.Spread) for a in args):
        return bound
    rest = signature.most < 0
    variables = frozenset(("T", "K", "V", *own)) if signature.receiver else frozenset(own)
    for number, (argument, actual) in enumerate(zip(args, types, strict=True)):
        if number >= len(signature.params) and not rest:
            break
        parameter = signature.params[min(number, len(signature.params) - 1)]
        wanted = term(meant(parameter.type), variables)
        if isinstance(wanted, Named) and wanted.name == "Schema":
            actual = Named("Schema", (schema_type(c, argument),))
        if isinstance(wanted, Function):
            wanted, opened = wanted.result, expand(actual)
            actual = opened.result if isinstance(opened, Function) else DYNAMIC
        elif isinstance(wanted, Named) and wanted.name == "dict" and isinstance(expand(actual), Shape):
            actual = DYNAMIC
        _join(wanted, actual, own, bound)
    return bound


def _join(wanted: Type, actual: Type, own: set[str], bound: dict[str, Type]) -> None:
    """Add what one argument says of the parameters ``own`` to what the others said."""
    said: dict[str, Type] = {}
    conflict = bind(wanted, actual, own, said)
    if conflict is not None:
        said[conflict[0]] = DYNAMIC
    for name in _variables(wanted) & own:
        told = said.get(name, DYNAMIC)
        known = bound.setdefault(name, told)
        if isinstance(told, Dynamic) or not alike(known, told):
            bound[name] = DYNAMIC


def _variables(type: Type) -> set[str]:
    """The names of the type parameters in a type."""
    if isinstance(type, Variable):
        return {type.name}
    parts = type.args if isinstance(type, Named) else type.members if isinstance(type, OneOf) else ()
    return set().union(*map(_variables, parts))
