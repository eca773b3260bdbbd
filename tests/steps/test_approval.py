"""Steps that ask a person first: what is asked, what an answer means, and which handlers hear of it."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

import harn
from harn.compiler.compiler import compile_module
from harn.host.host import Host
from harn.source.file import SourceFile
from harn.syntax.parser import parse_program
from harn.values.errors import HarnError, thrown
from harn.vm.driver import run_task
from harn.vm.frame import Returned
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from tests.vm.running import Printed

SOURCE = """
@step(name: "ship it", approval: required)
fn ship(what) { return "shipped ${what}" }
@persona(name: "captain")
fn captain() { return ship("crate") }
pipeline default() {
  register_persona_hook("*", "PreStep", { ctx -> {args: ["box"]} })
  for event in ["OnApprovalRequested", "OnPersonaPaused", "OnPersonaResumed", "PostStep"] {
    register_persona_hook("*", event, { ctx -> println("${ctx.event} ${ctx.persona} ${ctx?.step?.args}") })
  }
  try { println(captain()) } catch (e) { println("${e.category} ${e.event} ${e.step}: ${e.reason}") }
  clear_persona_hooks()
  try { println(ship("bag")) } catch (e) { println(e.category) }
  println(completed_steps().map({ s -> s.status }))
}
"""


class Person:
    """Gives one answer to every question, and remembers them."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    def ask(self, question: dict[str, Any]) -> Any:
        self.asked.append(question)
        if isinstance(self.answer, HarnError):
            raise self.answer
        return self.answer


def run(answer: Any, source: str = SOURCE) -> tuple[list[str], Person]:
    file = SourceFile("approval.harn", source)
    code = Program(link(compile_module(parse_program(file), file, entry=True, imports={}), file), {})
    person, printed = Person(answer), Printed()
    vm = Machine(Host.sandbox().replacing(human=person), printed)
    outcome = run_task(vm, vm.start(code))
    assert isinstance(outcome, Returned), outcome
    return "".join(printed.parts).splitlines(), person


@pytest.mark.parametrize("answer", [True, {"approved": True}, {"approved": True, "reason": "fine"}])
def test_approved(answer: Any) -> None:
    lines, person = run(answer)
    assert lines == [
        "OnApprovalRequested captain [box]",
        "OnPersonaPaused captain nil",
        "OnPersonaResumed captain nil",
        "PostStep captain [box]",
        "shipped box",
        "shipped bag",
        "[completed, completed]",
    ]
    assert person.asked == [
        {"kind": "step_approval", "step": "ship it", "function": "ship", "persona": "captain", "args": ["box"]},
        {"kind": "step_approval", "step": "ship it", "function": "ship", "persona": "", "args": ["bag"]},
    ]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (False, "approval refused"),
        (None, "approval refused"),
        (1, "approval refused"),
        ("true", "approval refused"),
        ({}, "approval refused"),
        ({"approved": 1}, "approval refused"),
        ({"approved": False, "reason": "too heavy"}, "too heavy"),
        ({"reason": 5}, "approval refused"),
    ],
)
def test_refused(answer: Any, reason: str) -> None:
    """No entry, no PostStep; the error is catchable at the call."""
    lines, person = run(answer)
    assert lines[3:] == [f"approval_denied OnApprovalRequested ship it: {reason}", "approval_denied", "[]"]
    assert len(person.asked) == 2


def test_a_person_who_cannot_be_reached() -> None:
    """The pause is over whatever came of it; the error is thrown at the call."""
    lines, _ = run(thrown({"category": "unreachable", "event": "ask", "step": "none", "reason": "no line"}))
    assert lines == [
        "OnApprovalRequested captain [box]",
        "OnPersonaPaused captain nil",
        "OnPersonaResumed captain nil",
        "unreachable ask none: no line",
        "unreachable",
        "[]",
    ]


BROKEN = """
@step(name: "ship it", approval: required, retry: {max_attempts: 2}, error_boundary: continue)
fn ship(what) { return "shipped ${what}" }
@persona(name: "captain")
fn captain() {
  try { println(ship("crate")) } catch (e) { println("caught ${e}") }
}
pipeline default() {
  for event in ["OnApprovalRequested", "OnPersonaPaused", "OnPersonaResumed"] {
    register_persona_hook("*", event, { ctx ->
      println(ctx.event)
      if ctx.event == "BROKEN" { throw "no" }
    })
  }
  captain()
  println(completed_steps())
}
"""


@pytest.mark.parametrize("event", ["OnApprovalRequested", "OnPersonaPaused", "OnPersonaResumed"])
def test_a_handler_that_throws(event: str) -> None:
    """Its error is thrown where the person was asked, which is at the call: nothing is entered or tried again."""
    events = ["OnApprovalRequested", "OnPersonaPaused", "OnPersonaResumed"]
    lines, person = run(True, BROKEN.replace("BROKEN", event))
    assert lines == [*events[: events.index(event) + 1], "caught no", "[]"]
    assert len(person.asked) == (event == "OnPersonaResumed")


DEADLINES = """
@step(name: "ship it", approval: required, retry: {max_attempts: 2})
fn ship(what) { return "shipped ${what}" }
@persona(name: "captain")
fn captain() {
  try { deadline 1ms { ship("crate") } } catch (e) { println("caught ${e}") }
}
pipeline default() {
  for event in ["OnPersonaPaused", "OnPersonaResumed"] {
    register_persona_hook("*", event, { ctx -> println(ctx.event) })
  }
  captain()
  println(completed_steps())
}
"""


class Slow(Person):
    """Thinks for longer than anybody waits."""

    async def ask_async(self, question: dict[str, Any], *, most: float | None) -> bool:
        await anyio.sleep(5)
        raise AssertionError("nobody waits so long")


def test_a_deadline_while_a_person_thinks() -> None:
    async def main() -> harn.Result:
        return await harn.run_async(DEADLINES, host=harn.Host.system().replacing(human=Slow(None)))

    assert anyio.run(main).stdout.splitlines() == [
        "OnPersonaPaused",
        "OnPersonaResumed",
        "caught Deadline exceeded",
        "[]",
    ]


@pytest.mark.parametrize(
    "words", [{"deny": "human.ask"}, {"deny": ["human"]}, {"allow": ["state", "output"]}], ids=lambda words: str(*words)
)
def test_a_policy_may_forbid_to_ask(words: dict[str, Any]) -> None:
    person = Person(True)
    with pytest.raises(harn.ThrownError, match=r"`approval: required` is not permitted here: its effect human\.ask is"):
        harn.run(
            '@step(name: "ship it", approval: required, error_boundary: continue, retry: {max_attempts: 2})\n'
            "fn ship() { return 1 }\npipeline default() { ship() }",
            host=harn.Host.system().replacing(human=person),
            **words,
        )
    assert person.asked == []
