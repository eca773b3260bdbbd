"""Ed25519 signatures and X25519 key agreement. Keys and signatures are texts of hexadecimal digits.

All of it needs the extra ``harn[crypto]``. New keys are made of the host's randomness, which the journal of a recorded run holds.
"""

from __future__ import annotations

from harn.builtins.base_codes import CodeFault, decode_hex
from harn.builtins.byte_texts import data_of
from harn.builtins.extras import package
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.vm.frame import Answer, Done, Effect, Native, Perform

_KEY_BYTES = 32
_SIGNATURE_BYTES = 64


def _keys(curve: str, builtin: str) -> Any:
    """The module for a curve: ``ed25519`` or ``x25519``."""
    return package(f"cryptography.hazmat.primitives.asymmetric.{curve}", "crypto", builtin)


class KeyPair(Native):
    """Draws a private key and adds the public one."""

    __slots__ = ("curve",)
    name = "keypair"

    def __init__(self, curve: str) -> None:
        self.curve = curve

    def start(self) -> Answer:
        _keys(self.curve, f"{self.curve}_keypair")
        return Perform(Effect("random", "bytes", _KEY_BYTES, idempotent=True))

    def resume(self, value: Any) -> Answer:
        keys = _keys(self.curve, f"{self.curve}_keypair")
        kind = keys.Ed25519PrivateKey if self.curve == "ed25519" else keys.X25519PrivateKey
        public = kind.from_private_bytes(value).public_key().public_bytes_raw()
        return Done({"private": value.hex(), "public": public.hex()})


def _key(digits: Any, unread: str, unfit: str) -> bytes:
    """A key of 32 bytes; what it throws otherwise begins with one of the two texts."""
    try:
        key = decode_hex(data_of(digits))
    except CodeFault as fault:
        raise thrown(f"{unread}: {fault}") from None
    if len(key) != _KEY_BYTES:
        raise thrown(f"{unfit} must be {_KEY_BYTES} bytes")
    return key


@builtin(
    "ed25519_keypair() -> {private: string, public: string}",
    form="native",
    effects=["random"],
    examples=[("ed25519_keypair().keys()", "[private, public]"), ("len(ed25519_keypair().public)", "64")],
)
def ed25519_keypair() -> Native:
    """A new pair of keys for signing: `{private, public}`."""
    return KeyPair("ed25519")


@builtin(
    "ed25519_sign(private_key: any, message: any) -> string",
    examples=[('len(ed25519_sign("00".repeat(32), ""))', "128")],
)
def ed25519_sign(private_key: Any, message: Any) -> str:
    """The signature of a text or bytes under a private key."""
    keys = _keys("ed25519", "ed25519_sign")
    key = _key(private_key, "ed25519_sign: invalid hex private key", "ed25519_sign: private key")
    signature: bytes = keys.Ed25519PrivateKey.from_private_bytes(key).sign(data_of(message))
    return signature.hex()


@builtin(
    "ed25519_verify(public_key: any, message: any, signature: any) -> bool",
    examples=[('ed25519_verify("no key", "hello", "no signature")', "false")],
)
def ed25519_verify(public_key: Any, message: Any, signature: Any) -> bool:
    """Whether a signature is the one of a message by the owner of a public key; false for what is no key or no signature."""
    keys = _keys("ed25519", "ed25519_verify")
    try:
        key, given = decode_hex(data_of(public_key)), decode_hex(data_of(signature))
    except CodeFault:
        return False
    if len(key) != _KEY_BYTES or len(given) != _SIGNATURE_BYTES:
        return False
    invalid = package("cryptography.exceptions", "crypto", "ed25519_verify").InvalidSignature
    try:
        keys.Ed25519PublicKey.from_public_bytes(key).verify(given, data_of(message))
    except (ValueError, invalid):
        return False
    return True


@builtin(
    "x25519_keypair() -> {private: string, public: string}",
    form="native",
    effects=["random"],
    examples=[("x25519_keypair().keys()", "[private, public]")],
)
def x25519_keypair() -> Native:
    """A new pair of keys for agreeing on a secret: `{private, public}`."""
    return KeyPair("x25519")


@builtin("x25519_agree(private_key: any, public_key: any) -> string")
def x25519_agree(private_key: Any, public_key: Any) -> str:
    """The secret that the owners of two pairs of keys share: one's private key and the other's public key give it."""
    keys = _keys("x25519", "x25519_agree")
    own = _key(private_key, "x25519_agree: invalid private hex", "x25519_agree: private")
    other = _key(public_key, "x25519_agree: invalid public hex", "x25519_agree: public")
    try:
        secret: bytes = keys.X25519PrivateKey.from_private_bytes(own).exchange(
            keys.X25519PublicKey.from_public_bytes(other)
        )
    except ValueError:  # one of the few points that give everybody the same secret
        raise thrown("x25519_agree: public is not a usable key") from None
    return secret.hex()
