"""Near names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.source.spelling import distance, nearest

words = st.text(alphabet="abc", max_size=7)


@given(words, words)
def test_distance_is_a_metric_bounded_by_its_cap(a: str, b: str) -> None:
    exact = distance(a, b, 20)
    assert exact == distance(b, a, 20)
    assert (exact == 0) == (a == b)
    assert abs(len(a) - len(b)) <= exact <= max(len(a), len(b))
    assert [distance(a, b, cap) for cap in range(4)] == [min(exact, cap + 1) for cap in range(4)]


@given(words, words, words)
def test_distance_keeps_the_triangle_inequality(a: str, b: str, c: str) -> None:
    assert distance(a, c, 20) <= distance(a, b, 20) + distance(b, c, 20)


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("lenght", ["len", "length", "strength"], "length"),
        ("ab", ["abcd", "abc"], "abc"),
        ("ab", ["xy", "abcd"], None),
        ("cat", ["cut", "cot"], "cot"),
        ("cat", ["cats", "cut"], "cut"),
        ("same", ["same"], None),
        ("hidden", ["__hidden"], None),
    ],
)
def test_nearest(name: str, candidates: list[str], found: str | None) -> None:
    assert nearest(name, candidates) == found
