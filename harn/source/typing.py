"""The names of ``typing`` that modules on the path of every start use, without ``typing``.

Importing ``typing`` loads ``re``, ``enum``, ``collections`` and more, which takes nearly as long as Python itself takes to start.
The type checker sees the real names; at run time annotations are never looked at, and a named tuple needs no more than this.
"""

from __future__ import annotations

from _collections import _tuplegetter  # type: ignore[import-not-found]
from _collections_abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

TYPE_CHECKING = False

if TYPE_CHECKING:
    from typing import Any, NamedTuple, NoReturn, Protocol, TypeVar
else:
    Any = NoReturn = object

    class Protocol:
        """Structural types are the checker's business."""

    def TypeVar(name, **options):  # noqa: N802
        """Any type."""
        return object

    class _Fields(type):
        """Makes a named tuple of a class body."""

        def __new__(cls, name, bases, body):
            if bases == (tuple,):
                return type.__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            size = len(fields)

            def create(made, *values, **named):
                if named or len(values) != size:
                    values = _completed(name, fields, defaults, values, named)
                return tuple.__new__(made, values)

            getters = {field: _tuplegetter(place, f"Field {place}") for place, field in enumerate(fields)}
            extra = {"__slots__": (), "_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            return type(name, (_Named,), {**body, **extra, **getters, "__new__": create})

    def _completed(name, fields, defaults, values, named):
        """The values of all fields; TypeError as for any call with wrong arguments."""
        if len(values) > len(fields):
            raise TypeError(f"{name} has {len(fields)} fields, got {len(values)} values")
        rest = fields[len(values) :]
        for field in named:
            if field not in rest:
                raise TypeError(f"{name} got an unexpected or repeated field {field!r}")
        try:
            return (*values, *(named[field] if field in named else defaults[field] for field in rest))
        except KeyError as missing:
            raise TypeError(f"{name} is missing the field {missing}") from None

    class _Named(tuple):
        """What all named tuples can do, by the names ``typing.NamedTuple`` gives it."""

        __slots__ = ()

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, **changes):
            values = [changes.pop(field, value) for field, value in zip(self._fields, self, strict=True)]
            if changes:
                raise ValueError(f"{type(self).__name__} has no fields {sorted(changes)}")
            return tuple.__new__(type(self), values)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            shown = ", ".join(f"{field}={value!r}" for field, value in self._asdict().items())
            return f"{type(self).__name__}({shown})"

        def __getnewargs__(self):
            return tuple(self)

    class NamedTuple(tuple, metaclass=_Fields):
        """``typing.NamedTuple``: a class body of fields becomes a tuple with names."""


__all__ = [
    "TYPE_CHECKING",
    "Any",
    "Callable",
    "Collection",
    "Iterable",
    "Iterator",
    "Mapping",
    "NamedTuple",
    "NoReturn",
    "Protocol",
    "Sequence",
    "TypeVar",
]
