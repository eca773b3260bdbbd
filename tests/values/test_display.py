"""Display text."""

from __future__ import annotations

import math
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from harn.values.display import display, excerpt, interpolate
from harn.values.errors import LimitReached
from harn.values.keys import set_of
from harn.values.kinds import Closure, Duration, Enum, EnumType, Generator, Handle, Iter, Pair, Range, Struct, err, ok
from harn.values.numerals import float_from_text, float_text, int_from_text
from tests.strategies.values import COLOR, POINT, finite_floats, plain


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1.0"),
        (-0.0, "-0.0"),
        (1e14, "100000000000000.0"),
        (999999999999999.0, "999999999999999.0"),
        (1e15, "1000000000000000"),
        (-1e15, "-1000000000000000"),
        (1.5e20, "150000000000000000000"),
        (9223372036854775808.0, "9223372036854776000"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e-7, "0.0000001"),
        (3.3333333333333335e-7, "0.00000033333333333333335"),
        (-1.25e-9, "-0.00000000125"),
        (123456789012345.67, "123456789012345.67"),
        (1e21, "1" + "0" * 21),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
        (math.nan, "NaN"),
    ],
)
def test_float_text(number: float, text: str) -> None:
    assert float_text(number) == text


@given(finite_floats)
def test_float_text_is_exact_and_positional(number: float) -> None:
    text = float_text(number)
    assert "e" not in text.lower()
    assert float(text) == number
    assert math.copysign(1, float(text)) == math.copysign(1, number)
    assert Decimal(text) == Decimal(repr(number)), "the shortest digits, as repr finds them"
    assert float_from_text(text) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nil"),
        (True, "true"),
        (-7, "-7"),
        ("a\n", "a\n"),
        ([], "[]"),
        (["a", None, 1.5], "[a, nil, 1.5]"),
        ({}, "{}"),
        ({"a b": 7}, "{a b: 7}"),
        ({"é": 1, "a": 2, "_": 3, "A": 4, "9": 5, "10": 6}, "{10: 6, 9: 5, A: 4, _: 3, a: 2, é: 1}"),
        (Struct(POINT, {"y": 2, "x": 1}), "Point {x: 1, y: 2}"),
        (Struct(POINT, {}), "Point {}"),
        (Enum(COLOR, "Red"), "Color.Red"),
        (Enum(COLOR, "Mix", (1, [2])), "Color.Mix(1, [2])"),
        (ok(1), "Result.Ok(1)"),
        (err("bad"), "Result.Err(bad)"),
        (Range(1, 4, False), "1 to 4"),
        (Range(0, 4, True), "0 to 4 exclusive"),
        (set_of([3, 1, 2, 1]), "set(3, 1, 2)"),
        (set_of([]), "set()"),
        (Pair("l", [1]), "(l, [1])"),
        (b"h\xc3", 'b"68c3"'),
        (b"\0" * 40, 'b"' + "00" * 32 + '...+8"'),
        (Iter(None), "<iter>"),
        (Generator([], False), "<generator>"),
        (Generator([], True), "<stream>"),
        (Handle("task_handle", "t1"), "<task:t1>"),
        (Handle("rng", ""), "<rng>"),
        (EnumType("Color", {}, ""), "<enum Color>"),
        (Closure(SimpleNamespace(names=("a", "b"), room=[]), [], None), "<fn(a, b)>"),
    ],
)
def test_display(value: Any, text: str) -> None:
    assert display(value) == text
    assert display([value]) == f"[{text}]"


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0ms"), (1, "1ms"), (999, "999ms"), (1000, "1s"), (1001, "1001ms"), (60_000, "1m"), (61_000, "61s"),
        (5_400_000, "90m"), (86_400_000, "24h"), (604_800_000, "168h"), (-1500, "-1500ms"), (-3_600_000, "-1h"),
    ],
)  # fmt: skip
def test_durations_show_the_largest_unit_that_fits(milliseconds: int, text: str) -> None:
    assert display(Duration(milliseconds)) == text


def test_finished_iterators_say_so() -> None:
    iterator, generator = Iter(None), Generator([], False)
    iterator.done = generator.done = True
    assert display(iterator) == "<iter (exhausted)>"
    assert display(generator) == "<generator (done)>"


def _by_recursion(value: Any) -> str:
    """The same text the short way, for comparison: what the walker does without a stack."""
    if value.__class__ is list:
        return "[" + ", ".join(map(_by_recursion, value)) + "]"
    if value.__class__ is dict:
        return "{" + ", ".join(f"{key}: {_by_recursion(value[key])}" for key in sorted(value)) + "}"
    if value.__class__ is Pair:
        return f"({_by_recursion(value.first)}, {_by_recursion(value.second)})"
    return display(value)


@given(plain)
def test_the_walker_says_what_recursion_says(value: Any) -> None:
    assert display([value, {"k": value}, value]) == _by_recursion([value, {"k": value}, value])


def test_a_part_met_again_is_copied_from_the_output() -> None:
    part = [list(range(200)), "é" * 300]
    once = _by_recursion(part)
    assert display([part, part, [part, 1], {"a": part}]) == f"[{once}, {once}, [{once}, 1], {{a: {once}}}]"


def test_interpolation_and_excerpts_know_their_limits() -> None:
    assert interpolate(["a", 1, 1.0, None, [True]], 100) == "a11.0nil[true]"
    with pytest.raises(LimitReached):
        interpolate(["abc", "def"], 5)
    with pytest.raises(LimitReached):
        display(["x" * 100], 50)
    assert excerpt([1]) == "[1]"
    assert excerpt(["x" * 200_000]) == "<list>"
    assert len(excerpt("x" * 200_000)) < 101_000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("42", 42), ("-7", -7), ("+7", 7), ("007", 7), ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", None), ("0" * 5000 + "1", 1), ("9" * 5000, None), (" 7", None), ("3.9", None), ("1_000", None),
        ("0x1f", None), ("", None), ("-", None), ("٣", None), ("²", None), ("+-1", None),
    ],
)  # fmt: skip
def test_int_from_text(text: str, number: int | None) -> None:
    assert int_from_text(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2.5", 2.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-1E-3", -0.001), ("inf", math.inf), ("-Infinity", -math.inf),
        ("1e400", math.inf), ("+1", 1.0), ("", None), (" 1", None), ("1 ", None), ("1_0", None), ("x", None), ("--1", None),
        ("0x1p3", None), ("+-inf", None),
    ],
)  # fmt: skip
def test_float_from_text(text: str, number: float | None) -> None:
    assert float_from_text(text) == number


def test_nan_is_read_in_any_case() -> None:
    assert all(math.isnan(float_from_text(text) or 0) for text in ("NaN", "nan", "-NAN"))
