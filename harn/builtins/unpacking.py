"""Decompressing what a stranger compressed: in pieces, so that nothing much larger than the limit ever exists.

Each function gives the bytes; LimitReached where there are more than ``limit``, PackingFault where the data is damaged.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.errors import LimitReached

_GZIP_MAGIC = b"\x1f\x8b"
_FIRST_WINDOW, _LARGEST_WINDOW = 512, 2**20
"""Bytes given to zlib at a time. Few at the start of a member, so that a file of a million tiny ones takes no time either."""
_ZSTD_WINDOW = 2**10
"""Bytes given to zstd at a time. Four of them may stand for a block of 128 kB, so a piece is 32 MB at most."""
_ZSTD_MEMORY = 2**27
"""The largest window a frame may ask for, that of the ``zstd`` program."""
_BROTLI_PIECE = 2**20


class PackingFault(ValueError):
    """Data that cannot be decompressed; the message says why."""


class Pieces:
    """The output so far."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self.parts: list[bytes] = []

    def add(self, part: bytes) -> None:
        """One more piece; LimitReached where that is too much."""
        self.size += len(part)
        if self.size > self.limit:
            raise LimitReached("value_bytes", self.limit)
        self.parts.append(part)

    def joined(self) -> bytes:
        """All of it."""
        return b"".join(self.parts)


def unpack_gzip(data: bytes, limit: int) -> bytes:
    """All members of a gzip file, one after the other; what follows them and is no member is passed over."""
    import zlib

    if len(data) < 2 or not data.startswith(_GZIP_MAGIC):
        raise PackingFault("unexpected end of file" if _GZIP_MAGIC.startswith(data) else "invalid gzip header")
    out = Pieces(limit)
    place = 0
    while data.startswith(_GZIP_MAGIC, place):
        member = zlib.decompressobj(wbits=31)
        window = _FIRST_WINDOW
        while not member.eof:
            piece = data[place : place + window]
            if not piece:
                raise PackingFault("unexpected end of file")
            try:
                out.add(member.decompress(piece, limit - out.size + 1))
            except zlib.error as fault:
                raise PackingFault(_zlib_words(str(fault))) from None
            place += len(piece) - len(member.unused_data)
            window = min(4 * window, _LARGEST_WINDOW)
    return out.joined()


def _zlib_words(fault: str) -> str:
    if "incorrect data check" in fault or "incorrect length check" in fault:
        return "corrupt gzip stream does not have a matching checksum"
    return "invalid gzip header" if "header" in fault or "unknown compression" in fault else "corrupt deflate stream"


def unpack_zstd(data: bytes, limit: int, zstandard: Any) -> bytes:
    """All frames, one after the other. ``zstandard`` is the package of that name."""
    out = Pieces(limit)
    place = 0
    machine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_MEMORY)
    while place < len(data):
        frame = machine.decompressobj()
        while not frame.eof:
            piece = data[place : place + _ZSTD_WINDOW]
            if not piece:
                raise PackingFault("incomplete frame")
            try:
                out.add(frame.decompress(piece))
            except zstandard.ZstdError as fault:
                raise PackingFault(str(fault).removeprefix("zstd decompressor error: ")) from None
            place += len(piece) - len(frame.unused_data)
    return out.joined()


def unpack_brotli(data: bytes, limit: int, brotli: Any) -> bytes:
    """One stream, and nothing behind it. ``brotli`` is the package of that name."""
    out = Pieces(limit)
    machine = brotli.Decompressor()
    given = data
    while True:
        try:
            piece = machine.process(given, output_buffer_limit=_BROTLI_PIECE)
        except brotli.error:
            raise PackingFault("corrupt brotli stream") from None
        out.add(piece)
        if machine.is_finished():
            return out.joined()
        if not piece and machine.can_accept_more_data():
            raise PackingFault("unexpected end of file")
        given = b""
