"""Cancellations and deadlines against cleanups: held, limited, and thrown once."""

from __future__ import annotations

import pytest

from tests.vm.by_hand import ByHand, compiled

CANCELLED = """
pipeline default(task) {{
  let log = channel("log", 9)
  let task = spawn {{
    {body}
    sleep(1ms)
    send(log, "never")
  }}
  sleep(1s)
  cancel(task)
  sleep(1m)
  close_channel(log)
  for line in log {{ println(line) }}
}}
"""


def run(text: str, seed: int | None = None) -> str:
    """What a program prints whose time passes whenever nobody can run."""
    hand = ByHand(compiled(text), seed)
    while hand.go_on():
        hand.let_time_pass()
    hand.assert_nothing_left()
    return hand.output


@pytest.mark.parametrize(
    ("body", "output"),
    [
        # In the middle of a cleanup for another reason: it is not disturbed.
        ('try { send(log, "in") } finally { sleep(3s); send(log, "cleaned") }', "in\ncleaned\n"),
        ('let f = fn() { try { return 1 } finally { sleep(3s); send(log, "cleaned") } }\n f()', "cleaned\n"),
        ('let f = fn() { defer { sleep(3s); send(log, "deferred") }\n return 1 }\n f()', "deferred\n"),
        # Thrown out of a wait: all cleanups run, the innermost first.
        ('defer { sleep(1s); send(log, "deferred") }\n try { sleep(2m) } finally { sleep(1s); send(log, "out") }',
         "out\ndeferred\n"),
        ('try { try { sleep(2m) } catch e { send(log, "caught") } } finally { send(log, "out") }', "out\n"),
        ('mutex { sleep(2m) }', ""),
        # A deadline that was opened in the cleanup ends what is in its block.
        ('try { sleep(2m) } finally { try { deadline 1s { sleep(1h) } } catch e { send(log, e) } }', "Deadline exceeded\n"),
        # Five seconds, and no more.
        ('defer { sleep(4900ms); send(log, "in time") }\n sleep(2m)', "in time\n"),
        ('defer { sleep(5100ms); send(log, "too late") }\n sleep(2m)', ""),
        ('try { sleep(2m) } finally { while true { sleep(1ms) } }', ""),
        # What it started ends with it, and cleans up.
        ('spawn { try { sleep(1h) } finally { sleep(1s); send(log, "child") } }\n sleep(2m)', "child\n"),
        ('parallel 2 { i -> try { sleep(1h) } finally { send(log, i) } }', "0\n1\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("seed", [None, 1])
def test_cancelled(body: str, output: str, seed: int | None) -> None:
    assert run(CANCELLED.format(body=body), seed) == output


@pytest.mark.parametrize(
    ("body", "output"),
    [
        # The inner of two that pass at once comes first, the outer as soon as the task has handled it.
        ('try { deadline 1s { try { deadline 1s { sleep(3s) } } catch e { 1 }\n sleep(1ms) } } catch e { println("outer") }',
         "outer\n"),
        # Held until a cleanup is over that began before.
        ('try { deadline 1s { try { sleep(500ms) } finally { sleep(1s); println("out") }\n sleep(1ms) } } catch e { println(e) }',
         "out\nDeadline exceeded\n"),
        # The last of its block took too long: it was exceeded all the same.
        ('try { deadline 1s { try { sleep(500ms) } finally { sleep(1s) } } } catch e { println(e) }\n sleep(1s)\n println("on")',
         "Deadline exceeded\non\n"),
        # Not a statement more than the cleanup.
        ('try { deadline 1s { try { 1 } finally { sleep(2s) }\n println("more") } } catch e { println(e) }',
         "Deadline exceeded\n"),
        # One whose block is over is not thrown.
        ('let left = fn() { deadline 1s { return "left" } }\n println(left())\n sleep(2s)\n println("on")', "left\non\n"),
    ],
)  # fmt: skip
def test_deadlines(body: str, output: str) -> None:
    assert run(f"pipeline default(task) {{\n {body}\n}}") == output


def test_a_deadlock_of_many_names_some() -> None:
    hand = ByHand(compiled('pipeline default(task) {\n parallel 100 { i -> receive(channel("${i}")) }\n}'))
    while hand.go_on():
        hand.let_time_pass()
    text = hand.outcome.error.text()  # type: ignore[union-attr]
    assert "task_root:parallel:1:0 receives from channel '0'; " in text
    assert "; and 81 more)" in text
