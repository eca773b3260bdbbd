"""Grown programs go on elsewhere as they would have here, whatever point they are moved at."""

from __future__ import annotations

import tempfile

from hypothesis import given, settings

from harn.syntax import nodes
from tests.freeze.running import disturbed, slices_of_one, undisturbed
from tests.freeze.worlds import FrozenWorld, Standing
from tests.strategies import pure
from tests.vm.running import program

FOLDER = tempfile.gettempdir()
MOST = 150
"""Points a grown program is moved at."""


def world() -> FrozenWorld:
    """A world of its own for each run."""
    return FrozenWorld(Standing(0.0, 0, FOLDER))


@settings(max_examples=40)
@given(pure.programs(60))
def test_grown_programs_go_on_elsewhere(grown: nodes.Program) -> None:
    code = program(grown)
    with slices_of_one():
        ended, points = undisturbed(code, world())
        step = max(1, points // MOST)
        assert disturbed(code, world(), frozenset(range(0, points, step))) == ended
