"""Flagged functions: how a call of a step or persona is entered.

    1 arguments as passed, definition read     4 arity, types, depth
    2 PreStep hooks                            5 frame, persona, step, span, stage policy
    3 approval                                 6 the callee evaluates its defaults

Stages 1 to 3 are a native (``EnterTracked``) that stays below the frame: it receives the result, and is asked before the boundary
whether the step is to be tried again. A call for which they have nothing to do begins with stage 4, without it. How such a
frame is left stands in ``harn.vm.leave`` and ``harn.vm.settle``.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.steps import hooks as hooking
from harn.steps.definitions import PersonaDefinition, StepDefinition, Tracked
from harn.steps.entries import StepEntry
from harn.steps.policies import Policy, builtin_refusal, in_force
from harn.steps.runtime import StepRuntime
from harn.values.errors import HarnError, category_error
from harn.values.kinds import Closure, Generator
from harn.vm.chain import FrameChain
from harn.vm.enter import make_frame
from harn.vm.frame import Answer, Call, Done, EnterFrame, Frame, Native, OnlyStep, Side, Throw
from harn.vm.hooks import AskHuman, dispatch


def enter_tracked(
    steps: StepRuntime, vm: Any, task: Any, callee: Closure, args: list[Any], seen: Tracked | None = None
) -> tuple[Any, ...] | None:
    """Call a flagged function: a request for the pump, or None where its frame stands on top.

    ``seen``: what the function carried when the call began, where stages 1 to 3 are done.
    """
    if seen is not None:
        tracked = seen
    else:
        # Read once, when the call begins: a later registration changes only later calls.
        tracked = callee.tracked
        if tracked.asks or (steps.hooks and steps.hears(hooking.PRE_STEP, tracked.step)):
            return ("start", EnterTracked(callee, args))
    frame = make_frame(vm, task, callee, args)
    if tracked.persona is not None or callee.code.generator:
        return _push_whole(vm, task, frame, args, tracked)
    frame.side = side = OnlyStep()
    side.policy = None
    task.frames.append(frame)
    if steps.personas or vm.tracer is not None:
        push_entries(vm, task, side, tracked, args)
    else:  # nothing to look for around the step and nobody to tell: stage 5 is the entry alone
        side.step = StepEntry(tracked.step, None, args)  # type: ignore[arg-type]  # no persona, so it is a step
    return None


def _push_whole(vm: Any, task: Any, frame: Frame, args: list[Any], tracked: Tracked) -> tuple[Any, ...] | None:
    """The frame of a persona, or of a generator, which waits for its first pull and is delivered."""
    frame.side = side = Side()
    if frame.code.generator:
        side.pending = (tracked, args)
        return ("deliver", Generator([frame], "stream" in frame.code.chunk.flags, home=task))
    task.frames.append(frame)
    push_entries(vm, task, side, tracked, args)
    return None


class EnterTracked(Native):
    """A call of a flagged function, from its arguments to its result."""

    __slots__ = ("args", "attempts", "callee", "persona", "stage", "tracked")
    name = "step"
    edge = False
    in_context = True

    def __init__(self, callee: Closure, args: list[Any]) -> None:
        self.callee = callee
        self.args = args
        self.tracked: Tracked = callee.tracked
        self.attempts = self.tracked.step.attempts if self.tracked.step is not None else 1  # left, this one included
        self.persona: PersonaDefinition | None = None
        self.stage = "called"

    def resume_in(self, context: Any, value: Any) -> Answer:
        step = self.tracked.step
        assert step is not None  # a persona that is no step has nothing that this native is for
        if self.stage == "called":
            self.stage = "hooked"
            if step.approval or context.vm.steps.hooks:
                self.persona = self.tracked.persona or _current_persona(context.task)
                return dispatch(
                    context.vm, hooking.PRE_STEP, self.persona, step, self.args, fold="args", value=self.args
                )
            value = self.args
        if self.stage == "hooked":
            self.args = value
            if step.approval:
                _permit_asking(context.vm)
                self.stage = "announced"
                return dispatch(context.vm, hooking.APPROVAL, self.persona, step, self.args)
        elif self.stage == "announced":
            self.stage = "asked"
            question = {
                "kind": "step_approval", "step": step.name, "function": step.function,
                "persona": self.persona.name if self.persona is not None else "", "args": list(self.args),
            }  # fmt: skip
            return Call(AskHuman(question, self.persona))
        elif self.stage == "asked":
            _check_approval(step, value)
        else:
            return Done(value)
        self.stage = "running"
        return EnterFrame(self.callee, self.args, self.tracked)

    def fail(self, error: HarnError) -> Answer:
        return Throw(error)


def _current_persona(task: Any) -> PersonaDefinition | None:
    found = FrameChain(task.frames).persona()
    return found.definition if found is not None else None


def _permit_asking(vm: Any) -> None:
    """Asking is an effect like those of builtins: the run's policy may forbid it (HarnError)."""
    if vm.policy is not None:
        refusal = vm.policy.judge(("approval: required",), frozenset(("human.ask",)))
        if refusal is not None:
            raise refusal


def _check_approval(step: StepDefinition, answer: Any) -> None:
    if answer is True or (isinstance(answer, dict) and answer.get("approved") is True):
        return
    reason = answer.get("reason") if isinstance(answer, dict) else None
    raise hooking.approval_denial(step, reason if isinstance(reason, str) else "approval refused")


def push_entries(vm: Any, task: Any, side: Side | OnlyStep, tracked: Tracked, args: list[Any]) -> None:
    """Stage 5 for the frame on top, whose side record is given: persona, step, span, stage policy."""
    steps = vm.step_runtime
    if tracked.persona is not None:
        steps.maybe_push_active_persona(side, tracked)
    if tracked.step is None:
        return
    steps.maybe_push_active_step(FrameChain(task.frames), side, tracked, args)
    entry = side.step
    assert entry is not None
    if vm.tracer is not None:
        entry.span = vm.tracer.begin_step(task, entry)
    persona = entry.persona
    stage = persona.stage(entry.definition.name) if persona is not None and persona.stages else None
    if stage is not None:
        tools = None if stage.allowed_tools is None else frozenset(stage.allowed_tools)
        side.policy = Policy(tools, stage.side_effect_level or None)
        vm.policies_used = True


def policies_of(task: Any) -> list[Policy]:
    """The stage policies of a task, outermost first. A barrier hides steps, not what they may do."""
    chain = FrameChain(task.frames)
    carriers = (chain.entries_at(depth) for depth in range(1, chain.depth() + 1))
    return [carrier.policy for carrier in carriers if carrier is not None and carrier.policy is not None]


def check_stage_policies(task: Any, record: Any) -> None:
    """Refuse a builtin that a stage in force bars (HarnError, category ``permission_denied``)."""
    refusal = builtin_refusal(in_force(policies_of(task)), record.name, record.effects)
    if refusal is not None:
        raise category_error("permission_denied", refusal)
