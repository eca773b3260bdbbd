"""Flagged functions: how a call of a step or persona is entered, and the stages of leaving that concern it.

    enter   1 arguments as passed            leave   2 the step is taken off
            2 PreStep hooks                          3 PostStep hooks, retry, the boundary
            3 approval                               4 the step is settled
            4 arity, types, depth                    5 persona and frame are popped
            5 frame, persona, step, policy
            6 the callee's defaults

Stages 1 to 3 are a native (``EnterTracked``) that stays below the frame: it receives the result, and is asked before the boundary
whether the step is to be tried again. ``harn.vm.leave`` walks the stages of leaving; those that run hooks are natives above
the frame.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.steps import hooks as hooking
from harn.steps.budgets import ask_boundary, is_step_budget_exhausted
from harn.steps.definitions import PersonaDefinition, StepDefinition, Tracked
from harn.steps.entries import Entries, StepEntry, current_persona, meters_of, walk
from harn.steps.log import CANCELLED, COMPLETED, FAILED, error_text
from harn.steps.policies import Policy, builtin_refusal, in_force
from harn.values.errors import THROWN, HarnError, category_error, thrown
from harn.values.kinds import Closure
from harn.vm.chain import FrameChain
from harn.vm.frame import (
    ABORT,
    EXIT,
    RETURN,
    THROW,
    Answer,
    Call,
    Completion,
    Done,
    Effect,
    EnterFrame,
    Frame,
    Left,
    Native,
    Perform,
    Side,
    Throw,
)  # fmt: skip


class RunHooks(Native):
    """Runs the handlers of one event in turn, behind a barrier. ``fold`` says what an answer means.

    ``args``: it may deny or replace the step's arguments; ``output``: it may replace the step's value; empty: it is ignored.
    """

    __slots__ = ("fold", "handlers", "payload", "place", "step", "value")
    name = "hook"
    edge = False
    barrier = True

    def __init__(
        self, handlers: list[Any], payload: dict[str, Any], step: StepDefinition | None, fold: str, value: Any
    ) -> None:
        self.handlers = handlers
        self.payload = payload
        self.step = step
        self.fold = fold
        self.value = value
        self.place = 0

    def start(self) -> Answer:
        return self._next()

    def resume(self, value: Any) -> Answer:
        if self.fold == "args":
            assert self.step is not None
            changed = hooking.read_pre_answer(value, self.step)
            if changed is not None:
                self.value = changed
        elif self.fold == "output":
            self.value = hooking.read_post_answer(value, self.value)
        return self._next()

    def _next(self) -> Answer:
        if self.place == len(self.handlers):
            return Done(self.value)
        handler = self.handlers[self.place]
        self.place += 1
        told = dict(self.payload)
        if self.fold == "args":
            told["step"] = {**told["step"], "args": list(self.value)}
        elif self.fold == "output":
            told["output"] = self.value
        return Call(handler, told)


def dispatch(
    vm: Any, event: str, persona: PersonaDefinition | None, step: StepDefinition | None, args: list[Any],
    *, fold: str = "", value: Any = None, **added: Any,
) -> Call:  # fmt: skip
    """Run the hooks of an event; the answer's value is ``value`` as the handlers left it."""
    handlers = [hook.handler for hook in vm.steps.matching_hooks(event, persona, step)]
    told = {**hooking.payload(event, persona, step, args), **added}
    return Call(RunHooks(handlers, told, step, fold, value))


class AskHuman(Native):
    """Asks a person: OnPersonaPaused, the effect, OnPersonaResumed. Gives the answer."""

    __slots__ = ("answer", "persona", "question", "stage")
    name = "human.ask"
    edge = False
    in_context = True

    def __init__(self, question: dict[str, Any], persona: PersonaDefinition | None) -> None:
        self.question = question
        self.persona = persona
        self.stage = 0
        self.answer: Any = None

    def resume_in(self, context: Any, value: Any) -> Answer:
        self.stage += 1
        if self.stage == 1 and self.persona is not None:
            return dispatch(context.vm, hooking.PAUSED, self.persona, None, [])
        if self.stage <= 2:
            self.stage = 2
            return Perform(Effect("human.ask", "ask", self.question))
        if self.stage == 3:
            self.answer = value
            if self.persona is not None:
                return dispatch(context.vm, hooking.RESUMED, self.persona, None, [])
        return Done(self.answer)


