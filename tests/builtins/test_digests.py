"""Digests and codes for authentication: vectors of FIPS 180-4, FIPS 202, RFC 1321, RFC 4231 and of the BLAKE3 project."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builtins.driving import call

TWO_BLOCKS = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"


@pytest.mark.parametrize(
    ("name", "text", "digest"),
    [
        ("md5", "message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
        ("sha224", "abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        ("sha256", TWO_BLOCKS, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (
            "sha384",
            "abc",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            "sha512",
            "abc",
            (
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ),
        ("sha512_256", "abc", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        ("sha3_256", "abc", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        (
            "sha3_512",
            "abc",
            (
                "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
                "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"
            ),
        ),
        ("blake3", "", "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
    ],
)
def test_known_digests(name: str, text: str, digest: str) -> None:
    assert call(name, text) == digest
    assert call(name, text.encode()) == digest


def test_blake3_over_several_chunks() -> None:
    data = bytes(place % 251 for place in range(2049))
    assert call("blake3", data) == "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030"


@pytest.mark.parametrize(
    ("key", "message", "mac"),
    [
        (b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        (
            b"\xaa" * 131,
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
        ),
    ],
)
def test_known_codes(key: bytes, message: bytes, mac: str) -> None:
    assert call("hmac_sha256", key, message) == mac
    assert call("bytes_to_hex", call("bytes_from_base64", call("hmac_sha256_base64", key, message))) == mac


def test_what_is_no_text_is_hashed_as_its_display_text() -> None:
    assert call("sha256", 1.0) == call("sha256", "1.0")
    assert call("md5", [1, None]) == call("md5", "[1, nil]")


@given(st.text(max_size=6), st.text(max_size=6))
def test_comparing_in_constant_time_is_comparing(a: str, b: str) -> None:
    assert call("constant_time_eq", a, b) == (a == b)
    assert call("constant_time_eq", a, a)
