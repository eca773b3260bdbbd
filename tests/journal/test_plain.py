"""Values as bytes: what was written is read, and no bytes do harm."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harn.host.processes import Completed
from harn.llm.shapes import Reply
from harn.values.errors import HarnError, category_error
from harn.values.kinds import Duration, Generator, Pair, Range
from harn.vm.journal.plain import Unreadable, Unwritable, dump, load

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.decimals("-1", "1")
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_was_written_is_read(value: Any) -> None:
    found = load(dump(value))
    assert found == value
    assert repr(found) == repr(value)


def test_records_of_ours() -> None:
    error = load(dump(category_error("timeout", "too late")))
    assert isinstance(error, HarnError)
    assert (error.text(), error.owner, error.trace) == ("Error [timeout]: too late", None, None)
    assert load(dump(Completed(3, b"out", b""))) == Completed(3, b"out", b"")
    reply = load(dump(Reply("hi", "small", 3, 4)))
    assert (reply.text, reply.output_tokens, reply.tool_calls) == ("hi", 4, [])
    pair = load(dump(Pair(Range(1, 3, False), Duration(5))))
    assert (pair.first.end, pair.second.ms) == (3, 5)


def test_shared_parts_stay_shared_and_depth_does_not_matter() -> None:
    shared: Any = []
    for _ in range(60):
        shared = [shared, shared]
    found = load(dump({"a": shared, "b": shared}))
    assert found["a"] is found["b"]
    assert found["a"][0] is found["a"][1]
    ring: list[Any] = [(1, {})]
    ring[0][1]["ring"] = ring
    found = load(dump(ring))
    assert found[0][1]["ring"] is found
    deep: Any = None
    for _ in range(100_000):
        deep = [deep]
    assert len(dump(deep)) > 100_000
    found = load(dump(deep))
    depth = 0
    while found is not None:
        found, depth = found[0], depth + 1
    assert depth == 100_000


def test_what_belongs_to_a_run_is_refused() -> None:
    for value in (Generator([], False), [lambda: 1], {"a": Decimal}):
        with pytest.raises(Unwritable):
            dump(value)


@settings(max_examples=400)
@given(VALUES, st.data())
def test_damaged_bytes_are_unreadable_or_a_value(value: Any, data: st.DataObject) -> None:
    bytes_ = bytearray(dump([value, Completed(1, b"", b"")]))
    for _ in range(data.draw(st.integers(1, 3))):
        bytes_[data.draw(st.integers(0, len(bytes_) - 1))] = data.draw(st.integers(0, 255))
    try:
        load(bytes(bytes_[: data.draw(st.integers(0, len(bytes_)))]))
    except Unreadable:
        pass


@pytest.mark.parametrize("name", ["os:system", "harn.__main__:main", "harn.cli.main:main", "harn.host.host:Host"])
def test_no_other_class_can_be_named(name: str) -> None:
    text = name.encode()
    with pytest.raises(Unreadable):
        load(b"os" + len(text).to_bytes(4, "little") + text + bytes(4))
