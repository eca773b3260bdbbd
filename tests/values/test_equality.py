"""Equality, order, membership and structural keys."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from harn.values.equality import compare, contains, equal, index_of, less
from harn.values.keys import distinct, key_of, set_of
from harn.values.kinds import (
    Closure,
    Duration,
    Enum,
    EnumType,
    Generator,
    Handle,
    Iter,
    Pair,
    Range,
    Struct,
    StructType,
    ok,
)
from tests.strategies.values import COLOR, POINT, numbers, plain, respell, texts, values

NAN = math.nan


class Bare:
    """Stands for a function's code: all that equality may not look at."""

    room: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()


FUNCTION = Closure(Bare, [], None)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (1, 1.0, True),
        ({"a": [1]}, {"a": [1.0]}, True),
        (-0.0, 0, True),
        (9007199254740993, 9007199254740992.0, True),
        (9007199254740993, 9007199254740992, False),
        (1, True, False),
        ([1], [True], False),
        (0, False, False),
        (None, False, False),
        ("", None, False),
        ("1", 1, False),
        (b"a", "a", False),
        (NAN, NAN, False),
        ([NAN], [NAN], False),
        ([1, 2], [1, 2, 3], False),
        ({"a": None}, {}, False),
        ({"a": None}, {"b": None}, False),
        (Range(1, 3, False), [1, 2, 3], False),
        (Range(2, 6, True), Range(2, 6, True), True),
        (Range(2, 4, False), Range(2, 5, True), False),
        (Duration(5000), Duration(5000), True),
        (Duration(5000), 5000, False),
        (Struct(POINT, {"x": 1}), {"x": 1}, False),
        (Struct(POINT, {"x": 1, "y": 2}), Struct(POINT, {"y": 2.0, "x": 1}), True),
        (Struct(POINT, {"x": 1}), Struct(StructType("Point", ("x",), "b.harn"), {"x": 1}), True),
        (Struct(POINT, {"x": 1}), Struct(StructType("P", ("x",), "a.harn"), {"x": 1}), False),
        (Enum(COLOR, "Mix", (1,)), Enum(COLOR, "Mix", (1.0,)), True),
        (Enum(COLOR, "Mix", (1,)), Enum(COLOR, "Mix", (1, 2)), False),
        (Enum(COLOR, "Red"), Enum(EnumType("Hue", {"Red": ()}, ""), "Red"), False),
        (set_of([1, 2]), set_of([2.0, 1]), True),
        (set_of([1]), set_of([True]), False),
        (set_of([[1], [2]]), set_of([[2], [1]]), True),
        (set_of([NAN]), set_of([NAN]), False),
        (Pair(1, [2]), Pair(1.0, [2]), True),
        (FUNCTION, FUNCTION, False),
        ([FUNCTION], [FUNCTION], False),
        (Handle("task_handle", "1"), Handle("task_handle", "1"), True),
        (Handle("channel", "1"), Handle("channel", "1"), False),
    ],
)
def test_equality(a: Any, b: Any, same: bool) -> None:
    assert equal(a, b) is same
    assert equal(b, a) is same
    if not (a == 9007199254740993 and same):  # no key can follow a relation that is not transitive
        assert (key_of(a) == key_of(b)) is same


@pytest.mark.parametrize("value", [NAN, FUNCTION, Generator([], False), Handle("rng", "")])
def test_what_differs_from_itself_does_so_inside_containers(value: Any) -> None:
    for container in (
        [value],
        {"k": value},
        Pair(1, value),
        ok(value),
        Struct(POINT, {"x": value}),
        set_of([value]),
        [[value]],
    ):
        assert not equal(container, container)
        assert key_of(container) != key_of(container)
        assert not contains([container], container)
    assert len(distinct([value, value])) == 2


def test_iterators_equal_themselves() -> None:
    iterator = Iter(None)
    assert equal([iterator], [iterator])
    assert not equal(iterator, Iter(None))
    assert key_of(iterator) == key_of(iterator) != key_of(Iter(None))


@given(values, values)
def test_equality_is_symmetric_and_keys_follow_it(a: Any, b: Any) -> None:
    assert equal(a, b) is equal(b, a)
    assert (key_of(a) == key_of(b)) is equal(a, b) or _beyond_floats(a, b)
    assert hash(key_of(a)) is not None


def _beyond_floats(*parts: Any) -> bool:
    """Whether an int stands somewhere that no float can represent."""
    from harn.values.measure import PARTS

    todo = list(parts)
    while todo:
        part = todo.pop()
        if part.__class__ is int and abs(part) > 2**53:
            return True
        todo += PARTS[part.__class__](part) if part.__class__ in PARTS else ()
    return False


@given(plain)
def test_equal_values_of_other_objects(value: Any) -> None:
    other = respell(value)
    assert equal(value, other)
    assert equal(other, value)
    assert key_of(value) == key_of(other)
    assert equal(value, value)


@given(plain, plain)
def test_a_changed_part_is_noticed_at_any_place(a: Any, b: Any) -> None:
    assume(not equal(a, b))
    for wrap in (lambda v: [1, v, 2], lambda v: {"a": 1, "b": v}, lambda v: Pair(Pair(v, 1), 1), lambda v: set_of([v])):
        assert not equal(wrap(a), wrap(b))
        assert key_of(wrap(a)) != key_of(wrap(b)) or _beyond_floats(a, b)


