"""Every walk over a value takes depth and sharing: a value or a clear error, no Python recursion error, not 2**60 steps."""

from __future__ import annotations

import math

import pytest

from harn.values.display import display, excerpt, interpolate
from harn.values.equality import compare, contains, equal
from harn.values.errors import LimitReached
from harn.values.json_read import from_json
from harn.values.json_write import to_json
from harn.values.keys import key_of, set_of
from harn.values.measure import deep_size
from tests.strategies.values import DOUBLERS, WRAPPERS, nested

DEPTH = 100_000
ROUNDS = 60
LEVELS = {kind: DEPTH if kind == "list" else DEPTH // 5 for kind in WRAPPERS}


@pytest.mark.parametrize("kind", WRAPPERS)
def test_deep_values(kind: str) -> None:
    depth = LEVELS[kind]
    value, other, longer = (nested(depth + more, WRAPPERS[kind]) for more in (0, 0, 1))
    assert len(display(value)) > depth
    assert to_json(value).count("null") == 1
    assert equal(value, other)
    assert not equal(value, longer)
    assert key_of(value) == key_of(other) != key_of(longer)
    assert contains([longer, value], other)
    assert compare(value, other) == 0
    assert deep_size(value) >= 8 * depth


@pytest.mark.parametrize("kind", DOUBLERS)
def test_shared_parts(kind: str) -> None:
    value, other = (nested(ROUNDS, DOUBLERS[kind], 7) for _ in range(2))
    different = nested(ROUNDS, DOUBLERS[kind], 8)
    for walk in (display, to_json):
        if (kind, walk) not in ((("pair"), to_json), (("enum"), to_json), (("set"), to_json)):  # null there, at once
            with pytest.raises(LimitReached, match="value_bytes"):
                walk(value, 10**9)
    with pytest.raises(LimitReached):
        interpolate(["a", value], 10**9)
    assert excerpt(value).startswith("<")
    assert equal(value, value)
    assert equal(value, other)
    assert not equal(value, different)
    assert key_of(value) == key_of(other) != key_of(different)
    assert compare(value, other) == 0
    assert contains([value], other)
    assert deep_size(value) < 100 * ROUNDS


def test_shared_parts_that_equal_nothing() -> None:
    value = nested(ROUNDS, DOUBLERS["list"], math.nan)
    assert not equal(value, value)
    assert key_of(value) != key_of(value)


def test_a_limit_is_met_before_anything_large_is_made() -> None:
    wide = ["x" * 1000] * 100_000
    with pytest.raises(LimitReached) as caught:
        display(wide, 1_000_000)
    assert (caught.value.kind, caught.value.limit) == ("value_bytes", 1_000_000)
    with pytest.raises(LimitReached):
        deep_size(set_of(range(1000)), 5000)


def test_deep_json_text_is_read() -> None:
    text = "[" * DEPTH + '{"a":[' * 1000 + "1" + "]}" * 1000 + "]" * DEPTH
    assert to_json(from_json(text)) == text
