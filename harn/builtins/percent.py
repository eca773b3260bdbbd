"""Percent-encoding: which characters stay as they are in which part of a URL, and the way back.

The sets are those of the URL Standard, written here by what they keep. ``%`` itself is kept in all of them, so escaping
twice changes nothing.
"""

from __future__ import annotations

_PRINTABLE = bytes(range(0x21, 0x7F))


def _all_but(*escaped: bytes) -> bytes:
    return bytes(symbol for symbol in _PRINTABLE if symbol not in b"".join(escaped))


_QUERY = b'"#<>'
_PATH = _QUERY + b"?^`{}"

IN_OPAQUE = _PRINTABLE + b" "
IN_FRAGMENT = _all_but(b'"<>`')
IN_QUERY = _all_but(_QUERY)
IN_SPECIAL_QUERY = _all_but(_QUERY, b"'")
IN_PATH = _all_but(_PATH)
IN_USERINFO = _all_but(_PATH, b"/:;=@[\\]|")
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
"""What every set keeps, and nothing else: for one component that is put into a URL."""


def escape(text: str | bytes, kept: bytes) -> str:
    """A text with every byte of its UTF-8 form that is not kept as ``%XX``."""
    from urllib.parse import quote_from_bytes

    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return quote_from_bytes(data, safe=kept)


def unescape(data: bytes) -> bytes:
    """The bytes with every ``%XX`` as what it stands for; a ``%`` without two digits behind it stays."""
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(data)


def form_escape(text: str) -> str:
    """A name or value of a form: ``+`` for blanks, and ``~`` is escaped while ``*`` is not."""
    return escape(text, b"* ").replace("~", "%7E").replace(" ", "+")


def form_unescape(data: bytes) -> str:
    """The way back: ``+`` and ``%XX`` decoded, U+FFFD where the bytes are no UTF-8."""
    return unescape(data.replace(b"+", b" ")).decode("utf-8", "replace")


def form_pairs(query: str) -> list[tuple[str, str]]:
    """The names and values of a query; parts without ``=`` have an empty value, empty parts are none."""
    parts = [part.partition(b"=") for part in query.encode("utf-8", "surrogatepass").split(b"&") if part]
    return [(form_unescape(name), form_unescape(value)) for name, _, value in parts]
