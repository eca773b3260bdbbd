"""Ranges against Python's, without walking them; pairs; and the free functions that take any collection."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.display import display
from harn.values.errors import HarnError, LimitReached
from harn.values.kinds import Pair, Range
from harn.values.operators import HIGHEST, LOWEST
from tests.builtins.driving import call, drained, method
from tests.strategies.values import integers, plain

small = st.integers(-6, 6)
ranges = st.builds(Range, small, small, st.booleans())


def ints(span: Range) -> range:
    return range(span.start, span.end if span.exclusive else span.end + 1)


@given(ranges, st.integers(-8, 8))
def test_a_range_answers_as_pythons(span: Range, number: int) -> None:
    model = ints(span)
    assert method(span, "len") == method(span, "count") == len(model)
    assert method(span, "empty") is (not model)
    assert method(span, "first") == (model[0] if model else None)
    assert method(span, "last") == (model[-1] if model else None)
    assert method(span, "contains", number) is (number in model)
    assert method(span, "contains", float(number)) is False
    assert method(span, "to_string") == display(span)
    assert method(span, "to_list") == drained(call("iter", span)) == list(model)


@given(ranges)
def test_other_methods_lift_to_an_iterator(span: Range) -> None:
    model = list(ints(span))
    assert drained(method(span, "map", lambda v: v * 2)) == [v * 2 for v in model]
    assert method(span, "sum") == sum(model)
    assert method(span, "max") == max(model, default=None)
    assert method(span, "reverse") is method(span, "no_such", 1) is None


@given(integers, integers, st.booleans())
def test_huge_ranges_cost_nothing(start: int, end: int, exclusive: bool) -> None:
    span = Range(start, end, exclusive)
    assert method(span, "len") == min(HIGHEST, max(0, end - start + (not exclusive)))
    assert drained(method(method(span, "skip", 3), "take", 2)) == list(islice(ints(span), 3, 5))


@pytest.mark.parametrize("span", [Range(1, 10**9, False), Range(LOWEST, HIGHEST, False)])
def test_a_billion_elements_are_refused_before_they_are_made(span: Range) -> None:
    for make in (
        lambda: method(span, "to_list"),
        lambda: method(method(span, "iter"), "to_list"),
        lambda: method(method(span, "chunks", 10**9), "first"),
        lambda: method(method(span, "windows", 10**9), "to_list"),
        lambda: method(span, "to_set"),
    ):
        with pytest.raises(LimitReached):
            make()


@given(small, small)
def test_the_function_is_half_open(a: int, b: int) -> None:
    assert display(call("range", a)) == f"0 to {a} exclusive"
    assert method(call("range", a, b), "to_list") == list(range(a, b))


@pytest.mark.parametrize("arguments", [(), (1, 2, 3), ("3",), (1.5, 2)])
def test_the_function_needs_ints(arguments: tuple[Any, ...]) -> None:
    with pytest.raises(HarnError, match="'range'"):
        call("range", *arguments)


@given(plain, plain)
def test_pairs(first: Any, second: Any) -> None:
    made = call("pair", first, second)
    assert made.__class__ is Pair
    assert (made.first, made.second) == (first, second)
    with pytest.raises(HarnError, match="Arity mismatch: 'pair' expects 2"):
        call("pair", first)


@given(plain)
def test_to_list_takes_anything(value: Any) -> None:
    listed = list(value) if value.__class__.__name__ in ("list", "Set") else [value]
    assert call("to_list", value) == listed


@pytest.mark.parametrize(
    ("container", "value", "expected"),
    [
        ("room 101", 101, True),
        ("abc", "d", False),
        ("", "", True),
        ([1, [2.0]], [2], True),
        ([], None, False),
        ({"a": 1}, "a", False),
        (Range(1, 3, False), 2, False),
        (None, None, False),
    ],
)
def test_contains(container: Any, value: Any, expected: bool) -> None:
    assert call("contains", container, value) is expected
