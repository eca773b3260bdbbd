"""``hash_value``: equal values share a number, whatever they are made of, and it is the same in every run."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings

from harn.values.equality import equal
from harn.values.errors import LimitReached
from harn.values.keys import set_of
from harn.values.kinds import Duration, Pair, Range, Struct, ok
from tests.builtins.driving import call
from tests.strategies.values import POINT, plain, respell


def fnv1a(text: str) -> int:
    """The number of a text, as an int of 64 bits with a sign."""
    number = 0xCBF29CE484222325
    for byte in text.encode():
        number = (number ^ byte) * 0x100000001B3 % 2**64
    return number - 2**64 if number >= 2**63 else number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "N"),
        (True, "T"),
        (-7, "i-7;"),
        (2.5, "f4612811918334230528;"),
        (float("inf"), "f9218868437227405312;"),
        ("é", "s2:é"),
        (b"\x00\xff", "b00ff;"),
        (Duration(5000), "d5000;"),
        ([], "L]"),
        ([1, ["a"]], "Li1;,Ls1:a,],]"),
        ({}, "D}"),
        ({"b": 1, "a": None}, "D1:a=N,1:b=i1;,}"),
        (set_of([2, 10, "x"]), "Si10;,i2;,s1:x,}"),
        (set_of([set_of([1]), set_of([])]), "SSi1;,},S},}"),
        (Pair(1, "x"), "o4:pair6:(1, x)"),
        (Range(1, 3, False), "o5:range6:1 to 3"),
        (Struct(POINT, {"x": 1}), "o6:struct12:Point {x: 1}"),
    ],
)
def test_what_is_hashed(value: Any, text: str) -> None:
    assert call("hash_value", value) == fnv1a(text)


@settings(max_examples=200)
@given(plain)
@example(ok(set_of([-1, -0.0])))
@example(ok(set_of([2**53, 2**53 + 1])))
def test_equal_values_share_a_number(value: Any) -> None:
    other = respell(value)
    assert equal(value, other)
    assert call("hash_value", value) == call("hash_value", other)


@given(plain, plain)
def test_values_of_different_texts_have_different_numbers(a: Any, b: Any) -> None:
    assert (call("hash_value", a) == call("hash_value", b)) >= equal(a, b)


def test_long_texts_are_hashed_in_slices() -> None:
    text = "harn " * 9_000
    assert call("hash_value", text) == fnv1a(f"s{len(text)}:{text}")


def test_deep_and_repeated_values_end() -> None:
    deep: Any = []
    for _ in range(20_000):
        deep = [deep]
    assert call("hash_value", deep) == fnv1a("L" * 20_001 + "]" + ",]" * 20_000)
    nested: Any = set_of([1])
    for _ in range(2_000):
        nested = set_of([nested])
    assert isinstance(call("hash_value", nested), int)
    wide: Any = [1]
    for _ in range(60):
        wide = [wide, wide]
    with pytest.raises(LimitReached):
        call("hash_value", wide, value_bytes=10**6)
    with pytest.raises(LimitReached):
        call("hash_value", set_of([wide]), value_bytes=10**6)
