"""Programs with a step in every state that an interrupt can find it in: whenever it comes, everything is left, and once."""

from __future__ import annotations

import pytest

from harn.vm.frame import Ended, Returned, Threw
from harn.vm.limits import Limits
from tests.steps.running import Run

SOURCE = """
fn ask(n) { return llm_call("x", nil, {provider: "mock", max_tokens: n}).text }

@step(name: "defers", budget: {max_tokens: 10000})
fn defers() {
  defer { println("deferred ${ask(2)}") }
  return ask(1)
}
@step(name: "tries", retry: {max_attempts: 2})
fn tries(log) {
  try { throw "again" } finally { println("finally") }
}
@step(name: "marks", error_boundary: escalate)
fn marks() { throw {category: "budget_exceeded"} }
@step(name: "skips", error_boundary: continue)
fn skips() { throw {category: "budget_exceeded"} }
@step(name: "yields")
fn yields() {
  try { yield 1 } finally { println("cleaned ${ask(3)}") }
}
@step(name: "rests")
fn rests() {
  defer { println("rested") }
  yield 1
}
@step(name: "acts", approval: optional)
fn acts(args) { return ask(1) }
@step(name: "loops")
fn loops() {
  let tools = tool_define(tool_registry(), "act", "Act", {handler: acts})
  return agent_loop("begin", nil, {provider: "mock", tools: tools, tool_format: "native", max_iterations: 2}).status
}
@persona(name: "p", stages: [{name: "defers", side_effect_level: "none"}], budget: {max_tokens: 100000})
@step(name: "p")
fn p() {
  println(defers())
  try { tries([]) } catch (e) { println(e) }
  try { marks() } catch (e) { println(e.category) }
  println(skips())
  let task = spawn { defers() }
  println(await(task))
  println(parallel each [1, 2] { n -> defers() })
  for x in yields() { println(x); break }
  for x in rests() { println(x); break }
  println(loops())
  return [0].map({ x -> defers() })
}
pipeline default() {
  register_persona_hook("*", "PreStep", { ctx -> println("before ${ctx.step.name}") })
  register_persona_hook("*", "OnHandoffEmitted", { ctx -> println("handed up") })
  register_step_hook("*", "defers", "PostStep", { ctx -> {output: ctx.output} })
  register_step_hook("*", "defers", "OnBudgetThreshold(0)", { ctx -> println("used ${ask(1)}") })
  println(p())
}
"""
SLICES = 20
"""Instructions to a turn."""
STATUSES = ("completed", "failed", "skipped", "escalated", "cancelled")


@pytest.mark.parametrize("watched", [False, True], ids=["unwatched", "watched"])
def test_an_interrupt_at_any_turn(watched: bool) -> None:
    whole = Run(SOURCE, watched=watched, slices=SLICES)
    assert isinstance(whole.outcome, Returned)
    whole.check_that_nothing_stands()
    assert {record.status for record in whole.records} == {*STATUSES}
    cancelled = set()
    for turn in range(whole.vm.turn):
        cut = Run(SOURCE, watched=watched, slices=SLICES, interrupts=(turn,))
        cut.check_that_nothing_stands()
        assert not isinstance(cut.outcome, Returned) or cut.output == whole.output  # it came too late
        cancelled |= {record.name for record in cut.records if record.status == "cancelled"}
    assert cancelled >= {record.name for record in whole.records} - {"skips"}


@pytest.mark.parametrize("more", [1, 3])
def test_a_second_interrupt_at_any_turn(more: int) -> None:
    """Nobody cleans up any more; what stands is settled all the same."""
    turns = Run(SOURCE, slices=SLICES).vm.turn
    for turn in range(turns):
        Run(SOURCE, watched=bool(turn % 2), slices=SLICES, interrupts=(turn, turn + more)).check_that_nothing_stands()


def test_an_interrupt_before_the_first_instruction_of_a_function() -> None:
    """A function that was never called has its handlers, but not yet the instructions that these lead to."""
    source = """
    fn cleans() {
      try { yield 1 } finally { println("out") }
    }
    pipeline default() { for x in cleans() { println("in") } }
    """
    for turn in range(Run(source, slices=1).vm.turn):
        cut = Run(source, slices=1, interrupts=(turn,))
        assert isinstance(cut.outcome, Threw), turn
        assert cut.output in ("", "out\n", "in\nout\n")


def test_a_limit_of_frames_at_any_depth() -> None:
    """No more code runs, and every step that stood is settled, wherever on the way in the limit is met."""
    source = """
    @persona(name: "p", stages: [{name: "s", max_iterations: 9}], budget: {max_tokens: 9})
    fn p(n) { return [n].map(s) }
    @step(name: "s", error_boundary: continue, budget: {max_tokens: 9})
    fn s(n) {
      try { return plain(n) } finally { println("never") }
    }
    fn plain(n) { return p(n + 1) }
    pipeline default() {
      register_persona_hook("*", "PreStep", { ctx -> nil })
      try { p(0) } catch (e) { println("never") }
    }
    """
    for depth in range(3, 40):
        cut = Run(source, watched=bool(depth % 2), limits=Limits(depth=depth))
        assert isinstance(cut.outcome, Ended), depth
        cut.check_that_nothing_stands()
        assert cut.output == ""
        assert {record.status for record in cut.records} <= {"cancelled"}
        errors = {record.error for record in cut.records}
        assert errors <= {str(cut.outcome.completion.payload)}
    assert cut.records
