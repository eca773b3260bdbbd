"""Generators that rest when their task ends: left by a cancellation, newest first, before the task's outcome stands."""

from __future__ import annotations

from harn.compiler.compiler import compile_module
from harn.host.host import Host
from harn.source.file import SourceFile
from harn.syntax.parser import parse_program
from harn.values.errors import ExitRun
from harn.vm.driver import run_task
from harn.vm.frame import EXIT, Ended, Outcome, Returned, Threw
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from tests.vm.running import Printed

FUNCTIONS = """
@step(name: "g")
fn g(tag) {
  defer { println("defer ${tag}") }
  yield 1
  yield 2
}
fn guarded(tag) {
  try {
    yield 1
    yield 2
  } finally { println("finally ${tag}") }
}
fn failing(tag) {
  defer { throw "from ${tag}" }
  yield 1
}
fn stubborn() {
  while true {
    try { yield 1 } finally { continue }
  }
}
fn first(generator) {
  for x in generator { return x }
}
"""


def run(body: str) -> tuple[Outcome, list[str], list[str]]:
    """How a pipeline of these statements ends, what it prints, and the statuses of the log."""
    file = SourceFile("resting.harn", f"{FUNCTIONS}\npipeline default(task) {{\n{body}\n}}\n")
    chunk = compile_module(parse_program(file), file, entry=True, imports={})
    printed = Printed()
    vm = Machine(Host.sandbox(), printed)
    outcome = run_task(vm, vm.start(Program(link(chunk, file), {})))
    statuses = [f"{record.name} {record.status}" for record in vm.steps.peek_completed_steps()]
    return outcome, "".join(printed.parts).splitlines(), statuses


def test_what_rests_is_left_newest_first_at_the_end_of_the_run() -> None:
    outcome, printed, statuses = run('first(g("a"))\nfirst(guarded("b"))\nfirst(g("c"))\nreturn "value"')
    assert isinstance(outcome, Returned)
    assert outcome.value == "value"
    assert printed == ["defer c", "finally b", "defer a"]
    assert statuses == ["g cancelled", "g cancelled"]


def test_a_task_that_throws_leaves_them_too() -> None:
    outcome, printed, statuses = run('first(g("a"))\nthrow "end"')
    assert isinstance(outcome, Threw)
    assert outcome.error.payload == "end"
    assert (printed, statuses) == (["defer a"], ["g cancelled"])


def test_a_child_leaves_its_own_before_it_is_joined() -> None:
    _, printed, _ = run('first(g("a"))\nprintln(await(spawn { first(g("child")) }))')
    assert printed == ["defer child", "1", "defer a"]


def test_what_was_pulled_to_its_end_or_never_begun_is_not_left() -> None:
    _, printed, statuses = run('for x in g("a") { println(x) }\nlet never = g("b")\nprintln("end")')
    assert printed == ["1", "2", "defer a", "end"]
    assert statuses == ["g completed"]


def test_errors_of_cleaning_up_are_nobodys_and_the_others_are_still_left() -> None:
    outcome, printed, _ = run('first(g("a"))\nfirst(failing("b"))\nreturn "value"')
    assert isinstance(outcome, Returned)
    assert printed == ["defer a"]


def test_one_that_yields_while_it_is_left_is_dropped() -> None:
    outcome, _, _ = run('first(stubborn())\nreturn "value"')
    assert isinstance(outcome, Returned)


def test_exit_runs_no_code() -> None:
    outcome, printed, statuses = run('first(g("a"))\nexit(3)')
    assert isinstance(outcome, Ended)
    assert outcome.completion.kind == EXIT
    assert isinstance(outcome.completion.payload, ExitRun)
    assert (printed, statuses) == ([], ["g cancelled"])
