"""JSON Web Tokens in the compact form: ``header.claims.signature``, each part in base64url.

The algorithm is the caller's choice, never the token's: a token whose header names another one is refused. Times (``exp``,
``nbf``) and audiences are the program's to look at. ``ES256`` and ``RS256`` need the extra ``harn[crypto]``; signing takes no
randomness (RFC 6979), so a claim set and a key have one token.
"""

from __future__ import annotations

from harn.builtins.base_codes import BASE64_URL, CodeFault
from harn.builtins.byte_texts import data_of
from harn.builtins.digests import mac_sha256
from harn.builtins.extras import package
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import runtime_error, thrown
from harn.values.json_read import from_json
from harn.values.json_write import to_json
from harn.values.operators import check_size
from harn.vm.machine import Context

_HALF = 32
"""Bytes of each of the two numbers of an ES256 signature."""
_RSA_BITS = 2048
"""Shorter keys are refused."""


class KeyFault(ValueError):
    """A key that does not serve; the message says why and shows nothing of it."""


def _crypto(module: str, builtin: str) -> Any:
    return package(f"cryptography.{module}", "crypto", builtin)


def _fitting_key(pem: str, algorithm: str, builtin: str, private: bool) -> Any:
    """The key of a PEM text, of the kind an algorithm takes."""
    serialization = _crypto("hazmat.primitives.serialization", builtin)
    unsupported = _crypto("exceptions", builtin).UnsupportedAlgorithm
    data = pem.encode("utf-8", "surrogatepass")
    try:
        if private:
            key = serialization.load_pem_private_key(data, None)
        else:
            key = serialization.load_pem_public_key(data)
    except (ValueError, TypeError, unsupported):  # TypeError: it is encrypted
        raise KeyFault("InvalidKeyFormat") from None
    side = "PrivateKey" if private else "PublicKey"
    if algorithm == "RS256":
        if not isinstance(key, getattr(_crypto("hazmat.primitives.asymmetric.rsa", builtin), f"RSA{side}")):
            raise KeyFault("InvalidKeyFormat")
        if key.key_size < _RSA_BITS:
            raise KeyFault("RSA key invalid: TooSmall")
        return key
    curves = _crypto("hazmat.primitives.asymmetric.ec", builtin)
    if not isinstance(key, getattr(curves, f"EllipticCurve{side}")):
        raise KeyFault("InvalidKeyFormat")
    if not isinstance(key.curve, curves.SECP256R1):
        raise KeyFault("InvalidEcdsaKey")
    return key


def _signature(key: Any, algorithm: str, message: bytes) -> bytes:
    hashes = _crypto("hazmat.primitives.hashes", "jwt_sign")
    asymmetric = "hazmat.primitives.asymmetric"
    if algorithm == "RS256":
        padding = _crypto(f"{asymmetric}.padding", "jwt_sign").PKCS1v15()
        signature: bytes = key.sign(message, padding, hashes.SHA256())
        return signature
    method = _crypto(f"{asymmetric}.ec", "jwt_sign").ECDSA(hashes.SHA256(), deterministic_signing=True)
    numbers = _crypto(f"{asymmetric}.utils", "jwt_sign").decode_dss_signature(key.sign(message, method))
    return b"".join(number.to_bytes(_HALF, "big") for number in numbers)


@builtin("jwt_sign(algorithm: string, claims: dict, private_key: string) -> string", ctx=True)
def jwt_sign(ctx: Context, algorithm: str, claims: dict[str, Any], private_key: str) -> str:
    """A token for some claims, signed with a private key in PEM: `ES256` with one on the curve P-256, `RS256` with an RSA key.

    Claims become JSON as `json_stringify` writes it.
    """
    if algorithm not in ("ES256", "RS256"):
        raise runtime_error(f"jwt_sign: unsupported algorithm `{algorithm}`; expected ES256 or RS256")
    try:
        key = _fitting_key(private_key, algorithm, "jwt_sign", private=True)
    except KeyFault as fault:
        raise runtime_error(f"jwt_sign: invalid {algorithm} PEM private key: {fault}") from None
    body = to_json(claims, ctx.vm.value_bytes)
    check_size(4 * len(body) // 3, ctx.vm.value_bytes)
    header = f'{{"typ":"JWT","alg":"{algorithm}"}}'
    message = f"{BASE64_URL.encode(data_of(header))}.{BASE64_URL.encode(data_of(body))}"
    return f"{message}.{BASE64_URL.encode(_signature(key, algorithm, message.encode('ascii')))}"


def _holds(key: Any, algorithm: str, message: bytes, signature: bytes) -> bool:
    """Whether a signature of ES256 or RS256 is the owner's."""
    hashes = _crypto("hazmat.primitives.hashes", "jwt_verify")
    invalid = _crypto("exceptions", "jwt_verify").InvalidSignature
    asymmetric = "hazmat.primitives.asymmetric"
    try:
        if algorithm == "RS256":
            padding = _crypto(f"{asymmetric}.padding", "jwt_verify").PKCS1v15()
            key.verify(signature, message, padding, hashes.SHA256())
        elif len(signature) == 2 * _HALF:
            halves = (int.from_bytes(half, "big") for half in (signature[:_HALF], signature[_HALF:]))
            pair = _crypto(f"{asymmetric}.utils", "jwt_verify").encode_dss_signature(*halves)
            key.verify(pair, message, _crypto(f"{asymmetric}.ec", "jwt_verify").ECDSA(hashes.SHA256()))
        else:
            return False
    except invalid:
        return False
    return True


def _json_part(part: str) -> dict[str, Any]:
    """The object in a part of a token; ValueError where there is none."""
    value = from_json(BASE64_URL.decode(data_of(part)).decode("utf-8"))
    if value.__class__ is not dict:
        raise ValueError("no object")
    return value


@builtin("jwt_verify(algorithm: any, token: any, key: any) -> {valid: bool, claims: dict}")
def jwt_verify(algorithm: Any, token: Any, key: Any) -> dict[str, Any]:
    """`{valid: true, claims}` of a token; throws where it is none, names another algorithm or has a wrong signature.

    `HS256` takes the shared secret, `ES256` and `RS256` the public key in PEM. `exp` and `nbf` are not looked at.
    """
    name, whole = text_of(algorithm), text_of(token)
    if name not in ("HS256", "ES256", "RS256"):
        raise thrown(f"jwt_verify: unsupported algorithm '{name}'")
    public = None
    if name != "HS256":
        try:
            public = _fitting_key(text_of(key), name, "jwt_verify", private=False)
        except KeyFault as fault:
            raise thrown(f"jwt_verify: invalid {name} public key: {fault}") from None
    message, _, signature = whole.rpartition(".")
    header, _, claims = message.rpartition(".")
    try:
        if _json_part(header).get("alg") != name:
            raise thrown("jwt_verify: InvalidAlgorithm")
        if not _is_signed(name, data_of(message), signature, data_of(key), public):
            raise thrown("jwt_verify: InvalidSignature")
        return {"valid": True, "claims": _json_part(claims)}
    except ValueError:  # no base64, no UTF-8, no JSON or no object
        raise thrown("jwt_verify: InvalidToken") from None


def _is_signed(algorithm: str, message: bytes, signature: str, secret: bytes, public: Any) -> bool:
    if algorithm == "HS256":
        from hmac import compare_digest

        return compare_digest(data_of(signature), data_of(BASE64_URL.encode(mac_sha256(secret, message))))
    try:
        return _holds(public, algorithm, message, BASE64_URL.decode(data_of(signature)))
    except CodeFault:
        return False
