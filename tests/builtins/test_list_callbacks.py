"""What calls back for the elements of a list: every callback in order, laws against Python, and errors at each call."""

from __future__ import annotations

from functools import reduce
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.display import display
from harn.values.errors import HarnError, LimitReached, thrown, type_error
from harn.values.keys import key_of
from harn.values.kinds import Closure
from harn.vm.frame import Returned, Threw
from harn.vm.machine import Machine
from tests.builtins.driving import Callback, builtin, call, failing, method
from tests.strategies.values import plain
from tests.vm.handmade import closure, finish, function, module

lists = st.lists(plain, max_size=7)
results = st.lists(plain, min_size=7, max_size=7)


def answering(given: list[Any]) -> Callback:
    """A callback whose calls give these values one after the other."""
    made = Callback(lambda *args: given[len(made.seen) - 1])
    return made


def model(name: str, items: list[Any], verdicts: list[Any]) -> Any:
    """What a method gives where the callback gives ``verdicts``."""
    both = list(zip(items, verdicts, strict=False))
    yes, no = [item for item, v in both if v], [item for item, v in both if not v]
    groups: dict[str, list[Any]] = {}
    firsts: dict[Any, Any] = {}
    for item, verdict in both:
        groups.setdefault(display(verdict), []).append(item)
        firsts.setdefault(key_of(verdict), item)
    return {
        "map": verdicts[: len(items)],
        "filter": yes,
        "partition": [yes, no],
        "group_by": groups,
        "flat_map": [part for _, v in both for part in (v if v.__class__ is list else [v])],
        "find": yes[0] if yes else None,
        "any": bool(yes),
        "all": not no,
        "every": not no,
        "none": not yes,
        "find_index": next((place for place, (_, v) in enumerate(both) if v), -1),
    }[name]


NAMES = ["map", "filter", "partition", "group_by", "flat_map", "find", "any", "all", "every", "none", "find_index"]


@pytest.mark.parametrize("name", NAMES)
@given(items=lists, verdicts=results)
def test_results_are_pythons(name: str, items: list[Any], verdicts: list[Any]) -> None:
    ask = answering(verdicts)
    assert method(items, name, ask) == model(name, items, verdicts)
    assert ask.seen == [(item,) for item in items[: len(ask.seen)]]


@pytest.mark.parametrize("name", ["group_by", "flat_map"])
@given(items=lists, verdicts=results)
def test_the_functions_are_the_methods(name: str, items: list[Any], verdicts: list[Any]) -> None:
    assert call(name, items, answering(verdicts)) == model(name, items, verdicts)


@given(lists, results)
def test_the_other_functions(items: list[Any], verdicts: list[Any]) -> None:
    yes, no = model("partition", items, verdicts)
    assert call("partition", items, answering(verdicts)) == {"match": yes, "no_match": no}
    firsts: dict[Any, Any] = {}
    for item, verdict in zip(items, verdicts, strict=False):
        firsts.setdefault(key_of(verdict), item)
    assert call("dedup_by", items, answering(verdicts)) == list(firsts.values())


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(1, 4))
def test_keys_order_and_choose_stably(items: list[int], modulus: int) -> None:
    pairs = [[item, place] for place, item in enumerate(items)]

    def key(pair: list[int]) -> int:
        return pair[0] % modulus

    assert method(pairs, "sort_by", key) == sorted(pairs, key=key)
    assert method(pairs, "min_by", key) == (min(pairs, key=key) if pairs else None)
    assert method(pairs, "max_by", key) == (max(pairs, key=key) if pairs else None)


@given(lists, plain)
def test_reduce_is_pythons(items: list[Any], initial: Any) -> None:
    def together(so_far: Any, item: Any) -> list[Any]:
        return [so_far, item]

    assert method(items, "reduce", initial, together) == reduce(together, items, initial)


@pytest.mark.parametrize("name", [*NAMES, "sort_by", "min_by", "max_by"])
@pytest.mark.parametrize("place", range(4))
def test_an_error_ends_the_walk_where_it_is_thrown(name: str, place: int) -> None:
    undecided = name in ("all", "every")
    error = thrown({"at": place})
    ask = failing(place, lambda item: undecided, error)
    with pytest.raises(HarnError) as caught:
        method([10, 20, 30, 40], name, ask)
    assert caught.value is error
    assert len(ask.seen) == place + 1


@pytest.mark.parametrize("name", ["group_by", "partition", "dedup_by", "flat_map"])
def test_the_functions_insist_on_a_list_and_a_callback(name: str) -> None:
    with pytest.raises(HarnError, match=f"Type error: '{name}' parameter `items` expects list"):
        call(name, "abc", lambda item: item)
    with pytest.raises(HarnError, match=f"Type error: '{name}' parameter `f` expects fn"):
        call(name, [1], 7)
    with pytest.raises(HarnError, match=f"Arity mismatch: '{name}' expects 2"):
        call(name, [1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (name, None)
            for name in ["map", "filter", "flat_map", "sort_by", "group_by", "partition", "min_by", "max_by", "find"]
        ),
        ("any", False),
        ("all", True),
        ("every", True),
        ("find_index", -1),
    ],
)
def test_without_a_callback(name: str, expected: Any) -> None:
    assert method([1, 2], name) is expected or method([1, 2], name) == expected
    assert method([1, 2], name, "not callable") == method([1, 2], name)


def test_none_and_reduce_without_a_callback() -> None:
    assert method([], "none") is True
    assert method([1], "none", 7) is False
    assert method([1], "reduce", 0) is None
    assert method([1], "reduce", lambda a, b: a, 0) is None


def test_a_builtin_is_a_callback() -> None:
    assert method([1, None, "x"], "map", builtin("to_string")) == ["1", "nil", "x"]


def test_flat_map_is_bounded() -> None:
    part = [0] * 1000
    with pytest.raises(LimitReached):
        method([0] * 1000, "flat_map", lambda item: part, value_bytes=500_000)
    with pytest.raises(LimitReached):
        call("flat_map", [0] * 1000, lambda item: part, value_bytes=500_000)


# ------------------------------------------------------------------------------------------ with functions of the machine


def increment() -> Closure:
    def build(a: Any) -> None:
        a.emit("LOAD", 0)
        a.emit("CONST", 1)
        a.emit("ADD")
        a.emit("RETURN")

    return closure(module(function("increment", ("v",), build)), 0)


@pytest.mark.parametrize("fuel", [1, 3, 50, 4096])
def test_slices_do_not_show(fuel: int) -> None:
    add = increment()
    outcome = finish(Machine(), builtin("flat_map"), list(range(100)), add, fuel=fuel)
    assert isinstance(outcome, Returned)
    assert outcome.value == list(range(1, 101))


def test_an_error_of_a_function_gains_its_class_and_only_one_line() -> None:
    outcome = finish(Machine(), builtin("group_by"), [1, "x"], increment())
    assert isinstance(outcome, Threw)
    assert outcome.error.text() == type_error("Cannot add string and int").text()  # hand-made code has no lines
