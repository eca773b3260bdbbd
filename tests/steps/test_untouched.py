"""Who calls no step never meets the step runtime: while unflagged code runs, any access to it raises."""

from __future__ import annotations

from typing import Any, NoReturn

from hypothesis import given, settings

from harn.compiler.compiler import compile_module
from harn.host.host import Host
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse_program
from harn.vm.driver import run_task
from harn.vm.frame import Outcome, Returned
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from tests.strategies import pure
from tests.vm.running import Printed, Running, program


class Untouchable:
    """Stands where the step runtime stands; is there, and no more."""

    def __getattribute__(self, name: str) -> NoReturn:
        raise AssertionError(f"the step runtime was asked for {name}")

    def __bool__(self) -> NoReturn:
        raise AssertionError("the step runtime was looked at")


EVERY_WAY = """
fn plain(x) { return x + 1 }
fn tail(n) {
  if n == 0 { return "end" }
  return tail(n - 1)
}
fn cleaning(log, fails) {
  defer { println("deferred") }
  try {
    if fails { throw "thrown" }
    return plain(1)
  } finally { println("finally") }
}
fn walk(n) { for i in 0 to n { yield plain(i) } }
fn resting() {
  defer { println("never pulled to its end") }
  yield 1
  yield 2
}
fn deep(n) {
  return deep(n + 1) + 1
}

pipeline default(task) {
  println(tail(30))
  println(cleaning([], false))
  try { cleaning([], true) } catch (e) { println(e) }
  println([1, 2, 3].map(plain).filter({ x -> x > 2 }).reduce(0, { a, b -> a + b }))
  for i in walk(3) { println(i) }
  for i in resting() {
    println(i)
    break
  }
  try { deep(0) } catch (e) { println("too deep") }
  try { plain(1, 2) } catch (e) { println("arity") }
  println(3 |> plain)
  let h = spawn { plain(41) }
  println(await(h))
  println(parallel each [1, 2] { x -> plain(x) })
  let cancelled = spawn { sleep(60s) }
  cancel(cancelled)
  try { deadline 1ms { sleep(60s) } } catch (e) { println("late") }
}
"""


def outcome(source: str, runtime: Any) -> tuple[Outcome, str]:
    """How a program ends and what it prints beside a step runtime."""
    file = SourceFile("untouched.harn", source)
    chunk = compile_module(parse_program(file), file, entry=True, imports={})
    printed = Printed()
    vm = Machine(Host.sandbox(), printed)
    vm.step_runtime = runtime
    ended = run_task(vm, vm.start(Program(link(chunk, file), {})))
    return ended, "".join(printed.parts)


def test_no_way_of_a_frame_touches_the_step_runtime() -> None:
    """10: calls of every kind, and every way out, of functions that carry nothing."""
    ended, printed = outcome(EVERY_WAY, Untouchable())
    assert isinstance(ended, Returned), ended
    assert (type(ended), printed) == (Returned, outcome(EVERY_WAY, None)[1])
    assert "late" in printed


@settings(max_examples=60)
@given(pure.programs(60))
def test_random_programs_do_not_touch_it(grown: nodes.Program) -> None:
    """10: nor do programs of every construct."""
    code = program(grown)
    beside = Running(code)
    beside.machine.step_runtime = Untouchable()  # type: ignore[assignment]
    assert beside.finish(4_000) == Running(code).finish(4_000)
