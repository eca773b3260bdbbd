"""Codes of texts: hexadecimal digits, base32, base64. They encode bytes as they are, anything else as its display text.

Decoding gives a text, with U+FFFD where the bytes are no UTF-8; ``bytes_from_hex`` and ``bytes_from_base64`` give the bytes.
"""

from __future__ import annotations

from harn.builtins.base_codes import BASE64, BASE64_URL, CodeFault, decode_base32, decode_hex
from harn.builtins.byte_texts import data_of
from harn.catalog.record import builtin
from harn.source.typing import Any, Callable
from harn.values.errors import runtime_error
from harn.values.operators import check_size
from harn.vm.machine import Context


def _decoded(name: str, decode: Callable[[bytes], bytes], code: Any) -> str:
    try:
        return decode(data_of(code)).decode("utf-8", "replace")
    except CodeFault as fault:
        raise runtime_error(f"{name} decode error: {fault}") from None


@builtin("base64_encode(data: any) -> string", ctx=True, examples=[('base64_encode("hello")', "aGVsbG8=")])
def base64_encode(ctx: Context, data: Any) -> str:
    """The base64 text of bytes or a text, padded."""
    octets = data_of(data)
    check_size(4 * len(octets) // 3, ctx.vm.value_bytes)
    return BASE64.encode(octets)


@builtin("base64_decode(code: any) -> string", examples=[('base64_decode("aGVsbG8=")', "hello")])
def base64_decode(code: Any) -> str:
    """The text a base64 text stands for; its padding is required."""
    return _decoded("base64", BASE64.decode, code)


@builtin("base64url_encode(data: any) -> string", ctx=True, examples=[('base64url_encode(">>>?")', "Pj4-Pw")])
def base64url_encode(ctx: Context, data: Any) -> str:
    """The base64 text of bytes or a text in the alphabet for URLs, without padding."""
    octets = data_of(data)
    check_size(4 * len(octets) // 3, ctx.vm.value_bytes)
    return BASE64_URL.encode(octets)


@builtin("base64url_decode(code: any) -> string", examples=[('base64url_decode("Pj4-Pw")', ">>>?")])
def base64url_decode(code: Any) -> str:
    """The text that base64 in the alphabet for URLs stands for; padding is refused."""
    return _decoded("base64url", BASE64_URL.decode, code)


@builtin("base32_encode(data: any) -> string", ctx=True, examples=[('base32_encode("foobar")', "MZXW6YTBOI======")])
def base32_encode(ctx: Context, data: Any) -> str:
    """The base32 text of bytes or a text, padded."""
    from base64 import b32encode

    octets = data_of(data)
    check_size(8 * len(octets) // 5, ctx.vm.value_bytes)
    return b32encode(octets).decode("ascii")


@builtin("base32_decode(code: any) -> string", examples=[('base32_decode("MZXW6YTBOI======")', "foobar")])
def base32_decode(code: Any) -> str:
    """The text a base32 text stands for: capital letters, padding required."""
    return _decoded("base32", decode_base32, code)


@builtin("hex_encode(data: any) -> string", ctx=True, examples=[('hex_encode("hello")', "68656c6c6f")])
def hex_encode(ctx: Context, data: Any) -> str:
    """Two hexadecimal digits for each byte of bytes or a text, lower case."""
    octets = data_of(data)
    check_size(2 * len(octets), ctx.vm.value_bytes)
    return octets.hex()


@builtin("hex_decode(code: any) -> string", examples=[('hex_decode("68656c6C6f")', "hello")])
def hex_decode(code: Any) -> str:
    """The text whose bytes pairs of hexadecimal digits name."""
    return _decoded("hex", decode_hex, code)
