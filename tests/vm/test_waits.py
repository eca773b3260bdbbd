"""Every row of the table of waits, which are the subclasses of ``Waiting``, is woken, cancelled, asked to end and timed out."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import NamedTuple

import pytest

import harn
from harn.builtins.streams_feeds import Arriving, Watch
from harn.builtins.streams_shared import Shared
from harn.host.processes import Completed
from harn.llm.shapes import Reply
from harn.llm.turns import Turn
from harn.vm.channels import Receiving, Sending
from harn.vm.children import Gathering
from harn.vm.locks import Acquiring
from harn.vm.mailboxes import Fetching, Posting
from harn.vm.rates import Admission
from harn.vm.scheduler import Joining, Performing, Sleeping, Waiting
from harn.vm.streaming import NextResult
from harn.vm.supervising import Watching
from tests.vm.by_hand import ByHand, compiled


class Row(NamedTuple):
    """An expression that waits, what stands before it, and what wakes it (nothing: time or an answer)."""

    wait: str
    before: str = ""
    wake: str = ""
    budget: int = 0


BOX = 'let box = mailbox_open("box", 1)'
GATE = 'let gate = channel("gate", 1)'

ROWS: dict[type[Waiting], Row] = {
    Sleeping: Row("sleep(3s)"),
    Joining: Row("await(other)", GATE + "\n let other = spawn { receive(gate) }", "send(gate, 1)"),
    Gathering: Row("parallel 2 { i -> receive(gate) }", GATE, "send(gate, 1)\n send(gate, 2)"),
    Performing: Row('exec("true")'),
    Acquiring: Row('sync_release(sync_mutex_acquire("m"))', 'let mine = sync_mutex_acquire("m")', "sync_release(mine)"),
    Receiving: Row("receive(gate)", GATE, "send(gate, 1)"),
    Sending: Row("send(gate, 2)", GATE + "\n send(gate, 1)", "receive(gate)"),
    NextResult: Row(
        "results.next()",
        GATE + "\n let results = parallel each [1] { n -> receive(gate) } as stream",
        "send(gate, 1)",
    ),
    Arriving: Row(
        "stream.collect(stream.take(stream.merge(gate, silent), 1))",
        GATE + '\n let silent = channel("silent")',
        "send(gate, 1)",
    ),
    Fetching: Row("mailbox_receive(box)", BOX, "mailbox_send(box, 1)"),
    Posting: Row("mailbox_send(box, 2)", BOX + "\n mailbox_send(box, 1)", "mailbox_receive(box)"),
    Shared: Row(
        "both[1].first()",
        GATE + "\n let both = stream.broadcast(gate, 2)\n let first = spawn { both[0].first() }\n sleep(1ms)",
        "send(gate, 1)",
    ),
    Admission: Row(
        'with_rate_limit("p", { -> 1 })',
        'llm_rate_limit("p", {rpm: 1})\n with_rate_limit("p", { -> 1 })',
        'llm_rate_limit("p", {rpm: 0})',
    ),
    Turn: Row("ask(20)", "let first = spawn { ask(20) }\n sleep(1ms)", budget=30),
}  # fmt: skip

PROGRAM = """
fn ask(cap) {
  return llm_call("${cap}", nil, {provider: "own", model: "m", max_tokens: cap}).text
}
fn all() {
  BEFORE
  let log = channel("log", 9)
  let waiting = spawn {
    try {
      let found = WAIT
      send(log, "woken")
    } catch e {
      send(log, "${e}")
    } finally {
      send(log, "out")
    }
  }
  sleep(1s)
  ACTION
  sleep(9s)
  close_channel(log)
  for line in log { println(line) }
}
pipeline default(task) {
  if BUDGET > 0 { __register_step(all, {name: "all", budget: {max_tokens: BUDGET, scope: "inclusive"}}) }
  all()
}
"""


def run(row: Row, wait: str, action: str, *, answers: bool) -> tuple[str, set[type]]:
    """What the program printed, and the classes of all it waited for; nothing of it may be left."""
    text = PROGRAM.replace("BEFORE", row.before).replace("WAIT", wait).replace("ACTION", action)
    hand = ByHand(compiled(text.replace("BUDGET", str(row.budget))))
    seen: set[type] = set()
    while hand.go_on():
        seen |= hand.waiting()
        if answers and hand.flying and hand.seconds >= 1:
            for number, effect in list(hand.flying.items()):
                llm = effect.kind == "llm.call"
                hand.answer(number, Reply("said", effect.args[1].model, 1, 1) if llm else Completed(0, b"", b""))
        else:
            hand.let_time_pass()
    hand.assert_nothing_left()
    return hand.output, seen


def test_the_table_is_whole() -> None:
    for module in pkgutil.walk_packages(harn.__path__, "harn."):
        if module.name.split(".")[1] in ("vm", "llm", "builtins"):
            import_module(module.name)
    found = set()
    pending = [Waiting]
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        found.add(kind)
    found = {kind for kind in found if kind.__module__.startswith("harn.")}
    assert found == {Waiting, *ROWS, Watch, Watching}  # a Watch is a part of Arriving; for Watching see below


@pytest.mark.parametrize("kind", ROWS, ids=lambda kind: kind.__name__)
class TestEveryWait:
    def test_woken(self, kind: type[Waiting]) -> None:
        row = ROWS[kind]
        output, seen = run(row, row.wait, row.wake, answers=True)
        assert output == "woken\nout\n"
        assert kind in seen

    def test_cancelled(self, kind: type[Waiting]) -> None:
        output, seen = run(ROWS[kind], ROWS[kind].wait, "cancel(waiting)", answers=False)
        assert output == "out\n"
        assert kind in seen

    def test_asked_to_end(self, kind: type[Waiting]) -> None:
        output, seen = run(ROWS[kind], ROWS[kind].wait, "cancel_graceful(waiting)", answers=False)
        assert output == "kind:cancelled:VM cancelled by host\nout\n"
        assert kind in seen

    def test_timed_out(self, kind: type[Waiting]) -> None:
        output, seen = run(ROWS[kind], "deadline 10ms { " + ROWS[kind].wait + " }", "", answers=False)
        assert output == "Deadline exceeded\nout\n"
        assert kind in seen


SUPERVISED = """
pipeline default(task) {
  let gate = channel("gate")
  let log = channel("log", 9)
  let s = supervisor_start({name: "s", children: [{name: "c", restart: {mode: "on_failure", backoff: "2s"}, task: { context ->
    try {
      receive(gate)
      throw "failed"
    } finally {
      send(log, context.attempt)
    }
  }}]})
  sleep(1s)
  WAKE
  sleep(3s)
  LAST
  sleep(1ms)
  while true {
    let found = try_receive(log)
    if found == nil { break }
    println(found)
  }
}
"""


@pytest.mark.parametrize(
    ("wake", "last", "output"),
    [
        ("send(gate, 1)", "send(gate, 1)", "1\n2\n"),  # woken by a child's end, then by the time of its restart
        ("", "supervisor_stop(s)", "1\n"),
        ("", "", ""),  # cancelled at the end of the run
    ],
)
def test_the_wait_of_a_supervisor(wake: str, last: str, output: str) -> None:
    hand = ByHand(compiled(SUPERVISED.replace("WAKE", wake).replace("LAST", last)))
    seen: set[type] = set()
    while hand.go_on():
        seen |= hand.waiting()
        hand.let_time_pass()
    hand.assert_nothing_left()
    assert hand.output == output
    assert Watching in seen
