"""Count and kinds of a builtin's arguments, checked once from its record's signature."""

from __future__ import annotations

from harn.catalog.kinds import accepted, wrong_count, wrong_kind
from harn.catalog.record import Record
from harn.catalog.signature import Parameter, Signature
from harn.source.typing import Any, Callable, NamedTuple
from harn.values.errors import HarnError, bare_error, type_error
from harn.values.kinds import Builtin, Closure, classes_of, type_name


def arity_error(name: str, least: int, most: int, given: int) -> HarnError:
    """A wrong number of arguments, in the words of every callable."""
    return bare_error(wrong_count(name, least, most, given))


class Checked(NamedTuple):
    """One parameter whose kind is checked: its place, the names of the kinds, and those of their classes that are fixed."""

    place: int
    parameter: Parameter
    kinds: frozenset[str]
    classes: frozenset[type]


def prepare(record: Record) -> None:
    """Fill in the arity and the check of a record, at its first use."""
    signature = record.signature
    record.arity = (signature.least, signature.most)
    name = signature.name
    checked = _checked(signature)
    rest = checked.pop() if checked and checked[-1].parameter.kind == "rest" else None

    def check(args: Any) -> None:
        given = len(args)
        for place, parameter, kinds, classes in checked:
            if place < given and args[place].__class__ not in classes and type_name(args[place]) not in kinds:
                raise _wrong_kind(name, parameter, args[place])
        if rest is not None:
            for value in args[rest.place :]:
                if value.__class__ not in rest.classes and type_name(value) not in rest.kinds:
                    raise _wrong_kind(name, rest.parameter, value)

    record.check = check if checked or rest is not None else None
    record.ready = True


def _checked(signature: Signature) -> list[Checked]:
    """The parameters that do not take everything."""
    found: list[Checked] = []
    for place, parameter in enumerate(signature.params):
        kinds = accepted(parameter, signature)
        if kinds is not None:
            found.append(Checked(place, parameter, kinds, classes_of(kinds)))
    return found


def _wrong_kind(name: str, parameter: Parameter, value: Any) -> HarnError:
    return type_error(wrong_kind(name, parameter, type_name(value)))


def fits(record: Record, count: int) -> bool:
    """Whether a builtin takes that many arguments (the receiver of a method not counted)."""
    if not record.ready:
        prepare(record)
    least, most = record.arity
    return count >= least and (most < 0 or count <= most)


def direct(record: Record, count: int) -> Callable[..., Any] | None:
    """A plain Python callable for a call with that many arguments, or None where the call must go the general way.

    Only pure builtins of the plain form without a context, and constants, can be called directly; kinds are still checked.
    """
    if record.form not in ("plain", "constant") or record.ctx or record.effects or not fits(record, count):
        return None
    check = record.check
    fn = record.fn
    checked = [one for one in _checked(record.signature) if one.place < count]
    if check is None or not checked:
        return fn
    first = 1 if record.signature.receiver else 0
    if len(checked) == 1 and checked[0].place == count - 1 and checked[0].parameter.kind != "rest":
        return _last_checked(fn, check, checked[0].classes, first)

    def call(*args: Any) -> Any:
        check(args[first:])
        return fn(*args)

    return call


def _last_checked(
    fn: Callable[..., Any], check: Callable[[Any], None], classes: frozenset[type], first: int
) -> Callable[..., Any]:
    """The usual case of ``direct``: only the last argument's kind is looked at."""

    def call(*args: Any) -> Any:
        if args[-1].__class__ not in classes:
            check(args[first:])
        return fn(*args)

    return call


def is_callable(value: Any) -> bool:
    """Whether a value can be called: closures, builtins, host functions."""
    kind = value.__class__
    return kind is Closure or kind is Builtin or getattr(kind, "harn_callable", False)
