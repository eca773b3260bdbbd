"""Codes of texts: the vectors of RFC 4648, round trips, and what is refused where."""

from __future__ import annotations

import base64
import binascii

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harn.builtins.base_codes import BASE32, DIGITS, STANDARD, URL_SAFE
from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call

RFC_4648 = {
    "": ("", "", ""),
    "f": ("Zg==", "MY======", "66"),
    "fo": ("Zm8=", "MZXQ====", "666f"),
    "foo": ("Zm9v", "MZXW6===", "666f6f"),
    "foob": ("Zm9vYg==", "MZXW6YQ=", "666f6f62"),
    "fooba": ("Zm9vYmE=", "MZXW6YTB", "666f6f6261"),
    "foobar": ("Zm9vYmFy", "MZXW6YTBOI======", "666f6f626172"),
}


@pytest.mark.parametrize(("text", "codes"), RFC_4648.items())
def test_the_vectors_of_the_rfc(text: str, codes: tuple[str, str, str]) -> None:
    for name, code in zip(("base64", "base32", "hex"), codes, strict=True):
        assert call(f"{name}_encode", text) == code
        assert call(f"{name}_decode", code) == text
    assert call("base64url_encode", text) == codes[0].rstrip("=")


@given(st.binary(max_size=40))
def test_bytes_are_encoded_as_they_are(data: bytes) -> None:
    assert call("bytes_from_base64", call("base64_encode", data)) == data
    assert call("bytes_from_hex", call("hex_encode", data)) == data
    assert call("base64url_decode", call("base64url_encode", data)) == data.decode("utf-8", "replace")
    assert call("base32_decode", call("base32_encode", data)) == data.decode("utf-8", "replace")


@pytest.mark.parametrize(
    ("name", "code", "fault"),
    [
        ("base64", "a", "Invalid input length: 1"),
        ("base64", "abc", "Invalid padding"),
        ("base64", "ab c", "Invalid symbol 32, offset 2."),
        ("base64", "YWJj\n", "Invalid symbol 10, offset 4."),
        ("base64", "Y=Q=", "Invalid symbol 61, offset 1."),
        ("base64", "YWJj====", "Invalid symbol 61, offset 4."),
        ("base64", "YQ==YQ==", "Invalid symbol 61, offset 2."),
        ("base64", "YB==", "Invalid last symbol 66, offset 1."),
        ("base64", "YWJjé", "Invalid symbol 195, offset 4."),
        ("base64url", "Pj4-Pw==", "Invalid padding"),
        ("base64url", "YQ+", "Invalid symbol 43, offset 2."),
        ("base32", "MZXW6", "invalid length at 0"),
        ("base32", "mzxw6ytb", "invalid symbol at 0"),
        ("base32", "MZXW6Y==", "invalid padding length at 6"),
        ("base32", "MZXW6YT=", "non-zero trailing bits at 6"),
        ("base32", "MZXW6YTB========", "invalid symbol at 8"),
        ("hex", "abc", "Odd number of digits"),
        ("hex", "0x01", "Invalid character 'x' at position 1"),
    ],
)
def test_what_is_no_code_is_refused(name: str, code: str, fault: str) -> None:
    with pytest.raises(HarnError) as caught:
        call(f"{name}_decode", code)
    assert str(caught.value) == f"Runtime error: {name} decode error: {fault}"


def _symbols(alphabet: bytes) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from(alphabet.decode() + "==\n"), max_size=12)


@given(_symbols(STANDARD[:6] + STANDARD[-6:]))
@example("AA=A")
def test_base64_takes_what_writing_it_makes_and_nothing_else(code: str) -> None:
    try:
        data = base64.b64decode(code, validate=True)
        canonical = base64.b64encode(data).decode() == code
    except binascii.Error:
        canonical = False
    _is_taken("base64_decode", code, canonical)


@given(_symbols(URL_SAFE[:4] + URL_SAFE[-4:]))
def test_base64url_takes_what_writing_it_makes_and_nothing_else(code: str) -> None:
    padded = code + "=" * (-len(code) % 4)
    try:
        canonical = base64.urlsafe_b64encode(base64.b64decode(padded, b"-_", validate=True)).decode() == padded
    except binascii.Error:
        canonical = False
    _is_taken("base64url_decode", code, canonical and "=" not in code)


@given(_symbols(BASE32[:6]))
def test_base32_takes_what_writing_it_makes_and_nothing_else(code: str) -> None:
    try:
        canonical = base64.b32encode(base64.b32decode(code)).decode() == code
    except binascii.Error:
        canonical = False
    _is_taken("base32_decode", code, canonical)


@given(st.text(st.sampled_from(DIGITS.decode() + " g"), max_size=8))
def test_hexadecimal_digits_in_pairs(code: str) -> None:
    _is_taken("hex_decode", code, len(code) % 2 == 0 and not set(code) & set(" g"))


def _is_taken(name: str, code: str, wanted: bool) -> None:
    try:
        call(name, code)
        taken = True
    except HarnError:
        taken = False
    assert taken == wanted


@pytest.mark.parametrize("name", ["base64_encode", "base64url_encode", "base32_encode", "hex_encode", "url_encode"])
def test_a_code_is_not_made_beyond_the_limit(name: str) -> None:
    with pytest.raises(LimitReached):
        call(name, b"\xff" * 1000, value_bytes=1200)


def test_bytes_do_not_grow_beyond_the_limit() -> None:
    with pytest.raises(LimitReached):
        call("bytes_concat", b"x" * 600, b"x" * 600, value_bytes=1000)
