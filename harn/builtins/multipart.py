"""Forms as ``multipart/form-data``: taking a received body apart, and building one, for tests above all."""

from __future__ import annotations

from harn.builtins.byte_texts import data_of, text_in
from harn.builtins.multipart_format import (
    Bounds,
    FormFault,
    Part,
    boundary_of,
    check_boundary,
    content_type,
    read_form,
    write_form,
)
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import type_name
from harn.values.operators import check_size
from harn.vm.machine import Context

_MOST_BYTES = 8 * 1024 * 1024
_USUAL = {"max_total_bytes": _MOST_BYTES, "max_field_bytes": _MOST_BYTES, "max_fields": 128}
_MANAGED = ("content-disposition", "content-type")
_ATTEMPTS = 100
"""Boundaries tried one after the other until one is in no field: each is another's with a number behind it."""


def _fault(builtin: str, text: object) -> HarnError:
    return runtime_error(f"{builtin}: {text}")


def _bounds(options: dict[str, Any] | None) -> Bounds:
    found: list[int] = []
    for name, usual in _USUAL.items():
        value = (options or {}).get(name)
        if value is not None and value.__class__ is not int:
            raise _fault("multipart_parse", f"{name} must be an int, got {type_name(value)}")
        if value is not None and value < 0:
            raise _fault("multipart_parse", f"{name} must be non-negative, got {value}")
        found.append(usual if value is None else value)
    return Bounds(*found)


