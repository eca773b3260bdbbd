"""Compression: gzip, zstd and brotli. They take bytes or a text and give bytes.

gzip needs nothing; the other two need the extra ``harn[compression]``. A result larger than the run's limit for one value ends
the run before it exists, however small what it was packed into.
"""

from __future__ import annotations

from harn.builtins.byte_texts import data_of
from harn.builtins.extras import package
from harn.builtins.unpacking import PackingFault, unpack_brotli, unpack_gzip, unpack_zstd
from harn.catalog.record import builtin
from harn.values.errors import runtime_error
from harn.vm.machine import Context

_UNKNOWN_SYSTEM = b"\xff"


def _level(builtin: str, word: str, given: int | None, usual: int, low: int, high: int) -> int:
    level = usual if given is None else given
    if not low <= level <= high:
        raise runtime_error(f"{builtin}: {word} must be between {low} and {high}, got {level}")
    return level


@builtin(
    "gzip_encode(data: bytes|string, level?: int) -> bytes",
    examples=[('bytes_to_string(gzip_decode(gzip_encode("hello", 9)))', "hello")],
)
def gzip_encode(data: bytes | str, level: int | None = None) -> bytes:
    """The gzip file of bytes or a text; `level` from 0 to 9, usually 6. It holds no name and no time."""
    import zlib

    packer = zlib.compressobj(_level("gzip_encode", "level", level, 6, 0, 9), wbits=31)
    packed = packer.compress(data_of(data)) + packer.flush()
    return packed[:9] + _UNKNOWN_SYSTEM + packed[10:]  # the same bytes wherever they are made


@builtin(
    "gzip_decode(data: bytes) -> bytes", ctx=True, examples=[('bytes_to_string(gzip_decode(gzip_encode("a")))', "a")]
)
def gzip_decode(ctx: Context, data: bytes) -> bytes:
    """What a gzip file holds, of several in a row one after the other."""
    try:
        return unpack_gzip(data, ctx.vm.value_bytes)
    except PackingFault as fault:
        raise runtime_error(f"gzip_decode: {fault}") from None


@builtin(
    "zstd_encode(data: bytes|string, level?: int) -> bytes",
    examples=[('bytes_to_string(zstd_decode(zstd_encode("hello", 1)))', "hello")],
)
def zstd_encode(data: bytes | str, level: int | None = None) -> bytes:
    """The zstd frame of bytes or a text; `level` from -131072 to 22, usually 3. Needs the extra `harn[compression]`."""
    zstandard = package("zstandard", "compression", "zstd_encode")
    packer = zstandard.ZstdCompressor(level=_level("zstd_encode", "level", level, 3, -131072, 22))
    packed: bytes = packer.compress(data_of(data))
    return packed


@builtin(
    "zstd_decode(data: bytes) -> bytes", ctx=True, examples=[('bytes_to_string(zstd_decode(zstd_encode("a")))', "a")]
)
def zstd_decode(ctx: Context, data: bytes) -> bytes:
    """What zstd frames hold, one after the other. Needs the extra `harn[compression]`."""
    zstandard = package("zstandard", "compression", "zstd_decode")
    try:
        return unpack_zstd(data, ctx.vm.value_bytes, zstandard)
    except PackingFault as fault:
        raise runtime_error(f"zstd_decode: {fault}") from None


@builtin(
    "brotli_encode(data: bytes|string, quality?: int) -> bytes",
    examples=[('bytes_to_string(brotli_decode(brotli_encode("hello", 4)))', "hello")],
)
def brotli_encode(data: bytes | str, quality: int | None = None) -> bytes:
    """The brotli stream of bytes or a text; `quality` from 0 to 11, usually 11. Needs the extra `harn[compression]`."""
    brotli = package("brotli", "compression", "brotli_encode")
    packed: bytes = brotli.compress(data_of(data), quality=_level("brotli_encode", "quality", quality, 11, 0, 11))
    return packed


@builtin(
    "brotli_decode(data: bytes) -> bytes",
    ctx=True,
    examples=[('bytes_to_string(brotli_decode(brotli_encode("a")))', "a")],
)
def brotli_decode(ctx: Context, data: bytes) -> bytes:
    """What a brotli stream holds. Needs the extra `harn[compression]`."""
    brotli = package("brotli", "compression", "brotli_decode")
    try:
        return unpack_brotli(data, ctx.vm.value_bytes, brotli)
    except PackingFault as fault:
        raise runtime_error(f"brotli_decode: {fault}") from None
