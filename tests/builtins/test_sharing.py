"""Results share no list or dict with an argument unless the record says ``keeps``: a variable may change its own in place."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.catalog import index
from harn.catalog.signature import Parameter
from harn.values.equality import equal
from harn.values.errors import HarnError
from harn.values.keys import set_of
from harn.values.kinds import Builtin, Iter, Pair, Range
from tests.builtins.driving import Callback, _finish

AREAS = {"collections", "dicts", "iterator_sinks", "iterators", "list_callbacks", "lists", "pairs", "ranges", "sets"}

lists = st.lists(st.one_of(st.integers(-2, 2), st.lists(st.integers(0, 2), max_size=2)), max_size=4)
dicts = st.dictionaries(st.sampled_from("abc"), lists, max_size=3)
anything = st.one_of(lists, dicts, lists.map(set_of), st.integers(-2, 4), st.text("ab", max_size=2))
receivers: dict[str, st.SearchStrategy[Any]] = {
    "list": lists,
    "dict": dicts,
    "set": lists.map(set_of),
    "range": st.builds(Range, st.integers(0, 3), st.integers(0, 6), st.booleans()),
    "string": st.text("ab", max_size=3),
    "iter": lists,  # made an iterator by the test
}


def keys_to_try() -> list[str]:
    """Every builtin of these areas that needs no generator."""
    found = []
    for key in index.names():
        entry = index.entry(key)
        assert entry is not None
        own = entry.module.removeprefix("harn.builtins.") in AREAS
        if own and entry.signature.receiver not in ("generator", "stream"):
            found.append(key)
    return found


def arguments(parameter: Parameter) -> st.SearchStrategy[list[Any]]:
    """None, one or several arguments for a parameter."""
    takes_callback = "fn" in str(parameter.type)
    named = parameter.type[1] if parameter.type[0] == "name" else ""
    single = st.just(Callback(lambda *args: args[-1])) if takes_callback else receivers.get(str(named), anything)
    if named == "int":
        single = st.integers(-1, 3)
    if parameter.kind == "rest":
        return st.lists(single, max_size=3)
    one = single.map(lambda value: [value])
    return one if parameter.kind == "required" else st.one_of(st.just([]), one)


def changed(argument: Any) -> None:
    """What a variable that owns its value does to it."""
    if argument.__class__ is list:
        argument.append("changed")
        argument[0] = "changed"
    elif argument.__class__ is dict:
        argument["changed"] = "changed"
        for key in argument:
            argument[key] = "changed"


@pytest.mark.parametrize("key", keys_to_try())
@settings(max_examples=12)
@given(data=st.data())
def test_changing_an_argument_afterwards_changes_no_result(key: str, data: st.DataObject) -> None:
    entry = index.entry(key)
    assert entry is not None
    given_now: list[tuple[str, Any]] = []
    for parameter in entry.signature.params:
        drawn = data.draw(arguments(parameter), label=parameter.name)
        if not drawn and parameter.kind == "optional":
            break
        given_now += [(parameter.name, value) for value in drawn]
    values = [value for _, value in given_now]
    receiver = entry.signature.receiver
    if receiver:
        own = data.draw(receivers[receiver], label="receiver")
        given_now.append(("receiver", own))
        subject = _finish(("method", own, "iter", []), 2**30) if receiver == "iter" else own
        request: tuple[Any, ...] = ("method", subject, entry.signature.name, values)
    else:
        found = index.record(key)
        assert found is not None
        request = ("call", Builtin(key, found), values)
    before = copy.deepcopy([value for _, value in given_now])
    try:
        result = _finish(request, 2**30)
    except HarnError:
        result = None
    assert all(map(equal, before, [value for _, value in given_now])) or any(isinstance(v, Callback) for v in values)
    if isinstance(result, Iter):
        assert receiver in ("iter", "string") or entry.keeps
        return
    was = copy.deepcopy(result)
    for name, value in given_now:
        if name not in entry.keeps and not (receiver == "iter" and name == "receiver"):
            changed(value)
    assert _same(result, was), "the result shares an argument"


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Callback):
        return isinstance(b, Callback)
    if isinstance(a, Pair):
        return _same(a.first, b.first) and _same(a.second, b.second)
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(map(_same, a.values(), b.values()))
    return equal(a, b)
