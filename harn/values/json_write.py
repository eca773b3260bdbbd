"""Values as JSON text: compact, keys sorted, whole floats without a fraction, no exponents.

What JSON has no form for:

    struct -> object    set -> array    range -> its display text    bytes -> {"$bytes_b64": base64}
    NaN, infinities, pairs, durations, enum variants, functions, iterators -> null
"""

from __future__ import annotations

import math
from itertools import chain, repeat

from harn.source.typing import Any
from harn.values.display import display, range_text
from harn.values.kinds import Range, Set, Struct
from harn.values.numerals import exponent_text, plain_float_text
from harn.values.render import TEXT_LIMIT, Leaves, Opened, Openers, render

BYTES_TAG = "$bytes_b64"
"""Key of the one entry of the object that stands for bytes."""

_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(0x20), *range(0x7F, 0xA0))}
_ESCAPES |= {ord('"'): '\\"', ord("\\"): "\\\\", ord("\n"): "\\n", ord("\r"): "\\r", ord("\t"): "\\t"}


def to_json(value: Any, limit: int = TEXT_LIMIT) -> str:
    """The JSON text of a value; LimitReached above ``limit`` characters."""
    return render(value, _LEAVES, _OPENERS, _null, limit)


def to_exact_json(value: Any, limit: int = TEXT_LIMIT) -> str:
    """The same, but a float keeps its point (``2.0``), and what JSON has no form for is its display text, quoted."""
    return render(value, _EXACT_LEAVES, _OPENERS, lambda other: quote(display(other, limit)), limit)


def quote(text: str) -> str:
    """A JSON string."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{text.translate(_ESCAPES)}"'


def _null(value: Any) -> str:
    return "null"


def _bytes(data: bytes) -> str:
    from binascii import b2a_base64

    return f'{{"{BYTES_TAG}":"{b2a_base64(data, newline=False).decode()}"}}'


def _array(items: Any) -> Opened | str:
    return (zip(chain(("[",), repeat(",")), items, strict=False), "]") if items else "[]"


def _object(entries: dict[str, Any]) -> Opened | str:
    if not entries:
        return "{}"
    keys = sorted(entries)
    labels = [f",{quote(key)}:" for key in keys]
    labels[0] = f"{{{quote(keys[0])}:"
    return zip(labels, [entries[key] for key in keys], strict=True), "}"


def _struct(value: Struct) -> Opened | str:
    return _object(value.fields)


_LEAVES: Leaves = {
    str: quote,
    int: str,
    float: lambda value: plain_float_text(value) if math.isfinite(value) else "null",
    bool: lambda value: "true" if value else "false",
    type(None): _null,
    bytes: _bytes,
    Range: lambda value: quote(range_text(value)),
}
_EXACT_LEAVES: Leaves = {**_LEAVES, float: lambda value: exponent_text(value) if math.isfinite(value) else "null"}
_OPENERS: Openers = {list: _array, dict: _object, Struct: _struct, Set: _array}
