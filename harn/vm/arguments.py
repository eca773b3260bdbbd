"""Count and kinds of a builtin's arguments, checked once from its record's signature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harn.catalog.record import Record
from harn.catalog.signature import Parameter, TypeTerm, show_type
from harn.values.errors import HarnError, runtime_error, type_error
from harn.values.kinds import Builtin, Closure, type_name

_CALLABLE = ("closure", "builtin")

# Kinds a parameter type of that name accepts besides itself: the two number types stand for each other.
_ACCEPTS: dict[str, tuple[str, ...]] = {
    "int": ("int",),
    "float": ("float", "int"),
    "number": ("int", "float"),
    "closure": _CALLABLE,
    "fn": _CALLABLE,
    "struct": ("struct",),
    "enum": ("enum",),
    "Result": ("enum",),
    "Generator": ("generator",),
    "Stream": ("stream",),
}


def accepted_kinds(term: TypeTerm, type_params: tuple[str, ...]) -> frozenset[str] | None:
    """The type names a value may have to fit a signature's type; None where anything does."""
    tag = term[0]
    if tag == "fn":
        return frozenset(_CALLABLE)
    if tag == "shape":
        return frozenset(("dict", "struct"))
    if tag == "literal":
        return frozenset((type_name(term[1]),))
    if tag == "union":
        kinds = [accepted_kinds(member, type_params) for member in term[1]]
        return None if None in kinds else frozenset().union(*(k for k in kinds if k is not None))
    name = term[1]
    if name in ("any", "unknown") or name in type_params or (len(name) == 1 and name.isupper()):
        return None
    return frozenset(_ACCEPTS.get(name, (name,)))


def arity_error(name: str, least: int, most: int, given: int) -> HarnError:
    """A wrong number of arguments, in the words of every callable."""
    wanted = f"{least}" if least == most else f"at least {least}" if most < 0 else f"{least}..={most}"
    return runtime_error(f"Arity mismatch: '{name}' expects {wanted} argument(s), got {given}")


def prepare(record: Record) -> None:
    """Fill in the arity and the check of a record, at its first use."""
    signature = record.signature
    record.arity = (signature.least, signature.most)
    checks: list[tuple[int, Parameter, frozenset[str]]] = []
    rest: tuple[int, Parameter, frozenset[str]] | None = None
    for place, parameter in enumerate(signature.params):
        kinds = accepted_kinds(parameter.type, signature.type_params)
        if kinds is None:
            continue
        if parameter.kind == "rest":
            rest = (place, parameter, kinds)
        else:
            checks.append((place, parameter, kinds))
    name = signature.name

    def check(args: Any) -> None:
        for place, parameter, kinds in checks:
            if place < len(args) and type_name(args[place]) not in kinds:
                raise _wrong_kind(name, parameter, args[place])
        if rest is not None:
            for value in args[rest[0] :]:
                if type_name(value) not in rest[2]:
                    raise _wrong_kind(name, rest[1], value)

    record.check = check if checks or rest is not None else None
    record.ready = True


def _wrong_kind(name: str, parameter: Parameter, value: Any) -> HarnError:
    return type_error(
        f"'{name}' parameter `{parameter.name}` expects {show_type(parameter.type)}, got {type_name(value)}"
    )


def fits(record: Record, count: int) -> bool:
    """Whether a builtin takes that many arguments (the receiver of a method not counted)."""
    if not record.ready:
        prepare(record)
    least, most = record.arity
    return count >= least and (most < 0 or count <= most)


def direct(record: Record, count: int) -> Callable[..., Any] | None:
    """A plain Python callable for a call with that many arguments, or None where the call must go the general way.

    Only pure builtins of the plain form without a context can be called directly; kinds are still checked.
    """
    if record.form != "plain" or record.ctx or record.effects or not fits(record, count):
        return None
    check = record.check
    fn = record.fn
    if check is None or not count:
        return fn
    first = 1 if record.signature.receiver else 0

    def checked(*args: Any) -> Any:
        check(args[first:])
        return fn(*args)

    return checked


def is_callable(value: Any) -> bool:
    """Whether a value can be called: closures, builtins, host functions."""
    kind = value.__class__
    return kind is Closure or kind is Builtin or getattr(kind, "harn_callable", False)
