"""Kinds and conversion, Result, numbers, JSON, errors, assertions, printing."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.display import display
from harn.values.equality import equal
from harn.values.errors import ExitRun, HarnError, LimitReached
from harn.values.keys import set_of
from harn.values.kinds import Duration, Enum, Pair, Range, Struct, err, ok
from harn.vm.frame import Ended, Returned
from harn.vm.loop import run
from harn.vm.machine import Machine, Task
from tests.builtins.driving import builtin, call, method
from tests.strategies.values import COLOR, HIGHEST, LOWEST, POINT, integers, json_values, numbers, plain, texts, values


def bound(name: str, *args: Any) -> Any:
    """What ``catch`` binds of the error a builtin raises."""
    with pytest.raises(HarnError) as caught:
        call(name, *args)
    return caught.value.bound()


# ---------------------------------------------------------------------------------------------- kinds and conversion


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "nil"), (True, "bool"), (1, "int"), (1.0, "float"), ("", "string"), (b"", "bytes"), ([], "list"), ({}, "dict"),
        (Range(1, 2, False), "range"), (Pair(1, 2), "pair"), (set_of([]), "set"), (Duration(1), "duration"),
        (Struct(POINT, {}), "struct"), (Enum(COLOR, "Red"), "enum"), (ok(1), "enum"), (builtin("len"), "builtin"),
    ],
)  # fmt: skip
def test_type_of(value: Any, kind: str) -> None:
    assert call("type_of", value) == kind


@given(values)
def test_to_string_is_the_display_text(value: Any) -> None:
    assert call("to_string", value) == display(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("42", 42), ("-7", -7), ("4.9", None), ("abc", None), (3.7, 3), (-3.7, -3), (True, None), (None, None), ([], None),
        (1e30, HIGHEST), (-1e30, LOWEST), (2.0**63, HIGHEST), (-(2.0**63), LOWEST), (math.inf, HIGHEST), (math.nan, 0),
        (Duration(5), None),
    ],
)  # fmt: skip
def test_to_int(value: Any, number: int | None) -> None:
    assert call("to_int", value) == number


@given(integers)
def test_ints_and_their_texts(number: int) -> None:
    assert call("to_int", call("to_string", number)) == number
    assert call("to_float", number) == float(number)


@pytest.mark.parametrize(
    ("value", "number"), [("2.5", 2.5), (3, 3.0), (1.5, 1.5), ("x", None), (True, None), (None, None)]
)
def test_to_float(value: Any, number: float | None) -> None:
    assert call("to_float", value) == number


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("日本", 2), (b"abc", 3), ([1, 2], 2), ({"a": 1}, 1), (set_of([1, 1]), 1), (Range(1, 3, False), 3),
        (Range(5, 1, False), 0),
        (Range(0, 10**15, True), 10**15), (None, 0), (5, 0), (Pair(1, 2), 0),
    ],
)  # fmt: skip
def test_len(value: Any, count: int) -> None:
    assert call("len", value) == count


# ---------------------------------------------------------------------------------------------------------- Result


@given(plain)
def test_results(value: Any) -> None:
    assert equal(call("unwrap", call("Ok", value)), value)
    assert equal(call("unwrap_err", call("Err", value)), value)
    assert equal(call("unwrap_or", call("Err", 1), value), value)
    assert equal(call("unwrap_or", call("Ok", value), 1), value)
    assert call("is_ok", call("Ok", value))
    assert call("is_err", call("Err", value))
    assert not call("is_err", call("Ok", value))


def test_what_is_no_result() -> None:
    assert call("unwrap", 3) == 3
    assert call("unwrap_or", None, 3) is None
    assert call("is_ok", 5) is False
    assert call("is_err", Enum(COLOR, "Red")) is False
    assert bound("unwrap", err("e")) == "Runtime error: unwrap called on Err: e"
    assert bound("unwrap_err", ok(1)) == "Runtime error: unwrap_err called on non-Err"
    assert bound("unwrap_err", 5) == "Runtime error: unwrap_err called on non-Err"
    assert bound("unreachable") == "Runtime error: unreachable code was reached"


@pytest.mark.parametrize(("args", "code"), [([], 0), ([3], 3), (["x"], 0), ([True], 0), ([-1], -1)])
def test_exit(args: list[Any], code: int) -> None:
    with pytest.raises(ExitRun) as caught:
        call("exit", *args)
    assert caught.value.code == code


# --------------------------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("name", "args", "result"),
    [
        ("round", [0.5], 1), ("round", [-0.5], -1), ("round", [2.5], 3), ("round", [-2.5], -3),
        ("round", [0.49999999999999994], 0),
        ("round", [4503599627370497.0], 4503599627370497), ("round", [7], 7), ("floor", [-0.5], -1), ("ceil", [-0.5], 0),
        ("floor", [2.7], 2), ("ceil", [2.1], 3), ("floor", ["x"], None), ("abs", [-3], 3), ("abs", [-2.5], 2.5),
        ("abs", ["x"], None),
        ("abs", [LOWEST], 9223372036854775808.0), ("min", [2, 3.5], 2.0), ("max", [2, 2.0], 2.0), ("min", [3, 2], 2),
        ("max", [math.nan, 1], 1.0), ("min", [1.5, math.nan], 1.5), ("min", ["a", 1], None),
        ("max", [1, 2, 3], 2), ("min", [[3, 1]], None),
        ("max", [], None), ("pow", [2], None), ("sqrt", [16], 4.0),
        ("sqrt", ["4"], None),
        ("pow", [2, 10], 1024), ("pow", [2, 62], 2**62), ("pow", [2, 63], 2.0**63), ("pow", [-2, 63], LOWEST),
        ("pow", [2, -1], 0.5),
        ("pow", [0, -1], math.inf), ("pow", [1, 10**15], 1), ("pow", [-1, 10**15 + 1], -1), ("pow", [0, 0], 1),
        ("pow", [0, 5], 0),
        ("pow", [2, 10**15], math.inf), ("pow", [2.0, 3], 8.0), ("pow", ["a", 1], None), ("sign", [-0.0], 0),
        ("sign", [-2.5], -1),
        ("sign", [7], 1), ("is_nan", [math.nan], True), ("is_nan", ["x"], False), ("is_infinite", [-math.inf], True),
        ("is_infinite", [1], False),
    ],
)  # fmt: skip
def test_numbers(name: str, args: list[Any], result: Any) -> None:
    found = call(name, *args)
    assert found == result
    assert found.__class__ is result.__class__


@pytest.mark.parametrize(
    ("name", "args"), [("sqrt", [-1]), ("pow", [-8, 1 / 3]), ("sign", [math.nan]), ("sqrt", [math.nan])]
)
def test_no_number(name: str, args: list[Any]) -> None:
    assert math.isnan(call(name, *args))


@pytest.mark.parametrize("name", ["floor", "ceil", "round"])
def test_floats_that_are_no_ints(name: str) -> None:
    for number in (math.inf, -math.inf, math.nan):
        assert bound(name, number) == "Runtime error: cannot convert non-finite float to int"
    assert bound(name, 1e19) == "Runtime error: float is outside the representable int range"
    assert call(name, -(2.0**63)) == LOWEST


@given(st.floats(-1e15, 1e15))
def test_rounding_is_near(number: float) -> None:
    nearest = call("round", number)
    assert abs(nearest - number) <= 0.5
    assert call("floor", number) <= nearest <= call("ceil", number)
    assert call("round", -number) == -nearest


@given(numbers, numbers)
def test_min_and_max(a: Any, b: Any) -> None:
    low, high = call("min", a, b), call("max", a, b)
    assert {float(low), float(high)} == {float(a), float(b)}
    assert not float(low) > float(high)


# ------------------------------------------------------------------------------------------------- JSON and texts


@given(json_values)
def test_json_round_trip(value: Any) -> None:
    assert equal(call("json_parse", call("json_stringify", value)), value)


def test_json() -> None:
    assert call("json_stringify") == "null"
    assert call("json_parse", 12) == 12
    assert bound("json_parse", "[1,]") == "JSON parse error: trailing comma at line 1 column 4"
    assert bound("json_parse", "") == "JSON parse error: EOF while parsing a value at line 1 column 0"


@given(st.lists(texts), st.text(max_size=2))
def test_join_undoes_split(parts: list[str], separator: str) -> None:
    joined = call("join", parts, separator)
    assert joined == separator.join(parts)
    assert call("join", call("split", joined, separator), separator) == joined


@pytest.mark.parametrize(
    ("name", "args", "result"),
    [
        ("split", ["abc", ""], ["", "a", "b", "c", ""]), ("split", ["", ""], ["", ""]), ("split", ["", ","], [""]),
        ("split", ["a b"], ["a", "b"]), ("split", [1.5, "."], ["1", "5"]), ("join", ["text", "-"], ""),
        ("join", [[1, None]], "1nil"),
        ("replace", ["banana", "", "-"], "-b-a-n-a-n-a-"), ("replace", ["a.b", ".", 1], "a1b"),
        ("replace", ["aXa", "X"], "aa"),
    ],
)  # fmt: skip
def test_texts(name: str, args: list[Any], result: Any) -> None:
    assert call(name, *args) == result


def test_text_methods() -> None:
    assert method("a,b", "split") == ["a", "b"]
    assert method("ab", "repeat", 3) == "ababab"
    assert method("ab", "repeat", -1) == ""
    assert method("ab", "repeat") == method("ab", "repeat", "x") == "ab"
    assert method("room 101", "contains", 101) is True
    assert method("İ", "lower") == "i̇"
    assert method("straße", "upper") == "STRASSE"


@pytest.mark.parametrize(
    "build",
    [
        lambda: method("x", "repeat", 10**12, value_bytes=1000),
        lambda: call("join", ["x" * 100] * 100, value_bytes=1000),
        lambda: call("join", ["x"] * 100, "-" * 100, value_bytes=1000),
        lambda: call("replace", "a" * 100, "a", "b" * 100, value_bytes=1000),
        lambda: method("a" * 100, "replace", "", "b" * 100, value_bytes=1000),
        lambda: call("to_string", ["x" * 100] * 100, value_bytes=1000),
        lambda: call("json_stringify", ["x" * 100] * 100, value_bytes=1000),
    ],
)
def test_nothing_is_built_above_the_limit(build: Any) -> None:
    with pytest.raises(LimitReached):
        build()


# ------------------------------------------------------------------------------------------ errors and assertions


def test_errors() -> None:
    assert bound("throw_error", "m", "timeout") == {"category": "timeout", "message": "m"}
    assert bound("throw_error", 5) == {"category": "generic", "message": "5"}
    assert bound("throw_error", "m", "no such") == {"category": "generic", "message": "m"}
    assert call("error_category", {"category": "own"}) == "own"
    assert call("error_category", {}) == call("error_category", None) == "generic"
    assert call("error_category", "HTTP 503") == "overloaded"
    assert call("is_timeout", "Deadline exceeded") is True
    assert call("is_rate_limited", {"category": "rate_limit"}) is True
    assert call("is_rate_limited", 429) is False


def test_assertions() -> None:
    assert call("assert", 1) is None
    assert call("assert_eq", 1, 1.0) is None
    assert call("assert_ne", 1, "1") is None
    assert bound("assert", "") == "Assertion failed"
    assert bound("assert", False, ["why"]) == "[why]"
    assert bound("assert_eq", 1, 2) == "Assertion failed: expected 2, got 1"
    assert bound("assert_eq", 1, 2, "m") == "m"
    assert bound("assert_ne", [3], [3.0]) == "Assertion failed: values should not be equal: [3]"
    assert bound("assert_ne", 3, 3, "m") == "m"


@pytest.mark.parametrize(
    ("name", "args", "text"),
    [
        ("len", [], "Arity mismatch: 'len' expects 1 argument(s), got 0"),
        ("len", [1, 2], "Arity mismatch: 'len' expects 1 argument(s), got 2"),
        ("assert_eq", [1], "Arity mismatch: 'assert_eq' expects 2..=3 argument(s), got 1"),
    ],
)
def test_counts(name: str, args: list[Any], text: str) -> None:
    assert bound(name, *args) == text


# -------------------------------------------------------------------------------------------------------- printing


class Paper:
    """Output that keeps what is printed."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


def printed(name: str, *args: Any, limit: int = 2**20) -> str:
    """What a printing builtin writes."""
    from harn.vm.limits import Limits

    paper = Paper()
    task = Task()
    task.request = ("call", builtin(name), list(args))
    outcome = run(Machine(output=paper, limits=Limits(value_bytes=limit)), task, 4096)
    if isinstance(outcome, Ended):
        raise outcome.completion.payload
    assert isinstance(outcome, Returned)
    assert outcome.value is None
    return paper.text


def test_printing() -> None:
    assert printed("println", [1.0, "a"]) == "[1.0, a]\n"
    assert printed("println") == "\n"
    assert printed("println", "a", "b") == "a\n"
    assert printed("println", None) == "nil\n"
    assert printed("print", "a") == "a"
    assert printed("print") == ""
    assert printed("log", 1) == "[harn] 1\n"
    assert printed("log") == "[harn] \n"
    with pytest.raises(LimitReached):
        printed("println", ["x" * 100] * 100, limit=1000)
