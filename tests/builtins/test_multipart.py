"""Forms: what is built is read, by others too, and what is malformed has its word."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call

lines = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=8)
contents = st.one_of(st.binary(max_size=12), st.sampled_from([b"\r\n", b"--", b"\r\n--B", b"--B--\r\n", b"\r\n--"]))
fields = st.lists(
    st.fixed_dictionaries(
        {"name": lines.filter(bool), "content": contents},
        optional={"filename": lines, "headers": st.just({"X-Extra": "a b"})},
    ),
    max_size=3,
)
TYPE = "multipart/form-data; boundary=B"


def fault(name: str, *args: Any) -> str:
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    return str(caught.value).removeprefix(f"Runtime error: {name}: ")


@settings(max_examples=150)
@given(fields)
def test_what_is_built_is_read(given_fields: list[dict[str, Any]]) -> None:
    form = call("multipart_form_data", given_fields)
    assert call("multipart_form_data", given_fields) == form
    read = call("multipart_parse", form["body"], form["content_type"])
    assert read["boundary"] == form["boundary"]
    assert read["total_bytes"] == len(form["body"])
    for wanted, field in zip(given_fields, read["fields"], strict=True):
        assert (field["name"], field["filename"]) == (wanted["name"], wanted.get("filename"))
        assert call("multipart_field_bytes", field) == wanted["content"]
        assert field["headers"].get("x-extra") == wanted.get("headers", {}).get("X-Extra")


def test_another_reader_agrees() -> None:
    given_fields = [
        {"name": "a", "content": "x\r\ny", "content_type": "text/plain; charset=utf-8"},
        {"name": 'q"\\', "filename": "f.bin", "content": b"\x00\xff"},
    ]
    form = call("multipart_form_data", given_fields, {"boundary": "a/b:c"})
    assert form["content_type"] == 'multipart/form-data; boundary="a/b:c"'
    message = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {form['content_type']}\r\n\r\n".encode() + form["body"]
    )
    parts = list(message.iter_parts())  # type: ignore[attr-defined]
    assert [part.get_payload(decode=True) for part in parts] == [b"x\r\ny", b"\x00\xff"]
    assert [part["content-disposition"].params["name"] for part in parts] == ["a", 'q"\\']


def test_the_boundary_avoids_the_content() -> None:
    first = call("multipart_form_data", [{"name": "a", "content": "x"}])["boundary"]
    assert first.startswith("----harn-boundary-")
    assert fault("multipart_form_data", [{"name": "a", "content": "\r\n--B"}], {"boundary": "B"}) == (
        "boundary occurs in the content of field 1"
    )


def body(*parts: str, end: str = "--B--") -> str:
    return "".join(f"--B\r\n{part}\r\n" for part in parts) + end


FIELD = 'Content-Disposition: form-data; name="a"\r\n\r\n1'


@pytest.mark.parametrize(
    ("data", "header", "text"),
    [
        ("", TYPE, "body does not start with multipart boundary"),
        ("preamble\r\n" + body(), TYPE, "body does not start with multipart boundary"),
        (body(FIELD), "text/plain", "expected multipart/form-data content type, got text/plain"),
        (body(FIELD), "multipart/form-data", "content type is missing boundary"),
        (body(FIELD), 'multipart/form-data; boundary=""', "boundary must not be empty"),
        (body(FIELD), "multipart/form-data; boundary=" + "B" * 71, "boundary must be at most 70 bytes"),
        (
            body(FIELD),
            'multipart/form-data; boundary="a b"',
            "boundary contains a character that is not valid in multipart/form-data",
        ),
        ("--Bx", TYPE, "malformed boundary delimiter line"),
        ("--B\n", TYPE, "malformed boundary delimiter line"),
        (body(FIELD, end="--B--\r\nmore"), TYPE, "unexpected bytes after closing boundary"),
        ("--B\r\nX: y\r\n--B--", TYPE, "part is missing header terminator"),
        ("--B\r\n" + FIELD, TYPE, "part is missing following boundary"),
        (body("nonsense\r\n\r\n1"), TYPE, "malformed part header line `nonsense`"),
        (body(": x\r\n\r\n1"), TYPE, "part header name must not be empty"),
        (body("X: y\r\n\r\n1"), TYPE, "part is missing Content-Disposition header"),
        (body("Content-Disposition: attachment\r\n\r\n1"), TYPE, "expected form-data disposition, got attachment"),
        (body('Content-Disposition: form-data; name=""\r\n\r\n1'), TYPE, "part Content-Disposition is missing name"),
    ],
)
def test_malformed_bodies(data: str, header: str, text: str) -> None:
    assert fault("multipart_parse", data, header) == text
    assert fault("multipart_parse", data.encode(), header) == text


def test_headers_that_are_no_text() -> None:
    data = b"--B\r\nX: \xff\r\n\r\n1\r\n--B--"
    assert (
        fault("multipart_parse", data, TYPE)
        == "part headers are not UTF-8: invalid utf-8 sequence of 1 bytes from index 3"
    )


def test_bounds() -> None:
    data = body(FIELD, FIELD)
    assert call("multipart_parse", data, TYPE, {"max_fields": 2, "max_field_bytes": 1})["field_count"] == 2
    assert fault("multipart_parse", data, TYPE, {"max_fields": 1}) == "field count exceeds max_fields 1"
    assert fault("multipart_parse", data, TYPE, {"max_field_bytes": 0}) == "field size 1 exceeds max_field_bytes 0"
    assert (
        fault("multipart_parse", data, TYPE, {"max_total_bytes": 8})
        == f"total body size {len(data)} exceeds max_total_bytes 8"
    )
    assert fault("multipart_parse", data, TYPE, {"max_fields": -1}) == "max_fields must be non-negative, got -1"
    assert fault("multipart_parse", data, TYPE, {"max_fields": "2"}) == "max_fields must be an int, got string"
    assert fault("multipart_parse", body(*[FIELD] * 129), TYPE) == "field count exceeds max_fields 128"


def test_parameters_in_quotes() -> None:
    part = 'Content-Disposition: form-data; NAME = "a;\\"b\\\\" ; filename=f.txt; =x; flag\r\nContent-Type: text/plain\r\n\r\n1'
    field = call("multipart_parse", body(part), 'MULTIPART/form-data; Boundary="B"')["fields"][0]
    assert (field["name"], field["filename"], field["content_type"]) == ('a;"b\\', "f.txt", "text/plain")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ({"name": "a\nb", "content": ""}, "field name must be single-line"),
        ({"name": None, "content": ""}, "name must be a string, got nil"),
        ({"name": "a", "content": "", "filename": "a\rb"}, "filename must be single-line"),
        ({"name": "a", "content": "", "content_type": "a\r\nX: y"}, "content_type must be single-line"),
        ({"name": "a", "content": "", "headers": {"a\nb": "c"}}, "header names must be single-line"),
        ({"name": "a", "content": "", "headers": {"a:b": "c"}}, "header names must not contain colons"),
        ({"name": "a", "content": "", "headers": {"a": "b\nc"}}, "header values must be single-line"),
        ({"name": "a", "content": "", "headers": {"a": 5}}, "header a must be a string, got int"),
        ({"name": "a", "content": "", "headers": "x"}, "headers must be a dict, got string"),
        (
            {"name": "a", "content": "", "headers": {"content-TYPE": "x"}},
            "content-TYPE is managed by multipart_form_data",
        ),
    ],
)
def test_fields_that_cannot_be_written(field: dict[str, Any], text: str) -> None:
    assert fault("multipart_form_data", [field]) == text


def test_texts_of_fields() -> None:
    assert call("multipart_field_text", {"bytes": "é".encode()}) == "é"
    assert fault("multipart_field_text", {"bytes": b"\xff"}) == "invalid utf-8 sequence of 1 bytes from index 0"
    assert fault("multipart_field_text", {"bytes": "a"}) == "field.bytes must be bytes, got string"


def test_a_form_is_not_built_beyond_the_limit() -> None:
    with pytest.raises(LimitReached):
        call("multipart_form_data", [{"name": "a", "content": "x" * 600}] * 2, value_bytes=1000)
