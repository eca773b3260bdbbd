"""JSON Web Tokens: the examples of RFC 7515, round trips, and everything that must not verify."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from harn.values.errors import HarnError
from tests.builtins.driving import call

CLAIMS = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
READ = {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}


def from_base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def public_pem(key: Any) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return str(key.public_bytes(serialization.Encoding.PEM, form).decode())


def private_pem(key: Any, form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8) -> str:
    nobody = serialization.NoEncryption()
    return str(key.private_bytes(serialization.Encoding.PEM, form, nobody).decode())


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


CURVE_KEY = ec.derive_private_key(0x1234567890ABCDEF, ec.SECP256R1())


def refused(name: str, *args: Any) -> str:
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    return str(caught.value.bound())


def test_the_example_of_a_shared_secret() -> None:
    key = from_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
    token = f"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{CLAIMS}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert call("jwt_verify", "HS256", token, key) == {"valid": True, "claims": READ}


def test_the_example_of_a_curve() -> None:
    x, y = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    numbers = (int.from_bytes(from_base64url(half), "big") for half in (x, y))
    key = public_pem(ec.EllipticCurvePublicNumbers(*numbers, ec.SECP256R1()).public_key())
    signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    token = f"eyJhbGciOiJFUzI1NiJ9.{CLAIMS}.{signature}"
    assert call("jwt_verify", "ES256", token, key) == {"valid": True, "claims": READ}
    assert refused("jwt_verify", "ES256", token[:-1] + "R", key) == "jwt_verify: InvalidSignature"


def test_signing_and_verifying(rsa_key: rsa.RSAPrivateKey) -> None:
    claims = {"sub": "é", "n": 1.5, "list": [1, None], "exp": 1, "aud": "somebody"}
    for name, key in (("RS256", rsa_key), ("ES256", CURVE_KEY)):
        token = call("jwt_sign", name, claims, private_pem(key))
        assert call("jwt_sign", name, claims, private_pem(key)) == token  # no randomness in it
        assert call("jwt_verify", name, token, public_pem(key.public_key())) == {"valid": True, "claims": claims}
        header, body, signature = token.split(".")
        assert call("base64url_decode", header) == f'{{"typ":"JWT","alg":"{name}"}}'
        for forged in (f"{header}.{body}x.{signature}", f"{header}.{body}.{signature[:-4]}", f"{header}.{body}."):
            assert refused("jwt_verify", name, forged, public_pem(key.public_key())) == "jwt_verify: InvalidSignature"


def test_older_forms_of_private_keys(rsa_key: rsa.RSAPrivateKey) -> None:
    older = serialization.PrivateFormat.TraditionalOpenSSL
    for name, key in (("RS256", rsa_key), ("ES256", CURVE_KEY)):
        assert call("jwt_sign", name, {}, private_pem(key, older)) == call("jwt_sign", name, {}, private_pem(key))


def test_the_header_does_not_choose_the_algorithm(rsa_key: rsa.RSAPrivateKey) -> None:
    public = public_pem(rsa_key.public_key())
    header, body = call("base64url_encode", '{"alg":"HS256"}'), call("base64url_encode", "{}")
    mac = call("bytes_from_hex", call("hmac_sha256", public, f"{header}.{body}"))
    confused = f"{header}.{body}.{call('base64url_encode', mac)}"
    assert refused("jwt_verify", "RS256", confused, public) == "jwt_verify: InvalidAlgorithm"
    unsigned = call("base64url_encode", '{"alg":"none"}') + f".{body}."
    assert refused("jwt_verify", "HS256", unsigned, "k") == "jwt_verify: InvalidAlgorithm"


def test_keys_that_do_not_serve(rsa_key: rsa.RSAPrivateKey) -> None:
    other_curve = private_pem(ec.derive_private_key(7, ec.SECP384R1()))
    short = private_pem(rsa.generate_private_key(65537, 1024))
    invalid = "Runtime error: jwt_sign: invalid {} PEM private key: {}".format
    secret = "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----"
    assert refused("jwt_sign", "ES256", {}, secret) == invalid("ES256", "InvalidKeyFormat")
    assert refused("jwt_sign", "ES256", {}, private_pem(rsa_key)) == invalid("ES256", "InvalidKeyFormat")
    assert refused("jwt_sign", "RS256", {}, private_pem(CURVE_KEY)) == invalid("RS256", "InvalidKeyFormat")
    assert refused("jwt_sign", "ES256", {}, other_curve) == invalid("ES256", "InvalidEcdsaKey")
    assert refused("jwt_sign", "RS256", {}, short) == invalid("RS256", "RSA key invalid: TooSmall")
    unknown = "Runtime error: jwt_sign: unsupported algorithm `HS256`; expected ES256 or RS256"
    assert refused("jwt_sign", "HS256", {}, "k") == unknown
    assert refused("jwt_verify", "ES256", "a.b.c", "k") == "jwt_verify: invalid ES256 public key: InvalidKeyFormat"
    assert refused("jwt_verify", "none", "a.b.c", "k") == "jwt_verify: unsupported algorithm 'none'"


pieces = st.sampled_from(["", ".", "a", "e30", "eyJhbGciOiJIUzI1NiJ9", "W10", "é", "=", "bnVsbA"])


@given(st.lists(pieces, max_size=7).map("".join))
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refused("jwt_verify", "HS256", token, "k") in (
        "jwt_verify: InvalidToken",
        "jwt_verify: InvalidSignature",
        "jwt_verify: InvalidAlgorithm",
    )


@pytest.mark.parametrize("body", ["W10", "bnVsbA", "e30=", "gICA", "e3t7"])
def test_claims_are_an_object(body: str) -> None:
    message = f"eyJhbGciOiJIUzI1NiJ9.{body}"
    mac = call("bytes_from_hex", call("hmac_sha256", "k", message))
    token = f"{message}.{call('base64url_encode', mac)}"
    assert refused("jwt_verify", "HS256", token, "k") == "jwt_verify: InvalidToken"
