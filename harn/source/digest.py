"""SHA-256 without ``hashlib``, which would load the whole of OpenSSL: more than running a small program costs."""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha256 import sha256
    except ImportError:
        try:
            from _sha2 import sha256
        except ImportError:
            from hashlib import sha256

SIZE = 32
"""Length of a digest in bytes."""


def digest(data: bytes) -> bytes:
    """The digest of ``data``."""
    return sha256(data).digest()


def hexdigest(data: bytes) -> str:
    """The digest as 64 hexadecimal digits."""
    return sha256(data).hexdigest()
