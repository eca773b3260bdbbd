"""Which classes a snapshot may hold, and how each is written and read: one row a class.

A record with ``__slots__`` needs nothing said about it: its row follows from the class, which is named ``module:Class`` and
compared field by field when it is read. What is written in another way has a row in ``harn.vm.snapshot.rows``. Classes and
constants are looked for in the packages below and nowhere else, so bytes can name no other code.
"""

from __future__ import annotations

import os
from importlib import import_module
from operator import attrgetter

import harn
from harn.source.typing import Any, Callable, Iterator
from harn.values.kinds import RESULT, Duration, Enum, Pair, Range, Struct
from harn.vm.snapshot.errors import SnapshotError, damaged

PACKAGES = ("agent", "builtins", "host", "llm", "prompt", "source", "steps", "trace", "values", "vm")
"""Where the records of a run are declared."""

RECORD, VALUE, NAMED = "record", "value", "named"
"""Kinds of rows: made empty and filled at the end; made of parts that are there already; the same with the names of a tuple."""

VALUES = (Pair, Struct, Enum, Range, Duration)
"""Harn values that never change once made: no such value can hold itself."""

CONSTANTS: dict[int, str] = {id(RESULT): "harn.values.kinds:RESULT"}
"""Objects there is one of, whose class does not say so itself."""


class Absent:
    """A slot that was never set."""

    __slots__ = ()

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


class Row:
    """How one class is written and read.

    ``empty`` makes an object without running anything of its class. ``read`` gives the fields of an object, as many as ``fields``
    names; ``fill`` puts them into a fresh one (for a VALUE or NAMED row, ``make`` makes the object of them).
    """

    __slots__ = ("cls", "empty", "fields", "fill", "kind", "make", "name", "read")

    def __init__(
        self,
        cls: type,
        kind: str,
        fields: tuple[str, ...],
        read: Callable[[Any], tuple[Any, ...]],
        fill: Callable[[Any, tuple[Any, ...]], None] | None = None,
        make: Callable[[tuple[Any, ...]], Any] | None = None,
    ) -> None:
        self.cls = cls
        self.name = f"{cls.__module__}:{cls.__qualname__}"
        self.kind = kind
        self.fields = fields
        self.empty: Callable[[], Any] = lambda: cls.__new__(cls)  # type: ignore[call-overload]
        self.read = read
        self.fill = fill
        self.make = make


_rows: dict[type, Row] = {}
_modules: frozenset[str] | None = None


def row_of(cls: type) -> Row:
    """The row of a class. SnapshotError for one that has none."""
    found = _rows.get(cls)
    if found is None:
        from harn.vm.snapshot.rows import SPECIAL

        found = SPECIAL.get(cls) or derived(cls)
        if found is None:
            raise SnapshotError(f"the run holds a {cls.__module__}.{cls.__qualname__}, which cannot travel")
        _rows[cls] = found
    return found


def derived(cls: type) -> Row | None:
    """The row that follows from a class: None for one that is no record of the packages above."""
    if not in_packages(cls.__module__) or getattr(import_module(cls.__module__), cls.__name__, None) is not cls:
        return None
    if issubclass(cls, tuple) and hasattr(cls, "_fields"):
        return Row(cls, NAMED, tuple(cls._fields), tuple, make=lambda values: tuple.__new__(cls, values))
    if issubclass(cls, (BaseException, *_PLAIN)) or not all("__slots__" in vars(c) for c in cls.__mro__[:-1]):
        return None
    fields = tuple(slots_of(cls))
    setters = [getattr(cls, field).__set__ for field in fields]

    def fill(record: Any, values: tuple[Any, ...]) -> None:
        for put, value in zip(setters, values, strict=True):
            if value is not ABSENT:
                put(record, value)

    if cls in VALUES:

        def make(values: tuple[Any, ...]) -> Any:
            made: Any = object.__new__(cls)
            fill(made, values)
            return made

        return Row(cls, VALUE, fields, reader(fields), make=make)
    return Row(cls, RECORD, fields, reader(fields), fill)


_PLAIN = (int, float, str, bytes, list, dict, tuple, set, frozenset)


def slots_of(cls: type) -> Iterator[str]:
    """The slots of a class and those above it, by name."""
    for base in reversed(cls.__mro__):
        slots = vars(base).get("__slots__", ())
        yield from sorted((slots,) if isinstance(slots, str) else slots)


def reader(fields: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads these fields of a record, ABSENT for those never set."""
    if len(fields) > 1:
        together = attrgetter(*fields)

        def read(record: Any) -> tuple[Any, ...]:
            try:
                return together(record)
            except AttributeError:
                return tuple(getattr(record, field, ABSENT) for field in fields)

        return read
    return lambda record: tuple(getattr(record, field, ABSENT) for field in fields)


def in_packages(module: str) -> bool:
    """Whether a module is one of those that may declare records."""
    global _modules
    if _modules is None:
        _modules = frozenset(module_names())
    return module in _modules


def module_names() -> Iterator[str]:
    """The modules of the packages above, by name; none is imported for that."""
    root = os.path.dirname(os.path.abspath(harn.__file__))
    for package in PACKAGES:
        for folder, _, files in os.walk(os.path.join(root, package)):
            inner = os.path.relpath(folder, root).split(os.sep)
            for file in files:
                if file.endswith(".py"):
                    name = [] if file == "__init__.py" else [file.removesuffix(".py")]
                    yield ".".join(["harn", *inner, *name])


def named(name: str) -> Any:
    """What ``module:Name`` stands for in those modules."""
    module, _, attribute = name.partition(":")
    if not in_packages(module):
        raise damaged(f"it names {name!r}, which is no record of a run")
    try:
        return vars(import_module(module))[attribute]
    except KeyError:
        raise SnapshotError(f"the snapshot needs `{name}`, which this version of Harn does not have") from None


def row_named(name: str) -> Row:
    """The row of a class by its name."""
    cls = named(name)
    if not isinstance(cls, type) or f"{cls.__module__}:{cls.__qualname__}" != name:
        raise damaged(f"it names {name!r}, which is no record of a run")
    return row_of(cls)


def constant_name(value: Any) -> str | None:
    """The name of an object there is one of, None for any other."""
    cls = value.__class__
    if "__reduce__" in vars(cls) and in_packages(cls.__module__):
        name = value.__reduce__()
        return f"{cls.__module__}:{name}" if name.__class__ is str else None
    return CONSTANTS.get(id(value))


def constant(name: str) -> Any:
    """The object of such a name."""
    value = named(name)
    if isinstance(value, type) or constant_name(value) != name:
        raise damaged(f"it names {name!r}, which is no constant")
    return value
