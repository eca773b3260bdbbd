"""The classes that stand for Harn values without a Python counterpart. All are immutable in spirit: they are copies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Range:
    """``start to end``; ``exclusive`` leaves out the end."""

    __slots__ = ("end", "exclusive", "start")

    def __init__(self, start: int, end: int, exclusive: bool = False) -> None:
        self.start = start
        self.end = end
        self.exclusive = exclusive

    def _ints(self) -> range:
        return range(self.start, self.end if self.exclusive else self.end + 1)

    def __iter__(self) -> Iterator[int]:
        return iter(self._ints())

    def __len__(self) -> int:
        return len(self._ints())

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int) and value in self._ints()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Range):
            return NotImplemented
        return (self.start, self.end, self.exclusive) == (other.start, other.end, other.exclusive)

    def __hash__(self) -> int:
        return hash((self.start, self.end, self.exclusive))

    def __repr__(self) -> str:
        return f"Range({self.start}, {self.end}{', exclusive=True' if self.exclusive else ''})"


class Set:
    """A set some of whose members Python cannot hash. Order counts for iterating, not for equality."""

    __slots__ = ("members",)

    def __init__(self, members: Iterable[Any] = ()) -> None:
        self.members = list(members)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def __contains__(self, value: object) -> bool:
        return value in self.members

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Set, frozenset, set)):
            return NotImplemented
        theirs = list(other)
        return len(self) == len(theirs) and all(member in theirs for member in self.members)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Set({self.members!r})"


class Struct:
    """An instance of a struct: the name of its type and the fields it has. ``point["x"]`` reads a field."""

    __slots__ = ("_type", "fields", "name")

    def __init__(self, name: str, fields: Mapping[str, Any], _type: Any = None) -> None:
        self.name = name
        self.fields = dict(fields)
        self._type = _type

    def __getitem__(self, field: str) -> Any:
        return self.fields[field]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Struct):
            return NotImplemented
        return self.name == other.name and self.fields == other.fields

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Struct({self.name!r}, {self.fields!r})"


class Enum:
    """A variant of an enum with its payload; Results are ``Enum("Result", "Ok", (value,))``."""

    __slots__ = ("_type", "enum", "payload", "variant")

    def __init__(self, enum: str, variant: str, payload: Iterable[Any] = (), _type: Any = None) -> None:
        self.enum = enum
        self.variant = variant
        self.payload = tuple(payload)
        self._type = _type

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Enum):
            return NotImplemented
        return (self.enum, self.variant, self.payload) == (other.enum, other.variant, other.payload)

    def __hash__(self) -> int:
        return hash((self.enum, self.variant, self.payload))

    def __repr__(self) -> str:
        return f"Enum({self.enum!r}, {self.variant!r}, {self.payload!r})"


class Opaque:
    """A value that only the program can use: an iterator, a task, a channel. It can be handed back to the same run."""

    __slots__ = ("_value", "kind")

    def __init__(self, kind: str, value: Any) -> None:
        self.kind = kind
        self._value = value

    def __repr__(self) -> str:
        return f"<harn {self.kind}>"