@builtin(
    "multipart_parse(body: bytes|string, content_type: string, options?: dict) -> {boundary: string, fields: list<dict>, "
    "field_count: int, total_bytes: int}",
    examples=[
        ('multipart_parse("--B--", "multipart/form-data; boundary=B").fields', "[]"),
    ],
)
def multipart_parse(body: bytes | str, content_type: str, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """The fields of a form: `{name, filename, content_type, headers, bytes, text}` each; `text` is nil for what is no UTF-8.

    Options: `max_total_bytes` and `max_field_bytes` (usually 8 MiB), `max_fields` (usually 128). What exceeds them is refused.
    """
    bounds, data = _bounds(options), data_of(body)
    try:
        boundary = boundary_of(content_type)
        parts = read_form(data, boundary, bounds)
    except FormFault as fault:
        raise _fault("multipart_parse", fault) from None
    return {
        "boundary": boundary,
        "fields": [_field(part) for part in parts],
        "field_count": len(parts),
        "total_bytes": len(data),
    }


def _field(part: Part) -> dict[str, Any]:
    try:
        text = part.content.decode("utf-8")
    except UnicodeDecodeError:
        text = None
    return {
        "name": part.name,
        "filename": part.filename,
        "content_type": part.headers.get("content-type"),
        "headers": dict(part.headers),
        "bytes": part.content,
        "text": text,
    }


def _bytes_of(builtin: str, field: dict[str, Any]) -> bytes:
    if "bytes" not in field:
        raise _fault(builtin, "field is missing bytes")
    data = field["bytes"]
    if data.__class__ is not bytes:
        raise _fault(builtin, f"field.bytes must be bytes, got {type_name(data)}")
    return data


@builtin(
    "multipart_field_bytes(field: dict) -> bytes",
    examples=[('multipart_field_bytes({bytes: bytes_from_hex("00ff")})', 'b"00ff"')],
)
def multipart_field_bytes(field: dict[str, Any]) -> bytes:
    """The content of a field that `multipart_parse` gave."""
    return _bytes_of("multipart_field_bytes", field)


@builtin(
    "multipart_field_text(field: dict) -> string",
    examples=[('multipart_field_text({bytes: bytes_from_string("a")})', "a")],
)
def multipart_field_text(field: dict[str, Any]) -> str:
    """The content of a field as a text; throws where it is no UTF-8."""
    return text_in(_bytes_of("multipart_field_text", field), "multipart_field_text")


# ----------------------------------------------------------------------------------------------------------- building

_FORM = "multipart_form_data"


@builtin(
    f"{_FORM}(fields: list, options?: dict) -> {{boundary: string, content_type: string, body: bytes}}",
    ctx=True,
    examples=[(f'{_FORM}([], {{boundary: "B"}}).content_type', "multipart/form-data; boundary=B")],
)
def multipart_form_data(ctx: Context, fields: list[Any], options: dict[str, Any] | None = None) -> dict[str, Any]:
    """A form of `{name, content, filename, content_type, headers}`; only name and content (bytes or a text) are required.

    Options: `boundary`. Without it the boundary is made of the fields, so that the same fields always make the same body.
    """
    boundary = (options or {}).get("boundary")
    if boundary is not None and boundary.__class__ is not str:
        raise _fault(_FORM, f"boundary must be a string, got {type_name(boundary)}")
    try:
        if boundary is not None:
            check_boundary(boundary)
        parts = [_given_part(number, field) for number, field in enumerate(fields, 1)]
        check_size(sum(len(part.content) for part in parts), ctx.vm.value_bytes)
        if boundary is None:
            boundary = _fresh_boundary(fields, parts, ctx.vm.value_bytes)
        body = write_form(parts, boundary)
    except FormFault as fault:
        raise _fault(_FORM, fault) from None
    return {"boundary": boundary, "content_type": content_type(boundary), "body": body}


def _fresh_boundary(fields: list[Any], parts: list[Part], limit: int) -> str:
    """A boundary made of the fields that none of them contains."""
    from hashlib import sha256

    shown = "".join(f"{display(field, limit)}\0" for field in fields)
    first = f"----harn-boundary-{sha256(data_of(shown)).hexdigest()[:16]}"
    for number in range(_ATTEMPTS):
        boundary = f"{first}-{number}" if number else first
        if not any(boundary.encode("ascii") in part.content for part in parts):
            return boundary
    raise FormFault("could not generate a boundary absent from field content")


def _given_part(number: int, field: Any) -> Part:
    if field.__class__ is not dict:
        raise FormFault(f"field {number} must be a dict, got {type_name(field)}")
    if "name" not in field:
        raise FormFault("field is missing name")
    name = _line(field["name"], "name", "field name")
    if not name:
        raise FormFault("name must not be empty")
    filename, kind = (
        None if field.get(key) is None else _line(field[key], key, key) for key in ("filename", "content_type")
    )
    key = "content" if "content" in field else "value"
    if key not in field:
        raise FormFault("field is missing content")
    content = field[key]
    if content.__class__ is not bytes and content.__class__ is not str:
        raise FormFault(f"content must be bytes or string, got {type_name(content)}")
    headers = {} if kind is None else {"Content-Type": kind}
    return Part(name, filename, headers | _given_headers(field.get("headers")), data_of(content))


def _line(value: Any, key: str, label: str) -> str:
    """A text without line breaks."""
    if value.__class__ is not str:
        raise FormFault(f"{key} must be a string, got {type_name(value)}")
    if "\r" in value or "\n" in value:
        raise FormFault(f"{label} must be single-line")
    return value


def _given_headers(given: Any) -> dict[str, str]:
    if given is None:
        return {}
    if given.__class__ is not dict:
        raise FormFault(f"headers must be a dict, got {type_name(given)}")
    headers: dict[str, str] = {}
    for name, value in sorted(given.items()):
        if not name.strip() or "\r" in name or "\n" in name:
            raise FormFault("header names must be single-line")
        if ":" in name:
            raise FormFault("header names must not contain colons")
        if name.lower() in _MANAGED:
            raise FormFault(f"{name} is managed by {_FORM}")
        if value.__class__ is not str:
            raise FormFault(f"header {name} must be a string, got {type_name(value)}")
        if "\r" in value or "\n" in value:
            raise FormFault("header values must be single-line")
        headers[name] = value
    return headers
