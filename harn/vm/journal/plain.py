"""Values as bytes, for what a journal writes: answers of effects, options of a run.

One pass with a stack of its own, however deep a value is nested. A list or dict that occurs more than once is written once and
is one object again when it is read. Records of ours (a model's reply, the end of a program, an error) are written by the name
of their class and their fields. What belongs to a run (a closure, a handle) has no such form.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from importlib import import_module
from struct import Struct
from struct import error as struct_error

from harn.source.typing import Any
from harn.values.errors import HarnError

_COUNT = Struct("<I")
_INT = Struct("<q")
_FLOAT = Struct("<d")

_ERROR_FIELDS = ("kind", "payload", "category", "located", "ending")
_HOME = ("harn.values.", "harn.llm.", "harn.host.")
"""Where classes of answers live. A file cannot name any other module, and so never has one imported."""
_OF_A_RUN = frozenset(
    f"harn.values.kinds:{name}"
    for name in ("Builtin", "Cell", "Closure", "EnumType", "Generator", "Handle", "Iter", "StructType", "Unset")
)


class Unreadable(ValueError):
    """Bytes that ``dump`` never wrote."""


class Unwritable(ValueError):
    """A value that has no form in bytes."""


def dump(value: Any) -> bytes:
    """A value as bytes. Unwritable where one of its parts belongs to this process."""
    if value.__class__ is tuple:  # nearly every record: nothing in it holds anything
        try:
            return b"t" + _COUNT.pack(len(value)) + b"".join([_SCALARS[item.__class__](item) for item in value])
        except KeyError:
            pass
    out: list[bytes] = []
    seen: dict[int, int] = {}
    todo = [value]
    while todo:
        item = todo.pop()
        kind = item.__class__
        scalar = _SCALARS.get(kind)
        if scalar is not None:
            out.append(scalar(item))
            continue
        if kind is tuple:
            out.append(b"t" + _COUNT.pack(len(item)))
            todo.extend(reversed(item))
            continue
        if id(item) in seen:
            out.append(b"r" + _COUNT.pack(seen[id(item)]))
            continue
        seen[id(item)] = len(seen)
        if kind is list:
            out.append(b"l" + _COUNT.pack(len(item)))
            todo.extend(reversed(item))
        elif kind is dict:
            out.append(b"d" + _COUNT.pack(len(item)))
            for key in reversed(item):
                todo += (item[key], key)
        else:
            fields = _fields(kind)
            out.append(b"o" + _text(_name(kind)) + _COUNT.pack(len(fields)))
            todo.extend([getattr(item, field) for field in reversed(fields)])
    return b"".join(out)


def _text(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return b"s" + _COUNT.pack(len(data)) + data


def _int(number: int) -> bytes:
    if -(2**63) <= number < 2**63:
        return b"i" + _INT.pack(number)
    return b"I" + _bytes(number.to_bytes(number.bit_length() // 8 + 1, "little", signed=True))[1:]


def _bytes(data: bytes) -> bytes:
    return b"b" + _COUNT.pack(len(data)) + data


def _decimal(number: Decimal) -> bytes:
    return b"D" + _text(str(number))[1:]


_SCALARS: dict[type, Any] = {
    type(None): lambda value: b"N",
    bool: lambda value: b"T" if value else b"F",
    int: _int,
    float: lambda value: b"f" + _FLOAT.pack(value),
    str: _text,
    bytes: _bytes,
    Decimal: _decimal,
}


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _fields(kind: type) -> tuple[str, ...]:
    """The fields of a record of ours, in the order in which they are written."""
    if kind is HarnError:
        return _ERROR_FIELDS
    if not kind.__module__.startswith(_HOME) or _name(kind) in _OF_A_RUN:
        raise Unwritable(f"a {kind.__name__} belongs to its run and cannot be written down")
    named = getattr(kind, "_fields", None)
    if named is not None:
        return tuple(named)
    slots = tuple(slot for base in kind.__mro__ for slot in base.__dict__.get("__slots__", ()))
    if kind.__dictoffset__ or not slots:
        raise Unwritable(f"a {kind.__name__} cannot be written down")
    return slots


# ------------------------------------------------------------------------------------------------ reading


def load(data: bytes) -> Any:
    """The value that ``dump`` was given. Unreadable where the bytes are not its own."""
    try:
        value, place = _load(data)
    except (struct_error, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, ImportError) as problem:
        raise Unreadable(f"this is no value: {problem}") from None
    if place != len(data):
        raise Unreadable("there is more than one value")
    return value


class _Open:
    """A container whose parts are being read: ``missing`` more of them. ``make`` is what they become, None for a list."""

    __slots__ = ("made", "make", "missing", "parts")

    def __init__(self, made: Any, parts: list[Any], missing: int, make: Any) -> None:
        self.made = made
        self.parts = parts
        self.missing = missing
        self.make = make

    def finish(self) -> Any:
        """The container, complete."""
        if self.make is not None:
            return self.make(self.made, self.parts)
        return self.made


def _load(data: bytes) -> tuple[Any, int]:
    seen: list[Any] = []
    opened: list[_Open] = []
    place = 0
    while True:
        tag = data[place : place + 1]
        place += 1
        read = _READ.get(tag)
        if read is not None:
            value, place = read(data, place)
        elif tag == b"r":
            value = seen[_COUNT.unpack_from(data, place)[0]]
            place += 4
        else:
            container, place = _open(tag, data, place, seen)
            if container.missing:
                opened.append(container)
                continue
            value = container.finish()
        while opened:
            top = opened[-1]
            top.parts.append(value)
            top.missing -= 1
            if top.missing:
                break
            value = opened.pop().finish()
        else:
            return value, place


def _open(tag: bytes, data: bytes, place: int, seen: list[Any]) -> tuple[_Open, int]:
    """The container that begins here."""
    if tag == b"o":
        name, place = _read_text(data, place + 1)
        kind = _class(name)
        count, place = _count(data, place)
        fields = _fields(kind)
        if count != len(fields):
            raise Unreadable(f"{name} has other fields now")
        if issubclass(kind, tuple):
            number = len(seen)
            seen.append(None)

            def rebuild(_: Any, parts: list[Any]) -> Any:
                seen[number] = kind(*parts)
                return seen[number]

            return _Open(None, [], count, rebuild), place
        made = kind.__new__(kind)
        seen.append(made)
        return _Open(made, [], count, _set_fields), place
    count, place = _count(data, place)
    if tag == b"l":
        items: list[Any] = []
        seen.append(items)
        return _Open(items, items, count, None), place
    if tag == b"d":
        entries: dict[Any, Any] = {}
        seen.append(entries)
        return _Open(entries, [], 2 * count, _set_entries), place
    if tag == b"t":
        return _Open(None, [], count, lambda _, parts: tuple(parts)), place
    raise Unreadable(f"unknown tag {tag!r}")


def _set_entries(made: dict[Any, Any], parts: list[Any]) -> dict[Any, Any]:
    made.update(zip(parts[::2], parts[1::2], strict=True))
    return made


def _set_fields(made: Any, parts: list[Any]) -> Any:
    kind = made.__class__
    if kind is HarnError:
        Exception.__init__(made)
        made.owner = made.trace = None
    for field, part in zip(_fields(kind), parts, strict=True):
        setattr(made, field, part)
    return made


def _class(name: str) -> Any:
    """The class of ours of that name."""
    module, _, attribute = name.partition(":")
    if not module.startswith(_HOME) or not attribute.isidentifier():
        raise Unreadable(f"{name} is no class of Harn")
    found = getattr(sys.modules.get(module) or import_module(module), attribute)
    if not isinstance(found, type):
        raise Unreadable(f"{name} is no class")
    return found


def _count(data: bytes, place: int) -> tuple[int, int]:
    """How many parts follow. Each takes a byte at least, so no damaged number can ask for more memory than there is data."""
    count: int = _COUNT.unpack_from(data, place)[0]
    if count > len(data) - place:
        raise Unreadable("it is cut short")
    return count, place + 4


def _read_bytes(data: bytes, place: int) -> tuple[bytes, int]:
    count, place = _count(data, place)
    if place + count > len(data):
        raise Unreadable("it is cut short")
    return data[place : place + count], place + count


def _read_text(data: bytes, place: int) -> tuple[str, int]:
    found, place = _read_bytes(data, place)
    return found.decode("utf-8", "surrogatepass"), place


def _read_long(data: bytes, place: int) -> tuple[int, int]:
    found, place = _read_bytes(data, place)
    return int.from_bytes(found, "little", signed=True), place


def _read_decimal(data: bytes, place: int) -> tuple[Decimal, int]:
    found, place = _read_text(data, place)
    return Decimal(found), place


_READ: dict[bytes, Any] = {
    b"N": lambda data, place: (None, place),
    b"T": lambda data, place: (True, place),
    b"F": lambda data, place: (False, place),
    b"i": lambda data, place: (_INT.unpack_from(data, place)[0], place + 8),
    b"I": _read_long,
    b"f": lambda data, place: (_FLOAT.unpack_from(data, place)[0], place + 8),
    b"s": _read_text,
    b"b": _read_bytes,
    b"D": _read_decimal,
}
