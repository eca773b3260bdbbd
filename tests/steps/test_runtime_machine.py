"""The step runtime alone, driven by random operations over several tasks, against a plain model of what should stand.

The operations are those of a machine: calls, returns, throws and catches, retries, callbacks of natives, hooks behind barriers,
generators that rest, child tasks, cancellations, model calls. ``tests/steps/README.md`` says which test shows which invariant.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from harn.steps.budgets import ask_boundary, is_step_budget_exhausted
from harn.steps.definitions import CONTINUE, ESCALATE, FAIL, Tracked
from harn.steps.entries import Entries, PersonaEntry, StepEntry, meters_of
from harn.steps.log import CANCELLED, COMPLETED, FAILED, completed_step_to_json
from harn.steps.runtime import StepRuntime
from tests.effort import examples
from tests.steps.chains import Function, Shadow, Stack, Task, enter
from tests.steps.model import Live, active, belongs_outside, meters, persona

PARTS, EXAMPLES, STEPS, LEAST = 4, 90, 80, 5_000
"""The usual profile drives four machines through 90 sequences of at most 80 operations: 20,000 or more together."""

MOST_DEPTH, MOST_TASKS = 12, 3

counts = st.integers(-5, 60)
cents = st.sampled_from((0.0, 0.01, 0.05, 0.1, 0.3, -1.0, float("nan"), float("inf")))
limits = st.one_of(st.none(), st.integers(1, 100))
cent_limits = st.one_of(st.none(), st.integers(1, 60).map(lambda n: n / 100))
step_metadata = st.fixed_dictionaries(
    {"error_boundary": st.sampled_from((FAIL, CONTINUE, ESCALATE)), "model": st.sampled_from(("", "m"))},
    optional={
        "budget": st.fixed_dictionaries(
            {"max_tokens": limits, "max_usd": cent_limits, "scope": st.sampled_from(("inclusive", "exclusive"))}
        )
    },
)
persona_metadata = st.fixed_dictionaries(
    {}, optional={"budget": st.fixed_dictionaries({"max_tokens": limits, "run_usd": cent_limits})}
)
errors = st.sampled_from(
    (
        "plain",
        {"category": "other"},
        {"category": "budget_exceeded"},
        {"category": "handoff_escalation", "escalated": True},
    )
)


class StepRuntimeMachine(RuleBasedStateMachine):
    """Operations in any order; ``made`` counts entries, ``log`` is what the completed log should hold."""

    steps = 0
    runs = 0

    def __init__(self) -> None:
        super().__init__()
        self.runtime = StepRuntime()
        self.functions = [Function(f"f{number}") for number in range(5)]
        self.runtime.register_step(self.functions[0], {"budget": {"max_tokens": 40}})
        self.runtime.register_persona(self.functions[1], {"budget": {"max_tokens": 80}})
        self.runtime.register_step(self.functions[2], {})
        self.runtime.register_persona(self.functions[2], {})
        self.tasks = [Task()]
        self.made = 0
        self.drained = 0
        self.log: list[tuple[Any, ...]] = []
        self.kept: dict[int, Any] = {}

    def task(self, number: int) -> Task:
        return self.tasks[number % len(self.tasks)]

    # ------------------------------------------------------------------------------------------ registering

    @rule(number=st.integers(0, 3), metadata=step_metadata)
    def register(self, number: int, metadata: dict[str, Any]) -> None:
        """An equal dict again changes nothing; a name in another function object changes nothing there."""
        function = self.functions[number]
        others = [_carried(one) for one in self.functions if one is not function]
        self.runtime.register_step(function, metadata)
        first = _carried(function)
        self.runtime.register_step(function, json.loads(json.dumps(metadata)))
        assert _carried(function) == first
        assert self.runtime.step_definition_for_function(function) == function.tracked.step  # type: ignore[union-attr]
        assert others == [_carried(one) for one in self.functions if one is not function]

    @rule(number=st.integers(1, 3), metadata=persona_metadata)
    def register_a_persona(self, number: int, metadata: dict[str, Any]) -> None:
        """The step of the same function stays."""
        function = self.functions[number]
        step = self.runtime.step_definition_for_function(function)
        self.runtime.register_persona(function, metadata)
        assert self.runtime.step_definition_for_function(function) == step
        assert self.runtime.is_tracked_function(function)

    @rule(
        pattern=st.sampled_from(("*", "f*", "*1", "")),
        step=st.sampled_from((None, "f0", "f2")),
        percent=st.integers(0, 120),
    )
    def add_hook(self, pattern: str, step: str | None, percent: int) -> None:
        if len(self.runtime.hooks) > 5:
            self.runtime.clear_persona_hooks()
        event = "PreStep" if percent > 100 else f"OnBudgetThreshold({percent})"
        if step is None:
            self.runtime.register_persona_hook(pattern, event, None)
        else:
            self.runtime.register_step_hook(pattern, step, event, None)

    # ------------------------------------------------------------------------------------------ entering

    @rule(number=st.integers(0, 2), callee=st.integers(0, 4), args=st.lists(st.integers(), max_size=2))
    def call(self, number: int, callee: int, args: list[int]) -> None:
        """An entry is made exactly where the function is flagged; an unflagged call leaves all state equal."""
        task, function = self.task(number), self.functions[callee]
        if task.stack.depth() >= MOST_DEPTH:
            return
        assert self.runtime.is_tracked_function(function) == (function.tracked is not None)
        before = self.figures()
        self.push(task, function.tracked, args)
        if function.tracked is None:
            assert self.figures() == before

    @rule(number=st.integers(0, 2), callees=st.lists(st.integers(0, 4), min_size=3, max_size=6))
    def call_in_each_other(self, number: int, callees: list[int]) -> None:
        """Several at once, so that there is something to leave."""
        for callee in callees:
            self.call(number, callee, [])

    @rule(number=st.integers(0, 2), callees=st.permutations((0, 2, 1, 3)))
    def call_all_that_are_flagged(self, number: int, callees: list[int]) -> None:
        """Each under all that were called before."""
        for callee in callees:
            self.call(number, callee, [callee])

    def push(self, task: Task, tracked: Tracked | None, args: list[Any]) -> None:
        """A frame with what it carries, in the runtime and in the model."""
        entries = enter(self.runtime, task.stack, tracked, args)
        shadow = Shadow(tracked)
        task.shadows.append(shadow)
        if tracked is None or entries is None:
            assert tracked is None
            assert entries is None
            return
        if tracked.persona is not None:
            limit = tracked.persona.budget
            shadow.persona = Live(tracked.persona.name, step=False, inclusive=True)
            shadow.persona.limited(limit.max_tokens, _cents(limit.max_usd))
        if tracked.step is not None:
            limit = tracked.step.budget
            around = persona(task.visible)
            shadow.step = Live(tracked.step.name, step=True, inclusive=limit.inclusive)
            shadow.step.limited(limit.max_tokens, _cents(limit.max_usd))
            shadow.step.under = around.name if around is not None else ""
            step = entries.step
            assert step is not None
            assert step.calls is None
            assert list(step.args) == args
            self.made += 1
            self.kept[id(step)] = step, tracked.step

    # ------------------------------------------------------------------------------------------ leaving

    @rule(number=st.integers(0, 2))
    def returns(self, number: int) -> None:
        """The frame on top returns; at any other depth than the active step's taking off does nothing."""
        task = self.task(number)
        before = self.figures()
        for other in range(task.stack.depth() + 1):
            if self.runtime.active_step_frame_depth(task.stack) != other:
                assert self.runtime.take_active_step(task.stack, other) is None
                assert not self.runtime.pop_and_record(task.stack, other, COMPLETED, None)
        assert self.figures() == before
        if task.stack.depth() > task.floor:
            self.pop(task, COMPLETED)

    @rule(number=st.integers(0, 2), value=errors, owner=st.integers(0, 5), frames=st.integers(1, 4))
    def throws(self, number: int, value: Any, owner: int, frames: int) -> None:
        """An error goes through frames until one catches it or a boundary swallows it: each step it leaves has one record."""
        task = self.task(number)
        owners = [meter.owner for meter in meters(task.visible)]
        about = owners[owner] if isinstance(value, dict) and owner < len(owners) else None
        marked = value
        for _ in range(min(frames, task.stack.depth() - task.floor)):
            shadow, entries = task.shadows[-1], task.stack.records[-1]
            if shadow.step is None:
                self.pop(task, COMPLETED)
                continue
            entry = entries.step
            logged = len(self.log)
            live = [one for one in task.visible if one is not shadow.step]
            outside = belongs_outside(live, about)
            verdict = ask_boundary(entry, marked, owner_is_outside=outside)
            boundary = entry.definition.boundary
            budget = isinstance(value, dict) and value.get("category") != "other" and not outside
            expected = {CONTINUE: "skipped", ESCALATE: "escalated"}.get(boundary, FAILED) if budget else FAILED
            assert verdict.outcome == expected
            assert verdict.swallowed == (expected == "skipped")
            self.pop(task, verdict.outcome)
            assert len(self.log) == logged + 1
            assert self.log[-1][1] != COMPLETED
            if verdict.swallowed:
                return
            if isinstance(value, dict):
                assert is_step_budget_exhausted(verdict.value) == (value.get("category") != "other")
            marked = verdict.value

    @rule(number=st.integers(0, 2), attempts=st.integers(1, 3))
    def retries(self, number: int, attempts: int) -> None:
        """Each attempt is a fresh entry from zero, under the definition the call began with."""
        task = self.task(number)
        if task.stack.depth() == task.floor or task.shadows[-1].step is None:
            return
        tracked = task.shadows[-1].tracked
        for _ in range(attempts):
            self.pop(task, FAILED)
            self.push(task, tracked, [])

    @rule(number=st.integers(0, 2), callee=st.integers(0, 4), fails=st.booleans())
    def native_calls_back(self, number: int, callee: int, fails: bool) -> None:
        """A native and its callback come and go; what is below stands as it was, whatever became of them."""
        task = self.task(number)
        below = [(id(entry), entry.taken) for entry in _steps(task)]
        now = self.runtime.with_active_step(task.stack), self.runtime.current_persona_name(task.stack)
        self.push(task, None, [])
        self.push(task, self.functions[callee].tracked, [])
        self.pop(task, FAILED if fails else COMPLETED)
        self.pop(task, COMPLETED)
        assert [(id(entry), entry.taken) for entry in _steps(task)] == below
        assert now == (self.runtime.with_active_step(task.stack), self.runtime.current_persona_name(task.stack))

    def pop(self, task: Task, status: str) -> None:
        """The frame on top is left; a step on it is settled with this status."""
        shadow, entries = task.shadows[-1], task.stack.records[-1]
        error = None if status == COMPLETED else "text"
        if shadow.step is not None:
            at_once = error is None and len(self.log) % 2 == 0 and self.runtime.return_at_once(entries.step)
            assert at_once or self.runtime.pop_and_record(task.stack, task.stack.depth(), status, error)
            self.settled(entries.step, shadow.step, status, error)
            shadow.step = entries.step = None
        if shadow.persona is not None:
            self.runtime.pop_persona(entries)
            shadow.persona.over()
            assert entries.persona is None
        task.stack.records.pop()
        task.shadows.pop()

    def settled(self, entry: StepEntry, model: Live, status: str, error: str | None) -> None:
        """One more record, and what it must say."""
        model.over()
        served = entry.counted.last_model or entry.definition.model or None
        self.log.append(
            (model.name, status, model.tokens, model.calls, model.dollars / 100, served, model.under, error)
        )

    @rule(number=st.integers(0, 2), data=st.data())
    def prune(self, number: int, data: st.DataObject) -> None:
        """Nothing stands above, what is at or below stands as before, and again changes nothing."""
        task = self.task(number)
        depth = data.draw(st.integers(task.floor, task.stack.depth()))
        self.drop(task, depth)

    def drop(self, task: Task, depth: int) -> None:
        """Frames deeper than ``depth`` go without code of theirs being run."""
        gone = [one for one in reversed(task.shadows[depth:]) if not one.inherited]
        real = list(reversed(task.stack.records[depth:]))
        steps = [record.step for record in real if isinstance(record, Entries) and record.step is not None]
        below = [(r.step, r.persona) for r in task.stack.records[:depth] if isinstance(r, Entries)]
        records = self.runtime.prune_below_frame(task.stack, depth, "dropped")
        own = [step for step in steps if step.copy_of is None]
        for entry, shadow in zip(own, [one for one in gone if one.step is not None]):
            assert shadow.step is not None
            self.settled(entry, shadow.step, CANCELLED, "dropped")
        for shadow in gone:
            if shadow.persona is not None:
                shadow.persona.over()
        assert [record.name for record in records] == [entry.definition.name for entry in own]
        assert all(record.status == CANCELLED for record in records)
        assert not any(isinstance(r, Entries) and (r.step or r.persona) for r in task.stack.records[depth:])
        assert [(r.step, r.persona) for r in task.stack.records[:depth] if isinstance(r, Entries)] == below
        assert self.runtime.prune_below_frame(task.stack, depth) == []
        del task.stack.records[depth:]
        del task.shadows[depth:]

    # ------------------------------------------------------------------------------------------ segments, tasks, barriers

    @rule(number=st.integers(0, 2), frames=st.integers(1, 3))
    def rest(self, number: int, frames: int) -> None:
        """The frames on top are cut off at a yield: no longer live, and nothing of theirs settled."""
        task = self.task(number)
        start = max(task.floor, task.stack.depth() - frames)
        if start == task.stack.depth() or len(task.resting) > 2:
            return
        task.resting.append((task.stack.records[start:], task.shadows[start:]))
        del task.stack.records[start:]
        del task.shadows[start:]

    @precondition(lambda self: any(task.resting for task in self.tasks))
    @rule(number=st.integers(0, 2))
    def pull(self, number: int) -> None:
        """The frames that rested longest are put on top, with the same entries."""
        task = self.task(number)
        if task.resting:
            records, shadows = task.resting.pop(0)
            task.stack.records += records
            task.shadows += shadows

    @rule(number=st.integers(0, 2))
    def spawn(self, number: int) -> None:
        """A child gets copies of what is visible; no entry of the parent changes."""
        if len(self.tasks) >= MOST_TASKS:
            return
        parent, child = self.task(number), Task()
        before = self.figures()
        start = max((n for n, s in enumerate(parent.shadows, 1) if s.barrier), default=0)
        for record, shadow in zip(parent.stack.records[start:], parent.shadows[start:]):
            copy = Shadow(inherited=True)
            entries = Entries()
            if shadow.step is not None:
                copy.step, entries.step = shadow.step.inherited(), record.step.attribution_copy()
                assert entries.step.copy_of is record.step
            if shadow.persona is not None:
                copy.persona, entries.persona = shadow.persona.inherited(), record.persona.attribution_copy()
            child.stack.records.append(entries)
            child.shadows.append(copy)
        self.tasks.append(child)
        assert self.figures()[: len(before)] == before

    @precondition(lambda self: len(self.tasks) > 1)
    @rule()
    def cancel(self) -> None:
        """A task is dropped with all that stands and rests in it; the others do not notice."""
        task = self.tasks.pop()
        before = self.figures()
        self.drop(task, 0)
        for records, shadows in reversed(task.resting):
            task.stack.records, task.shadows = records, shadows
            self.drop(task, 0)
        assert not task.stack.records
        exclusive = [figures[:4] for figures in before]
        assert [figures[:4] for figures in self.figures()] == exclusive

    @rule(number=st.integers(0, 2))
    def raise_barrier(self, number: int) -> None:
        """Above a barrier the context is empty."""
        task = self.task(number)
        if sum(shadow.barrier for shadow in task.shadows) < 2:
            self.runtime.take_active_context(task.stack)
            task.shadows.append(Shadow(barrier=True))
            assert self.runtime.with_active_step(task.stack) is None
            assert self.runtime.current_persona_name(task.stack) is None
            assert meters_of(task.stack) == ()

    @rule(number=st.integers(0, 2))
    def lower_barrier(self, number: int) -> None:
        """Below it the same objects stand: the invariants compare them."""
        task = self.task(number)
        if task.shadows and task.shadows[-1].barrier:
            self.runtime.restore_active_context(task.stack)
            task.shadows.pop()

    # ------------------------------------------------------------------------------------------ model calls

    @rule(number=st.integers(0, 2), model=st.sampled_from(("", "served")), given=counts, made=counts, cost=cents)
    def usage(self, number: int, model: str, given: int, made: int, cost: float) -> None:
        """Charged to the active step's counters and to every meter that counts it, and to nothing else."""
        task = self.task(number)
        tokens, amount = max(0, given) + max(0, made), _cents(cost) or 0
        live = task.visible
        entry, charged = active(live), meters(live)
        last = real.counted.last_model if (real := self.runtime.with_active_step(task.stack)) is not None else ""
        before = [meter.recorded.tokens for meter in meters_of(task.stack)]
        unmoved = self.figures() if entry is None and not charged else None
        charge = self.runtime.record_step_llm_usage(task.stack, model, given, made, cost)
        if entry is not None and real is not None:
            entry.tokens += tokens
            entry.dollars += amount
            entry.calls += 1
            assert real.counted.last_model == (model or last)
        for meter in charged:
            meter.add(tokens, amount)
        crossed = next(((meter, limit) for meter in charged if (limit := meter.crossed()) is not None), None)
        assert (charge.crossed is None) == (crossed is None)
        if charge.crossed is not None and crossed is not None:
            assert _name(charge.crossed[0].owner) == crossed[0].owner.name
            assert charge.crossed[1] == crossed[1]
        assert all(now.recorded.tokens >= then for now, then in zip(meters_of(task.stack), before))
        assert unmoved is None or self.figures() == unmoved
        assert [(hook.number, _name(owner)) for hook, owner, _ in charge.thresholds] == self.due(charged)

    def due(self, charged: list[Any]) -> list[tuple[int, str]]:
        """Threshold hooks that should fire now: once for each entry."""
        found = []
        for meter in charged:
            owner = meter.owner
            under, step = (owner.under, owner.name) if owner.step else (owner.name, None)
            for hook in self.runtime.hooks:
                fits = hook.event == "OnBudgetThreshold" and _globs(hook.pattern, under) and hook.step in (None, step)
                if (
                    fits
                    and not owner.copy
                    and hook.number not in owner.told
                    and meter.percent() >= float(hook.percent or 0)
                ):
                    owner.told.add(hook.number)
                    found.append((hook.number, owner.name))
        return found

    @rule()
    def drain(self) -> None:
        """Drain returns what peek showed, then peek is empty."""
        shown = self.runtime.peek_completed_steps()
        assert self.runtime.drain_completed_steps() == shown
        assert self.runtime.peek_completed_steps() == []
        self.drained += len(shown)

    # ------------------------------------------------------------------------------------------ what always holds

    @invariant()
    def counted(self) -> None:
        type(self).steps += 1

    @invariant()
    def entries_are_accounted_for(self) -> None:
        """Entries made = records + live + resting ones."""
        live = sum(s.step is not None for task in self.tasks for _, s in task.everything if not s.inherited)
        assert self.made == len(self.log) + live

    @invariant()
    def the_log_is_in_order_of_settling(self) -> None:
        """It holds what was settled since the last drain, each with its own figures, and survives JSON."""
        records = self.runtime.peek_completed_steps()
        expected = self.log[self.drained :]
        assert [
            (r.name, r.status, r.input_tokens + r.output_tokens, r.llm_calls, r.cost_usd, r.model, r.persona, r.error)
            for r in records
        ] == expected
        for record in records[-1:]:
            shown = completed_step_to_json(record)
            assert json.loads(json.dumps(shown)) == shown
        assert all(entry.args == () for entry in self.runtime.settled), "the log keeps no argument alive"

    @invariant()
    def depths_are_read_off(self) -> None:
        """The active step and the current persona are the innermost above the nearest barrier, at the depths of their frames."""
        for task in self.tasks:
            stack, places = task.stack, []
            for place in range(stack.depth(), 0, -1):
                if task.shadows[place - 1].barrier:
                    break
                if task.shadows[place - 1].step is not None:
                    places.append(place)
            assert self.runtime.active_step_frame_depth(stack) == (places[0] if places else None)
            assert places == sorted(set(places), reverse=True)
            assert all(1 <= place <= stack.depth() for place in places)
            entry = self.runtime.with_active_step(stack)
            assert entry is (stack.records[places[0] - 1].step if places else None)
            assert self.runtime.active_step_model_default(stack) == (entry.definition.model or None if entry else None)
            around = persona(task.visible)
            assert self.runtime.current_persona_name(stack) == (around.name if around is not None else None)

    @invariant()
    def every_entry_says_what_the_model_says(self) -> None:
        """Counters and meters of all tasks: nothing was charged anywhere but where it belongs; definitions are kept."""
        for task in self.tasks:
            for record, shadow in task.everything:
                if isinstance(record, Entries):
                    assert (record.step is None, record.persona is None) == (
                        shadow.step is None,
                        shadow.persona is None,
                    )
                    for entry, model in ((record.step, shadow.step), (record.persona, shadow.persona)):
                        if entry is not None and model is not None:
                            _compare(entry, model)
                    if record.step is not None and not shadow.inherited:
                        assert record.step.definition is self.kept[id(record.step)][1]

    def figures(self) -> list[tuple[Any, ...]]:
        """All state there is, to be compared."""
        return [
            (
                id(e),
                e.counted.input_tokens,
                e.counted.output_tokens,
                e.counted.llm_calls,
                e.counted.cost,
                e.taken,
                e.meter and e.meter.recorded.tokens,
            )
            for task in self.tasks
            for record, _ in task.everything
            if isinstance(record, Entries) and (e := record.step) is not None
        ]

    def teardown(self) -> None:
        """When all tasks are dropped nothing stands, and reset leaves a runtime like a fresh one."""
        type(self).runs += 1
        for task in self.tasks:
            records = [record for record, _ in task.everything]
            task.stack.records = [record for record in records if record is not Stack.BARRIER]
            self.runtime.prune_below_frame(task.stack, 0)
            assert not any(isinstance(r, Entries) and (r.step or r.persona) for r in task.stack.records)
        assert len(self.runtime.peek_completed_steps()) == self.made - self.drained
        for entry, _ in self.kept.values():
            assert entry.meter is None or entry.meter.closed
        self.runtime.reset()
        assert self.runtime.peek_completed_steps() == []
        assert self.runtime.hooks == []


