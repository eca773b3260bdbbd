"""Grown programs go on elsewhere as they would have here, whatever point they are moved at."""

from __future__ import annotations

import tempfile

from hypothesis import given, settings

from harn.compiler.build import std_module
from harn.compiler.compiler import compile_module
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse_program
from harn.vm.link import link
from harn.vm.modules import Program
from tests.freeze.running import disturbed, slices_of_one, undisturbed
from tests.freeze.worlds import FrozenWorld, Standing
from tests.steps.programs import CALLS, TASKS, Defer, Hear, Hold, Lock, Yield, programs, text
from tests.steps.programs import Program as Steps
from tests.strategies import pure
from tests.vm.running import program

MOST, MOST_OF_STEPS = 150, 60
"""Points a grown program is moved at."""


@settings(max_examples=40)
@given(pure.programs(60))
def test_grown_programs_go_on_elsewhere(grown: nodes.Program) -> None:
    moved(program(grown), MOST)


@settings(max_examples=10)
@given(programs(calls=(*CALLS, *TASKS), extras=(Defer, Hear, Hold, Lock, Yield), hooks=1, loops=2))
def test_programs_of_steps_go_on_elsewhere(grown: Steps) -> None:
    file = SourceFile("steps.harn", text(grown))
    chunk = compile_module(parse_program(file), file, entry=True, imports={})
    moved(Program(link(chunk, file), {}, std_module), MOST_OF_STEPS)


def moved(code: Program, most: int) -> None:
    """Run a program here, and moved at so many points or a few more."""
    with slices_of_one(), tempfile.TemporaryDirectory() as folder:
        first, second = (FrozenWorld(Standing(0.0, 0, folder), own=True) for _ in range(2))
        ended, points = undisturbed(code, first)
        step = max(1, points // most)
        assert disturbed(code, second, frozenset(range(0, points, step))) == ended
