"""URLs by the URL Standard, without a base: what browsers read, and its canonical text.

    scheme : // username : password @ host : port /path/segments ? query # fragment

There are three sorts: the *special* schemes (http and the like: a host is required, backslashes are slashes), ``file``, and
all others, whose path is *opaque*, one text, where it does not begin with a slash.
"""

from __future__ import annotations

from harn.builtins.percent import (
    IN_FRAGMENT,
    IN_OPAQUE,
    IN_PATH,
    IN_QUERY,
    IN_SPECIAL_QUERY,
    IN_USERINFO,
    escape,
)
from harn.builtins.url_hosts import UrlFault, parse_host
from harn.source.typing import Any, NamedTuple

DEFAULT_PORTS: dict[str, int | None] = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21, "file": None}
"""The special schemes."""

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_IN_SCHEME = _LETTERS | frozenset("0123456789+-.")
_OUTER = "".join(map(chr, range(0x21)))
_DROPPED = dict.fromkeys(map(ord, "\t\n\r"))


class Url(NamedTuple):
    """A URL in canonical parts. ``host`` is None where there is no authority, empty in ``file:///x``."""

    scheme: str
    username: str
    password: str
    host: str | None
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    @property
    def opaque(self) -> bool:
        """Whether the path is one text that cannot be taken apart."""
        return self.host is None and not self.path.startswith("/")

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.host or ''}{'' if self.port is None else f':{self.port}'}"

    def text(self) -> str:
        """The canonical text."""
        head = f"{self.scheme}:"
        if self.host is not None:
            password = f":{self.password}" if self.password else ""
            user = f"{self.username}{password}@" if self.username or password else ""
            head = f"{self.scheme}://{user}{self.origin.removeprefix(self.scheme + '://')}"
        elif self.path.startswith("//"):
            head += "/."  # else the path would be read as a host
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{head}{self.path}{query}{fragment}"


def parse_url(text: str) -> Url:
    """Read a URL; UrlFault where it is none."""
    text = text.strip(_OUTER).translate(_DROPPED)
    scheme, colon, rest = text.partition(":")
    if not colon or scheme[:1] not in _LETTERS or not _IN_SCHEME.issuperset(scheme):
        raise UrlFault("relative URL without a base")
    scheme = scheme.lower()
    special = scheme in DEFAULT_PORTS
    rest, hash_mark, fragment = rest.partition("#")
    rest, question_mark, query = rest.partition("?")
    authority, path = _split_authority(scheme, rest)
    if authority is None:
        user, password, host, port = "", "", None, None
    else:
        user, password, host, port = _authority(scheme, authority)
    if special or path.startswith("/") or not path:
        path = _path(path, scheme)
    elif host is None:
        path = escape(path, IN_OPAQUE)
    return Url(
        scheme,
        user,
        password,
        host,
        port,
        path,
        escape(query, IN_SPECIAL_QUERY if special else IN_QUERY) if question_mark else None,
        escape(fragment, IN_FRAGMENT) if hash_mark else None,
    )


def _split_authority(scheme: str, rest: str) -> tuple[str | None, str]:
    """(authority, path) of what stands behind the scheme; no authority is None."""
    if scheme == "file":
        return _split_file(rest)
    if scheme in DEFAULT_PORTS:
        rest = rest.lstrip("/\\")
        end = _first_of(rest, "/\\")
        return rest[:end], rest[end:]
    if not rest.startswith("//"):
        return None, rest
    end = _first_of(rest[2:], "/") + 2
    return rest[2:end], rest[end:]


def _split_file(rest: str) -> tuple[str, str]:
    if rest[:1] not in ("/", "\\") or rest[1:2] not in ("/", "\\"):
        return "", rest
    rest = rest[2:]
    end = _first_of(rest, "/\\")
    if _is_drive(rest[:end]):
        return "", rest
    return rest[:end], rest[end:]


def _first_of(text: str, characters: str) -> int:
    """Where the first of some characters stands, or the end."""
    return min((place for place in map(text.find, characters) if place >= 0), default=len(text))


def _authority(scheme: str, text: str) -> tuple[str, str, str, int | None]:
    """(username, password, host, port)"""
    if scheme == "file":
        host = parse_host(text, True) if text else ""
        return "", "", "" if host == "localhost" else host, None
    user, at, place = text.rpartition("@")
    name, _, password = user.partition(":")
    closing = place.rfind("]") if place.startswith("[") else -1
    colon = place.find(":", closing + 1)
    host_text, port_text = (place, "") if colon < 0 else (place[:colon], place[colon + 1 :])
    if not host_text and (at or colon >= 0 or scheme in DEFAULT_PORTS):
        raise UrlFault("empty host")
    host = parse_host(host_text, scheme in DEFAULT_PORTS) if host_text else ""
    return escape(name, IN_USERINFO), escape(password, IN_USERINFO), host, _port(scheme, port_text)


def _port(scheme: str, text: str) -> int | None:
    """The number of a port, None where it is the scheme's own or not given."""
    digits = text.lstrip("0") or text[:1]
    if not text:
        return None
    if digits.strip("0123456789") or len(digits) > 5 or int(digits) > 65535:
        raise UrlFault("invalid port number")
    return None if int(digits) == DEFAULT_PORTS.get(scheme) else int(digits)


_DOT = frozenset((".", "%2e"))
_DOTS = frozenset(("..", ".%2e", "%2e.", "%2e%2e"))


def _path(text: str, scheme: str) -> str:
    """A path of segments with its dots resolved. Going up from the root stays there, as it does from a drive."""
    special = scheme in DEFAULT_PORTS
    if not special and not text:
        return ""
    pieces: list[str] = (text.replace("\\", "/") if special else text).removeprefix("/").split("/")
    kept: list[str] = []
    for place, piece in enumerate(pieces):
        word = piece.lower() if len(piece) <= 6 else ""
        if word in _DOT or word in _DOTS:
            if word in _DOTS and kept and not (scheme == "file" and len(kept) == 1 and _is_drive(kept[0])):
                kept.pop()
            if place == len(pieces) - 1:
                kept.append("")
        elif scheme == "file" and not kept and _is_drive(piece):
            kept.append(piece[0] + ":")
        else:
            kept.append(escape(piece, IN_PATH))
    return "/" + "/".join(kept)


def _is_drive(piece: str) -> bool:
    """Whether this is the letter of a drive: ``C:`` or ``C|``."""
    return len(piece) == 2 and piece[0] in _LETTERS and piece[1] in ":|"


def composed(parts: dict[str, Any]) -> str:
    """The text that a dict of parts makes, not yet read. Parts of another kind than they should be count as not given."""

    def part(name: str) -> str:
        value = parts.get(name)
        return value if value.__class__ is str else ""

    host, path = part("host"), parts.get("path")
    path = path if path.__class__ is str else "/"
    authority = ""
    if host:
        if not frozenset("/\\?#@").isdisjoint(host):
            raise UrlFault("invalid international domain name")
        user = escape(part("username"), IN_USERINFO)
        if user and parts.get("password").__class__ is str:
            user += ":" + escape(part("password"), IN_USERINFO)
        port = parts.get("port")
        authority = f"//{user}{'@' if user else ''}{host}{f':{port}' if port.__class__ is int else ''}"
        if path and path[0] not in "/\\?#":
            path = "/" + path
    elif path.startswith("//") and DEFAULT_PORTS.get(part("scheme").lower()) is None:
        path = "/." + path  # else it would be read as a host
    query, fragment = part("query"), part("fragment")
    return f"{part('scheme')}:{authority}{path}{query and '?' + query}{fragment and '#' + fragment}"
