"""JSON pointers, queries and JSON in replies: laws, and what hostile texts come to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.builtins.jq import MOST
from harn.builtins.jq_syntax import LEVELS
from harn.values.errors import HarnError
from tests.builtins.driving import call

keys = st.sampled_from(["a", "b", "", "~", "/", "~1", "m~n/x", "0", "-"])
documents = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab{}[]\"\\`'é ", max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


def places(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Every place of a document with what stands there."""
    found = [(pointer, value)]
    if isinstance(value, list):
        for index, item in enumerate(value):
            found += places(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            found += places(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    return found


@given(documents, documents, st.data())
def test_what_is_put_at_a_place_is_found_there(document: Any, other: Any, data: st.DataObject) -> None:
    pointer, value = data.draw(st.sampled_from(places(document)))
    before = json.dumps(document)
    assert call("json_pointer", document, pointer) == value
    changed = call("json_pointer_set", document, pointer, other)
    assert call("json_pointer", changed, pointer) == other
    assert call("json_pointer_set", changed, pointer, value) == document
    removed = call("json_pointer_delete", document, pointer)
    assert len(places(removed)) == len(places(document)) - len(places(value)) + (not pointer)
    assert json.dumps(document) == before


@given(st.text("/~01-ab", max_size=8), documents)
def test_any_pointer_is_followed_or_refused(pointer: str, document: Any) -> None:
    for name, others in (("json_pointer", ()), ("json_pointer_set", (1,)), ("json_pointer_delete", ())):
        found = attempt(name, document, pointer, *others)
        if isinstance(found, HarnError):
            assert found.payload.startswith(f"{name}: ")


def attempt(name: str, *args: Any) -> Any:
    """What a builtin gives, or the error it throws."""
    try:
        return call(name, *args)
    except HarnError as error:
        return error


@given(documents)
def test_descending_meets_every_place(document: Any) -> None:
    found = call("jq", document, "..")
    assert sorted(map(json.dumps, found)) == sorted(json.dumps(value) for _, value in places(document))
    assert call("jq_first", document, "..") == document


@given(documents, st.sampled_from([".", ".a", ".[]", ".[0]", ".[1:]", "..", "length", "keys", "map(.)", "select(.)"]))
def test_a_pipe_is_one_query_after_the_other(document: Any, query: str) -> None:
    found = call("jq", document, query)
    assert call("jq", document, f"{query} | type") == [call("jq_first", one, "type") for one in found]
    assert call("jq", document, f"{query}, {query}") == found + found
    assert call("jq", document, f"({query})") == found


@given(st.text('.[]()|,:{}"\\ab01-<>=! ', max_size=14) | st.text(max_size=10), documents)
def test_any_query_is_answered_or_refused(query: str, document: Any) -> None:
    found = attempt("jq", document, query)
    if isinstance(found, HarnError):
        assert found.payload.startswith("jq: ")
    else:
        assert isinstance(found, list)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("(" * 10_000, f"jq: queries may be nested {LEVELS} levels deep, no deeper"),
        ("not " * 10_000, f"jq: queries may be nested {LEVELS} levels deep, no deeper"),
        ("{a: " * 10_000, f"jq: queries may be nested {LEVELS} levels deep, no deeper"),
        ("map(" * 10_000, f"jq: queries may be nested {LEVELS} levels deep, no deeper"),
        (" | ".join(["., ."] * 60), f"jq: more than {MOST:,} results"),
        ("..|" * 60 + "..", f"jq: more than {MOST:,} results"),
        ("#" * 1000, "jq: expected expression near '" + "#" * 200 + "...'"),
        (".[" + "9" * 5000 + "]", None),
        ("9" * 5000, "jq: invalid number near ''"),
        ("1e999999", None),
        (".a" * 100_000, None),
        (" and ".join(["."] * 10_000), None),
    ],
)
def test_hostile_queries(query: str, words: str | None) -> None:
    found = attempt("jq", [[[1, 2], [3]], {"a": [4]}], query)
    assert (found.payload if isinstance(found, HarnError) else None) == words


def test_deep_documents() -> None:
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    assert len(call("jq", deep, "..")) == 50_001
    assert call("json_pointer", deep, "/0" * 50_000) == []
    assert call("json_pointer", call("json_pointer_set", deep, "/0" * 50_000 + "/-", 7), "/0" * 50_001) == 7
    wide: Any = [1]
    for _ in range(60):
        wide = [wide, wide]
    assert attempt("jq", wide, "..").payload == f"jq: more than {MOST:,} results"


@given(documents.filter(lambda value: isinstance(value, list | dict)), st.sampled_from(["", "json", "JSON "]))
def test_json_in_fences_is_found(document: Any, language: str) -> None:
    text = json.dumps(document)
    if "```" not in text:
        assert call("json_extract", f"Here:\n\n```{language}\n{text}\n```\nand {{no}}") == document


@given(documents.filter(lambda value: isinstance(value, dict)), st.text("ab .,é", max_size=8))
def test_an_object_in_prose_is_found(document: Any, prose: str) -> None:
    text = json.dumps(document)
    if "```" not in text:
        assert call("json_extract", f"{prose}{text}{prose} {{}}") == document
        assert call("json_extract", f"[{prose}] {text}") == document


@given(st.text('{}[]"\\`a1:, \n', max_size=20))
def test_any_reply_is_read_or_refused(text: str) -> None:
    found = attempt("json_extract", text)
    if isinstance(found, HarnError):
        assert found.payload.startswith("json_extract: failed to parse JSON: ")


def test_large_replies() -> None:
    assert call("json_extract", "{" * 200_000 + "}" * 199_999 + '"' * 100_001 + "[1]") == [1]
    assert isinstance(attempt("json_extract", '{"a": "' + "\\" * 300_001), HarnError)
