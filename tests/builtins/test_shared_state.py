"""Cells, maps and mailboxes under any order of turns: no update is lost, no message is lost or doubled."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from harn.builtins.shared_state import Versioned, snapshot
from tests.builtins.scheduled import scheduled

seeds = st.none() | st.integers(0, 2**32)
pauses = st.integers(0, 3)

updates = st.lists(st.lists(st.tuples(st.integers(-3, 3), pauses, st.booleans()), max_size=4), min_size=1, max_size=4)

UPDATING = """
pipeline default() {
  let plans = json_parse(PLANS)
  OPEN
  parallel each plans { plan ->
    for step in plan {
      var done = false
      while !done {
        let seen = SNAPSHOT
        if step[1] > 0 { sleep(step[1]) }
        let expected = if step[2] { seen } else { seen.value }
        done = CAS
      }
    }
  }
  return [GET, shared_metrics(shared)]
}
"""

CELL = {
    "OPEN": 'let shared = shared_cell("total", 0)',
    "SNAPSHOT": "shared_snapshot(shared)",
    "CAS": "shared_cas(shared, expected, seen.value + step[0])",
    "GET": "shared_get(shared)",
}
MAP = {
    "OPEN": 'let shared = shared_map("totals", {n: 0})',
    "SNAPSHOT": 'shared_map_snapshot(shared, "n")',
    "CAS": 'shared_map_cas(shared, "n", expected, seen.value + step[0])',
    "GET": 'shared_map_get(shared, "n")',
}


@given(plans=updates, seed=seeds, words=st.sampled_from([CELL, MAP]))
@settings(max_examples=50)
def test_compare_and_swap_loses_no_update(
    plans: list[list[tuple[int, int, bool]]], seed: int | None, words: dict[str, str]
) -> None:
    source = UPDATING.replace("PLANS", json.dumps(json.dumps(plans)))
    for word, code in words.items():
        source = source.replace(word, code)
    total, metrics = scheduled(source, seed).value
    steps = [step for plan in plans for step in plan]
    assert total == sum(amount for amount, _, _ in steps)
    assert metrics["cas_success_count"] == metrics["write_count"] == metrics["version"] == len(steps)
    assert metrics["read_count"] == metrics["cas_success_count"] + metrics["cas_failure_count"] + 1
    assert metrics["stale_read_count"] <= metrics["cas_failure_count"]


@given(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2), st.integers(0, 2))
def test_a_snapshot_matches_only_its_own_version(current: int, version: int, seen: int, seen_version: int) -> None:
    place = Versioned()
    place.version = version
    assert place.matches(current, snapshot(seen, seen_version)) == (current == seen and version == seen_version)
    assert place.stale == (version != seen_version)
    assert place.matches(current, seen) == (current == seen)
    assert place.wins + place.losses == 2


MESSAGES = """
pipeline default() {
  let box = mailbox_open("box", CAPACITY)
  let kept = shared_cell("kept", [])
  let plans = json_parse(PLANS)
  let receivers = plans.receivers.map({ plan -> spawn {
    for step in plan {
      if step[0] > 0 { sleep(step[0]) }
      var message = nil
      if step[1] == 0 {
        message = mailbox_receive(box)
        if message != nil { shared_set(kept, shared_get(kept).push(message)) }
      } else if step[1] == 1 {
        message = mailbox_receive(box, 1)
        if message != nil { shared_set(kept, shared_get(kept).push(message)) }
      } else {
        try {
          deadline 1ms {
            message = mailbox_receive(box)
            if message != nil { shared_set(kept, shared_get(kept).push(message)) }
          }
        } catch (e) { nil }
      }
    }
  } })
  let senders = plans.senders.map({ plan -> spawn {
    for step in plan {
      if step[0] > 0 { sleep(step[0]) }
      mailbox_send(box, step[1])
    }
  } })
  for step in plans.cancels {
    sleep(step[0])
    if step[2] {
      cancel_graceful(receivers[step[1] % len(receivers)], 1)
    } else {
      cancel(receivers[step[1] % len(receivers)])
    }
  }
  for receiver in receivers { cancel(receiver) }
  var left = []
  while true {
    let message = mailbox_receive(box, 100)
    if message == nil { break }
    left = left.push(message)
  }
  for sender in senders { await(sender) }
  return [shared_get(kept), left, mailbox_metrics(box)]
}
"""

receivers = st.lists(st.lists(st.tuples(pauses, st.integers(0, 2)), max_size=4), min_size=1, max_size=4)
cancels = st.lists(st.tuples(pauses, st.integers(0, 3), st.booleans()), max_size=4)


@given(
    seed=seeds,
    capacity=st.integers(1, 3),
    receivers=receivers,
    senders=st.lists(st.lists(pauses, max_size=5), max_size=3),
    cancels=cancels,
)
@settings(max_examples=60)
def test_no_message_is_lost_or_doubled(
    seed: int | None,
    capacity: int,
    receivers: list[list[tuple[int, int]]],
    senders: list[list[int]],
    cancels: list[tuple[int, int, bool]],
) -> None:
    sent = [[(pause, f"{s}.{n}") for n, pause in enumerate(plan)] for s, plan in enumerate(senders)]
    plans = json.dumps({"receivers": receivers, "senders": sent, "cancels": cancels})
    source = MESSAGES.replace("CAPACITY", str(capacity)).replace("PLANS", json.dumps(plans))
    kept, left, metrics = scheduled(source, seed).value
    messages = [message for plan in sent for _, message in plan]
    assert sorted(kept + left) == sorted(messages)
    assert metrics["sent_count"] == metrics["received_count"] == len(messages)
    assert metrics["depth"] == 0
