"""Bytes: making them from texts and codes, reading them, taking parts."""

from __future__ import annotations

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import runtime_error
from harn.values.operators import check_size
from harn.vm.machine import Context


def data_of(value: Any) -> bytes:
    """Bytes as they are, of anything else the UTF-8 bytes of its display text."""
    return value if value.__class__ is bytes else text_of(value).encode("utf-8", "surrogatepass")


def text_in(data: bytes, what: str) -> str:
    """The text whose UTF-8 bytes these are; a runtime error that begins with ``what`` where they are none."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise runtime_error(f"{what}: {utf8_fault(fault)}") from None


def utf8_fault(fault: UnicodeDecodeError) -> str:
    """What is wrong with bytes that are no UTF-8, and where."""
    if fault.reason == "unexpected end of data":
        return f"incomplete utf-8 byte sequence from index {fault.start}"
    return f"invalid utf-8 sequence of {fault.end - fault.start} bytes from index {fault.start}"


@builtin("bytes_from_string(text: string) -> bytes", examples=[('bytes_from_string("hi")', 'b"6869"')])
def bytes_from_string(text: str) -> bytes:
    """The UTF-8 bytes of a text."""
    return text.encode("utf-8", "surrogatepass")


@builtin("bytes_to_string(data: bytes) -> string", examples=[('bytes_to_string(bytes_from_string("hi"))', "hi")])
def bytes_to_string(data: bytes) -> str:
    """The text whose UTF-8 bytes these are."""
    return text_in(data, "bytes_to_string")


@builtin(
    "bytes_to_string_lossy(data: bytes) -> string", examples=[('bytes_to_string_lossy(bytes_from_hex("41"))', "A")]
)
def bytes_to_string_lossy(data: bytes) -> str:
    """The text of these bytes, with U+FFFD where they are no UTF-8."""
    return data.decode("utf-8", "replace")


@builtin("bytes_from_hex(text: string) -> bytes", examples=[('bytes_from_hex("00ff")', 'b"00ff"')])
def bytes_from_hex(text: str) -> bytes:
    """The bytes that pairs of hexadecimal digits name."""
    from harn.builtins.base_codes import CodeFault, decode_hex

    try:
        return decode_hex(data_of(text))
    except CodeFault as fault:
        raise runtime_error(f"bytes_from_hex: {fault}") from None


@builtin("bytes_to_hex(data: bytes) -> string", ctx=True, examples=[('bytes_to_hex(bytes_from_string("hi"))', "6869")])
def bytes_to_hex(ctx: Context, data: bytes) -> str:
    """Two hexadecimal digits a byte, lower case."""
    check_size(2 * len(data), ctx.vm.value_bytes)
    return data.hex()


@builtin("bytes_from_base64(text: string) -> bytes", examples=[('bytes_from_base64("aGk=")', 'b"6869"')])
def bytes_from_base64(text: str) -> bytes:
    """The bytes a base64 text stands for; its padding is required."""
    from harn.builtins.base_codes import BASE64, CodeFault

    try:
        return BASE64.decode(data_of(text))
    except CodeFault as fault:
        raise runtime_error(f"bytes_from_base64: {fault}") from None


@builtin(
    "bytes_to_base64(data: bytes) -> string", ctx=True, examples=[('bytes_to_base64(bytes_from_string("hi"))', "aGk=")]
)
def bytes_to_base64(ctx: Context, data: bytes) -> str:
    """The base64 text of bytes, padded."""
    from harn.builtins.base_codes import BASE64

    check_size(4 * len(data) // 3, ctx.vm.value_bytes)
    return BASE64.encode(data)


@builtin("bytes_len(data: bytes) -> int", examples=[('bytes_len(bytes_from_string("caf\u00e9"))', "5")])
def bytes_len(data: bytes) -> int:
    """How many bytes there are."""
    return len(data)


@builtin(
    "bytes_concat(...parts: bytes) -> bytes",
    ctx=True,
    examples=[('bytes_concat(bytes_from_hex("00"), bytes_from_hex("ff"))', 'b"00ff"')],
)
def bytes_concat(ctx: Context, *parts: bytes) -> bytes:
    """Bytes one after the other."""
    check_size(sum(map(len, parts)), ctx.vm.value_bytes)
    return b"".join(parts)


@builtin(
    "bytes_slice(data: bytes, start: int, end: int) -> bytes",
    examples=[('bytes_slice(bytes_from_string("hello"), 1, 3)', 'b"656c"')],
)
def bytes_slice(data: bytes, start: int, end: int) -> bytes:
    """The bytes from `start` up to `end`, which is left out; bounds are clamped, negative ones to 0."""
    return data[max(0, start) : max(0, end)]


@builtin(
    "bytes_eq(a: bytes, b: bytes) -> bool", examples=[('bytes_eq(bytes_from_hex("00"), bytes_from_hex("00"))', "true")]
)
def bytes_eq(a: Any, b: Any) -> bool:
    """Whether two byte strings are equal; takes the same time wherever they differ."""
    from hmac import compare_digest

    return compare_digest(a, b)
