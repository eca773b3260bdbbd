"""Builtins that need a package beside the standard library say so in one line where it is not there."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from harn.values.errors import HarnError
from tests.builtins.driving import call


@pytest.mark.parametrize(
    ("name", "args", "module", "package", "extra"),
    [
        ("blake3", ("",), "blake3", "blake3", "crypto"),
        ("ed25519_keypair", (), "cryptography.hazmat.primitives.asymmetric.ed25519", "cryptography", "crypto"),
        ("jwt_sign", ("ES256", {}, "pem"), "cryptography.hazmat.primitives.serialization", "cryptography", "crypto"),
        ("zstd_encode", ("",), "zstandard", "zstandard", "compression"),
        ("brotli_decode", (b"",), "brotli", "brotli", "compression"),
    ],
)
def test_what_to_install(
    name: str, args: tuple[Any, ...], module: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    wanted = f"{name}: the Python package `{package}` is not installed; `pip install 'harn[{extra}]'` adds it"
    assert str(caught.value) == f"Runtime error: {wanted}"


def test_what_needs_no_package_works_without(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("blake3", "cryptography", "zstandard", "brotli"):
        monkeypatch.setitem(sys.modules, module, None)
    assert call("gzip_decode", call("gzip_encode", "x")) == b"x"
    assert call("sha256", "")[:4] == "e3b0"
    token = "eyJhbGciOiJIUzI1NiJ9.e30."
    with pytest.raises(HarnError, match="InvalidSignature"):
        call("jwt_verify", "HS256", token, "k")
