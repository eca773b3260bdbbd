"""Branches that share a budget never exceed it together, and who only lacks what others reserved has its turn."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from harn.compiler.compiler import compile_module
from harn.host.host import Host
from harn.llm.budgets import projected_input
from harn.llm.prices import price_of
from harn.llm.shapes import Reply, Request
from harn.llm.turns import AREA
from harn.source.file import SourceFile
from harn.syntax.parser import parse_program
from harn.values.errors import thrown
from harn.vm.driver import schedule
from harn.vm.frame import Outcome, Returned
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from tests.vm.running import Printed

ASK = """
fn ask(cap) {
  return llm_call("${cap}", nil, {provider: "own", model: "m", max_tokens: cap}).text
}
fn shared(branches) {
  return parallel settle branches { cap -> ask(cap) }
}
fn limited(f, tokens) {
  __register_step(f, {name: "shared", budget: {max_tokens: tokens, scope: "inclusive"}})
}
"""
BRANCHES = """
pipeline default(task) {
  limited(shared, limit)
  let found = shared(caps)
  println([found.succeeded + found.failed, completed_steps()[0].input_tokens])
}
"""


@cache
def program(body: str) -> Program:
    """The code of a program that begins with the functions above; read and compiled once."""
    file = SourceFile("turns.harn", ASK + body)
    return Program(link(compile_module(parse_program(file), file, entry=True, imports={}), file), {})


class Hand:
    """A run whose model calls are answered by hand. ``flying``: the requests nobody has answered yet, by number, oldest first."""

    def __init__(self, body: str, **names: Any) -> None:
        self.printed = Printed()
        self.vm = Machine(Host.sandbox(env={"OWN_API_KEY": "x"}), self.printed, globals=names)
        self.seconds = 0.0
        self.vm.clock = lambda: self.seconds  # type: ignore[method-assign]
        self.plan = schedule(self.vm, self.vm.start(program(body)))
        self.flying: dict[int, Request] = {}
        self.outcome: Outcome | None = None
        self.go_on()

    def go_on(self) -> None:
        """Until nothing happens without an answer or time."""
        try:
            while (action := next(self.plan))[0] != "idle":
                if action[0] == "perform":
                    assert action[3].kind == "llm.call"
                    self.flying[action[1]] = action[3].args[1]
                elif action[0] == "abandon":
                    self.flying.pop(action[1], None)
        except StopIteration as end:
            self.outcome = end.value

    def answer(self, place: int, tokens_in: int, tokens_out: int) -> None:
        number = list(self.flying)[place]
        request = self.flying.pop(number)
        self.vm.inputs.answer(number, Reply("said", request.model, tokens_in, tokens_out))
        self.go_on()

    def refuse(self, place: int) -> None:
        number = list(self.flying)[place]
        del self.flying[number]
        self.vm.inputs.refuse(number, thrown("down"))
        self.go_on()

    def let_time_pass(self) -> None:
        self.seconds += 1.0
        self.go_on()

    @property
    def line(self) -> list[Any]:
        line: list[Any] = self.vm.areas.get(AREA, [])
        return line


@settings(max_examples=60)
@given(
    limit=st.integers(5, 60),
    caps=st.lists(st.integers(1, 30) | st.integers(-30, 0), min_size=1, max_size=8),
    data=st.data(),
)
def test_branches_never_exceed_a_budget_together(limit: int, caps: list[int], data: st.DataObject) -> None:
    """Every call that uses at most what it was let through with leaves the sum below the limit; all of them end; nobody waits
    where what is free would do for the first in line.
    """
    run = Hand(BRANCHES, limit=limit, caps=caps)
    used = 0
    alone = False
    while run.flying:
        held = sum(projected_input(request) + request.max_tokens for request in run.flying.values())
        assert used + held <= limit or len(run.flying) == 1
        place = data.draw(st.integers(0, len(run.flying) - 1))
        if data.draw(st.integers(0, 4)) == 0:
            run.refuse(place)
            continue
        request = list(run.flying.values())[place]
        given = projected_input(request)
        spent = data.draw(st.integers(0, request.max_tokens))
        alone = used + given + request.max_tokens > limit  # one output token is let through however long the input is
        used += given + spent
        run.answer(place, given, spent)
    assert isinstance(run.outcome, Returned), run.outcome
    assert run.line == []
    assert used <= limit or alone
    assert "".join(run.printed.parts).startswith(f"[{len(caps)}, ")


def test_calls_are_let_through_in_order_of_coming() -> None:
    """The second lacks what the first reserved; the third would fit beside the first, and waits behind the second."""
    run = Hand("limited(shared, 100)\nprintln(shared([60, 50, 5]).succeeded)")
    assert [request.max_tokens for request in run.flying.values()] == [60]
    assert len(run.line) == 2
    run.answer(0, 1, 10)
    assert [request.max_tokens for request in run.flying.values()] == [50, 5]
    assert run.line == []


def test_one_that_waits_is_refused_when_recorded_use_rules_it_out() -> None:
    run = Hand(
        "limited(shared, 20)\nlet found = shared([50, 50])\n  println(found.succeeded)\n  println(found.results)"
    )
    assert len(run.flying) == 1
    run.answer(0, 1, 19)
    assert isinstance(run.outcome, Returned)
    printed = "".join(run.printed.parts)
    assert printed.startswith("1\n")
    assert "has used its max_tokens budget (20 of 20)" in printed


def test_a_failure_gives_back_what_was_reserved() -> None:
    run = Hand("limited(shared, 20)\nprintln(shared([50, 50]).succeeded)")
    run.refuse(0)
    assert len(run.flying) == 1
    run.answer(0, 1, 2)
    assert "".join(run.printed.parts) == "1\n"


def test_who_waits_can_be_cancelled_and_the_next_has_its_turn() -> None:
    body = """
  fn s() {
    let a = spawn { ask(10) }
    let b = spawn { ask(25) }
    let c = spawn { ask(5) }
    sleep(1ms)
    cancel(b)
    return [await(a), await(c)]
  }
  limited(s, 30)
  println(s())"""
    run = Hand(body)
    assert [request.max_tokens for request in run.flying.values()] == [10]
    assert len(run.line) == 2
    run.let_time_pass()
    assert [request.max_tokens for request in run.flying.values()] == [10, 5]
    assert run.line == []
    run.answer(0, 1, 1)
    run.answer(0, 1, 1)
    assert "".join(run.printed.parts) == "[said, said]\n"


def test_who_waits_meets_its_deadline() -> None:
    body = """
  fn s() {
    let a = spawn { ask(19) }
    let late = try { deadline 1ms { ask(19) } } catch (e) { "late" }
    return [late, await(a)]
  }
  limited(s, 30)
  println(s())"""
    run = Hand(body)
    assert len(run.line) == 1
    run.let_time_pass()
    assert run.line == []
    run.answer(0, 1, 1)
    assert "".join(run.printed.parts) == "[late, said]\n"


def test_separate_budgets_do_not_wait_for_each_other() -> None:
    run = Hand("limited(shared, 20)\nprintln(parallel each [1, 2] { _ -> shared([50]).succeeded })")
    assert len(run.flying) == 2
    run.answer(1, 1, 1)
    run.answer(0, 1, 1)
    assert "".join(run.printed.parts) == "[1, 1]\n"


def test_a_call_dropped_with_its_task_is_in_nobodys_way() -> None:
    """A cancelled task cleans up for too long, in a call that holds a reservation; then in one that stands in line."""
    cleaning = "spawn { try { sleep(1h) } finally { ask(19) } }"
    body = """
  fn s() {
    @BEFORE@
    let slow = @CLEANING@
    sleep(1ms)
    cancel(slow)
    sleep(1ms)
    let after = spawn { ask(19) }
    return await(after)
  }
  enable_tracing()
  limited(s, 30)
  println(s())
  println(trace_spans().map({ span -> span?.metadata?.status }))"""
    for before, flying, statuses in (
        ("", 1, "[cancelled, ok, completed]"),
        ("let first = spawn { ask(19) }", 2, "[ok, ok, completed]"),
    ):
        run = Hand(body.replace("@BEFORE@", before).replace("@CLEANING@", cleaning))
        for _ in range(10):
            run.let_time_pass()
        assert len(run.flying) == 1
        for _ in range(flying):
            run.answer(0, 1, 1)
        assert isinstance(run.outcome, Returned), run.outcome
        assert run.line == []
        assert "".join(run.printed.parts) == f"said\n{statuses}\n"


def test_one_that_waits_for_a_rate_and_is_dropped_lets_the_next_in() -> None:
    for cleaning in ("ask(1)", 'with_rate_limit("own", { -> 1 })'):
        body = """
  llm_rate_limit("own", {rpm: 1})
  ask(1)
  let slow = spawn { try { sleep(1h) } finally { @CLEANING@ } }
  sleep(1ms)
  cancel(slow)
  sleep(1ms)
  println(ask(1))"""
        run = Hand(body.replace("@CLEANING@", cleaning))
        run.answer(0, 1, 1)
        for _ in range(70):
            run.let_time_pass()
        run.answer(0, 1, 1)
        assert "".join(run.printed.parts) == "said\n"


@settings(max_examples=40)
@given(
    limit=st.integers(60, 600),
    caps=st.lists(st.integers(1, 30) | st.just(0), min_size=1, max_size=6),
    data=st.data(),
)
def test_nor_a_limit_of_dollars(limit: int, caps: list[int], data: st.DataObject) -> None:
    """``limit`` is in millionths of a dollar; a token of output costs ten of them, one of input two and a half."""
    body = """
