"""Random numbers: what a seed fixes, and what holds of every draw."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.builtins.random_numbers import Sequence
from harn.testing import VirtualHost
from harn.values.operators import HIGHEST, LOWEST
from tests.builtins.driving import call

ints = st.integers(LOWEST, HIGHEST)


def test_a_seed_fixes_the_numbers_for_good() -> None:
    words = Sequence(42)
    assert [words.word() for _ in range(3)] == [0x287472E87FF5705A, 0xBBD190B04ED0B545, 0xB6CEE3580DB14880]


@given(ints, st.integers(1, 40), st.integers(0, 40))
def test_bytes_are_those_of_the_words(seed: int, count: int, skipped: int) -> None:
    one, other = Sequence(seed), Sequence(seed)
    for sequence in (one, other):
        for _ in range(skipped):
            sequence.word()
    drawn = one.bytes(count)
    assert len(drawn) == count
    assert b"".join(other.word().to_bytes(8, "little") for _ in range(5))[:count] == drawn


@given(ints, ints, ints)
def test_an_int_lies_between_its_bounds(seed: int, a: int, b: int) -> None:
    low, high = min(a, b), max(a, b)
    drawn = call("random_int", call("rng_seed", seed), low, high)
    assert low <= drawn <= high
    assert drawn == call("random_int", call("rng_seed", seed), low, high)
    assert call("random_int", call("rng_seed", seed), high, low) is None or low == high


@given(ints, st.lists(st.integers(0, 9)))
def test_a_shuffle_keeps_all_elements_and_its_list(seed: int, items: list[int]) -> None:
    before = list(items)
    shuffled = call("random_shuffle", call("rng_seed", seed), items)
    assert sorted(shuffled) == sorted(items)
    assert items == before
    chosen = call("random_choice", call("rng_seed", seed), items)
    assert chosen in items if items else chosen is None


def test_every_order_of_three_comes_up_about_as_often() -> None:
    rng = call("rng_seed", 1)
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(6000):
        order = tuple(call("random_shuffle", rng, [1, 2, 3]))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 6
    assert all(850 < count < 1150 for count in counts.values())


def test_without_a_generator_the_host_is_asked() -> None:
    program = "pipeline default(task) { return [random(), random_int(1, 1000000), random_shuffle(range(9).to_list())] }"

    def drawn(seed: int) -> Any:
        return harn.run(program, host=VirtualHost(seed=seed)).value

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
