"""Waiting on a virtual clock comes to an end, whatever its numbers are rounded to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harn.host.clock import VirtualClock

SECONDS = st.floats(1e-9, 1e6)


@given(SECONDS, SECONDS)
def test_what_is_left_of_a_time_passes(before: float, wait: float) -> None:
    clock = VirtualClock()
    clock.advance(before)
    until = clock.monotonic() + wait
    for _ in range(5):
        clock.sleep(until - clock.monotonic())
    assert clock.monotonic() >= until
