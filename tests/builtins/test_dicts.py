"""Dicts: sorted keys everywhere, keys of other kinds as their display text, copies that leave the receiver alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.display import display
from harn.values.errors import HarnError, thrown
from harn.values.kinds import Pair
from tests.builtins.driving import Callback, call, drained, failing, method
from tests.strategies.values import plain, texts

dicts = st.dictionaries(texts, plain, max_size=6)


@given(dicts)
def test_listings_go_in_key_order(entries: dict[str, Any]) -> None:
    keys = sorted(entries)
    listed = [{"key": key, "value": entries[key]} for key in keys]
    assert method(entries, "keys") == call("keys", entries) == keys
    assert method(entries, "values") == call("values", entries) == [entries[key] for key in keys]
    assert method(entries, "entries") == call("entries", entries) == listed
    assert method(entries, "count") == len(entries)
    pairs = drained(method(entries, "iter"))
    assert [(pair.__class__, pair.first, pair.second) for pair in pairs] == [(Pair, key, entries[key]) for key in keys]


@given(dicts, plain, plain)
def test_keys_are_display_texts(entries: dict[str, Any], key: Any, otherwise: Any) -> None:
    text = display(key)
    assert method(entries, "has", key) is (text in entries)
    assert method(entries, "get", key, otherwise) == entries.get(text, otherwise)
    assert method(entries, "remove", key) == {k: v for k, v in entries.items() if k != text}


@given(dicts, dicts)
def test_merge_is_shallow_and_the_other_wins(entries: dict[str, Any], other: dict[str, Any]) -> None:
    before = entries.copy()
    assert method(entries, "merge", other) == entries | other
    assert method(entries, "merge", other, {"ignored": 1}) == entries | other
    assert method(entries, "merge", [other]) == entries == before


@given(dicts)
def test_callbacks_see_values_or_keys_in_key_order(entries: dict[str, Any]) -> None:
    keys = sorted(entries)
    seen = Callback(lambda value: [value])
    assert method(entries, "map_values", seen) == {key: [entries[key]] for key in keys}
    assert seen.seen == [(entries[key],) for key in keys]
    kept = Callback(lambda value: value)
    assert method(entries, "filter", kept) == {key: value for key, value in entries.items() if value}
    assert kept.seen == seen.seen
    renamed = Callback(lambda key: key[:1])
    assert method(entries, "map_keys", renamed) == {key[:1]: entries[key] for key in keys}
    assert renamed.seen == [(key,) for key in keys]
    assert list(method(entries, "rekey", lambda key: None)) == ["nil"][: len(entries)]


@pytest.mark.parametrize("name", ["map_values", "filter", "map_keys", "rekey"])
def test_errors_end_the_walk_and_nothing_to_call_gives_nil(name: str) -> None:
    for place in range(3):
        ask = failing(place, lambda item: item, thrown("stop"))
        with pytest.raises(HarnError):
            method({"a": 1, "b": 2, "c": 3}, name, ask)
        assert len(ask.seen) == place + 1
    assert method({"a": 1}, name) is None
    assert method({"a": 1}, name, 5) is None


def test_methods_win_over_entries_and_entries_over_nothing() -> None:
    entries = {"keys": Callback(lambda: "own"), "hello": Callback(lambda name: f"hi {name}"), "plain": 5}
    assert method(entries, "keys") == ["hello", "keys", "plain"]
    assert method(entries, "hello", "you") == "hi you"
    assert method(entries, "plain") is None
    assert method(entries, "absent", 1) is None


@pytest.mark.parametrize("name", ["keys", "values", "entries"])
def test_the_functions_need_a_dict(name: str) -> None:
    with pytest.raises(HarnError, match="expects dict"):
        call(name, [1])
