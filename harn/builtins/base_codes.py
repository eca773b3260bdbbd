"""Bytes written as text: hexadecimal digits, base32, base64 and its form for URLs.

Reading is strict: symbols, padding and the unused bits of the last symbol have to be as writing makes them, so that two
different texts never stand for the same bytes (the case of hexadecimal digits aside).
"""

from __future__ import annotations

from harn.source.typing import NamedTuple

STANDARD = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
URL_SAFE = STANDARD[:-2] + b"-_"
BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
DIGITS = b"0123456789abcdefABCDEF"


class CodeFault(ValueError):
    """A text that is not what it should be; the message says what and where, counted in bytes from 0."""


def first_stranger(code: bytes, symbols: bytes) -> int:
    """The place of the first byte that is none of the symbols, -1 where there is none."""
    if not code.translate(None, symbols):
        return -1
    return next(place for place, symbol in enumerate(code) if symbol not in symbols)


def decode_hex(code: bytes) -> bytes:
    """The bytes that pairs of hexadecimal digits name."""
    if len(code) % 2:
        raise CodeFault("Odd number of digits")
    place = first_stranger(code, DIGITS)
    if place >= 0:
        raise CodeFault(f"Invalid character '{chr(code[place])}' at position {place}")
    return bytes.fromhex(code.decode("ascii"))


# ------------------------------------------------------------------------------------------------------------- base64

_SPARE = {0: 1, 2: 16, 3: 4}
"""Symbols in the last group of four -> what the value of its last symbol is a multiple of. A lone symbol makes no byte."""


class Base64(NamedTuple):
    """A form of base64: its 64 symbols, and whether the last group of four is filled up with ``=``."""

    symbols: bytes
    padded: bool

    def encode(self, data: bytes) -> str:
        """The text of bytes."""
        from base64 import b64encode

        code = b64encode(data, altchars=self.symbols[62:]).decode("ascii")
        return code if self.padded else code.rstrip("=")

    def decode(self, code: bytes) -> bytes:
        """The bytes a text stands for."""
        from base64 import b64decode

        body = code.rstrip(b"=")
        padding, rest = len(code) - len(body), len(body) % 4
        place = first_stranger(body, self.symbols)
        if place >= 0 or rest == 1 or padding != (-rest % 4 if self.padded else 0):
            raise CodeFault(self._fault(code, len(body), place))
        if rest and self.symbols.index(body[-1]) % _SPARE[rest]:
            raise CodeFault(f"Invalid last symbol {body[-1]}, offset {len(body) - 1}.")
        return b64decode(body + b"=" * (-rest % 4), altchars=self.symbols[62:])

    def _fault(self, code: bytes, symbols: int, stranger: int) -> str:
        """What is wrong with a text that begins with so many symbols: a stranger, padding too early, or its length."""
        count = len(code)
        if count % 4 == 1 and code[-1] not in self.symbols and code[-1:] != b"=":
            stranger = count - 1  # a line break at the end, say: told before anything else
        in_last_group = symbols - max(0, count - (count % 4 or 4))
        if stranger < 0 and symbols < count and in_last_group < 2:
            stranger = symbols
        if stranger >= 0:
            return f"Invalid symbol {code[stranger]}, offset {stranger}."
        return f"Invalid input length: {symbols}" if in_last_group == 1 else "Invalid padding"


BASE64 = Base64(STANDARD, True)
BASE64_URL = Base64(URL_SAFE, False)


# ------------------------------------------------------------------------------------------------------------- base32

_SPARE_32 = {0: 1, 2: 4, 4: 16, 5: 2, 7: 8}
"""Symbols in the last group of eight -> what the value of its last symbol is a multiple of. Other counts make no whole bytes."""


def decode_base32(code: bytes) -> bytes:
    """The bytes a base32 text stands for: capital letters, every group filled up to eight symbols with ``=``."""
    from base64 import b32decode

    if len(code) % 8:
        raise CodeFault(f"invalid length at {len(code) // 8 * 8}")
    body = code.rstrip(b"=")
    place = first_stranger(body, BASE32)
    if place < 0 and len(code) - len(body) >= 8:
        place = len(body)
    if place >= 0:
        raise CodeFault(f"invalid symbol at {place}")
    rest = len(body) % 8
    if rest not in _SPARE_32:
        raise CodeFault(f"invalid padding length at {len(body)}")
    if rest and BASE32.index(body[-1]) % _SPARE_32[rest]:
        raise CodeFault(f"non-zero trailing bits at {len(body) - 1}")
    return b32decode(code)
