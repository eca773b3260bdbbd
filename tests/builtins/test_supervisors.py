"""Supervisors as programs see them: on a clock of their own, under any order of turns, nothing of them outlives the run."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import harn
from tests.builtins.scheduled import scheduled

children = st.lists(
    st.fixed_dictionaries(
        {
            # What each attempt does after some milliseconds: return, fail, or sleep until it is ended.
            "script": st.lists(
                st.tuples(st.integers(0, 4), st.sampled_from(["ok", "fail", "hang", "deaf"])), min_size=1, max_size=3
            ),
            "mode": st.sampled_from(["never", "on_failure", "always"]),
            "max": st.integers(0, 3),
            "backoff": st.integers(0, 3),
        }
    ),
    min_size=1,
    max_size=3,
)
strategies = st.sampled_from(["one_for_one", "one_for_all", "rest_for_one", "escalate_to_parent"])

SUPERVISED = """
pipeline default() {
  let plan = json_parse(PLAN)
  let inside = plan.children.map({ c -> atomic(0) })
  let most = atomic(0)
  var specs = []
  for entry in plan.children.enumerate() {
    let i = entry.index
    let c = entry.value
    specs = specs.push({
      name: "c${i}",
      restart: {mode: c.mode, max_restarts: c.max, window_ms: 0, backoff_ms: c.backoff},
      task: { told ->
        let step = c.script[min(told.attempt, len(c.script)) - 1]
        if atomic_add(inside[i], 1) > 0 { atomic_set(most, 2) }
        try {
          sleep(step[0])
          if step[1] == "fail" { throw "boom" }
          if step[1] == "hang" { sleep(10s) }
          while step[1] == "deaf" {
            try { sleep(10s) } catch (e) { nil }
          }
        } finally {
          atomic_add(inside[i], -1)
        }
      },
    })
  }
  let sup = supervisor_start({name: "s", strategy: plan.strategy, children: specs})
  sleep(plan.wait)
  let before = supervisor_state(sup)
  let after = if plan.stops { supervisor_stop(sup, 5ms) } else { nil }
  let left = if plan.stops { inside.map({ a -> atomic_get(a) }).sum() } else { 0 }
  return [before, after, left, atomic_get(most), supervisor_events(sup)]
}
"""


@given(
    seed=st.none() | st.integers(0, 2**32),
    children=children,
    strategy=strategies,
    wait=st.integers(1, 40),
    stops=st.booleans(),
)
@settings(max_examples=60)
def test_children_run_once_and_end_with_their_supervisor(
    seed: int | None, children: list[dict[str, Any]], strategy: str, wait: int, stops: bool
) -> None:
    plan = {"children": children, "strategy": strategy, "wait": wait, "stops": stops}
    ran = scheduled(SUPERVISED.replace("PLAN", json.dumps(json.dumps(plan))), seed)
    before, after, left, most, events = ran.value
    assert most == 0, "a child ran twice at once"
    assert left == 0, "a child that was started has not cleaned up"
    assert ran.vm.tasks.alive == 0
    if stops:
        assert after["status"] == "stopped"
        assert {child["status"] for child in after["children"]} <= {"stopped", "failed", "suppressed"}
    for shown, spec in zip(before["children"], children, strict=True):
        own = [event["kind"] for event in events if event["child"] == shown["name"]]
        assert own.count("child_suppressed") <= 1
        if strategy == "one_for_one":
            assert shown["restart_count"] <= (0 if spec["mode"] == "never" else spec["max"])
    if before["status"] == "running":
        assert any(child["status"] in ("pending", "running", "waiting") for child in before["children"]) or stops


def events(source: str) -> list[tuple[Any, ...]]:
    """What a program returns: (milliseconds since the first event, kind, message) of each event."""
    found = scheduled(source).value
    return [(event["at_ms"] - found[0]["at_ms"], event["kind"], event["message"]) for event in found]


def test_backoff_takes_its_time() -> None:
    told = events(
        """pipeline default() {
          let sup = supervisor_start({children: [{name: "c", task: { c -> throw "x" },
            restart: {max_restarts: 2, backoff_ms: 10, window: 1m}}]})
          sleep(1s)
          return supervisor_events(sup)
        }"""
    )
    assert [(at, kind) for at, kind, _ in told if kind in ("child_started", "child_suppressed")] == [
        (0, "child_started"),
        (10, "child_started"),
        (30, "child_started"),
        (30, "child_suppressed"),
    ]


def test_a_window_forgets() -> None:
    told = events(
        """pipeline default() {
          let sup = supervisor_start({children: [{name: "c", restart: {mode: "always", max_restarts: 1, window_ms: 5},
            task: { c -> sleep([10, 10, 10, 1, 1, 1][c.restart_count]) }}]})
          sleep(1s)
          return supervisor_events(sup)
        }"""
    )
    assert [at for at, kind, _ in told if kind == "child_started"] == [0, 10, 20, 30]
    assert told[-2][1:] == ("child_suppressed", "restart cap reached")
    assert told[-1][:2] == (31, "supervisor_completed")


def test_a_nested_supervisor_ends_with_its_child() -> None:
    ran = scheduled(
        """pipeline default() {
          let log = channel("log")
          let outer = supervisor_start({name: "outer", children: [{name: "group", task: { c ->
            let inner = supervisor_start({name: "inner", children: [{name: "deep", task: { d ->
              defer { send(log, task_current().task_id) }
              sleep(10s)
            }}]})
            sleep(5ms)
            throw "group fails"
          }, restart: "never"}]})
          let id = receive(log)
          return [id, supervisor_state("inner").status, supervisor_state(outer).status]
        }""".replace('name: "inner"', 'id: "inner"').replace('name: "outer"', 'id: "outer"')
    )
    assert ran.value[0] == "task_root:supervisor:outer:group:supervisor:inner:deep"
    assert ran.value[1] == "stopped"


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("{children: 1}", "supervisor_start: children must be a list"),
        ("{children: [1]}", "supervisor_start child: expected a dict"),
        ("{children: [{task: 1}]}", "supervisor_start: child 'child_0' requires a task closure"),
        ("{children: [CHILD, CHILD]}", "supervisor_start: there are several children 'c'"),
        ("{restart: 1, children: [CHILD]}", "supervisor_start: restart policy must be a string or dict, got int"),
        ("{restart: {max: 'x'}, children: [CHILD]}", "supervisor_start: max_restarts must be an int, got string"),
        ("{restart: {factor: []}, children: [CHILD]}", "supervisor_start: factor must be a number, got list"),
        ("{restart: {window: 'soon'}, children: [CHILD]}", "window_ms must be a duration or milliseconds, got string"),
        ("{shutdown_ms: {}, children: [CHILD]}", "shutdown_ms must be a duration or milliseconds, got dict"),
    ],
)
def test_what_is_wrong_with_a_spec_is_said(spec: str, text: str) -> None:
    spec = spec.replace("CHILD", '{name: "c", task: { c -> 1 }}').replace("'", '"')
    with pytest.raises(harn.HarnError, match=text.replace("child_0", ".child_0.?").replace("'", "['\"]?")):
        scheduled(f"pipeline default() {{ supervisor_start({spec}) }}")


@pytest.mark.parametrize(
    ("length", "milliseconds"),
    [("5", 5), ("5ms", 5), ("1.5", 1), ('"7"', 7), ('"7 ms"', 7), ('"2s"', 2000), ('"1h"', 3_600_000), ("-3", 0)],
)
def test_lengths_of_time(length: str, milliseconds: int) -> None:
    told = events(
        f"""pipeline default() {{
          let sup = supervisor_start({{children: [{{name: "c", task: {{ c -> throw "x" }},
            restart: {{max: 1, backoff: {length}, max_backoff: 2h}}}}]}})
          sleep(3h)
          return supervisor_events(sup)
        }}"""
    )
    assert f"scheduled after {milliseconds}ms" in [message for _, _, message in told]