class EnterTracked(Native):
    """A call of a flagged function, from its arguments to its result."""

    __slots__ = ("args", "attempts", "callee", "persona", "stage", "tracked")
    name = "step"
    edge = False
    in_context = True

    def __init__(self, callee: Closure, args: list[Any]) -> None:
        self.callee = callee
        self.args = args
        # Read once, when the call begins: a later registration changes only later calls.
        self.tracked: Tracked = callee.tracked
        self.attempts = self.tracked.step.attempts if self.tracked.step is not None else 1
        self.persona: PersonaDefinition | None = None
        self.stage = "called"

    def resume_in(self, context: Any, value: Any) -> Answer:
        step = self.tracked.step
        if self.stage == "called" and step is not None:
            self.stage = "hooked"
            if step.approval or context.vm.steps.hooks:
                self.persona = self.tracked.persona or _current_persona(context.task)
                return dispatch(
                    context.vm, hooking.PRE_STEP, self.persona, step, self.args, fold="args", value=self.args
                )
            value = self.args
        if self.stage == "hooked" and step is not None:
            self.args = value
            if step.approval:
                self.stage = "announced"
                return dispatch(context.vm, hooking.APPROVAL, self.persona, step, self.args)
        elif self.stage == "announced" and step is not None:
            self.stage = "asked"
            question = {
                "kind": "step_approval", "step": step.name, "function": step.function,
                "persona": self.persona.name if self.persona is not None else "", "args": list(self.args),
            }  # fmt: skip
            return Call(AskHuman(question, self.persona))
        elif self.stage == "asked" and step is not None:
            _check_approval(step, value)
        elif self.stage == "running":
            return Done(value)
        self.stage = "running"
        return EnterFrame(self.callee, self.args, self.tracked)

    def fail(self, error: HarnError) -> Answer:
        return Throw(error)


def flagged_call(vm: Any, callee: Closure, args: list[Any]) -> tuple[Any, ...]:
    """The request that calls a flagged function. Where stages 2 and 3 have nothing to do it begins with stage 4."""
    tracked: Tracked = callee.tracked
    step = tracked.step
    if step is None or (step.attempts == 1 and not step.approval and not vm.steps.hooks):
        return ("enter", callee, args, tracked)
    return ("start", EnterTracked(callee, args))


def _current_persona(task: Any) -> PersonaDefinition | None:
    found = current_persona(FrameChain(task.frames))
    return found.definition if found is not None else None


def _check_approval(step: StepDefinition, answer: Any) -> None:
    if answer is True or (isinstance(answer, dict) and answer.get("approved") is True):
        return
    reason = answer.get("reason") if isinstance(answer, dict) else None
    raise hooking.approval_denial(step, reason if isinstance(reason, str) else "approval refused")


def push_entries(vm: Any, task: Any, frame: Frame, tracked: Tracked, args: list[Any]) -> None:
    """Stage 5 of entering, for the frame on top: persona, step, span, stage policy."""
    side = frame.side
    if side is None:
        side = frame.side = Side()
    entries = side.entries = Entries()
    chain = FrameChain(task.frames)
    vm.steps.maybe_push_active_persona(entries, tracked)
    if not vm.steps.maybe_push_active_step(chain, entries, tracked, args):
        return
    entry = entries.step
    assert entry is not None
    if vm.tracer is not None:
        entry.span = vm.tracer.begin_step(task, entry)
    stage = entry.persona.stage(entry.definition.name) if entry.persona is not None else None
    if stage is not None:
        tools = None if stage.allowed_tools is None else frozenset(stage.allowed_tools)
        side.policy = Policy(tools, stage.side_effect_level or None)
        vm.policies_used = True


def policies_of(task: Any) -> list[Policy]:
    """The stage policies of a task, outermost first. A barrier hides steps, not what they may do."""
    sides = (record.side for record in task.frames if record.__class__ is Frame and record.side is not None)
    return [side.policy for side in sides if side.policy is not None]


def check_stage_policies(task: Any, record: Any) -> None:
    """Refuse a builtin that a stage in force bars (HarnError, category ``permission_denied``)."""
    refusal = builtin_refusal(in_force(policies_of(task)), record.name, record.effects)
    if refusal is not None:
        raise category_error("permission_denied", refusal)


# ------------------------------------------------------------------------------------------------- leaving


class LeaveHooks(Native):
    """Stage 3 of leaving where hooks run: PostStep for a value, OnHandoffEmitted for a marked error."""

    __slots__ = ("call", "error", "frame", "started")
    name = "step"
    edge = False

    def __init__(self, frame: Frame, call: Call, error: HarnError | None) -> None:
        self.frame = frame
        self.call = call
        self.error = error
        self.started = False

    def resume(self, value: Any) -> Answer:
        if not self.started:
            self.started = True
            return self.call
        if self.error is not None:
            return Left(Completion(THROW, self.error))
        return Left(Completion(RETURN, value))

    def fail(self, error: HarnError) -> Answer:
        """A hook's error replaces the completion and is not looked at again."""
        side = self.frame.side
        assert side is not None
        side.outcome = FAILED
        side.fault = error
        return Left(Completion(THROW, error))


