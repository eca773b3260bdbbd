"""Builtins that read what strangers wrote: whatever they are given of the right kind, they give a value or a Harn error."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.catalog import index
from harn.catalog.kinds import accepted_kinds
from harn.catalog.signature import Parameter
from harn.values.errors import HarnError, LimitReached
from tests.builtins.driving import call
from tests.strategies.values import values

AREAS = {
    "archives", "byte_texts", "compression", "cookies", "digests", "encodings", "json_web_tokens", "key_pairs", "multipart",
    "secret_scan", "signed_urls", "structural_hash", "urls", "uuids",
}  # fmt: skip
EFFECTS = {"random", "clock", "stderr"}

words = st.sampled_from(
    "path content mode name value headers boundary bytes scheme host port query key kid sig exp exp=5 same_site max_age "
    "HS256 ES256 gzip https://h/?sig=a&exp=1 http://[ v1.e30.x a=b;c --B a.b.c 00 ff é \ud800 \x00 ../x".split(" ")
)
keyed = st.dictionaries(words, st.one_of(words, values, st.binary(max_size=8)), max_size=4)
texts = st.lists(words, max_size=4).map("".join)
keyed = st.dictionaries(words, st.one_of(words, values, st.binary(max_size=8)), max_size=4)
by_kind: dict[str, st.SearchStrategy[Any]] = {
    "nil": st.none(),
    "int": st.one_of(st.integers(-5, 5), st.sampled_from([2**63 - 1, -(2**63)])),
    "string": texts,
    "bytes": st.one_of(st.binary(max_size=20), texts.map(lambda text: text.encode("utf-8", "surrogatepass"))),
    "dict": keyed,
    "list": st.lists(st.one_of(keyed, values), max_size=3),
}
anything = st.one_of(values, *by_kind.values())


def keys_to_try() -> list[str]:
    """The builtins of these areas that a machine without a world can run."""
    found = []
    for key in index.names():
        entry = index.entry(key)
        assert entry is not None
        if entry.module.removeprefix("harn.builtins.") in AREAS and not entry.effects & EFFECTS:
            found.append(key)
    return found


def fitting(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Values of the kinds a parameter takes."""
    kinds = accepted_kinds(parameter.type, ())
    if kinds is None:
        return anything
    return st.one_of(*(by_kind[kind] for kind in sorted(kinds)))


@pytest.mark.parametrize("key", keys_to_try())
@settings(max_examples=25)
@given(data=st.data())
def test_a_value_or_an_error(key: str, data: st.DataObject) -> None:
    entry = index.entry(key)
    assert entry is not None
    given_now: list[Any] = []
    for parameter in entry.signature.params:
        if parameter.kind == "optional" and data.draw(st.booleans()):
            break
        given_now.append(data.draw(fitting(parameter), label=parameter.name))
    try:
        call(key, *given_now, value_bytes=10**6)
    except (HarnError, LimitReached):
        pass
