"""``harn run --receipt-out FILE`` and ``--steps``: what a run tells of its steps."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.cli.main import main
from harn.trace.profile import profile
from harn.trace.spans import Span
from harn.trace.tree import step_tree

PROGRAM = """
fn use(tokens) {
  return llm_call("${tokens}", nil, {provider: "mock", model: "gpt-4o-mini", max_tokens: 1}).text
}
@step(name: "inner", budget: {max_tokens: 3}, error_boundary: continue)
fn inner() { use(4) }
@step(name: "outer", budget: {max_tokens: 50, scope: "inclusive"})
fn outer() {
  use(1)
  inner()
}
@step(name: "hidden", receipt: none)
fn hidden() { use(1) }
@step(name: "audited", receipt: audit)
fn audited() { throw "no" }
@step(name: "left out")
fn plain() { nil }
@persona(name: "quiet", receipts: false)
fn quiet() {
  plain()
  audited()
}
pipeline default(task) {
  for tokens in [1, 4] {
    llm_mock({text: "ok", input_tokens: tokens, output_tokens: 0, model: "gpt-4o-mini", match: "${tokens}"})
  }
  llm_mock({text: "ok", input_tokens: 1, output_tokens: 0, model: "gpt-4o-mini", match: "1"})
  outer()
  hidden()
  @END@
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of the run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def receipt(folder: Path, end: str, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the receipt of the program with that last statement."""
    (folder / "p.harn").write_text(PROGRAM.replace("@END@", end))
    code = main(["run", *words, "--receipt-out", "r.json", "p.harn"])
    found: dict[str, Any] = json.loads((folder / "r.json").read_text())
    return code, found


def test_an_exit_in_a_task_settles_the_steps_of_every_task(folder: Path) -> None:
    waits = "@step(name: 'waits') fn waits(f) { await(spawn { f() }) }".replace("'", '"')
    (folder / "p.harn").write_text(waits + "\npipeline default() { waits({ -> waits({ -> exit(7) }) }) }")
    assert main(["run", "--receipt-out", "r.json", "p.harn"]) == 7
    made = json.loads((folder / "r.json").read_text())
    assert [(call["step"], call["status"], call["error"]) for call in made["model_calls"]] == [
        ("waits", "cancelled", "exit 7"),
        ("waits", "cancelled", "exit 7"),
    ]


def test_steps_in_order_of_completion_with_what_they_used(folder: Path) -> None:
    code, made = receipt(folder, "try { quiet() } catch (e) { nil }")
    assert code == 0
    assert (made["schema"], made["program"], made["status"]) == ("harn.receipt.v1", "p.harn", "completed")
    assert len(made["code_hash"]) == 64
    inner, outer, audited = made["model_calls"]
    assert inner == {
        "cost_usd": 6e-07, "error": "step `inner` exceeded max_tokens budget (4 > 3)", "function": "inner",
        "input_tokens": 4, "llm_calls": 1, "model": "gpt-4o-mini", "output_tokens": 0, "status": "skipped", "step": "inner",
    }  # fmt: skip
    assert (outer["step"], outer["status"], outer["input_tokens"], outer["inclusive_tokens"]) == (
        "outer",
        "completed",
        1,
        5,
    )
    assert audited == {
        "cost_usd": 0.0, "error": "Thrown: no", "function": "audited", "input_tokens": 0, "llm_calls": 0, "output_tokens": 0,
        "status": "failed", "step": "audited",
    }  # fmt: skip
    assert list(inner) == sorted(inner)
    assert made["cost_usd"] == pytest.approx(sum(entry["cost_usd"] for entry in made["model_calls"]))
    assert made["session"]["call_count"] == 3


@pytest.mark.parametrize(
    ("end", "words", "code", "status", "error"),
    [
        ('throw "end"', (), 1, "failed", "Thrown: end"),
        ("exit(4)", (), 4, "exited", "exit 4"),
        ("while true { }", ("--limit", "instructions=200000"), 1, "aborted", "instructions"),
    ],
)
def test_runs_that_end_otherwise_have_a_receipt_too(
    folder: Path, end: str, words: tuple[str, ...], code: int, status: str, error: str
) -> None:
    ended, made = receipt(folder, end, *words)
    assert made["status"] == status
    assert error in made["error"]
    assert [entry["step"] for entry in made["model_calls"]] == ["inner", "outer"]
    assert (ended != 0) == (code != 0)


def test_the_code_hash_is_of_the_code(folder: Path) -> None:
    first = receipt(folder, "nil")[1]["code_hash"]
    assert receipt(folder, "nil")[1]["code_hash"] == first
    assert receipt(folder, "println(1)")[1]["code_hash"] != first


def test_a_receipt_that_cannot_be_written_fails_the_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "p.harn").write_text("pipeline default(task) { println(1) }")
    assert main(["run", "--receipt-out", "nowhere/r.json", "p.harn"]) == 1
    told = capsys.readouterr()
    assert told.out == "1\n"
    assert told.err.startswith("error: the receipt cannot be written to nowhere/r.json: ")


def test_the_tree_of_steps_goes_to_stderr(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    receipt(folder, "println(2)", "--steps")
    told = capsys.readouterr()
    assert told.out == "2\n"
    head, outer, inner, hidden = told.err.splitlines()
    assert head.split() == ["step", "outcome", "calls", "tokens", "cost", "time"]
    assert outer.split()[:4] == ["outer", "completed", "1", "1"]
    assert inner.startswith("  inner")
    assert inner.split()[:4] == ["inner", "skipped", "1", "4"]
    assert hidden.split()[0] == "hidden"


def test_names_in_the_tree_stay_on_their_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["two\\nlines", "x" * 100, "\x1b[31mred", "名前", "plain"]
    declared = "".join(f'@step(name: "{name}")\nfn s{i}() {{ nil }}\n' for i, name in enumerate(names))
    (folder / "p.harn").write_text(declared + "pipeline default(task) {\n  s0()\n  s1()\n  s2()\n  s3()\n  s4()\n}\n")
    assert main(["run", "--steps", "p.harn"]) == 0
    head, *lines = capsys.readouterr().err.splitlines()
    place = head.index("outcome")
    shown = [line.split("completed")[0].rstrip() for line in lines]
    assert shown == ["two\\nlines", "x" * 59 + "…", "\\x1b[31mred", "名前", "plain"]
    assert [line.index("completed") for line in lines] == [place, place, place, place - 2, place]


def test_a_deep_branch_does_not_widen_the_tree(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "p.harn").write_text(
        '@step(name: "down")\nfn down(n) {\n  if n > 0 { down(n - 1) }\n}\npipeline default(task) { down(300) }\n'
    )
    assert main(["run", "--steps", "p.harn"]) == 0
    lines = capsys.readouterr().err.splitlines()[1:]
    assert len(lines) == 301
    assert max(map(len, lines)) < 100
    assert [line.split()[0] for line in lines[19:23]] == ["down", "down", "+1", "+2"]


def test_steps_hang_below_the_nearest_step_that_is_shown() -> None:
    outer = Span("step", "outer", None, 1, 1, 0)
    between = Span("tool_call", "t", outer, 2, 1, 0)
    inner = Span("step", "inner", between, 3, 1, 0)
    assert step_tree([inner, between, outer]).splitlines()[2].startswith("  inner")


def test_an_interrupted_run_says_so(folder: Path) -> None:
    (folder / "p.harn").write_text(
        '@step(name: "s")\nfn s() {\n  println("begun")\n  sleep(1h)\n}\npipeline default(task) { s() }\n'
    )
    words = [sys.executable, "-m", "harn", "run", "--receipt-out", "r.json", "p.harn"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "begun\n"
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 130
    made = json.loads((folder / "r.json").read_text())
    assert (made["status"], made["error"]) == ("interrupted", "interrupted")
    assert [(entry["status"], entry["error"]) for entry in made["model_calls"]] == [("cancelled", "task cancelled")]
    assert made["session"] == {"call_count": 0, "input_tokens": 0, "output_tokens": 0, "total_cost": 0.0}


def test_a_program_whose_path_is_no_text_has_a_receipt(folder: Path) -> None:
    path = "p\udcff.harn"
    (folder / path).write_text("pipeline default(task) { nil }")
    assert main(["run", "--receipt-out", "r.json", path]) == 0
    assert json.loads((folder / "r.json").read_text())["program"] == path


def test_a_list_that_a_program_begins_moves_no_times(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "p.harn").write_text(
        '@step(name: "a")\nfn a() {\n  sleep(500ms)\n  enable_tracing()\n  b()\n  sleep(125ms)\n}\n'
        '@step(name: "b")\nfn b() { sleep(250ms) }\n'
        "pipeline default(task) {\n  b()\n  a()\n  b()\n  println(trace_spans().map({ s -> [s.start_ms, s.duration_ms] }))\n}\n"
    )
    assert main(["run", "--deterministic", "--steps", "p.harn"]) == 0
    told = capsys.readouterr()
    assert told.out == "[[0, 250], [375, 250]]\n"
    assert [(line.split()[0], line.split()[-2]) for line in told.err.splitlines()[1:]] == [
        ("b", "250"), ("a", "875"), ("b", "250"), ("b", "250"),
    ]  # fmt: skip


def test_a_profile_says_where_the_time_went(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "p.harn").write_text(
        'fn ask() { return llm_call("x", nil, {provider: "mock", model: "m"}).text }\n'
        '@step(name: "short")\nfn short() {\n  ask()\n  sleep(125ms)\n}\n'
        '@step(name: "long")\nfn long() {\n  short()\n  parallel each [1, 2] { _ -> ask() }\n  sleep(250ms)\n}\n'
        "pipeline default(task) {\n  sleep(125ms)\n  short()\n  long()\n  ask()\n  throw 1\n}\n"
    )
    assert main(["run", "--deterministic", "--profile-json", "r.json", "p.harn"]) == 1
    made = json.loads((folder / "r.json").read_text())
    assert (made["total_wall_ms"], made["residual_ms"]) == (625, 125)
    assert made["by_kind"] == [
        {"kind": "step", "total_ms": 625, "count": 3, "pct_of_wall": 100.0},
        {"kind": "llm_call", "total_ms": 0, "count": 5, "pct_of_wall": 0.0},
    ]
    assert [(step["name"], step["duration_ms"], step["other_ms"], step["llm_calls"]) for step in made["steps"]] == [
        ("long", 375, 375, 2), ("short", 125, 125, 1), ("short", 125, 125, 1),
    ]  # fmt: skip
    assert set(made["steps"][0]) == {"name", "duration_ms", "llm_ms", "tool_ms", "other_ms", "llm_calls", "tool_calls"}
    assert [(call["step"], call["model"]) for call in made["top_llm_calls"]] == [
        ("short", "m"), ("short", "m"), ("long", "m"), ("long", "m"), (None, "m"),
    ]  # fmt: skip
    assert made["top_tool_calls"] == []
    assert main(["run", "--profile-json", "nowhere/r.json", "p.harn"]) == 1
    assert "error: the profile cannot be written to nowhere/r.json: " in capsys.readouterr().err


@given(
    st.lists(
        st.tuples(st.sampled_from(("step", "llm_call", "tool_call")), st.integers(0, 50), st.integers(0, 100)),
        max_size=12,
    ),
    st.integers(0, 100),
)
def test_no_part_of_a_profile_is_negative(drawn: list[tuple[str, int, int]], wall: int) -> None:
    spans: list[Span] = []
    for kind, above, duration in drawn:
        spans.append(Span(kind, kind, spans[above % len(spans)] if spans and above else None, 0, 0, 0))
        spans[-1].duration_ms = duration
    made = profile(spans, wall)
    assert made["residual_ms"] >= 0
    assert all(step["other_ms"] >= 0 for step in made["steps"])
    durations = [step["duration_ms"] for step in made["steps"]]
    assert durations == sorted(durations, reverse=True)
    assert sum(kind["count"] for kind in made["by_kind"]) == len(spans)
