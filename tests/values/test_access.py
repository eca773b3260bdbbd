"""Reading parts: elements, slices, properties, what ``for`` sees."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.access import begin_iteration, get_index, get_property, get_property_optional, get_slice
from harn.values.errors import HarnError
from harn.values.keys import set_of
from harn.values.kinds import Duration, Enum, EnumType, Generator, Iter, Pair, Range, Struct
from tests.strategies.values import COLOR, POINT


@pytest.mark.parametrize(
    ("container", "index", "part"),
    [
        ([1, 2], 1, 2), ([1, 2], -1, 2), ([1, 2], 2, None), ([1, 2], -3, None), ("日本語", -1, "語"), ("abc", 9, None),
        ({"1": "a"}, 1, "a"), ({"1.5": "b"}, 1.5, "b"), ({"true": "c"}, True, "c"), ({"nil": "d"}, None, "d"), ({}, "x", None),
        (Range(2, 5, False), 0, 2), (Range(2, 5, False), -1, 5), (Range(2, 5, True), -1, 4),
    ],
)  # fmt: skip
def test_index(container: Any, index: Any, part: Any) -> None:
    assert get_index(container, index) == part


@pytest.mark.parametrize(
    ("container", "index", "text"),
    [
        ([1], "0", "Type error: cannot index into list with string"),
        ([1], 1.0, "Type error: cannot index into list with float"),
        ([1], True, "Type error: cannot index into list with bool"),
        (5, 0, "Type error: cannot index into int with int"),
        (None, 0, "Type error: cannot index into nil with int"),
        (Pair(1, 2), 0, "Type error: cannot index into pair with int"),
        (Range(1, 3, False), 3, "Runtime error: range index out of range: index 3 for range of length 3"),
        (Range(1, 3, False), -4, "Runtime error: range index out of range: index -4 for range of length 3"),
        (Range(5, 1, False), 0, "Runtime error: range index out of range: index 0 for range of length 0"),
    ],
)
def test_index_errors(container: Any, index: Any, text: str) -> None:
    with pytest.raises(HarnError) as caught:
        get_index(container, index)
    assert caught.value.bound() == text


@given(st.lists(st.integers(), max_size=5), st.none() | st.integers(-8, 8), st.none() | st.integers(-8, 8))
def test_slices_clamp(items: list[int], start: int | None, end: int | None) -> None:
    count = len(items)
    low = 0 if start is None else max(0, start + count if start < 0 else start)
    high = count if end is None else end + count if end < 0 else end
    assert get_slice(items, start, end) == [item for place, item in enumerate(items) if low <= place < high]


@pytest.mark.parametrize(
    ("container", "start", "end", "text"),
    [
        ({}, 0, 1, "cannot slice dict"),
        ([1], "a", 1, "slice start must be an integer, got string"),
        ("a", 0, 1.0, "slice end must be an integer, got float"),
    ],
)
def test_slice_errors(container: Any, start: Any, end: Any, text: str) -> None:
    with pytest.raises(HarnError) as caught:
        get_slice(container, start, end)
    assert caught.value.bound() == f"Type error: {text}"


@pytest.mark.parametrize(
    ("receiver", "name", "value"),
    [
        ([1, 2], "count", 2), ([], "empty", True), ([1, 2], "first", 1), ([1, 2], "last", 2), ([], "first", None),
        ([], "last", None),
        ([1], "other", None), ("日本", "count", 2), ("", "empty", True), ("a", "other", None), ({"count": 9}, "count", 9),
        ({}, "count", None), (Struct(POINT, {"x": 1}), "x", 1), (Struct(POINT, {"x": 1}), "y", None), (Pair(1, 2), "second", 2),
        (Enum(COLOR, "Mix", (1, 2)), "variant", "Mix"), (Enum(COLOR, "Mix", (1, 2)), "fields", [1, 2]),
        (Enum(COLOR, "Red"), "x", None),
    ],
)  # fmt: skip
def test_properties(receiver: Any, name: str, value: Any) -> None:
    assert get_property(receiver, name) == value
    assert get_property_optional(receiver, name) == value


def test_a_variant_is_a_property_of_its_enum() -> None:
    kind = EnumType("Color", {"Red": ()}, "")
    made = get_property(kind, "Red")
    assert (made.type, made.variant, made.payload) == (kind, "Red", ())


@pytest.mark.parametrize("receiver", [None, 1, 1.5, True, Range(1, 2, False), Duration(5), b"", set_of([])])
def test_kinds_without_properties(receiver: Any) -> None:
    from harn.values.kinds import type_name

    with pytest.raises(HarnError) as caught:
        get_property(receiver, "x")
    assert caught.value.bound() == f"Type error: cannot access property `x` on {type_name(receiver)}"
    assert get_property_optional(receiver, "x") is None


def test_pairs_name_their_two_properties() -> None:
    with pytest.raises(HarnError) as caught:
        get_property(Pair(1, 2), "third")
    assert caught.value.bound() == "Type error: cannot access property `third` on pair (expected `first` or `second`)"
    assert get_property_optional(Pair(1, 2), "third") is None


def test_iteration() -> None:
    items = [1, 2]
    iterator, generator = Iter(None), Generator([], False)
    assert begin_iteration(items) == (items, 0)
    assert begin_iteration(Range(2, 4, False)) == (5, 2)
    assert begin_iteration({"b": 1, "a": 2}) == ([{"key": "a", "value": 2}, {"key": "b", "value": 1}], 0)
    assert begin_iteration(set_of([2, 1])) == ([2, 1], 0)
    assert begin_iteration(iterator) == (iterator, 0)
    assert begin_iteration(generator) == (generator, 0)
    for value in ("text", None, 5, Pair(1, 2)):
        assert begin_iteration(value) == ([], 0)
