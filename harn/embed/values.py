"""Values across the border, both ways: ``to_python`` and ``to_harn``.

    nil bool int float string bytes list dict    None bool int float str bytes list dict
    duration                                     datetime.timedelta
    set                                          frozenset, or harn.Set where Python cannot hash a member
    pair                                         tuple of two
    range, struct, enum                          harn.Range, harn.Struct, harn.Enum
    closure, builtin                             harn.Closure
    iterator, task, channel ...                  harn.Opaque

Everything is copied, so neither side sees the other's later changes; a value met twice is copied once, so that copying takes
no longer than what is there is large. Both directions are one walk with a stack of its own: how deep a value is nested does
not matter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Protocol

from harn.embed.errors import HarnError
from harn.embed.types import Enum, Opaque, Range, Set, Struct
from harn.values import kinds
from harn.values.errors import LimitReached
from harn.values.keys import set_of
from harn.values.kinds import type_name

Parts = Iterable[Any]
Rebuild = Callable[[list[Any]], Any]

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Border(Protocol):
    """What the walks ask the run for."""

    value_bytes: int

    def wrap_callable(self, value: Any) -> Any:
        """The Python object for a function value."""
        ...

    def unwrap_callable(self, value: Any) -> Any:
        """The function value behind a Python object that ``wrap_callable`` made, else None."""
        ...

    def declared_type(self, name: str, known: Any) -> Any:
        """The struct or enum type of that name, as the program declares it; else the one ``known`` from before, or None."""
        ...


class ConversionError(HarnError, TypeError):
    """A Python object that has no place in a Harn program."""


_OPEN: Any = object()
"""What a leaf function answers for a value that has parts."""


def _walk(value: Any, leaf: Callable[[Any], Any], parts: Callable[[Any], tuple[Parts, Rebuild]], cycle: str) -> Any:
    """Rebuild a value from its parts, children first. ``leaf`` converts what has none, ``parts`` tells how to join the others."""
    done = leaf(value)
    if done is not _OPEN:
        return done
    made: dict[int, Any] = {}
    opened: dict[int, tuple[Any, list[Any], Rebuild]] = {}
    stack = [value]
    while stack:
        top = stack[-1]
        key = id(top)
        if key in made:
            stack.pop()
            continue
        if key not in opened:
            inner, join = parts(top)
            opened[key] = (top, list(inner), join)  # holding the value and its parts keeps their ids theirs
            waiting = [p for p in opened[key][1] if id(p) not in made and leaf(p) is _OPEN]
            if any(id(part) in opened for part in waiting):
                raise ConversionError(cycle)
            stack += waiting
            if waiting:
                continue
        _, held, join = opened[key]
        made[key] = join([made[id(p)] if id(p) in made else leaf(p) for p in held])
        stack.pop()
    return made[id(value)]


# ------------------------------------------------------------------------------------------------ Harn -> Python

_SAME = frozenset((type(None), bool, int, float, str, bytes))
_CONTAINERS = frozenset((list, dict, kinds.Set, kinds.Pair, kinds.Struct, kinds.Enum))


def to_python(value: Any, border: Border) -> Any:
    """A Harn value as a Python object."""

    def leaf(value: Any) -> Any:
        kind = value.__class__
        if kind in _SAME:
            return value
        if kind in _CONTAINERS:
            return _OPEN
        return _leaf_to_python(value, border)

    return _walk(value, leaf, _parts_to_python, "a value contains itself")


def _leaf_to_python(value: Any, border: Border) -> Any:
    kind = value.__class__
    if kind is kinds.Duration:
        try:
            return timedelta(milliseconds=value.ms)
        except OverflowError:
            return Opaque("duration", value)
    if kind is kinds.Range:
        return Range(value.start, value.end, value.exclusive)
    if kind is kinds.Closure or kind is kinds.Builtin or getattr(kind, "harn_callable", False):
        return border.wrap_callable(value)
    return Opaque(type_name(value), value)


def _parts_to_python(value: Any) -> tuple[Parts, Rebuild]:
    kind = value.__class__
    if kind is list:
        return value, list
    if kind is dict:
        names = tuple(value)
        return value.values(), lambda parts: dict(zip(names, parts, strict=True))
    if kind is kinds.Pair:
        return (value.first, value.second), tuple
    if kind is kinds.Set:
        return list(value), _python_set
    if kind is kinds.Struct:
        fields = tuple(value.fields)
        return value.fields.values(), lambda parts: Struct(
            value.type.name, dict(zip(fields, parts, strict=True)), value.type
        )
    return value.payload, lambda parts: Enum(value.type.name, value.variant, parts, value.type)


def _python_set(members: list[Any]) -> frozenset[Any] | Set:
    """A frozenset, unless Python cannot hash a member or would merge two (``1`` and ``true``)."""
    try:
        found = frozenset(members)
    except TypeError:
        return Set(members)
    return found if len(found) == len(members) else Set(members)


# ------------------------------------------------------------------------------------------------ Python -> Harn


def to_harn(value: Any, border: Border) -> Any:
    """A Python object as a Harn value. ConversionError where there is none, LimitReached where it is too large."""
    return _walk(
        value,
        lambda part: _leaf_to_harn(part, border),
        lambda part: _parts_to_harn(part, border),
        "a value that contains itself cannot go into a Harn program",
    )


def _leaf_to_harn(value: Any, border: Border) -> Any:
    """The conversions of what has no parts; subclasses of Python's own types become plain values."""
    if value is None or value is True or value is False or value.__class__ is float:
        return value
    if isinstance(value, int):
        if not _SMALLEST <= value <= _LARGEST:
            raise ConversionError(f"the int {_short(value)} does not fit into 64 bits")
        return int.__add__(value, 0)
    if isinstance(value, str):
        return _text(value, border)
    if isinstance(value, float):
        return float.__pos__(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        _fit(value.nbytes if isinstance(value, memoryview) else len(value), border)
        return bytes(value)
    if isinstance(value, timedelta):
        return kinds.Duration(round(value / timedelta(milliseconds=1)))
    if isinstance(value, Range):
        return kinds.Range(_leaf_to_harn(value.start, border), _leaf_to_harn(value.end, border), bool(value.exclusive))
    if isinstance(value, Opaque):
        return value._value
    return _OPEN if _has_parts(value) else _callable_or_refused(value, border)


def _has_parts(value: Any) -> bool:
    return isinstance(value, (list, tuple, dict, set, frozenset, Set, Struct, Enum)) or _reader(type(value)) is not None


def _callable_or_refused(value: Any, border: Border) -> Any:
    found = border.unwrap_callable(value)
    if found is None:
        raise ConversionError(f"a Python {type(value).__qualname__} has no counterpart in Harn")
    return found


def _parts_to_harn(value: Any, border: Border) -> tuple[Parts, Rebuild]:
    if isinstance(value, Struct):
        return _struct_parts(value, border)
    if isinstance(value, Enum):
        kind = border.declared_type(value.enum, value._type)
        if kind.__class__ is not kinds.EnumType or value.variant not in kind.variants:
            raise ConversionError(f"the program declares no enum variant {value.enum}.{value.variant}")
        return value.payload, lambda parts: kinds.Enum(kind, str(value.variant), tuple(parts))
    read = dict if isinstance(value, dict) else _reader(type(value))
    if read is not None:
        fields = read(value)
        _fit(8 * len(fields), border)
        names = [_key(name, border) for name in fields]
        return fields.values(), lambda parts: dict(zip(names, parts, strict=True))
    _fit(8 * len(value), border)
    if isinstance(value, (set, frozenset, Set)):
        return value, set_of
    if isinstance(value, tuple) and len(value) == 2:
        return value, lambda parts: kinds.Pair(*parts)
    return value, list


def _struct_parts(value: Struct, border: Border) -> tuple[Parts, Rebuild]:
    kind = border.declared_type(value.name, value._type)
    if kind.__class__ is not kinds.StructType:
        raise ConversionError(f"the program declares no struct {value.name}")
    unknown = [name for name in value.fields if name not in kind.fields]
    if unknown:
        raise ConversionError(f"the struct {value.name} has no field {unknown[0]!r}")
    names = [_key(name, border) for name in value.fields]
    return value.fields.values(), lambda parts: kinds.Struct(kind, dict(zip(names, parts, strict=True)))


def _reader(kind: type) -> Callable[[Any], dict[str, Any]] | None:
    """How to read a dataclass, an attrs class, a named tuple or a model with ``model_dump`` as a dict; None for other classes."""
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)]
    elif hasattr(kind, "__attrs_attrs__"):
        names = [field.name for field in kind.__attrs_attrs__]
    elif issubclass(kind, tuple) and hasattr(kind, "_fields"):
        names = list(kind._fields)
    elif callable(getattr(kind, "model_dump", None)):
        return lambda value: dict(value.model_dump())
    else:
        return None
    return lambda value: {name: getattr(value, name) for name in names}


def _key(name: Any, border: Border) -> str:
    if not isinstance(name, str):
        raise ConversionError(f"the keys of a dict must be texts, not {type(name).__qualname__}")
    return _text(name, border)


def _text(value: str, border: Border) -> str:
    _fit(len(value), border)
    if not value.isascii():
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise ConversionError("a text with half a surrogate pair is no Unicode text") from None
    return str.__getitem__(value, slice(None)) if value.__class__ is not str else value


def _fit(size: int, border: Border) -> None:
    if size > border.value_bytes:
        raise LimitReached("value_bytes", border.value_bytes)


def _short(number: int) -> str:
    return str(number) if number.bit_length() < 200 else f"of {number.bit_length()} bits"
