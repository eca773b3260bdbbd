"""Digests and message authentication codes. Bytes count as they are, anything else as its display text.

All digests are lower-case hexadecimal digits. ``md5`` is there for checksums of old: it protects nothing.
"""

from __future__ import annotations

from harn.builtins.byte_texts import data_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import runtime_error


def _digest(algorithm: str, data: Any) -> str:
    import hashlib

    try:
        return hashlib.new(algorithm, data_of(data), usedforsecurity=False).hexdigest()
    except ValueError:  # not every build of Python has all of them
        raise runtime_error(f"{algorithm}: this Python does not have the algorithm") from None


def mac_sha256(key: Any, message: Any) -> bytes:
    """The 32 bytes of HMAC-SHA256."""
    import hmac

    return hmac.digest(data_of(key), data_of(message), "sha256")


@builtin(
    "md5(data: any) -> string",
    examples=[('md5("hello")', "5d41402abc4b2a76b9719d911017c592")],
)
def md5(data: Any) -> str:
    """The MD5 digest of bytes or a text: not for anything an adversary may touch."""
    return _digest("md5", data)


@builtin(
    "sha224(data: any) -> string",
    examples=[('sha224("abc")', "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7")],
)
def sha224(data: Any) -> str:
    """The SHA-224 digest of bytes or a text."""
    return _digest("sha224", data)


@builtin(
    "sha256(data: any) -> string",
    examples=[('sha256("hello")', "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")],
)
def sha256(data: Any) -> str:
    """The SHA-256 digest of bytes or a text."""
    return _digest("sha256", data)


@builtin("sha384(data: any) -> string", examples=[('len(sha384("abc"))', "96")])
def sha384(data: Any) -> str:
    """The SHA-384 digest of bytes or a text."""
    return _digest("sha384", data)


@builtin("sha512(data: any) -> string", examples=[('len(sha512("abc"))', "128")])
def sha512(data: Any) -> str:
    """The SHA-512 digest of bytes or a text."""
    return _digest("sha512", data)


@builtin(
    "sha512_256(data: any) -> string",
    examples=[('sha512_256("abc")', "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23")],
)
def sha512_256(data: Any) -> str:
    """The SHA-512/256 digest of bytes or a text."""
    return _digest("sha512_256", data)


@builtin(
    "sha3_256(data: any) -> string",
    examples=[('sha3_256("")', "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a")],
)
def sha3_256(data: Any) -> str:
    """The SHA3-256 digest of bytes or a text."""
    return _digest("sha3_256", data)


@builtin("sha3_512(data: any) -> string", examples=[('len(sha3_512("abc"))', "128")])
def sha3_512(data: Any) -> str:
    """The SHA3-512 digest of bytes or a text."""
    return _digest("sha3_512", data)


@builtin(
    "blake3(data: any) -> string",
    examples=[('blake3("hello")', "ea8f163db38682925e4491c5e58d4bb3506ef8c14eb78a86e908c5624a67200f")],
)
def blake3(data: Any) -> str:
    """The BLAKE3 digest of bytes or a text. Needs the extra `harn[crypto]`."""
    from harn.builtins.extras import package

    digest: str = package("blake3", "crypto", "blake3").blake3(data_of(data)).hexdigest()
    return digest


@builtin(
    "hmac_sha256(key: any, message: any) -> string",
    examples=[
        (
            'hmac_sha256("Jefe", "what do ya want for nothing?")',
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        )
    ],
)
def hmac_sha256(key: Any, message: Any) -> str:
    """The HMAC-SHA256 of a message under a key, in hexadecimal digits."""
    return mac_sha256(key, message).hex()


@builtin(
    "hmac_sha256_base64(key: any, message: any) -> string",
    examples=[
        ('hmac_sha256_base64("Jefe", "what do ya want for nothing?")', "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=")
    ],
)
def hmac_sha256_base64(key: Any, message: Any) -> str:
    """The HMAC-SHA256 of a message under a key, in base64."""
    from harn.builtins.base_codes import BASE64

    return BASE64.encode(mac_sha256(key, message))


@builtin(
    "constant_time_eq(a: any, b: any) -> bool",
    examples=[('constant_time_eq("abc", "abc")', "true"), ('constant_time_eq("abc", "ab")', "false")],
)
def constant_time_eq(a: Any, b: Any) -> bool:
    """Whether two texts or bytes are equal; takes the same time wherever they differ. For comparing signatures."""
    from hmac import compare_digest

    return compare_digest(data_of(a), data_of(b))
