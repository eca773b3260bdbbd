"""Lists: laws against Python's own lists, and the corners that arguments of other kinds make."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.display import display
from harn.values.equality import compare, equal
from harn.values.errors import LimitReached
from harn.values.kinds import Pair, Range, Set
from harn.values.operators import wrap
from tests.builtins.driving import call, method
from tests.strategies.values import floats, integers, plain, texts, values

lists = st.lists(plain, max_size=8)
counts = st.integers(-3, 10)
# Among larger ints that no float can hold, "equal" is not transitive, so there is no one order.
sortable = st.one_of(st.integers(-9, 9), floats)
ordered_kinds = st.one_of(
    st.lists(integers),
    st.lists(sortable),
    st.lists(texts),
    st.lists(st.builds(Pair, texts, integers)),
    st.lists(st.builds(Pair, sortable, st.builds(Pair, texts, sortable))),
)


def whole(n: int) -> int:
    return max(0, n)


@given(lists, counts)
def test_parts_are_pythons(items: list[Any], n: int) -> None:
    assert method(items, "take", n) == items[: whole(n)]
    assert method(items, "skip", n) == items[whole(n) :]
    assert method(items, "first", n) == items[: whole(n)]
    assert method(items, "last", n) == (items[-n:] if n > 0 else [])
    assert method(items, "reverse") == list(reversed(items))
    assert method(items, "pop") == items[:-1]
    assert method(items, "push", n) == [*items, n]
    assert method(items, "compact") == [item for item in items if item is not None]


@given(lists, st.one_of(st.none(), counts), st.one_of(st.none(), counts))
def test_slice_is_pythons(items: list[Any], start: int | None, end: int | None) -> None:
    assert method(items, "slice", start, end) == items[start:end]


@given(lists, st.integers(-1, 5), st.integers(-1, 4))
def test_chunks_join_to_the_list_and_windows_are_its_runs(items: list[Any], size: int, step: int) -> None:
    width, stride = max(1, size), max(1, step)
    chunks = method(items, "chunk", size)
    assert [item for chunk in chunks for item in chunk] == items
    assert all(len(chunk) == width for chunk in chunks[:-1])
    assert all(0 < len(chunk) <= width for chunk in chunks)
    windows = method(items, "window", size, step)
    assert windows == [items[at : at + width] for at in range(0, len(items), stride) if at + width <= len(items)]


@given(ordered_kinds)
def test_sort_is_a_stable_order_and_the_extremes_are_its_ends(items: list[Any]) -> None:
    found = method(items, "sort")
    assert found == sorted(items, key=cmp_to_key(compare))
    if items:
        least, greatest = method(items, "min"), method(items, "max")
        assert compare(least, found[0]) == 0
        assert compare(greatest, found[-1]) == 0
        assert least is next(item for item in items if compare(item, least) == 0)
        assert greatest is next(item for item in items if compare(item, greatest) == 0)


@given(lists)
def test_what_has_no_order_keeps_its_place(items: list[Any]) -> None:
    unordered = [[item] for item in items]
    assert method(unordered, "sort") == unordered
    assert method(unordered, "min") is (unordered[0] if unordered else None)


@given(st.lists(integers))
def test_sums_wrap(items: list[int]) -> None:
    assert method(items, "sum") == wrap(sum(items))
    assert call("iter", items) is not None
    assert method(call("iter", items), "sum") == wrap(sum(items))


@given(lists)
def test_unique_keeps_the_first_of_equal_values(items: list[Any]) -> None:
    expected: list[Any] = []
    for item in items:
        if not any(equal(item, seen) for seen in expected):
            expected.append(item)
    found = method(items, "unique")
    assert len(found) == len(expected)
    assert all(a is b for a, b in zip(found, expected, strict=True))


@given(st.lists(values, max_size=6), values)
def test_search_is_by_value(items: list[Any], needle: Any) -> None:
    places = [place for place, item in enumerate(items) if equal(item, needle)]
    assert method(items, "index_of", needle) == (places[0] if places else -1)
    assert method(items, "contains", needle) is bool(places)


@given(lists, lists)
def test_combinations(items: list[Any], others: list[Any]) -> None:
    assert method(items, "zip", others) == [list(both) for both in zip(items, others, strict=False)]
    assert method(items, "enumerate") == [{"index": n, "value": item} for n, item in enumerate(items)]
    assert method([items, 7, others], "flatten") == [*items, 7, *others]


@given(lists, st.one_of(texts, integers, st.none()))
def test_join_and_tally_go_by_display_text(items: list[Any], separator: Any) -> None:
    shown = [display(item) for item in items]
    assert method(items, "join", separator) == display(separator).join(shown)
    assert method(items, "tally") == {text: shown.count(text) for text in shown}


@pytest.mark.parametrize(
    ("items", "name", "arguments", "expected"),
    [
        ([1, 2], "take", ("x",), []),
        ([1, 2], "skip", ("x",), [1, 2]),
        ([1, 2], "first", (), 1),
        ([], "last", (), None),
        ([1, 2], "first", (-1,), []),
        ([1, 2, 3], "slice", ("2",), [1, 2, 3]),
        ([1, 2, 3], "slice", (1, "3"), [2, 3]),
        ([1, 2, 3], "chunk", ("2",), [[1], [2], [3]]),
        ([1, 2, 3], "each_slice", (), [[1], [2], [3]]),
        ([1, 2, 3], "window", (), [[1, 2], [2, 3]]),
        ([1, 2, 3], "each_cons", (0,), [[1], [2], [3]]),
        ([1, 2, 3], "sliding_window", (4,), []),
        ([1, 2], "zip", ("ab",), []),
        ([1, 2], "push", (), [1, 2]),
        ([1, 2], "push", (None,), [1, 2, None]),
        ([], "pop", (), []),
        (["a", 1, 0.5], "sum", (), 1.5),
        ([], "sum", (), 0),
        ([True, 2], "sum", (), 2),
        ([Range(1, 2, False), Set({1: 1})], "flatten", (), None),
        ([1, None], "contains", (), True),
        ([1], "size", (), None),
        ([1], "no_such_method", (1, 2), None),
    ],
)
def test_corners(items: list[Any], name: str, arguments: tuple[Any, ...], expected: Any) -> None:
    found = method(items, name, *arguments)
    assert found == (items if name == "flatten" else expected)


def test_mixed_kinds_never_fail() -> None:
    mixed = [3, "b", 1, None, Pair(1, "x"), Pair("a", 2), [2], float("nan"), 2.5, True]
    assert sorted(map(display, method(mixed, "sort"))) == sorted(map(display, mixed))


@pytest.mark.parametrize(
    ("items", "name", "arguments"),
    [
        ([[0] * 1000] * 1000, "flatten", ()),
        (["x" * 1000] * 1000, "join", ("-",)),
        ([0] * 2000, "window", (1000,)),
    ],
)
def test_a_value_over_the_limit_is_refused(items: list[Any], name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(LimitReached):
        method(items, name, *arguments, value_bytes=500_000)
    assert method(items, name, *arguments)