@given(st.lists(plain, max_size=5))
def test_sets_keep_the_first_of_equal_values_in_order(items: list[Any]) -> None:
    assume(not _beyond_floats(items))
    kept: list[Any] = []
    for item in items:
        if not any(equal(item, other) for other in kept):
            kept.append(item)
    assert distinct(items) == kept
    assert equal(set_of(items), set_of(reversed(items)))
    assert key_of(set_of(items)) == key_of(set_of(reversed(items)))


def test_keys_tell_structures_apart() -> None:
    apart = [
        [], {}, set_of([]), [[]], [[], []], [[[]]], [1, [2]], [[1], 2], [1, 2], ["1", 2], [12], [True], [None], {"a": 1},
        {"a": "1"}, {"a": {"b": 1}}, {"a": 1, "b": 1}, Pair(1, 2), Pair([1], 2), Struct(POINT, {"a": 1}), [b"a"], ["a"],
        [Duration(1)], [Range(1, 2, False)], set_of([1, 2]), set_of([Pair(1, 2)]), [set_of([1]), 2], ok(1), [ok(1)], ["a", ""],
        ["", "a"], ["s1:a"], [["a"], []], [1.5], [2.5], 1, "1", True, None, 1.5, b"1", Duration(1),
    ]  # fmt: skip
    assert len({key_of(value) for value in apart}) == len(apart)


ORDERED = [(1, 2), (1, 2.5), (-math.inf, 0), ("Z", "a"), ("z", "é"), ("a", "ab"), (Duration(1), Duration(2)),
           (Pair(1, 5), Pair(2, 0)), (Pair(1, 1), Pair(1.0, 2)), (Pair("a", Pair(1, 2)), Pair("a", Pair(1, 3)))]  # fmt: skip


@pytest.mark.parametrize(("low", "high"), ORDERED)
def test_order(low: Any, high: Any) -> None:
    assert less(low, high)
    assert not less(high, low)
    assert (compare(low, high), compare(high, low), compare(low, low)) == (-1, 1, 0)


@pytest.mark.parametrize(
    ("a", "b"),
    [("1", 1), ([1], [2]), (None, 1), (False, True), (NAN, 1), (1, NAN), (NAN, NAN), ({}, {"a": 1}), (b"a", b"b"),
     (Duration(1), 1),
     (Range(1, 2, False), Range(5, 6, False)), (9007199254740993, 9007199254740992.0), (Pair([1], 1), Pair([2], 1)),
     (FUNCTION, FUNCTION)],
)  # fmt: skip
def test_what_has_no_order_compares_as_equal(a: Any, b: Any) -> None:
    assert not less(a, b)
    assert not less(b, a)
    assert compare(a, b) == 0


@given(values, values)
def test_order_is_antisymmetric(a: Any, b: Any) -> None:
    assert compare(a, b) == -compare(b, a)
    assert less(a, b) is (compare(a, b) < 0)


@given(*[st.one_of(st.integers(-(2**53), 2**53), st.floats(allow_nan=False))] * 3)
def test_numbers_are_ordered_transitively(a: Any, b: Any, c: Any) -> None:
    low, middle, high = sorted((a, b, c))
    assert not less(middle, low)
    assert not less(high, middle)
    assert not less(high, low)


@given(texts, texts)
def test_texts_are_ordered_by_code_point(a: str, b: str) -> None:
    assert less(a, b) is ([ord(c) for c in a] < [ord(c) for c in b])


@given(numbers, numbers)
def test_numbers_of_both_kinds_compare_as_floats(a: Any, b: Any) -> None:
    if a.__class__ is not b.__class__:
        assert less(a, b) is (float(a) < float(b))
        assert equal(a, b) is (float(a) == float(b))


@pytest.mark.parametrize(
    ("item", "container", "found"),
    [
        (1, [2, 1.0], True), (True, [1], False), (1, [True], False), ([1], [[1.0]], True), ("a", ["a"], True),
        (None, [0, None], True),
        (1, set_of([1.0]), True), ("1", set_of([1]), False), (NAN, set_of([NAN]), False), (NAN, [NAN], False),
        (1, {"1": 0}, True), (None, {"nil": 0}, True), ("x", {"y": "x"}, False),
        ("", "s", True), (1, "x1y", True), ("z", "s", False),
        (5, Range(1, 5, False), True), (5, Range(1, 5, True), False), (5.0, Range(1, 5, False), False),
        (True, Range(0, 5, False), False),
        (1, 5, False), (1, None, False), (1, Pair(1, 2), False), (9007199254740993, [9007199254740992.0], True),
    ],
)  # fmt: skip
def test_membership(item: Any, container: Any, found: bool) -> None:
    assert contains(container, item) is found


def test_index_of_finds_the_first() -> None:
    assert index_of([True, 1, 1.0], 1) == 1
    assert index_of(["b", "a", "a"], "a") == 1
    assert index_of([1], "1") == -1
