"""The step runtime alone, driven by random operations, against a plain model of what should stand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from harn.steps.definitions import CONTINUE, ESCALATE, FAIL, INCLUSIVE
from harn.steps.entries import Entries, StepEntry, current_persona, meters_of
from harn.steps.log import CANCELLED, COMPLETED, FAILED, SKIPPED, completed_step_to_json
from harn.steps.runtime import StepRuntime
from tests.steps.chains import Function, Stack, enter

OUTCOMES = (COMPLETED, FAILED, SKIPPED, CANCELLED)
tokens = st.integers(-5, 60)
limits = st.one_of(st.none(), st.integers(1, 100))
scopes = st.sampled_from((INCLUSIVE, "exclusive"))
step_metadata = st.fixed_dictionaries(
    {"error_boundary": st.sampled_from((FAIL, CONTINUE, ESCALATE)), "model": st.sampled_from(("", "m"))},
    optional={"budget": st.fixed_dictionaries({"max_tokens": limits, "scope": scopes})},
)


class StepRuntimeMachine(RuleBasedStateMachine):
    """``spent`` is kept beside each live step entry: what the runtime must have counted there."""

    def __init__(self) -> None:
        super().__init__()
        self.runtime = StepRuntime()
        self.stack = Stack()
        self.functions = [Function(f"f{number}") for number in range(4)]
        self.made = 0
        self.drained = 0
        self.spent: dict[int, list[int]] = {}
        self.kept: dict[int, Any] = {}
        self.order: list[str] = []
        self.inclusive_before: dict[int, int] = {}

    @initialize()
    def start(self) -> None:
        self.runtime.register_step(self.functions[0], {})
        self.runtime.register_persona(self.functions[1], {"budget": {"max_tokens": 80}})

    # ------------------------------------------------------------------------------------------ operations

    @rule(number=st.integers(0, 2), metadata=step_metadata)
    def register(self, number: int, metadata: dict[str, Any]) -> None:
        """44: registering an equal dict again changes nothing visible. 45: running calls keep their definition."""
        function = self.functions[number]
        self.runtime.register_step(function, metadata)
        first = self.runtime.step_definition_for_function(function)
        self.runtime.register_step(function, dict(metadata))
        assert self.runtime.step_definition_for_function(function) == first
        for entry in self.live():
            assert entry.definition is self.kept[id(entry)]

    @precondition(lambda self: self.stack.depth() < 12)
    @rule(number=st.integers(0, 3), args=st.lists(st.integers(), max_size=2))
    def call(self, number: int, args: list[int]) -> None:
        """9: an entry is made exactly where the function was flagged. 10: an unflagged call leaves all state equal."""
        function = self.functions[number]
        before = self.state()
        entries = enter(self.runtime, self.stack, function, args)
        assert (entries is not None) == self.runtime.is_tracked_function(function)
        if entries is None:
            assert self.state() == before
            return
        if entries.step is not None:
            self.made += 1
            self.spent[id(entries.step)] = [0, 0, 0]
            self.kept[id(entries.step)] = entries.step.definition
            # 47: a fresh entry starts from zero
            assert (entries.step.input_tokens, entries.step.output_tokens, entries.step.llm_calls) == (0, 0, 0)

    @precondition(lambda self: self.stack.depth() > 0 and self.stack.records[-1] is not Stack.BARRIER)
    @rule(outcome=st.sampled_from(OUTCOMES))
    def leave(self, outcome: str) -> None:
        """The frame on top is left; 12: at another depth nothing happens; 26: exactly one record with that status."""
        top = self.stack.depth()
        record = self.stack.records[-1]
        before = len(self.runtime.settled)
        for other in range(top - 1, 0, -1):
            if self.runtime.active_step_frame_depth(self.stack) != other:
                assert not self.runtime.pop_and_record(self.stack, other, outcome, None)
        assert len(self.runtime.settled) == before
        if isinstance(record, Entries):
            if record.step is not None:
                entry = record.step
                assert self.runtime.pop_and_record(self.stack, top, outcome, "text")
                record.step = None
                self.settled(entry, outcome)
            self.runtime.pop_persona(record)
        self.stack.records.pop()

    @rule(data=st.data())
    def prune(self, data: st.DataObject) -> None:
        """11: nothing stands above, what is at or below stands as before, and again changes nothing."""
        floor = max((place for place, one in enumerate(self.stack.records, 1) if one is Stack.BARRIER), default=0)
        depth = data.draw(st.integers(floor, self.stack.depth()))
        gone = [r.step for r in reversed(self.stack.records[depth:]) if isinstance(r, Entries) and r.step is not None]
        below = [(r.step, r.persona) for r in self.stack.records[:depth] if isinstance(r, Entries)]
        records = self.runtime.prune_below_frame(self.stack, depth)
        assert [r.name for r in records] == [entry.definition.name for entry in gone]
        for entry, made in zip(gone, records):
            assert made.status == CANCELLED
            self.order.append(made.name)
            self.check_figures(entry, made)
        assert not any(isinstance(r, Entries) and (r.step or r.persona) for r in self.stack.records[depth:])
        assert [(r.step, r.persona) for r in self.stack.records[:depth] if isinstance(r, Entries)] == below
        assert self.runtime.prune_below_frame(self.stack, depth) == []
        del self.stack.records[depth:]

    @rule(
        model=st.sampled_from(("", "served")),
        given=tokens,
        made=tokens,
        cost=st.sampled_from((0.0, 0.5, -1.0, float("nan"))),
    )
    def usage(self, model: str, given: int, made: int, cost: float) -> None:
        """13, 14, 16, 17, 18, 20, 21."""
        active = self.runtime.with_active_step(self.stack)
        meters = meters_of(self.stack)
        used = [meter.recorded.tokens for meter in meters]
        others = {id(e): (e.input_tokens, e.output_tokens, e.llm_calls) for e in self.live() if e is not active}
        exclusive = [e.meter for e in self.live() if e is not active and e.meter and not e.definition.budget.inclusive]
        untouched = [meter.recorded.tokens for meter in exclusive]
        charge = self.runtime.record_step_llm_usage(self.stack, model, given, made, cost)
        total = max(0, given) + max(0, made)
        assert [meter.recorded.tokens for meter in meters] == [before + total for before in used]
        assert others == {id(e): (e.input_tokens, e.output_tokens, e.llm_calls) for e in self.live() if e is not active}
        assert [meter.recorded.tokens for meter in exclusive] == untouched
        if active is not None:
            counted = self.spent[id(active)]
            counted[0] += max(0, given)
            counted[1] += max(0, made)
            counted[2] += 1
            assert not model or active.last_model == model
        crossed = [m for m in meters if m.budget.max_tokens is not None and m.recorded.tokens > m.budget.max_tokens]
        assert (charge.crossed is not None) == bool(crossed)
        if charge.crossed is not None:
            assert charge.crossed == (crossed[0], "max_tokens")

    @rule()
    def raise_barrier(self) -> None:
        """38: above a barrier the context is empty."""
        if sum(one is Stack.BARRIER for one in self.stack.records) < 2:
            self.runtime.take_active_context(self.stack)
            assert self.runtime.with_active_step(self.stack) is None
            assert self.runtime.current_persona_name(self.stack) is None
            assert meters_of(self.stack) == ()

    @precondition(lambda self: self.stack.records and self.stack.records[-1] is Stack.BARRIER)
    @rule()
    def lower_barrier(self) -> None:
        """38: below it the same objects stand."""
        self.runtime.restore_active_context(self.stack)

    @rule()
    def drain(self) -> None:
        """8: drain returns what peek showed, then peek is empty."""
        shown = self.runtime.peek_completed_steps()
        assert self.runtime.drain_completed_steps() == shown
        assert self.runtime.peek_completed_steps() == []
        self.drained += len(shown)

    # ------------------------------------------------------------------------------------------ what always holds

    @invariant()
    def entries_are_accounted_for(self) -> None:
        """5: entries made = records + live entries. 6, 7: the log is in order of settling and only drain shrinks it."""
        assert self.made == self.drained + len(self.runtime.settled) + len(self.live())
        assert [record.name for record in self.runtime.peek_completed_steps()] == self.order[self.drained :]

    @invariant()
    def depths_are_read_off(self) -> None:
        """1 to 4: depths increase along the list, none beyond it, at most one entry of each kind on a frame."""
        depth = self.runtime.active_step_frame_depth(self.stack)
        visible = []
        for place in range(self.stack.depth(), 0, -1):
            if self.stack.is_barrier(place):
                break
            entries = self.stack.entries_at(place)
            if entries is not None and entries.step is not None:
                visible.append(place)
        assert depth == (visible[0] if visible else None)
        assert len(self.live()) <= self.stack.depth()
        found = current_persona(self.stack)
        name = self.runtime.current_persona_name(self.stack)
        assert name == (found.definition.name if found is not None else None)

    @invariant()
    def the_model_is_the_active_steps(self) -> None:
        """22: only the active step is asked."""
        entry = self.runtime.with_active_step(self.stack)
        expected = (entry.definition.model or None) if entry is not None else None
        assert self.runtime.active_step_model_default(self.stack) == expected

    # ------------------------------------------------------------------------------------------ helpers of the model

    def live(self) -> list[StepEntry]:
        return [r.step for r in self.stack.records if isinstance(r, Entries) and r.step is not None]

    def state(self) -> tuple[Any, ...]:
        figures = [(id(e), e.input_tokens, e.output_tokens, e.llm_calls, e.cost) for e in self.live()]
        return figures, self.runtime.peek_completed_steps(), self.runtime.current_persona_name(self.stack)

    def settled(self, entry: StepEntry, outcome: str) -> None:
        record = self.runtime.peek_completed_steps()[-1]
        assert record.status == outcome
        self.order.append(record.name)
        self.check_figures(entry, record)
        assert entry.meter is None or entry.meter.closed

    def check_figures(self, entry: StepEntry, record: Any) -> None:
        """13: what was recorded while it was active is what the record says. 21: the model served, declared or none."""
        assert [record.input_tokens, record.output_tokens, record.llm_calls] == self.spent[id(entry)]
        assert record.model == (entry.last_model or entry.definition.model or None)
        assert list(completed_step_to_json(record)) == [
            "name", "function", "model", "input_tokens", "output_tokens", "cost_usd", "llm_calls", "status", "error",
        ]  # fmt: skip

    def teardown(self) -> None:
        """42: pruning everything leaves nothing standing. 43: reset leaves a runtime like a fresh one."""
        stack = Stack()
        stack.records = [record for record in self.stack.records if record is not Stack.BARRIER]
        self.runtime.prune_below_frame(stack, 0)
        assert not any(isinstance(r, Entries) and (r.step or r.persona) for r in stack.records)
        self.runtime.reset()
        assert self.runtime.peek_completed_steps() == []
        assert self.runtime.hooks == []


TestStepRuntime = StepRuntimeMachine.TestCase
TestStepRuntime.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)


def test_costs_are_exact_and_never_negative() -> None:
    """13, 16: ten times ten cents are a dollar; what is no amount counts as nothing."""
    runtime, stack, function = StepRuntime(), Stack(), Function("f")
    runtime.register_step(function, {})
    entries = enter(runtime, stack, function)
    assert entries is not None
    assert entries.step is not None
    for cost in [0.1] * 10 + [-5.0, float("inf"), float("nan")]:
        runtime.record_step_llm_usage(stack, "m", 1, 0, cost)
    runtime.record_step_llm_usage(stack, "m", 1, 0, Decimal("NaN"))
    assert entries.step.cost == Decimal(1)
    assert entries.step.llm_calls == 14
