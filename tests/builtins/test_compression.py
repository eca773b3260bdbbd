"""gzip, zstd and brotli: round trips, other programs' files, damage, and little data that stands for much."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call

FORMATS = ("gzip", "zstd", "brotli")
LEVELS = {"gzip": ("level", 0, 9), "zstd": ("level", -131072, 22), "brotli": ("quality", 0, 11)}
by_format = pytest.mark.parametrize("form", FORMATS)
payloads = st.one_of(
    st.binary(max_size=200), st.builds(lambda part, times: part * times, st.binary(max_size=5), st.integers(0, 9000))
)


def fault(name: str, *args: Any) -> str:
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    return str(caught.value)


@by_format
@given(data=payloads, level=st.one_of(st.none(), st.integers(0, 9)))
def test_round_trip(form: str, data: bytes, level: int | None) -> None:
    assert call(f"{form}_decode", call(f"{form}_encode", data, level)) == data


@by_format
def test_texts_are_packed_as_utf8(form: str) -> None:
    assert call(f"{form}_decode", call(f"{form}_encode", "héllo")) == "héllo".encode()


@by_format
def test_levels(form: str) -> None:
    word, low, high = LEVELS[form]
    for level in (low, high):
        assert call(f"{form}_decode", call(f"{form}_encode", "x", level)) == b"x"
    for level in (low - 1, high + 1):
        text = f"{form}_encode: {word} must be between {low} and {high}, got {level}"
        assert fault(f"{form}_encode", "x", level) == f"Runtime error: {text}"


def test_gzip_files_hold_no_time() -> None:
    assert call("gzip_encode", "x")[:10] == bytes.fromhex("1f8b08000000000000ff")


@given(st.lists(payloads, min_size=1, max_size=3), st.sampled_from([b"", b"\0\0", b"behind"]))
def test_gzip_files_in_a_row(parts: list[bytes], behind: bytes) -> None:
    assert call("gzip_decode", b"".join(map(gzip.compress, parts)) + behind) == b"".join(parts)


def test_other_programs_files() -> None:
    frames = zstandard.ZstdCompressor(level=19, write_checksum=True).compress(b"one ") + zstandard.compress(b"two")
    skippable = b"\x50\x2a\x4d\x18\x03\0\0\0abc"
    assert call("zstd_decode", frames + skippable) == b"one two"
    assert call("zstd_decode", b"") == b""
    assert call("brotli_decode", brotli.compress(b"x" * 70_000, lgwin=10)) == b"x" * 70_000


def test_damage_has_words() -> None:
    packed = gzip.compress(b"hello, hello, hello")
    at = "Runtime error: gzip_decode: "
    assert fault("gzip_decode", b"") == at + "unexpected end of file"
    assert fault("gzip_decode", packed[:-1]) == at + "unexpected end of file"
    assert fault("gzip_decode", b"hello") == at + "invalid gzip header"
    assert fault("gzip_decode", packed[:-8] + b"\0" * 8) == at + "corrupt gzip stream does not have a matching checksum"
    assert fault("gzip_decode", packed[:10] + b"\xff" * 20) == at + "corrupt deflate stream"
    assert fault("zstd_decode", b"hello, hello") == "Runtime error: zstd_decode: Unknown frame descriptor"
    assert fault("zstd_decode", zstandard.compress(b"hello")[:-1]) == "Runtime error: zstd_decode: incomplete frame"
    assert fault("brotli_decode", b"") == "Runtime error: brotli_decode: unexpected end of file"
    assert (
        fault("brotli_decode", brotli.compress(b"hello") + b"x")
        == "Runtime error: brotli_decode: corrupt brotli stream"
    )


@by_format
@settings(max_examples=60)
@given(data=st.data())
def test_damaged_data_never_does_harm(form: str, data: st.DataObject) -> None:
    packed = bytearray(call(f"{form}_encode", b"harn " * 50))
    for _ in range(data.draw(st.integers(1, 4))):
        packed[data.draw(st.integers(0, len(packed) - 1))] = data.draw(st.integers(0, 255))
    try:
        call(f"{form}_decode", bytes(packed), value_bytes=10**6)
    except (HarnError, LimitReached):
        pass


def bombs() -> dict[str, bytes]:
    zeros = bytes(2 * 10**7)
    return {
        "gzip": zlib.compress(zeros, 9, wbits=31),
        "zstd": zstandard.compress(zeros),
        "brotli": brotli.compress(zeros),
    }


@by_format
def test_little_data_that_stands_for_much_ends_at_the_limit(form: str) -> None:
    bomb = bombs()[form]
    assert len(bomb) < 30_000
    with pytest.raises(LimitReached):
        call(f"{form}_decode", bomb, value_bytes=10**6)
    assert len(call(f"{form}_decode", bomb, value_bytes=2 * 10**7)) == 2 * 10**7


def test_a_frame_may_not_ask_for_endless_memory() -> None:
    settings = zstandard.ZstdCompressionParameters(window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=settings).compressobj()
    frame = packer.compress(b"abc") + packer.flush()
    assert fault("zstd_decode", frame) == "Runtime error: zstd_decode: Frame requires too much memory for decoding"


def test_many_tiny_members_take_no_time() -> None:
    assert call("gzip_decode", gzip.compress(b"") * 50_000) == b""
    assert call("zstd_decode", zstandard.compress(b"") * 50_000) == b""
