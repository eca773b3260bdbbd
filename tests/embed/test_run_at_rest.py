"""Runs under the caller's control: effects handed out, answers, snapshots, calls and cancelling."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import harn
from harn.host.clock import VirtualClock
from tests.structure.checkout import ROOT

SHOP = """
fn stock(item) { return exec("stock", item).stdout }
pipeline default() {
  println("begin")
  let found = parallel each ["tea", "jam"] { item -> stock(item) }
  println(found)
  let told = read_file("note.txt")
  return "${told}!"
}
"""


def stopped(source: str, **options: Any) -> tuple[harn.Run, harn.Effect]:
    """A run at its first effect."""
    run = harn.compile(source).start(**options)
    effect = run.advance()
    assert isinstance(effect, harn.Effect)
    return run, effect


def finished(run: harn.Run) -> harn.Result:
    """The result of a run that asks for nothing more."""
    result = run.advance()
    assert isinstance(result, harn.Result)
    return result


def test_effects_of_all_tasks_are_told_in_order() -> None:
    run, first = stopped(SHOP)
    second = run.advance()
    assert isinstance(second, harn.Effect)
    assert [(e.id, e.kind, e.operation, e.arguments) for e in (first, second)] == [
        (1, "proc.exec", "run", (["stock", "tea"],)),
        (2, "proc.exec", "run", (["stock", "jam"],)),
    ]
    assert first.task != second.task
    assert not first.idempotent
    assert run.advance() is None
    assert [effect.id for effect in run.pending] == [1, 2]
    run.resume({"stdout": "7"}, second)
    run.resume({"stdout": b"5"}, 1)
    assert run.pending == ()
    note = run.advance()
    assert isinstance(note, harn.Effect)
    assert (note.kind, note.arguments[0], note.idempotent) == ("fs.read", "note.txt", True)
    run.resume("hello")
    result = finished(run)
    assert (result.value, result.stdout) == ("hello!", "begin\n[5, 7]\n")
    assert finished(run) == result


def test_an_answer_must_say_whose_it_is_where_several_wait() -> None:
    run, first = stopped(SHOP)
    run.advance()
    with pytest.raises(harn.HarnError, match="2 effects are pending"):
        run.resume("x")
    with pytest.raises(harn.HarnError, match="effect 9 is not pending"):
        run.resume("x", 9)
    with pytest.raises(TypeError, match="a program answers with a dict"):
        run.resume("x", first)
    run.resume({}, first)
    with pytest.raises(harn.HarnError, match="effect 1 is not pending"):
        run.fail("again", first)


def test_a_failure_can_be_caught() -> None:
    source = 'fn f(n) { return try { read_file(n) } catch (e) { e } }\nprintln(f("a"))\nprintln(f("b").message)'
    run, _ = stopped(source)
    run.fail({"code": 7})
    assert isinstance(run.advance(), harn.Effect)
    run.fail(OSError("no such shelf"))
    assert finished(run).stdout == "{code: 7}\nno such shelf\n"


def test_a_failure_nobody_catches_ends_the_run() -> None:
    run, _ = stopped('read_file("a")')
    run.fail(OSError("no such shelf"))
    with pytest.raises(harn.ThrownError, match="no such shelf") as raised:
        run.advance()
    assert isinstance(raised.value.__cause__, OSError)


def test_a_snapshot_keeps_effects_pending_and_repeats_nothing() -> None:
    program = harn.compile(SHOP)
    run = program.start()
    for _ in range(2):
        run.advance()
    data = run.snapshot()
    for again in (program.restore(data), program.restore(data)):
        assert [(e.id, e.arguments) for e in again.pending] == [(e.id, e.arguments) for e in run.pending]
        assert again.advance() is None
        for effect in again.pending:
            again.resume({"stdout": effect.arguments[0][1]}, effect)
        assert isinstance(again.advance(), harn.Effect)
        again.resume("end")
        result = finished(again)
        assert (result.value, result.stdout) == ("end!", "[tea, jam]\n")


def test_an_effect_that_was_not_told_yet_is_told_after_restoring() -> None:
    program = harn.compile(SHOP)
    run = program.start()
    first = run.advance()
    again = program.restore(run.snapshot())
    assert isinstance(first, harn.Effect)
    assert [effect.id for effect in again.pending] == [1]
    second = again.advance()
    assert isinstance(second, harn.Effect)
    assert second.id == 2


def test_a_run_goes_on_in_another_process(tmp_path: Path) -> None:
    run, _ = stopped(SHOP)
    run.advance()
    for effect in run.pending:
        run.resume({"stdout": effect.arguments[0][1]}, effect)
    run.advance()
    (tmp_path / "run").write_bytes(run.snapshot())
    code = (
        "import sys, harn, tests.embed.test_run_at_rest as t\n"
        "run = harn.compile(t.SHOP).restore(open(sys.argv[1], 'rb').read())\n"
        "run.resume('elsewhere')\nsys.stdout.write(run.advance().value)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "elsewhere!"


def test_a_run_may_be_written_before_it_begins_and_after_its_end() -> None:
    program = harn.compile('println("once")\nlet x = 41\nx + 1')
    fresh = program.restore(program.start().snapshot())
    assert finished(fresh).stdout == "once\n"
    ended = program.restore(fresh.snapshot())
    assert finished(ended).stdout == ""


def test_the_pipeline_of_a_run_travels_with_it() -> None:
    program = harn.compile('pipeline a() { return 1 }\npipeline b() { read_file("x") }')
    run = program.start(pipeline="b")
    assert isinstance(run.advance(), harn.Effect)
    again = program.restore(run.snapshot())
    again.resume("text")
    assert isinstance(again.advance(), harn.Result)


def test_the_caller_chooses_which_effects_it_wants(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("A")
    source = 'println(read_file("a"))\nwrite_file("b", "B")\nprintln(timestamp() > 0)\nprintln(env("USER"))'
    host = harn.Host.sandbox(root=tmp_path, env={"USER": "ada"})
    kinds = []
    for wanted in (None, {"env.read"}, {"fs"}, {"clock", "fs.write"}, set()):
        run = harn.compile(source).start(effects=wanted, host=host)
        asked = []
        while isinstance(effect := run.advance(), harn.Effect):
            asked.append(effect.kind)
            run.resume(1.5 if effect.kind == "clock" else "x")
        kinds.append(asked)
    assert kinds == [
        ["fs.read", "fs.write", "env.read"],
        ["env.read"],
        ["fs.read", "fs.write"],
        ["fs.write", "clock"],
        [],
    ]


def test_the_choice_travels() -> None:
    program = harn.compile('println(env("HOME"))\nread_file("a")')
    run = program.start(effects=["fs.read"], host=harn.Host.sandbox(env={"HOME": "here"}))
    assert isinstance(run.advance(), harn.Effect)
    assert program.restore(run.snapshot()).advance() is None


def test_functions_of_the_caller_are_called_or_handed_out() -> None:
    source = "println(lookup(3))"
    run = harn.compile(source).start(functions={"lookup": lambda n: n * 2})
    assert finished(run).stdout == "6\n"
    run, effect = stopped(source, functions={"lookup": lambda n: n * 2}, effects={"host.call"})
    assert (effect.kind, effect.operation, effect.arguments) == ("host.call", "lookup", (3,))
    data = run.snapshot()
    with pytest.raises(harn.CompileError, match="lookup"):
        harn.compile(source).restore(data)
    again = harn.compile(source).restore(data, functions={"lookup": lambda n: n})
    again.resume([1, {"two": 2}])
    assert finished(again).stdout == "[1, {two: 2}]\n"


def test_a_host_function_cannot_write_the_run_that_calls_it() -> None:
    def save() -> None:
        run.snapshot()

    run = harn.compile("save()").start(functions={"save": save})
    with pytest.raises(harn.ThrownError, match="the run is going on"):
        run.advance()


def test_a_model_answers_with_a_text_or_a_reply() -> None:
    source = """
    @step(name: "s", budget: {max_tokens: 100}) fn s(q) { return llm_call(q, nil, {provider: "openai", model: "gpt-4o"}).text }
    pipeline default() { println(s("one"))\n println(s("two")) }"""
    run = harn.compile(source).start(host=harn.Host.sandbox(env={"OPENAI_API_KEY": "k"}))
    asked = []
    while isinstance(effect := run.advance(), harn.Effect):
        if effect.kind == "llm.call":
            asked.append(effect.arguments[0]["messages"][0]["content"])
            run.resume("plain" if len(asked) == 1 else {"text": "rich", "input_tokens": 30, "output_tokens": 12})
        else:
            run.resume({"OPENAI_API_KEY": "k"} if effect.operation == "all" else "k")
    assert isinstance(effect, harn.Result)
    assert asked == ["one", "two"]
    assert effect.stdout == "plain\nrich\n"
    assert [(step["input_tokens"], step["output_tokens"]) for step in effect.steps] == [(0, 0), (30, 12)]


def test_time_passes_while_nothing_else_is_left_to_do() -> None:
    clock = VirtualClock()
    source = 'let t = spawn { sleep(10s)\n println("slept") }\nread_file("a")\nawait(t)'
    run, _ = stopped(source, host=harn.Host.sandbox(clock=clock))
    assert run.advance() is None
    assert run.due == pytest.approx(10.0)
    clock.advance(4.0)
    again = harn.compile(source).restore(run.snapshot(), host=harn.Host.sandbox(clock=VirtualClock()))
    assert again.due == pytest.approx(6.0)
    again.resume("x")
    assert finished(again).stdout == "slept\n"


def test_cancelling_runs_the_cleanup_and_tells_its_effects() -> None:
    source = 'try { read_file("a") } finally { println("left")\n write_file("b", "c") }'
    run, first = stopped(source)
    run.cancel()
    cleanup = run.advance()
    assert isinstance(cleanup, harn.Effect)
    assert cleanup.kind == "fs.write"
    with pytest.raises(harn.HarnError, match="not pending"):
        run.resume("late", first)
    run.resume(None)
    with pytest.raises(harn.CancelledError) as raised:
        run.advance()
    assert raised.value.stdout == "left\n"
    run.cancel()


def test_cleaning_up_has_its_time() -> None:
    run, _ = stopped('try { read_file("a") } finally { while true {} }')
    run.cancel(grace=0.02)
    with pytest.raises(harn.CancelledError, match="cleaning up took more"):
        run.advance()


def test_functions_are_called_while_the_run_rests_and_after_its_end(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("B")
    source = """
    let counted = channel("counted", 9)
    fn more(k) { return [send(counted, k), len(counted), k * 2] }
    fn reads() { return read_file("b") }
    pipeline default() { read_file("a")
      println(receive(counted))
      return more }"""
    program = harn.compile(source)
    run = program.start(host=harn.Host.sandbox(root=tmp_path))
    run.advance()
    assert run.call("more", 2)[2] == 4
    assert program.call("more", 3, run=run)[2] == 6
    assert run.call("reads") == "B"
    assert [effect.arguments[0] for effect in run.pending] == ["a"]
    run.resume("x")
    result = finished(run)
    assert result.stdout == "2\n"
    assert run.call(result.value, 4)[2] == 8
    with pytest.raises(harn.HarnError, match="no function `missing`"):
        run.call("missing")


def test_a_call_that_waits_for_a_pending_effect_says_so() -> None:
    source = 'let c = channel("c", 1)\nfn take() { return receive(c) }\nread_file("a")\nsend(c, 1)'
    run, _ = stopped(source)
    with pytest.raises(harn.HarnError, match="waits for an effect that was handed out"):
        run.call("take")


@pytest.mark.parametrize("data", [b"", b"no snapshot", b"HARNRUN\x01" + b"\0" * 40])
def test_bytes_that_are_no_snapshot(data: bytes) -> None:
    with pytest.raises(harn.SnapshotError):
        harn.compile("1").restore(data)


def test_a_program_that_changed_where_the_run_stands() -> None:
    run, _ = stopped('fn waits() { return read_file("a") }\nprintln(waits())')
    with pytest.raises(harn.SnapshotError, match=r"`waits` .* has changed"):
        harn.compile('fn waits() { return read_file("b") }\nprintln(waits())').restore(run.snapshot())


def test_limits_travel_and_can_be_set_anew() -> None:
    source = 'read_file("a")\nvar i = 0\nwhile i < 100000 { i = i + 1 }\nprintln(i)'
    run, _ = stopped(source, limits=harn.Limits(instructions=1_000))
    data = run.snapshot()
    again = harn.compile(source).restore(data)
    again.resume("x")
    with pytest.raises(harn.LimitError) as raised:
        again.advance()
    assert (raised.value.kind, raised.value.limit) == ("instructions", 1_000)
    wider = harn.compile(source).restore(data, limits=harn.Limits(instructions=10_000_000))
    wider.resume("x")
    assert finished(wider).stdout == "100000\n"


def test_the_time_that_is_left_travels() -> None:
    source = 'read_file("a")\nwhile true {}'
    clock = VirtualClock()
    run, _ = stopped(source, limits=harn.Limits(seconds=5), host=harn.Host.sandbox(clock=clock))
    clock.advance(4.9)
    data = run.snapshot()
    for limits, left in ((None, 0.1), (harn.Limits(seconds=0.05), 0.05)):
        clock = VirtualClock()
        again = harn.compile(source).restore(data, limits=limits, host=harn.Host.sandbox(clock=clock))
        again.resume("x")
        with pytest.raises(harn.LimitError, match="seconds"):
            again.advance()
        assert clock.passed <= left + 0.2
