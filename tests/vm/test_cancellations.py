"""Nothing leaks from a run whose tasks are cancelled at random: no task, timer, effect, permit or step."""

from __future__ import annotations

import json
import random
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from harn.host.processes import Completed
from harn.values.errors import thrown
from harn.vm.machine import Task
from harn.vm.modules import Program
from harn.vm.scheduler import family
from tests.vm.by_hand import ByHand, compiled

PROGRAM = """
fn work(plan, shared) {
  defer { if len(plan) > 1 { sleep(1ms) } }
  for op in plan {
    let body = op.body
    match op.do {
      "sleep" -> { sleep(op.n) }
      "loop" -> {
        var i = 0
        while i < op.n * 2000 { i = i + 1 }
      }
      "effect" -> { try { exec("work") } catch e { } }
      "lock" -> {
        let permit = sync_semaphore_acquire("s", 3, op.n % 3 + 1)
        work(body, shared)
        if op.n % 2 == 0 { sync_release(permit) }
      }
      "mutex" -> { mutex { work(body, shared) } }
      "read" -> {
        let permit = sync_rwlock_acquire("rw", ["read", "write"][op.n % 2], 50)
        work(body, shared)
      }
      "send" -> { deadline_of(op.n, { -> send(shared.channel, op.n) }) }
      "receive" -> { deadline_of(op.n, { -> receive(shared.channel) }) }
      "finally" -> { try { work(body, shared) } finally { sleep(op.n % 4) } }
      "spawn" -> { spawn { work(body, shared) } }
      "await" -> { await(spawn { work(body, shared) }) }
      "each" -> { parallel each [1, 2, 3] with { max_concurrent: op.n % 3 } { i -> work(body, shared) } }
      "race" -> { parallel_race([1, 2], { i -> work(body, shared) }) }
      "step" -> { stepped(body, shared) }
    }
  }
  return 1
}
fn deadline_of(ms, wait) {
  try { deadline ms { wait() } } catch e { }
}
fn stepped(body, shared) {
  atomic_add(shared.begun, 1)
  work(body, shared)
}
pipeline default(task) {
  __register_step(stepped, {name: "stepped"})
  let shared = {channel: channel("c", 2), begun: atomic(0)}
  while true {
    let plan = json_parse(exec("next").stdout)
    if plan == nil { break }
    spawn { work(plan, shared) }
  }
  println(atomic_get(shared.begun))
}
"""


@cache
def program() -> Program:
    return compiled(PROGRAM)


LEAVES = ("sleep", "loop", "effect", "send", "receive")
NESTING = ("lock", "mutex", "read", "finally", "spawn", "await", "each", "race", "step")


class Run:
    """The program above, given work and disturbed by hand."""

    def __init__(self, seed: int | None) -> None:
        self.hand = ByHand(program(), seed)
        self.cancelled = 0
        self.hand.go_on()

    @property
    def flying(self) -> list[int]:
        """Effects of tasks other than the root."""
        return [number for number, effect in self.hand.flying.items() if effect.args[1] == ["work"]]

    @property
    def children(self) -> list[Task]:
        return [task for task in family(self.hand.root) if task is not self.hand.root]

    def begin(self, plan: Any) -> None:
        """Have the root start a task."""
        (number,) = (number for number in self.hand.flying if number not in self.flying)
        self.hand.answer(number, Completed(0, json.dumps(plan).encode(), b""))
        self.hand.go_on()

    def cancel(self, place: int) -> None:
        """The host cancels a task."""
        tasks = self.children
        self.hand.vm.inputs.cancel(tasks[place % len(tasks)])
        self.cancelled += 1
        self.hand.go_on()

    def answer(self, place: int, fails: bool) -> None:
        number = self.flying[place % len(self.flying)]
        if fails:
            del self.hand.flying[number]
            self.hand.vm.inputs.refuse(number, thrown("down"))
        else:
            self.hand.answer(number, Completed(0, b"", b""))
        self.hand.go_on()

    def let_time_pass(self) -> None:
        if self.hand.wanted is not None:
            self.hand.let_time_pass()
        self.hand.go_on()

    def check(self) -> None:
        """What holds at any moment."""
        vm, tasks = self.hand.vm, family(self.hand.root)
        assert vm.tasks.alive == len(tasks)
        for lock in vm.areas.get("locks", {}).values():
            held = sum(permit.count for task in tasks for permit in task.permits if permit.lock is lock)
            assert lock.held == held, lock.key
            assert all(one.task is not None and one.task.waiting is one for one in lock.queue)
        assert set(vm.tasks.performing) == set(self.hand.flying)

    def end(self) -> None:
        """Let the root end, and all others with it."""
        self.begin(None)
        for _ in range(1_000):
            if self.hand.outcome is None:
                self.let_time_pass()
        self.hand.assert_nothing_left()
        runtime = self.hand.vm.step_runtime
        assert runtime is not None
        assert len(runtime.peek_completed_steps()) >= int(self.hand.output)


def plans(depth: int) -> st.SearchStrategy[Any]:
    """What a task does: a list of operations, some around others."""
    number = st.integers(0, 9)
    leaf = st.fixed_dictionaries({"do": st.sampled_from(LEAVES), "n": number, "body": st.just([])})
    if depth == 0:
        return st.lists(leaf, max_size=2)
    around = st.fixed_dictionaries({"do": st.sampled_from(NESTING), "n": number, "body": plans(depth - 1)})
    return st.lists(st.one_of(leaf, around, around), max_size=3)


class Cancellations(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.run = Run(None)

    @rule(plan=plans(2))
    def begin(self, plan: Any) -> None:
        self.run.begin(plan)

    @precondition(lambda self: self.run.children)
    @rule(place=st.integers(0, 99))
    def cancel(self, place: int) -> None:
        self.run.cancel(place)

    @precondition(lambda self: self.run.flying)
    @rule(place=st.integers(0, 9), fails=st.booleans())
    def answer(self, place: int, fails: bool) -> None:
        self.run.answer(place, fails)

    @rule()
    def let_time_pass(self) -> None:
        self.run.let_time_pass()

    @invariant()
    def holds(self) -> None:
        self.run.check()

    def teardown(self) -> None:
        self.run.end()


TestCancellations = Cancellations.TestCase
TestCancellations.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_nothing_is_left_after_a_thousand_cancellations() -> None:
    chance = random.Random(20)

    def plan(depth: int) -> list[dict[str, Any]]:
        found = []
        for _ in range(chance.randint(1, 3)):
            do = chance.choice(LEAVES + NESTING * 2 if depth else LEAVES)
            found.append({"do": do, "n": chance.randint(0, 9), "body": plan(depth - 1) if do in NESTING else []})
        return found

    cancelled = 0
    for seed in range(10):
        run = Run(seed)
        while run.cancelled < 100:
            draw = chance.random()
            if draw < 0.35 or not run.children:
                run.begin(plan(2))
            elif draw < 0.75:
                run.cancel(chance.randint(0, 99))
            elif draw < 0.85 and run.flying:
                run.answer(chance.randint(0, 9), chance.random() < 0.5)
            else:
                run.let_time_pass()
            run.check()
        run.end()
        cancelled += run.cancelled
    assert cancelled == 1000
