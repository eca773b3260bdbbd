"""Iterators: random chains against Python's itertools, laziness, shared handles, exhaustion, errors, and nesting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, count, dropwhile, islice, takewhile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.display import display
from harn.values.equality import equal
from harn.values.errors import HarnError, LimitReached, thrown
from harn.values.keys import set_of
from harn.values.kinds import Generator, Iter, Pair, Range
from harn.vm.frame import Returned
from harn.vm.machine import Machine
from tests.builtins.driving import Callback, builtin, call, drained, failing, method
from tests.strategies.values import plain, texts
from tests.vm.handmade import closure, finish, function, module

# ------------------------------------------------------------------------------------------ chains

Step = tuple[str, tuple[Any, ...], Callable[[Iterator[Any]], Iterator[Any]]]


def _pairs(elements: Iterator[Any]) -> Iterator[Any]:
    return (Pair(a, b) for a, b in elements)


def _chunked(elements: Iterator[Any], size: int) -> Iterator[Any]:
    while part := list(islice(elements, size)):
        yield part


def _windowed(elements: Iterator[Any], size: int) -> Iterator[Any]:
    window: list[Any] = list(islice(elements, size - 1))
    for element in elements:
        window.append(element)
        yield window[-size:]


def _odd(value: Any) -> bool:
    return len(display(value)) % 2 == 1


def _flat(value: Any) -> Any:
    return value if isinstance(value, list) else [value, value]


def _lister(value: Any) -> list[Any]:
    return [value]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """One adapter: its name, its arguments, and the same in Python."""
    n = draw(st.integers(0, 4))
    other = draw(st.lists(plain, max_size=3))
    table: list[Step] = [
        ("map", (_lister,), lambda it: map(_lister, it)),
        ("filter", (_odd,), lambda it: filter(_odd, it)),
        ("flat_map", (_flat,), lambda it: (part for v in it for part in _flat(v))),
        ("take", (n,), lambda it: islice(it, n)),
        ("skip", (n,), lambda it: islice(it, n, None)),
        ("take_while", (_odd,), lambda it: takewhile(_odd, it)),
        ("skip_while", (_odd,), lambda it: dropwhile(_odd, it)),
        ("zip", (other,), lambda it: _pairs(zip(it, other, strict=False))),
        ("enumerate", (), lambda it: _pairs(enumerate(it))),
        ("chain", (other,), lambda it: chain(it, other)),
        ("chunks", (n + 1,), lambda it: _chunked(it, n + 1)),
        ("windows", (n + 1,), lambda it: _windowed(it, n + 1)),
    ]
    return draw(st.sampled_from(table))


sources = st.one_of(
    st.lists(plain, max_size=9),
    texts,
    st.lists(plain, max_size=6).map(set_of),
    st.dictionaries(texts, plain, max_size=4),
    st.builds(Range, st.integers(-3, 3), st.integers(-3, 6), st.booleans()),
)


def elements(source: Any) -> list[Any]:
    if isinstance(source, dict):
        return [Pair(key, source[key]) for key in sorted(source)]
    return list(range(source.start, source.stop)) if isinstance(source, Range) else list(source)


@given(sources, st.lists(steps(), max_size=4))
def test_chains_are_pythons(source: Any, chosen: list[Step]) -> None:
    lazy: Any = call("iter", source)
    model: Iterator[Any] = iter(elements(source))
    for name, arguments, build in chosen:
        lazy = method(lazy, name, *arguments)
        model = build(model)
        assert display(lazy) == "<iter>"
    assert equal(drained(lazy), list(model))
    assert drained(lazy) == []
    assert display(lazy) == "<iter (exhausted)>"


@given(st.lists(plain, max_size=8), st.lists(plain, min_size=8, max_size=8))
def test_sinks(items: list[Any], verdicts: list[Any]) -> None:
    def asked() -> tuple[Any, Callback]:
        answers = iter(verdicts)
        return call("iter", items), Callback(lambda value: next(answers))

    both = list(zip(items, verdicts, strict=False))
    yes = [item for item, verdict in both if verdict]
    for name, expected in (
        ("find", yes[0] if yes else None),
        ("any", bool(yes)),
        ("all", all(verdict for _, verdict in both)),
        ("for_each", None),
    ):
        lazy, ask = asked()
        assert method(lazy, name, ask) is expected
        assert ask.seen == [(item,) for item in items[: len(ask.seen)]]
        assert drained(lazy) == items[len(ask.seen) :]
    assert method(call("iter", items), "count") == len(items)
    assert method(call("iter", items), "last") is (items[-1] if items else None)
    assert equal(method(call("iter", items), "to_set"), set_of(items))
    assert method(call("iter", items), "min") is method(items, "min")
    assert method(call("iter", items), "max") is method(items, "max")
    assert method(call("iter", items), "reduce", 0, lambda a, v: [a, v]) == method(
        items, "reduce", 0, lambda a, v: [a, v]
    )


# ------------------------------------------------------------------------------------------ handles


def test_nothing_is_drawn_before_it_is_asked_for() -> None:
    seen = Callback(lambda value: value * 10)
    lazy = method(method(call("iter", Range(1, 10**9, False)), "map", seen), "take", 3)
    assert seen.seen == []
    assert drained(lazy) == [10, 20, 30]
    assert seen.seen == [(1,), (2,), (3,)]


def test_zip_draws_left_first_and_take_nothing_more() -> None:
    order: list[str] = []

    def noting(label: str) -> Callable[[Any], Any]:
        return lambda value: order.append(label) or value

    left = method(call("iter", [1, 2]), "map", noting("left"))
    right = method(call("iter", [3]), "map", noting("right"))
    assert len(drained(method(left, "zip", right))) == 1
    assert order == ["left", "right", "left"]
    order.clear()
    assert drained(method(method(call("iter", [1]), "map", noting("any")), "take", 0)) == []
    assert order == []


def test_handles_share_their_source() -> None:
    shared = call("iter", [1, 2, 3, 4, 5])
    odd = method(shared, "filter", lambda v: v % 2)
    assert method(odd, "first") == 1
    assert method(shared, "first") == 2
    assert drained(odd) == [3, 5]
    assert call("iter", shared) is shared


def test_exhaustion_shows_when_the_end_is_met() -> None:
    lazy = call("iter", [1, 2])
    taken = method(lazy, "take", 2)
    assert method(taken, "first") == 1
    assert display(taken) == "<iter>"
    assert method(taken, "first") == 2
    assert display(taken) == "<iter (exhausted)>"
    assert display(lazy) == "<iter>"
    assert display(call("iter", [])) == "<iter>"
    ended = call("iter", [1])
    drained(ended)
    for name, expected in (("first", None), ("last", None), ("min", None), ("count", 0), ("sum", 0), ("to_list", [])):
        assert method(ended, name) == expected
    assert method(ended, "any", lambda v: True) is False
    assert method(ended, "all", lambda v: False) is True


# ------------------------------------------------------------------------------------------ errors


@pytest.mark.parametrize("name", ["map", "filter", "flat_map", "take_while", "skip_while"])
@pytest.mark.parametrize("place", range(3))
def test_an_error_leaves_the_rest(name: str, place: int) -> None:
    first_answers = {"filter": False, "skip_while": True}
    ask = failing(place, lambda v: [v] if name == "flat_map" else first_answers.get(name, True), thrown("stop"))
    lazy = method(call("iter", [1, 2, 3, 4]), name, ask)
    with pytest.raises(HarnError) as caught:
        drained(lazy)
    assert caught.value.payload == "stop"
    assert [seen for (seen,) in ask.seen] == [1, 2, 3, 4][: place + 1]
    ask.fn = lambda v: [v] if name == "flat_map" else first_answers.get(name, True)
    left = [1, 2, 3, 4][place + 1 :]
    assert drained(lazy) == ([] if name in ("filter", "skip_while") else [True] * len(left) if name == "map" else left)


@pytest.mark.parametrize("name", ["reduce", "any", "all", "find", "for_each"])
def test_an_error_in_a_sink_leaves_the_rest(name: str) -> None:
    lazy = call("iter", [1, 2, 3])
    ask = failing(1, lambda *values: name == "all", thrown("stop"))
    with pytest.raises(HarnError):
        method(lazy, name, *([0, ask] if name == "reduce" else [ask]))
    assert drained(lazy) == [3]


def test_an_iterator_does_not_advance_itself() -> None:
    lazy: list[Iter] = []
    machine_calls = Callback(lambda value: value)
    lazy.append(method(call("iter", [1, 2]), "map", machine_calls))
    machine_calls.request = lambda vm, task, args: ("method", lazy[0], "first", [])  # type: ignore[method-assign]
    with pytest.raises(HarnError, match="already being advanced"):
        drained(lazy[0])
    del machine_calls.request
    assert drained(lazy[0]) == [2]


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("flat_map", (5,), "'flat_map' parameter `f` expects fn(any) -> iterable, got int"),
        *(
            (name, (5,), f"'{name}' parameter `f` expects fn(any) -> any, got int")
            for name in ["map", "filter", "take_while", "skip_while", "any", "all", "find", "for_each"]
        ),
        ("take", (-1,), "iter.take: expected non-negative int"),
        ("skip", ("2",), "'skip' parameter `n` expects int, got string"),
        ("chunks", (0,), "iter.chunks: chunk size must be positive"),
        ("windows", (1.0,), "'windows' parameter `size` expects int, got float"),
        ("reduce", (0, 5), "'reduce' parameter `f` expects fn(any, any) -> any, got int"),
        ("zip", (5,), "'zip' parameter `other` expects iterable, got int"),
        ("chain", (None,), "'chain' parameter `other` expects iterable, got nil"),
        ("sum", (), "iter.sum: expected number, got string"),
        ("to_dict", (), "iter.to_dict: expected pair, got string"),
    ],
)
def test_messages(name: str, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(HarnError) as caught:
        method(call("iter", ["x"]), name, *arguments)
    assert caught.value.text() == f"Type error: {message}"


def test_other_messages() -> None:
    for value, kind in ((5, "int"), (None, "nil"), (True, "bool"), (1.5, "float")):
        with pytest.raises(HarnError, match=f"Type error: 'iter' parameter `value` expects iterable, got {kind}"):
            call("iter", value)
    with pytest.raises(HarnError, match=r"iter\.to_dict: expected string key, got int"):
        method(call("iter", [Pair(1, 2)]), "to_dict")
    with pytest.raises(HarnError, match="iter: value of type int is not iterable"):
        drained(method(call("iter", [1]), "flat_map", lambda v: v))
    assert method(call("iter", [1]), "no_such_method") is None


# ------------------------------------------------------------------------------------------ bounds


def test_long_walks_are_cut_into_slices() -> None:
    lazy = method(call("iter", Range(1, 50_000, False)), "filter", lambda v: v % 10_000 == 0)
    assert drained(lazy) == [10_000, 20_000, 30_000, 40_000, 50_000]
    assert method(call("iter", Range(1, 20_000, False)), "windows", 19_999) is not None
    assert method(method(call("iter", Range(1, 5_000, False)), "enumerate"), "count") == 5_000


def test_deep_chains_end_in_a_value_or_a_limit() -> None:
    lazy: Any = call("iter", [1])
    for _ in range(5_000):
        lazy = method(lazy, "enumerate")
    assert method(lazy, "first") is not None
    for _ in range(10_000):
        lazy = method(lazy, "skip", 1)
    with pytest.raises(LimitReached):
        method(lazy, "first")


@pytest.mark.parametrize("sink", ["to_list", "to_set", "to_dict"])
def test_endless_sources_meet_the_limit(sink: str) -> None:
    keys = (Pair(str(n), n) for n in count())
    lazy = method(call("iter", Range(0, 10**15, False)), "map", lambda v: next(keys))
    with pytest.raises(LimitReached):
        method(lazy, sink, value_bytes=100_000)


# ------------------------------------------------------------------------------------------ generators


def _yielding(items: list[Any]) -> Any:
    """A function of the machine that yields these values."""

    def build(a: Any) -> None:
        for item in items:
            a.emit("CONST", item)
            a.emit("YIELD")
            a.emit("POP")
        a.emit("CONST", None)
        a.emit("RETURN")

    return closure(module(function("numbers", (), build, flags=("generator",))), 0)


def generator(items: list[Any]) -> Generator:
    outcome = finish(Machine(), _yielding(items))
    assert isinstance(outcome, Returned)
    assert isinstance(outcome.value, Generator)
    return outcome.value


@given(st.lists(plain, max_size=5))
def test_generators_give_themselves_away_one_by_one(items: list[Any]) -> None:
    made = generator(items)
    for item in items:
        assert method(made, "next") == {"done": False, "value": item}
    for _ in range(2):
        assert method(made, "next") == {"done": True, "value": None}
    assert drained(call("iter", generator(items))) == items
    assert drained(method(method(generator(items), "iter"), "map", _lister)) == [[item] for item in items]
    assert method(generator(items), "no_such") is None


def test_builtins_are_callbacks_of_iterators() -> None:
    assert drained(method(call("iter", [1, None]), "map", builtin("to_string"))) == ["1", "nil"]
