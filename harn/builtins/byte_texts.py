"""Bytes: making them from texts and codes, reading them, taking parts."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import HarnError, runtime_error

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@builtin("bytes_from_string(text: string) -> bytes", examples=[('bytes_from_string("hi")', 'b"6869"')])
def bytes_from_string(text: str) -> bytes:
    """The UTF-8 bytes of a text."""
    return text.encode("utf-8", "surrogatepass")


@builtin("bytes_to_string(data: bytes) -> string", examples=[('bytes_to_string(bytes_from_string("hi"))', "hi")])
def bytes_to_string(data: bytes) -> str:
    """The text whose UTF-8 bytes these are."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.reason == "unexpected end of data":
            detail = f"incomplete utf-8 byte sequence from index {fault.start}"
        else:
            detail = f"invalid utf-8 sequence of {fault.end - fault.start} bytes from index {fault.start}"
        raise runtime_error(f"bytes_to_string: {detail}") from None


@builtin(
    "bytes_to_string_lossy(data: bytes) -> string", examples=[('bytes_to_string_lossy(bytes_from_hex("41"))', "A")]
)
def bytes_to_string_lossy(data: bytes) -> str:
    """The text of these bytes, with U+FFFD where they are no UTF-8."""
    return data.decode("utf-8", "replace")


@builtin("bytes_from_hex(text: string) -> bytes", examples=[('bytes_from_hex("00ff")', 'b"00ff"')])
def bytes_from_hex(text: str) -> bytes:
    """The bytes that pairs of hexadecimal digits name."""
    if len(text) % 2:
        raise runtime_error("bytes_from_hex: Odd number of digits")
    for place, char in enumerate(text):
        if char not in "0123456789abcdefABCDEF":
            raise runtime_error(f"bytes_from_hex: Invalid character '{char}' at position {place}")
    return bytes.fromhex(text)


@builtin("bytes_to_hex(data: bytes) -> string", examples=[('bytes_to_hex(bytes_from_string("hi"))', "6869")])
def bytes_to_hex(data: bytes) -> str:
    """Two hexadecimal digits a byte, lower case."""
    return data.hex()


@builtin("bytes_from_base64(text: string) -> bytes", examples=[('bytes_from_base64("aGk=")', 'b"6869"')])
def bytes_from_base64(text: str) -> bytes:
    """The bytes a base64 text stands for; its padding is required."""
    from base64 import b64decode

    body = text.rstrip("=")
    for place, char in enumerate(body):
        if char not in _ALPHABET:
            raise _bad_base64(f"Invalid symbol {ord(char)}, offset {place}.")
    if len(text) % 4 or len(text) - len(body) > 2 or len(body) % 4 == 1:
        raise _bad_base64("Invalid padding")
    return b64decode(text)


def _bad_base64(detail: str) -> HarnError:
    return runtime_error(f"bytes_from_base64: {detail}")


@builtin("bytes_to_base64(data: bytes) -> string", examples=[('bytes_to_base64(bytes_from_string("hi"))', "aGk=")])
def bytes_to_base64(data: bytes) -> str:
    """The base64 text of bytes, padded."""
    from base64 import b64encode

    return b64encode(data).decode("ascii")


@builtin("bytes_len(data: bytes) -> int", examples=[('bytes_len(bytes_from_string("caf\u00e9"))', "5")])
def bytes_len(data: bytes) -> int:
    """How many bytes there are."""
    return len(data)


@builtin(
    "bytes_concat(...parts: bytes) -> bytes",
    examples=[('bytes_concat(bytes_from_hex("00"), bytes_from_hex("ff"))', 'b"00ff"')],
)
def bytes_concat(*parts: bytes) -> bytes:
    """Bytes one after the other."""
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
