"""JSON, both ways."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.equality import equal
from harn.values.json_read import JsonError, _Reader, from_json
from harn.values.json_write import quote, to_json
from harn.values.keys import set_of
from harn.values.kinds import Duration, Enum, Iter, Pair, Range, Struct, ok
from tests.strategies.values import COLOR, POINT, json_values


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([1.0, 1.5, -0.0, 1e21, 1e-7], "[1,1.5,-0,1000000000000000000000,0.0000001]"),
        ({"b": [True, None], "a": {}}, '{"a":{},"b":[true,null]}'),
        (Struct(POINT, {"y": 2, "x": 1}), '{"x":1,"y":2}'),
        (set_of([2, 1]), "[2,1]"),
        (Range(1, 4, False), '"1 to 4"'),
        (b"hi", '{"$bytes_b64":"aGk="}'),
        ([math.nan, math.inf, -math.inf], "[null,null,null]"),
        ([Enum(COLOR, "Red"), ok(1), Duration(5), Pair(1, 2), Iter(None)], "[null,null,null,null,null]"),
        (
            '"\\/\n\r\t\b\f\x00\x1f\x7f\x9fé\u2028😀',
            '"\\"\\\\/\\n\\r\\t\\u0008\\u000c\\u0000\\u001f\\u007f\\u009fé\u2028😀"',
        ),
        ({'a"b': 1}, '{"a\\"b":1}'),
        (9223372036854775807, "9223372036854775807"),
    ],
)
def test_to_json(value: Any, text: str) -> None:
    assert to_json(value) == text


@given(json_values)
def test_what_is_written_reads_back_equal(value: Any) -> None:
    text = to_json(value)
    assert equal(from_json(text), value)
    assert equal(_Reader(text).read(), value)
    json.loads(text)


@given(json_values, st.sampled_from((None, 1)), st.booleans())
def test_both_ways_of_reading_agree(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    read, slow = from_json(text), _Reader(text).read()
    assert repr(read) == repr(slow)
    assert equal(read, value) or ".0" not in text


@given(st.text())
def test_every_string_is_quoted_so_that_it_reads_back(text: str) -> None:
    if not any("\ud800" <= character <= "\udfff" for character in text):
        assert json.loads(quote(text)) == text


@given(st.text(st.sampled_from('[]{},:"\\ud8aenrt0123.-+ \n1'), max_size=20))
def test_any_text_is_a_value_or_an_error_with_a_place(text: str) -> None:
    try:
        value = from_json(text)
    except JsonError:
        with pytest.raises(JsonError, match=r" at line \d+ column \d+$"):
            _Reader(text).read()
    else:
        assert repr(_Reader(text).read()) == repr(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1), ("1.0", 1.0), ("1e2", 100.0), ("-0", -0.0), ("-0.0", -0.0), ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)), ("9223372036854775808", 2.0**63), ("1" + "0" * 300, 1e300),
        (' \t\r\n{"a" : [ 1 , 2 ] } ', {"a": [1, 2]}), ('{"a":1,"a":2}', {"a": 2}), ('"\\ud83d\\ude00"', "😀"),
        ('"\\u00e9\\/\\b\\f"', "é/\b\f"), ("1e-400", 0.0), ('"\u2028"', "\u2028"),
    ],
)  # fmt: skip
def test_from_json(text: str, value: Any) -> None:
    assert repr(from_json(text)) == repr(value)
    assert repr(_Reader(text).read()) == repr(value)


ERRORS = {
    "": "EOF while parsing a value at line 1 column 0",
    "\n ": "EOF while parsing a value at line 2 column 1",
    "[1": "EOF while parsing a list at line 1 column 2",
    "[1,": "EOF while parsing a value at line 1 column 3",
    "[1,]": "trailing comma at line 1 column 4",
    "[,": "expected value at line 1 column 2",
    "[1 2]": "expected `,` or `]` at line 1 column 4",
    "[1}": "expected `,` or `]` at line 1 column 3",
    "{": "EOF while parsing an object at line 1 column 1",
    "{a": "key must be a string at line 1 column 2",
    '{"a"': "EOF while parsing an object at line 1 column 4",
    '{"a" 1}': "expected `:` at line 1 column 6",
    '{"a":1,': "EOF while parsing a value at line 1 column 7",
    '{"a":1,}': "trailing comma at line 1 column 8",
    '{"a":1]': "expected `,` or `}` at line 1 column 7",
    "nul": "EOF while parsing a value at line 1 column 3",
    "nil": "expected ident at line 1 column 2",
    "nulx": "expected ident at line 1 column 4",
    "\n x": "expected value at line 2 column 2",
    "01": "invalid number at line 1 column 2",
    "-x": "invalid number at line 1 column 2",
    "1.": "EOF while parsing a value at line 1 column 2",
    "1.x": "invalid number at line 1 column 3",
    "1e400": "number out of range at line 1 column 5",
    "NaN": "expected value at line 1 column 1",
    '"ab': "EOF while parsing a string at line 1 column 3",
    '"a\tb"': "control character (\\u0000-\\u001F) found while parsing a string at line 1 column 3",
    '"\\q"': "invalid escape at line 1 column 3",
    '"\\': "EOF while parsing a string at line 1 column 2",
    '"\\u12"': "EOF while parsing a string at line 1 column 6",
    '"\\u12g4"': "invalid escape at line 1 column 7",
    '"\\ud83d"': "unexpected end of hex escape at line 1 column 8",
    '"\\ude00"': "lone leading surrogate in hex escape at line 1 column 7",
    '"\\ud83d\\ud83d"': "lone leading surrogate in hex escape at line 1 column 13",
    '"é" x': "trailing characters at line 1 column 6",
    "[1] 2": "trailing characters at line 1 column 5",
    "9" * 400: "number out of range at line 1 column 400",
}


def test_errors_need_no_json_module() -> None:
    program = "from harn.values.json_read import JsonError, from_json\ntry: from_json('{bad}')\nexcept JsonError as e: print(e)"
    ran = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, timeout=30)
    assert ran.stdout == "key must be a string at line 1 column 2\n"


@pytest.mark.parametrize("text", ERRORS)
def test_json_errors(text: str) -> None:
    with pytest.raises(JsonError) as caught:
        from_json(text)
    assert str(caught.value) == ERRORS[text]
