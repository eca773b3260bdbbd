"""A closure that a host function calls runs as if its caller had called it: under the same steps, budgets and policies."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

import harn
from harn import run

PROGRAM = """
fn ask(text) {
  return llm_call(text, nil, {provider: "mock", model: "mock", max_tokens: 1}).text
}

@step(name: "outer", budget: {max_tokens: 6}, error_boundary: continue)
fn outer(how) {
  return how({ text -> ask(text) }, { -> runtime_context().task_id })
}

pipeline default() {
  llm_mock({text: "a", input_tokens: 2, output_tokens: 2, match: "*one*"})
  llm_mock({text: "b", input_tokens: 2, output_tokens: 2, match: "*two*"})
  llm_mock({text: "c", input_tokens: 9, output_tokens: 2, match: "*much*"})
  println(outer({ f, id -> host(f, id) }))
  println(outer({ f, id -> host_much(f, id) }))
  for step in completed_steps() {
    println("${step.name} ${step.status} ${step.input_tokens + step.output_tokens} ${step.llm_calls}")
  }
}
"""

TOLD = ["a/task_root", "nil", "outer completed 4 1", "outer skipped 11 1"]


def test_an_async_function_calls_in_place() -> None:
    async def host(f: Any, id: Any) -> str:
        return f"{await f('one')}/{await id()}"

    async def host_much(f: Any, id: Any) -> str:
        return await f("much")  # type: ignore[no-any-return]

    out = run(PROGRAM, functions={"host": host, "host_much": host_much})
    assert out.stdout.splitlines() == TOLD


def test_a_plain_function_calls_in_place() -> None:
    def host(f: Any, id: Any) -> str:
        return f"{f('one')}/{id()}"

    def host_much(f: Any, id: Any) -> str:
        return f("much")  # type: ignore[no-any-return]

    out = run(PROGRAM, functions={"host": host, "host_much": host_much})
    assert out.stdout.splitlines() == TOLD


KEPT = """
fn ask() { return llm_call("one", nil, {provider: "mock", model: "mock", max_tokens: 1}).text }
@step(name: "gives")
fn gives(f) { return keep(f) }
@step(name: "uses")
fn uses() { return use() }
pipeline default() {
  let task = spawn { gives({ ->
    println("called")
    ask() }) }
  await(task)
  println(uses())
  gives({ -> runtime_context().task_id })
  println(await(spawn { uses() }))
  for step in completed_steps() { println("${step.name} ${step.llm_calls}") }
}
"""


@pytest.mark.parametrize("waits", [False, True])
def test_a_closure_that_was_kept_runs_where_it_is_called(waits: bool) -> None:
    """Whoever the host has it from, and whether that task is over."""
    kept: list[Any] = []

    def use() -> Any:
        return kept[-1]()

    async def use_later() -> Any:
        return await kept[-1]()

    out = run(KEPT, functions={"keep": kept.append, "use": use_later if waits else use})
    told = out.stdout.splitlines()
    assert (told[0], told[2:]) == ("called", ["task_root:spawn:2", "gives 0", "uses 1", "gives 0", "uses 0"])


def test_an_end_inside_settles_the_step_once() -> None:
    def host(f: Any) -> None:
        f()

    out = run(
        '@step(name: "s")\nfn s() {\n  host({ -> exit(3) })\n}\npipeline default() {\n  s()\n}\n',
        functions={"host": host},
    )
    assert out.exit_code == 3
    assert [(step["name"], step["status"]) for step in out.steps] == [("s", "cancelled")]


MUST_WAIT = """
@step(name: "s")
fn s(wait) {
  defer { println("deferred") }
  try { wait() } finally { println("finally") }
  return "not thrown"
}
fn told(f) {
  try { println(f()) } catch (e) { println(e) }
}
pipeline default() {
  let full = channel("full", 1)
  send(full, 1)
  told({ -> host({ -> s({ -> sleep(1s) }) }) })
  told({ -> host({ -> s({ -> send(full, 2) }) }) })
  told({ -> host({ -> s({ -> told({ -> await(spawn { 1 }) }) }) }) })
  told({ -> host({ -> s({ -> mutex { println("a free lock") } }) }) })
  told({ -> host({ -> receive(full) }) })
  println(completed_steps().map({ step -> step.status }))
}
"""


def test_a_wait_in_a_plain_call_is_an_error_where_it_stands() -> None:
    """So that what has begun is left like by any other error; what is there already is not waited for."""

    def host(f: Any) -> Any:
        return f()

    refused = "Runtime error: a closure called by a plain host function waits"
    lines = [
        line.partition(": make the host")[0] for line in run(MUST_WAIT, functions={"host": host}).stdout.splitlines()
    ]
    left = ["finally", "deferred"]
    assert lines == [
        *left, f"{refused} for clock.sleep", *left, refused, refused, *left, "not thrown",
        "a free lock", *left, "not thrown", "1", "[failed, failed, completed, completed]",
    ]  # fmt: skip


CALLS_BACK = """
@step(name: "calls")
fn calls(f) { return host(f) }
@step(name: "called")
fn called(f) { return f() }
pipeline default() {
  BODY
}
"""
INSIDE = "calls({ -> called({ -> END }) })"
OUTSIDE = """let inside = channel("inside", 1)
  spawn { calls({ -> called({ -> [send(inside, 1), sleep(60s)] }) }) }
  receive(inside)
  END"""
ENDS = {"exit(3)": "exit 3", "while true { }": "the run reached its limit of 5,000 instructions"}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("body", [INSIDE, OUTSIDE], ids=["inside", "outside"])
@pytest.mark.parametrize("end", ENDS)
def test_the_end_of_the_run_ends_what_an_async_function_calls(backend: str, body: str, end: str) -> None:
    """Nobody waits for ever, and every step is settled, the inner one first."""

    async def host(f: Any) -> Any:
        return await f()

    async def main() -> harn.Result | harn.LimitError:
        try:
            source = CALLS_BACK.replace("BODY", body).replace("END", end)
            return await harn.run_async(source, functions={"host": host}, limits=harn.Limits(instructions=5_000))
        except harn.LimitError as reached:
            return reached

    out = anyio.run(main, backend=backend)
    settled = [(step["name"], step["status"], step["error"]) for step in out.steps]
    assert settled == [("called", "cancelled", ENDS[end]), ("calls", "cancelled", ENDS[end])]


def test_a_stage_bars_what_is_called_in_place() -> None:
    @harn.function(effects=())
    def host(f: Any) -> str:
        try:
            return str(f())
        except harn.ThrownError as error:
            return str(error)

    out = run(
        '@step(name: "s")\nfn s() {\n  return host({ -> write_file("/tmp/never", "x") })\n}\n'
        '@persona(name: "p", stages: [{name: "s", side_effect_level: "none"}])\nfn p() {\n  return s()\n}\n'
        "pipeline default() {\n  println(p())\n}\n",
        functions={"host": host},
    )
    assert "[permission_denied]: builtin 'write_file'" in out.stdout


def test_under_a_level_only_functions_with_declared_effects_are_called() -> None:
    def unknown() -> str:
        return "called"

    functions = {
        "unknown": unknown,
        "known": harn.function(effects=("fs.read",))(lambda: "called"),
        "nets": harn.function(effects=("net.http",))(lambda: "called"),
        "pure": harn.function(effects=())(lambda: "called"),
    }
    out = run(
        "fn told(f) {\n  try {\n    return f()\n  } catch (e) {\n    return to_string(e)\n  }\n}\n"
        '@step(name: "s")\nfn s() {\n'
        '  return [{ -> unknown() }, { -> known() }, { -> nets() }, { -> pure() }].map(told).join("; ")\n}\n'
        '@step(name: "tools only")\nfn other() {\n  return unknown()\n}\n'
        '@persona(name: "p", stages: [{name: "s", side_effect_level: "read_only"}, {name: "tools only", allowed_tools: []}])\n'
        'fn p() {\n  return [s(), other()].join("; ")\n}\npipeline default() {\n  println(p())\n  println(s())\n}\n',
        functions=functions,
    )
    assert out.stdout.splitlines() == [
        (
            "Error [permission_denied]: bridged builtin 'unknown' exceeds execution policy; declare an explicit capability/tool "
            "surface instead; called; Error [permission_denied]: builtin 'nets' exceeds network ceiling; called; called"
        ),
        "called; called; called; called",
    ]
