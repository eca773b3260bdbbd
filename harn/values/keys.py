"""Structural keys: hashable stand-ins for values, equal exactly where the values are.

    int, float, string, bytes, nil     the Python value itself: 1 and 1.0, 0.0 and -0.0 are one key, as they are equal
    everything else                    (token,), where a token is a few bytes that name the value:

    bool t f   int i7;   float d<8 bytes>   string s5:hello   duration D90;
    container #<digest of its kind and its parts' tokens>

Building a key from digests, innermost first, needs no recursion, visits an object once however often it is shared, gives
a key of fixed size, and lets the members of a set be sorted, so that their order does not count.

A value that is unequal to itself (NaN, a function, whatever holds one) has a fresh key every time. Ints that no float can
represent keep apart from the float they compare equal to: that relation is not transitive, so no key can follow it.
"""

from __future__ import annotations

from struct import pack

from harn.source.typing import Any, Callable, Iterable, Iterator
from harn.values.kinds import (
    Atomic,
    Builtin,
    Duration,
    Enum,
    EnumType,
    Handle,
    Iter,
    Pair,
    Range,
    Set,
    Struct,
    StructType,
)

Key = Any


class NEVER:
    """The key of a value that equals nothing: equal to itself only by identity, so never found."""

    __slots__ = ()


_PLAIN = frozenset((int, str, type(None), bytes))


def key_of(value: Any) -> Key:
    """The structural key of a value."""
    kind = value.__class__
    if kind in _PLAIN:
        return value
    if kind is float:
        return value if value == value else NEVER()
    token = _TOKENS[kind](value) if kind in _TOKENS else _container_token(value) if kind in _OPENERS else None
    return NEVER() if token is None else (token,)


def set_of(values: Iterable[Any]) -> Set:
    """The set of some values; of equal ones the first stays."""
    members: dict[Key, Any] = {}
    for value in values:
        members.setdefault(key_of(value), value)
    return Set(members)


def distinct(values: Iterable[Any]) -> list[Any]:
    """The values without repetitions, in order of first appearance."""
    return list(set_of(values))


def _container_token(value: Any) -> bytes | None:
    """The token of a container, None where a part equals nothing. ``known`` holds the tokens of objects already walked."""
    known: dict[int, bytes] = {}
    stack: list[tuple[Iterator[Any], list[bytes], int]] = []
    head, children = _OPENERS[value.__class__](value)
    parts, tokens, own = iter(children), [head], id(value)
    while True:
        for part in parts:
            kind = part.__class__
            make = _TOKENS.get(kind)
            if make is not None:
                token = make(part)
                if token is None:
                    return None
                tokens.append(token)
            elif id(part) in known:
                tokens.append(known[id(part)])
            elif kind in _OPENERS:
                stack.append((parts, tokens, own))
                head, children = _OPENERS[kind](part)
                parts, tokens, own = iter(children), [head], id(part)
                break
            else:
                return None
        else:
            token = b"#" + _digest(b"".join(tokens))
            if not stack:
                return token
            known[own] = token
            parts, tokens, own = stack.pop()
            tokens.append(token)


def _digest(data: bytes) -> bytes:
    """20 bytes: two different values share them with a probability that needs no thought."""
    from hashlib import blake2b

    return blake2b(data, digest_size=20).digest()


def _int_token(number: int) -> bytes:
    return b"i%d;" % number


def _float_token(number: float) -> bytes | None:
    if number != number:
        return None
    return b"i%d;" % int(number) if number.is_integer() else b"d" + pack("<d", number)


def _text_token(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return b"s%d:%b" % (len(data), data)


def _set_token(members: Set) -> bytes | None:
    """Made of the members' keys, which are at hand: nothing is walked again."""
    tokens: list[bytes] = []
    for key in members.members:
        token = key[0] if key.__class__ is tuple else None if key.__class__ is NEVER else _TOKENS[key.__class__](key)
        if token is None:
            return None
        tokens.append(token)
    return b"#" + _digest(b"set" + b"".join(sorted(tokens)))


def _handle_token(handle: Handle) -> bytes | None:
    return b"task" + _text_token(handle.id) if handle.kind == "task_handle" else None


_TOKENS: dict[type, Callable[[Any], bytes | None]] = {
    type(None): lambda value: b"n",
    bool: lambda value: b"t" if value else b"f",
    int: _int_token,
    float: _float_token,
    str: _text_token,
    bytes: lambda value: b"b%d:%b" % (len(value), value),
    Duration: lambda value: b"D%d;" % value.ms,
    Range: lambda value: b"R%d,%d,%d;" % (value.start, value.end, value.exclusive),
    Builtin: lambda value: b"builtin" + _text_token(value.name),
    Iter: lambda value: b"@%d;" % id(value),
    Atomic: lambda value: b"A%d;" % value.value,
    EnumType: lambda value: b"@%d;" % id(value),
    StructType: lambda value: b"@%d;" % id(value),
    Handle: _handle_token,
    Set: _set_token,
}


def _fields(head: bytes, fields: dict[str, Any]) -> tuple[bytes, list[Any]]:
    names = sorted(fields)
    return b"%b%d," % (head, len(names)) + b"".join(map(_text_token, names)), [fields[name] for name in names]


def _open_enum(value: Enum) -> tuple[bytes, Iterable[Any]]:
    return b"enum" + _text_token(value.type.name) + _text_token(value.variant), value.payload


_OPENERS: dict[type, Callable[[Any], tuple[bytes, Iterable[Any]]]] = {
    list: lambda value: (b"list", value),
    dict: lambda value: _fields(b"dict", value),
    Struct: lambda value: _fields(b"struct" + _text_token(value.type.name), value.fields),
    Enum: _open_enum,
    Pair: lambda value: (b"pair", (value.first, value.second)),
}
