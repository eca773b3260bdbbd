"""The one text form of values: what ``println``, interpolation, ``to_string`` and error texts show."""

from __future__ import annotations

from itertools import chain, repeat

from harn.source.typing import Any, Iterator
from harn.values.errors import LimitReached
from harn.values.kinds import (
    Atomic,
    Builtin,
    Closure,
    Duration,
    Enum,
    EnumType,
    Generator,
    Handle,
    Iter,
    Pair,
    Range,
    Set,
    Struct,
    StructType,
    type_name,
)
from harn.values.numerals import float_text
from harn.values.render import TEXT_LIMIT, Leaves, Opened, Openers, Part, render


def display(value: Any, limit: int = TEXT_LIMIT) -> str:
    """The display text of a value; LimitReached above ``limit`` characters."""
    leaf = LEAVES.get(value.__class__)
    return render(value, LEAVES, OPENERS, _other, limit) if leaf is None else leaf(value)


EXCERPT = 100_000
"""Characters of a value that an error text quotes."""


def excerpt(value: Any) -> str:
    """The display text of a value for an error text; of one too long, only its kind."""
    try:
        text = display(value, EXCERPT)
    except LimitReached:
        return f"<{type_name(value)}>"
    return text if len(text) <= EXCERPT else text[:EXCERPT] + "..."


def interpolate(parts: list[Any], limit: int) -> str:
    """The display texts of values, joined."""
    texts = [p if p.__class__ is str else str(p) if p.__class__ is int else display(p, limit) for p in parts]
    if sum(map(len, texts)) > limit:
        raise LimitReached("value_bytes", limit)
    return "".join(texts)


_UNITS = ((3_600_000, "h"), (60_000, "m"), (1000, "s"))


def duration_text(length: Duration) -> str:
    """The largest unit up to hours that fits without a rest: ``90s``, ``0ms``."""
    size = abs(length.ms)
    for unit, word in _UNITS:
        if size >= unit and size % unit == 0:
            return f"{length.ms // unit}{word}"
    return f"{length.ms}ms"


def bytes_text(data: bytes) -> str:
    """The first 32 bytes in hexadecimal digits: ``b"00ff"``."""
    return f'b"{data[:32].hex()}{f"...+{len(data) - 32}" if len(data) > 32 else ""}"'


def range_text(span: Range) -> str:
    """As in source text: ``1 to 4``, ``0 to 4 exclusive``."""
    return f"{span.start} to {span.end}{' exclusive' if span.exclusive else ''}"


def _generator_text(generator: Generator) -> str:
    return f"<{'stream' if generator.stream else 'generator'}{' (done)' if generator.done else ''}>"


def _handle_text(handle: Handle) -> str:
    return f"<{handle.kind.removesuffix('_handle')}:{handle.id}>" if handle.id else f"<{handle.kind}>"


def _other(value: Any) -> str:
    return f"<{type_name(value)}>"


def separated(first: str, values: Any) -> Iterator[Part]:
    """The parts of a sequence, commas between them."""
    return zip(chain((first,), repeat(", ")), values, strict=False)


def _entries(first: str, fields: dict[str, Any]) -> Iterator[Part]:
    keys = sorted(fields)
    labels = [f", {key}: " for key in keys]
    labels[0] = f"{first}{keys[0]}: "
    return zip(labels, [fields[key] for key in keys], strict=True)


def _list(items: list[Any]) -> Opened | str:
    return (separated("[", items), "]") if items else "[]"


def _dict(entries: dict[str, Any]) -> Opened | str:
    return (_entries("{", entries), "}") if entries else "{}"


def _struct(value: Struct) -> Opened | str:
    name = value.type.name
    return (_entries(name + " {", value.fields), "}") if value.fields else name + " {}"


def _enum(value: Enum) -> Opened | str:
    name = f"{value.type.name}.{value.variant}"
    return (separated(name + "(", value.payload), ")") if value.payload else name


def _set(members: Set) -> Opened | str:
    return (separated("set(", members), ")") if members else "set()"


def _pair(pair: Pair) -> Opened:
    return separated("(", (pair.first, pair.second)), ")"


LEAVES: Leaves = {
    str: str,
    int: str,
    float: float_text,
    bool: lambda value: "true" if value else "false",
    type(None): lambda value: "nil",
    bytes: bytes_text,
    Duration: duration_text,
    Range: range_text,
    Closure: lambda value: f"<fn({', '.join(value.code.names)})>",
    Builtin: lambda value: f"<builtin {value.name}>",
    EnumType: lambda value: f"<enum {value.name}>",
    StructType: lambda value: f"<struct {value.name}>",
    Iter: lambda value: "<iter (exhausted)>" if value.done else "<iter>",
    Generator: _generator_text,
    Handle: _handle_text,
    Atomic: lambda value: f"<atomic:{value.value}>",
}
OPENERS: Openers = {list: _list, dict: _dict, Struct: _struct, Enum: _enum, Set: _set, Pair: _pair}
"""The display form as tables for ``harn.values.render``; other forms take over rows of them."""
