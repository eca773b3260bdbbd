"""What a supervisor decides, without tasks: its limits hold and its books agree whatever its children do, and when."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from harn.vm.machine import Task
from harn.vm.supervision import EVENTS_KEPT, MODES, STRATEGIES, Child, RestartPolicy, Supervisor

RUNS = ("running", "draining")


@st.composite
def policies(draw: st.DrawFn) -> RestartPolicy:
    policy = RestartPolicy(draw(st.sampled_from(MODES)))
    policy.max_restarts = draw(st.none() | st.integers(0, 3))
    policy.window_ms = draw(st.sampled_from([0, 20, 60_000]))
    policy.backoff_ms = draw(st.integers(0, 20))
    policy.max_backoff_ms = draw(st.integers(0, 60))
    policy.factor = draw(st.floats(1.0, 4.0))
    policy.jitter_ms = draw(st.integers(0, 5))
    policy.circuit_open_ms = draw(st.none() | st.integers(0, 30))
    return policy


class Supervised(RuleBasedStateMachine):
    """Children that end, fail or are cancelled at any time; the test plays the tasks."""

    @initialize(strategy=st.sampled_from(STRATEGIES), given=st.lists(policies(), min_size=1, max_size=4))
    def begin(self, strategy: str, given: list[RestartPolicy]) -> None:
        self.now = 1.0
        children = [Child(f"c{place}", "task", None, policy) for place, policy in enumerate(given)]
        self.supervisor = Supervisor("s", "s", strategy, 0, children)
        self.supervisor.note(self.now, "supervisor_started")
        self.dying: list[Child] = []
        self.own: dict[str, list[float]] = {child.name: [] for child in children}
        self.begun = dict.fromkeys(self.own, 0)

    def start_due(self) -> None:
        for child in self.supervisor.ready(self.now):
            assert child.task is None, "a child may run only once at a time"
            self.supervisor.start(child, self.now)
            child.task = Task()
            self.begun[child.name] += 1
        if self.supervisor.finished():
            self.supervisor.settle(self.now)

    def runs(self) -> list[Child]:
        return [child for child in self.supervisor.children if child.status in RUNS and child.task is not None]

    @rule(seconds=st.floats(0, 0.1))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.start_due()

    @rule()
    def until_the_next_is_due(self) -> None:
        pause = self.supervisor.pause(self.now)
        if pause is not None and self.supervisor.status == "running" and not self.dying:
            self.now += pause
            self.start_due()
            again = self.supervisor.pause(self.now)
            assert again is None or again > 0, "nothing that is due is left"

    @precondition(lambda self: self.runs())
    @rule(data=st.data(), failed=st.booleans())
    def one_ends(self, data: st.DataObject, failed: bool) -> None:
        child = data.draw(st.sampled_from(self.runs()))
        restarts = child.restarts
        opened = self.supervisor.counts["suppressed"]
        child.task = None
        cancelled = self.supervisor.ended(child, self.now, "boom" if failed else None)
        if child.status == "waiting":
            self.own[child.name].append(self.now)
            assert child.restarts == restarts + 1
        elif self.supervisor.counts["suppressed"] > opened and child.policy.circuit_open_ms is not None:
            self.own[child.name] = []
        for sibling in cancelled:
            assert sibling.task is not None
            assert sibling is not child
            assert sibling not in self.dying
            self.dying.append(sibling)
        self.start_due()

    @precondition(lambda self: self.dying)
    @rule(data=st.data())
    def a_cancelled_one_has_cleaned_up(self, data: st.DataObject) -> None:
        child = data.draw(st.sampled_from(self.dying))
        self.dying.remove(child)
        child.task = None
        self.start_due()

    @precondition(lambda self: self.supervisor.status not in ("draining", "stopped"))
    @rule()
    def stop(self) -> None:
        asked = self.supervisor.drain(self.now)
        assert all(child.status == "draining" and child.task is not None for child in asked)
        self.start_due()

    @invariant()
    def books_agree(self) -> None:
        if not hasattr(self, "supervisor"):
            return
        supervisor = self.supervisor
        assert [event["seq"] for event in supervisor.events] == list(range(supervisor.serial))
        kinds = [event["kind"] for event in supervisor.events]
        assert kinds.count("child_started") == sum(self.begun.values()) == supervisor.counts["started"]
        assert kinds.count("child_failed") == supervisor.counts["failed"]
        assert kinds.count("child_restarted") == supervisor.counts["restarted"]
        assert kinds.count("child_suppressed") == supervisor.counts["suppressed"]
        for child in supervisor.children:
            assert (child.status in RUNS) == (child.task is not None and child not in self.dying)
            assert (child.due is not None) == (child.status in ("pending", "waiting", "circuit_open"))

    @invariant()
    def limits_hold(self) -> None:
        for child in getattr(self, "supervisor", Supervisor("", "", STRATEGIES[0], 0, [])).children:
            policy, times = child.policy, self.own[child.name]
            if policy.mode == "never":
                assert child.starts <= 1
            if policy.max_restarts is None:
                continue
            window = policy.window_ms / 1000 if policy.window_ms else float("inf")
            for at in times:
                assert sum(0 <= other - at < window for other in times) <= policy.max_restarts

    @invariant()
    def an_end_is_an_end(self) -> None:
        if hasattr(self, "supervisor") and self.supervisor.status in ("completed", "stopped"):
            assert self.supervisor.finished()
            assert self.runs() == self.supervisor.ready(self.now + 1e6) == []


TestSupervised = Supervised.TestCase
TestSupervised.settings = settings(max_examples=80, stateful_step_count=30)


@given(policies(), st.integers(0, 5_000))
def test_a_delay_grows_up_to_its_limit(policy: RestartPolicy, restarts: int) -> None:
    jitter, policy.jitter_ms = policy.jitter_ms, 0
    delays = [policy.delay_ms(n, "") for n in (restarts, restarts + 1)]
    assert delays == sorted(delays)
    assert delays[0] <= max(policy.max_backoff_ms, policy.backoff_ms)
    policy.jitter_ms = jitter
    assert 0 <= policy.delay_ms(restarts, "salt") - delays[0] <= jitter
    assert policy.delay_ms(restarts, "salt") == policy.delay_ms(restarts, "salt")


@pytest.mark.parametrize("factor", [1.0, 1e300, float("inf")])
def test_a_delay_does_not_overflow(factor: float) -> None:
    policy = RestartPolicy()
    policy.backoff_ms, policy.factor = 10, factor
    assert policy.delay_ms(2**40, "") == (10 if factor == 1.0 else 30_000)


def test_events_do_not_grow_for_ever() -> None:
    supervisor = Supervisor("s", "s", STRATEGIES[0], 0, [])
    for _ in range(EVENTS_KEPT + 5):
        supervisor.note(0.0, "child_started")
    kept: list[Any] = supervisor.events
    assert len(kept) == EVENTS_KEPT
    assert kept[0]["seq"] == 5