fn ask_for(cap) {
  return llm_call("${cap}", nil, {provider: "own", model: "gpt-4o", max_tokens: cap}).text
}
fn work(branches) {
  return parallel settle branches { cap -> ask_for(cap) }
}
pipeline default(task) {
  __register_step(work, {name: "work", budget: {max_usd: limit / 1000000.0, scope: "inclusive"}})
  let found = work(caps)
  println(found.succeeded + found.failed)
}
"""
    run = Hand(body, limit=limit, caps=caps)
    price = price_of("gpt-4o")
    most, used, alone = Decimal(limit) / 1_000_000, Decimal(0), False
    while run.flying:
        held = sum(price.cost(projected_input(request), request.max_tokens) for request in run.flying.values())
        assert used + held <= most or len(run.flying) == 1
        place = data.draw(st.integers(0, len(run.flying) - 1))
        request = list(run.flying.values())[place]
        given = projected_input(request)
        spent = data.draw(st.integers(0, request.max_tokens))
        alone = alone or used + price.cost(given, request.max_tokens) > most
        used += price.cost(given, spent)
        run.answer(place, given, spent)
    assert isinstance(run.outcome, Returned), run.outcome
    assert run.line == []
    assert used <= most or alone
    assert "".join(run.printed.parts) == f"{len(caps)}\n"
