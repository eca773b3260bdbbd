"""Bodies of ``multipart/form-data``: reading one strictly, and writing one.

    --BOUNDARY CRLF  header: value CRLF ... CRLF  content CRLF  --BOUNDARY CRLF ...  --BOUNDARY-- CRLF

Nothing may stand before the first boundary or behind the last.
"""

from __future__ import annotations

from harn.builtins.byte_texts import utf8_fault
from harn.source.typing import NamedTuple

_CRLF = b"\r\n"
_IN_TOKENS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'+_-.")
_IN_BOUNDARIES = _IN_TOKENS | frozenset("(),/:=?")
_LONGEST_BOUNDARY = 70


class FormFault(ValueError):
    """A body, a content type or a field that is not what it should be; the message says why."""


class Part(NamedTuple):
    """A field of a form. Names of headers are in small letters."""

    name: str
    filename: str | None
    headers: dict[str, str]
    content: bytes


class Bounds(NamedTuple):
    """What a form may hold at most."""

    total_bytes: int
    field_bytes: int
    fields: int


# ------------------------------------------------------------------------------------------------------ header values


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """``form-data; name="a"`` as its first word in small letters and its parameters; a quoted one may hold anything."""
    word, *rest = _split(value)
    found: dict[str, str] = {}
    for part in rest:
        name, equals, given = part.partition("=")
        if equals and name.strip():
            found[name.strip().lower()] = _unquoted(given.strip())
    return word.lower(), found


def _split(value: str) -> list[str]:
    """The parts between semicolons that stand in no quotes."""
    parts: list[str] = []
    start, place, quoted = 0, 0, False
    while place < len(value):
        character = value[place]
        if character == '"':
            quoted = not quoted
        elif character == "\\" and quoted:
            place += 1
        elif character == ";" and not quoted:
            parts.append(value[start:place].strip())
            start = place + 1
        place += 1
    return [*parts, value[start:].strip()]


def _unquoted(text: str) -> str:
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        return text
    out: list[str] = []
    escaped = False
    for character in text[1:-1]:
        if character == "\\" and not escaped:
            escaped = True
            continue
        out.append(character)
        escaped = False
    return "".join(out) + ("\\" if escaped else "")


def quoted(text: str) -> str:
    """A text as a parameter's value."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def content_type(boundary: str) -> str:
    """The header a body with this boundary goes with."""
    return f"multipart/form-data; boundary={boundary if _IN_TOKENS.issuperset(boundary) else quoted(boundary)}"


def boundary_of(header: str) -> str:
    """The boundary that a content type names."""
    word, found = parameters(header)
    if word != "multipart/form-data":
        raise FormFault(f"expected multipart/form-data content type, got {word}")
    if "boundary" not in found:
        raise FormFault("content type is missing boundary")
    check_boundary(found["boundary"])
    return found["boundary"]


def check_boundary(boundary: str) -> None:
    """FormFault where a text cannot be a boundary."""
    if not boundary:
        raise FormFault("boundary must not be empty")
    if len(boundary) > _LONGEST_BOUNDARY:
        raise FormFault(f"boundary must be at most {_LONGEST_BOUNDARY} bytes")
    if not _IN_BOUNDARIES.issuperset(boundary):
        raise FormFault("boundary contains a character that is not valid in multipart/form-data")


# ------------------------------------------------------------------------------------------------------------ reading


def read_form(body: bytes, boundary: str, bounds: Bounds) -> list[Part]:
    """The fields of a body, in order."""
    if len(body) > bounds.total_bytes:
        raise FormFault(f"total body size {len(body)} exceeds max_total_bytes {bounds.total_bytes}")
    delimiter = b"--" + boundary.encode("ascii")
    if not body.startswith(delimiter):
        raise FormFault("body does not start with multipart boundary")
    parts: list[Part] = []
    place = len(delimiter)
    while not body.startswith(b"--", place):
        if not body.startswith(_CRLF, place):
            raise FormFault("malformed boundary delimiter line")
        if len(parts) >= bounds.fields:
            raise FormFault(f"field count exceeds max_fields {bounds.fields}")
        start = place + len(_CRLF)
        middle = body.find(_CRLF * 2, start)
        if middle < 0:
            raise FormFault("part is missing header terminator")
        headers = _headers(body[start:middle])
        content_start = middle + 2 * len(_CRLF)
        end = body.find(_CRLF + delimiter, content_start)
        if end < 0:
            raise FormFault("part is missing following boundary")
        if end - content_start > bounds.field_bytes:
            raise FormFault(f"field size {end - content_start} exceeds max_field_bytes {bounds.field_bytes}")
        parts.append(_part(headers, body[content_start:end]))
        place = end + len(_CRLF) + len(delimiter)
    if body[place + 2 :] not in (b"", _CRLF):
        raise FormFault("unexpected bytes after closing boundary")
    return parts


def _headers(data: bytes) -> dict[str, str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise FormFault(f"part headers are not UTF-8: {utf8_fault(fault)}") from None
    headers: dict[str, str] = {}
    for line in text.split("\r\n") if text else ():
        name, colon, value = line.partition(":")
        if not colon:
            raise FormFault(f"malformed part header line `{line[:200]}`")
        if not name.strip():
            raise FormFault("part header name must not be empty")
        headers[name.strip().lower()] = value.strip()
    return headers


def _part(headers: dict[str, str], content: bytes) -> Part:
    if "content-disposition" not in headers:
        raise FormFault("part is missing Content-Disposition header")
    word, found = parameters(headers["content-disposition"])
    if word != "form-data":
        raise FormFault(f"expected form-data disposition, got {word}")
    if not found.get("name"):
        raise FormFault("part Content-Disposition is missing name")
    return Part(found["name"], found.get("filename"), headers, content)


# ------------------------------------------------------------------------------------------------------------ writing


def write_form(parts: list[Part], boundary: str) -> bytes:
    """The body of some fields. Their headers stand as they are, a content type first."""
    delimiter = b"--" + boundary.encode("ascii")
    out: list[bytes] = []
    for number, part in enumerate(parts, 1):
        if _CRLF + delimiter in part.content:
            raise FormFault(f"boundary occurs in the content of field {number}")
        filename = "" if part.filename is None else f"; filename={quoted(part.filename)}"
        lines = [f"Content-Disposition: form-data; name={quoted(part.name)}{filename}"]
        lines += [f"{name}: {value}" for name, value in part.headers.items()]
        head = "\r\n".join(lines).encode("utf-8", "surrogatepass")
        out += [delimiter, _CRLF, head, _CRLF * 2, part.content, _CRLF]
    return b"".join([*out, delimiter, b"--", _CRLF])