def leave_step(vm: Any, task: Any, frame: Frame, completion: Completion) -> tuple[Any, ...] | None:
    """Stages 2 and 3 for the step of the frame on top: a request for the pump, or None to settle with this completion."""
    side = frame.side
    assert side is not None
    assert side.entries is not None
    assert side.entries.step is not None
    entry = side.entries.step
    entry.taken = True
    if entry.meter is not None:
        entry.meter.close()
    if completion.kind == RETURN:
        side.outcome = COMPLETED
        if not vm.steps.hooks:
            return None
        call = dispatch(
            vm, hooking.POST_STEP, entry.persona, entry.definition, entry.args, fold="output", value=completion.payload
        )
        assert isinstance(call.callee, RunHooks)
        return ("start", LeaveHooks(frame, call, None)) if call.callee.handlers else None
    if completion.kind == THROW:
        return _leave_by_error(vm, task, frame, entry, completion)
    side.outcome = CANCELLED
    return None


def _leave_by_error(
    vm: Any, task: Any, frame: Frame, entry: StepEntry, completion: Completion
) -> tuple[Any, ...] | None:
    side = frame.side
    assert side is not None
    error: HarnError = completion.payload
    side.fault = error
    if error.ending:
        side.outcome = CANCELLED
        return None
    enter = task.frames[-2]
    if enter.__class__ is EnterTracked and enter.attempts > 1 and _may_retry(task, entry, error):
        enter.attempts -= 1
        settle(vm, task, frame, FAILED, error)
        assert side.entries is not None
        vm.steps.pop_persona(side.entries)
        task.frames.pop()
        return ("enter", enter.callee, enter.args, enter.tracked)
    verdict = ask_boundary(entry, _budget_value(error), owner_is_outside=_owner_outside(task, entry, error))
    side.outcome = verdict.outcome
    if verdict.swallowed:
        completion.kind, completion.payload = RETURN, None
    elif verdict.outcome == "escalated":
        marked = thrown(verdict.value)
        marked.trace, marked.owner = error.trace, error.owner
        completion.payload = marked
        call = dispatch(vm, hooking.HANDOFF_EMITTED, entry.persona, entry.definition, entry.args, error=verdict.value)
        assert isinstance(call.callee, RunHooks)
        if call.callee.handlers:
            return ("start", LeaveHooks(frame, call, marked))
    return None


def _budget_value(error: HarnError) -> Any:
    return error.payload if error.kind == THROWN else None


def _owner_outside(task: Any, entry: StepEntry, error: HarnError) -> bool:
    """Whether the budget an error is about belongs to a step or persona that encloses this step and goes on."""
    owner = error.owner
    if owner is None or owner is entry:
        return False
    for _, entries in walk(FrameChain(task.frames)):
        step, persona = entries.step, entries.persona
        if (
            step is not None
            and not step.taken
            and (step is owner or (step.meter is not None and step.meter.owner is owner))
        ):
            return True
        if persona is not None and (persona is owner or (persona.meter is not None and persona.meter.owner is owner)):
            return True
    return False


def _may_retry(task: Any, entry: StepEntry, error: HarnError) -> bool:
    """Not a denial, nor an exhausted budget while a meter of an enclosing entry has nothing left."""
    value = _budget_value(error)
    if isinstance(value, dict) and value.get("category") in ("hook_denied", "approval_denied"):
        return False
    if is_step_budget_exhausted(value):
        return not any(meter.exhausted(meter.recorded.dollars) for meter in meters_of(FrameChain(task.frames)))
    return True


def settle(vm: Any, task: Any, frame: Frame, outcome: str, error: HarnError | None) -> None:
    """Stage 4: the policy is popped, the span ended, one record logged."""
    side = frame.side
    assert side is not None
    assert side.entries is not None
    entry = side.entries.step
    if entry is None:
        return
    side.entries.step = None
    side.policy = None
    text = None if outcome == COMPLETED else error_text(error) if error is not None else "task cancelled"
    record = vm.steps.finish_active_step(entry, outcome, text)
    if vm.tracer is not None and entry.span is not None:
        vm.tracer.end_step(entry, record)


def settle_all(vm: Any, task: Any, completion: Completion) -> None:
    """Frames that go without running Harn code: their steps are settled as cancelled, innermost first."""
    text = str(completion.payload) if completion.kind in (EXIT, ABORT) else "task cancelled"
    _prune(vm, task.frames, text)
    settle_resting(vm, task, text)


def settle_resting(vm: Any, task: Any, text: str = "task cancelled") -> None:
    """Generators that rest in the middle of a step when their task ends: left, newest first, without running Harn code."""
    for generator in reversed(list(task.resting.values())):
        _prune(vm, generator.frames, text)
        generator.frames = []
        generator.done = True
    task.resting.clear()


def _prune(vm: Any, frames: list[Any], text: str) -> None:
    """Settle what stands on frames that are dropped, and end the spans."""
    chain = FrameChain(frames)
    found = [chain.entries_at(depth) for depth in range(chain.depth(), 0, -1)]
    steps = [one.step for one in found if one is not None and one.step is not None and one.step.copy_of is None]
    records = vm.steps.prune_below_frame(chain, 0, text)
    if vm.tracer is not None:
        for entry, record in zip(steps, records):
            if entry.span is not None:
                vm.tracer.end_step(entry, record)
