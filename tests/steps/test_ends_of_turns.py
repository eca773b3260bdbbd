"""Interrupts wherever a turn can end, between any two requests of the pump: what is begun of leaving a step is seen through."""

from __future__ import annotations

from unittest import mock

from hypothesis import given, settings

from harn.vm import pump
from tests.effort import examples
from tests.steps.programs import CALLS, Defer, Hold, Lock, Program, Yield, programs, text
from tests.steps.running import Run

PROGRAM = """
@step(name: "fine", retry: {max_attempts: 2})
fn fine(x) { return x }
@step(name: "marked", error_boundary: escalate)
fn marked(x) { throw {category: "budget_exceeded"} }
@step(name: "rests")
fn rests() {
  try { yield 1 } finally { println("rests is left") }
}
pipeline default() {
  register_persona_hook("*", "PostStep", { ctx -> println("heard of completed ${ctx.step.name}") })
  register_persona_hook("*", "OnHandoffEmitted", { ctx -> println("heard of escalated ${ctx.step.name}") })
  fine(1)
  try { marked(1) } catch (e) { println("caught") }
  let drawn = rests()
  drawn.next()
  println("the end")
}
"""


def test_hooks_hear_and_generators_are_left_whenever_an_interrupt_comes() -> None:
    with mock.patch.object(pump, "_TURNS", range(1)):
        turns = Run(PROGRAM, slices=1).vm.turn
        assert turns > 50
        for turn in range(1, turns + 1):
            cut = Run(PROGRAM, slices=1, interrupts=(turn,))
            cut.check_that_nothing_stands()
            for record in cut.records:
                heard = f"heard of {record.status} {record.name}\n" in cut.output
                assert heard or record.status == "cancelled", (turn, record)
            assert ("rests is left" in cut.output) is any(record.name == "rests" for record in cut.records), turn


@settings(max_examples=examples(10))
@given(programs(calls=CALLS, extras=(Defer, Hold, Lock, Yield), hooks=2))
def test_a_request_at_a_time(program: Program) -> None:
    """Where the pump lets others have a turn makes no difference."""
    source = text(program)
    whole = Run(source)
    with mock.patch.object(pump, "_TURNS", range(1)):
        stepped = Run(source, slices=1)
    assert stepped.output == whole.output
    assert stepped.records == whole.records
