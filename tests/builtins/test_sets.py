"""Sets against lists without repetitions, compared by value; and what is no set at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.equality import equal
from harn.values.errors import HarnError, thrown
from harn.values.keys import set_of
from harn.values.kinds import Set
from tests.builtins.driving import Callback, call, drained, failing, method
from tests.strategies.values import plain, respell

members = st.lists(plain, max_size=6)


def without_repetitions(items: list[Any]) -> list[Any]:
    """The model of a set."""
    found: list[Any] = []
    for item in items:
        if not holds(found, item):
            found.append(item)
    return found


def holds(items: list[Any], wanted: Any) -> bool:
    return any(equal(item, wanted) for item in items)


def same(found: Set, expected: list[Any]) -> bool:
    """Whether a set has exactly these members in this order."""
    return len(found) == len(expected) and all(map(equal, found, expected))


@given(members, members, plain)
def test_making_sets(items: list[Any], others: list[Any], single: Any) -> None:
    made = call("set", items, set_of(others), Callback)
    assert same(call("set", items, set_of(others)), without_repetitions(items + others))
    assert made is not None
    if single.__class__ is not list and single.__class__ is not Set:
        assert same(call("set", items, single), without_repetitions([*items, single]))


@given(members, members)
def test_algebra(items: list[Any], others: list[Any]) -> None:
    a, b = without_repetitions(items), without_repetitions(list(map(respell, others)))
    left, right = set_of(a), set_of(b)
    only_a, only_b = [v for v in a if not holds(b, v)], [v for v in b if not holds(a, v)]
    expected = {
        "union": a + only_b,
        "intersect": [v for v in a if holds(b, v)],
        "difference": only_a,
        "symmetric_difference": only_a + only_b,
    }
    for name, model in expected.items():
        assert same(method(left, name, right), model)
        assert same(call(f"set_{name}", left, right), model)
    assert same(method(left, "intersection", right), expected["intersect"])
    verdicts = {"is_subset": not only_a, "is_superset": not only_b, "is_disjoint": not expected["intersect"]}
    for name, verdict in verdicts.items():
        assert method(left, name, right) is call(f"set_{name}", left, right) is verdict


@given(members, plain)
def test_one_member(items: list[Any], value: Any) -> None:
    a = without_repetitions(items)
    holder = set_of(a)
    assert same(method(holder, "add", value), a if holds(a, value) else [*a, value])
    assert same(call("set_add", holder, value), a if holds(a, value) else [*a, value])
    for removed in (
        method(holder, "remove", value),
        method(holder, "delete", value),
        call("set_remove", holder, value),
    ):
        assert same(removed, [v for v in a if not equal(v, value)])
    assert method(holder, "contains", respell(value)) is call("set_contains", holder, value) is holds(a, value)
    assert same(holder, a)
    assert method(holder, "count") == method(holder, "len") == len(a)
    assert method(holder, "empty") is (not a)
    assert method(holder, "to_list") == call("to_list", holder) == drained(method(holder, "iter")) == a


@given(members)
def test_callbacks_see_the_members_in_order(items: list[Any]) -> None:
    a = without_repetitions(items)
    seen = Callback(lambda value: value.__class__.__name__)
    assert same(method(set_of(a), "map", seen), without_repetitions([v.__class__.__name__ for v in a]))
    assert seen.seen == [(v,) for v in a]
    assert same(method(set_of(a), "filter", lambda v: v), [v for v in a if v])
    assert method(set_of(a), "any", lambda v: v) is any(map(bool, a))
    assert method(set_of(a), "all", lambda v: v) is method(set_of(a), "every", lambda v: v) is all(map(bool, a))


@pytest.mark.parametrize("name", ["map", "filter", "any", "all", "every"])
def test_errors_end_the_walk(name: str) -> None:
    for place in range(3):
        ask = failing(place, lambda value: name != "any", thrown("stop"))
        with pytest.raises(HarnError):
            method(set_of([1, 2, 3]), name, ask)
        assert len(ask.seen) == place + 1


@pytest.mark.parametrize("other", [None, [1, 2], "12", {"1": 1}])
def test_what_is_no_set(other: Any) -> None:
    holder = set_of([1, 2])
    for name in ("union", "difference", "symmetric_difference"):
        assert same(method(holder, name, other), [1, 2])
    assert same(method(holder, "intersect", other), [])
    assert method(holder, "is_subset", other) is method(holder, "is_superset", other) is False
    assert method(holder, "is_disjoint", other) is True
    assert call("set_contains", other, 1) is call("set_is_subset", other, holder) is False
    assert call("set_is_superset", holder, other) is False
    assert call("set_is_disjoint", other, holder) is True
    for name in ("set_union", "set_intersect", "set_difference", "set_symmetric_difference"):
        with pytest.raises(HarnError, match=f"Type error: '{name}' parameter `b` expects set"):
            call(name, holder, other)
    with pytest.raises(HarnError, match="Type error: 'set_add' parameter `members` expects set"):
        call("set_add", other, 1)


def test_nil_stands_for_a_missing_value_and_unknown_methods_are_nil() -> None:
    assert same(method(set_of([1]), "add"), [1, None])
    assert method(set_of([1]), "contains") is False
    assert method(set_of([1]), "map") is method(set_of([1]), "filter", 5) is None
    assert method(set_of([1]), "any") is False
    assert method(set_of([1]), "all") is True
    assert method(set_of([1]), "sort") is method(set_of([1]), "find", lambda v: v) is None