def _compare(entry: StepEntry | PersonaEntry, model: Live) -> None:
    if isinstance(entry, StepEntry):
        assert entry.counted.input_tokens + entry.counted.output_tokens == model.tokens
        assert float(entry.counted.cost) == model.dollars / 100
        assert entry.counted.llm_calls == model.calls
        assert entry.persona_name == model.under
    assert (entry.meter is None) == (model.meter is None)
    if entry.meter is not None and model.meter is not None:
        assert entry.meter.recorded.tokens == model.meter.tokens
        assert float(entry.meter.recorded.dollars) == model.meter.dollars / 100
        assert entry.meter.closed == model.meter.closed


def _carried(function: Function) -> tuple[Any, ...]:
    """What a function object says of itself."""
    tracked = function.tracked
    return (function.flags,) if tracked is None else (function.flags, tracked.step, tracked.persona, tracked.asks)


def _steps(task: Task) -> list[StepEntry]:
    return [record.step for record in task.stack.records if isinstance(record, Entries) and record.step is not None]


def _name(owner: Any) -> str:
    name: str = owner.definition.name
    return name


def _cents(dollars: Any) -> int | None:
    """Dollars in cents; what is no amount is nothing."""
    if dollars is None:
        return None
    return round(float(dollars) * 100) if 0 <= float(dollars) < 1000 else 0


def _globs(pattern: str, name: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern


@pytest.mark.parametrize("part", range(PARTS))
def test_random_operations(part: int) -> None:
    machine = type(f"Part{part}", (StepRuntimeMachine,), {"steps": 0, "runs": 0})
    run_state_machine_as_test(machine, settings=settings(max_examples=examples(EXAMPLES), stateful_step_count=STEPS))
    # Once at the beginning of every run the invariants are looked at without a step.
    assert machine.steps - machine.runs >= LEAST  # type: ignore[attr-defined]
