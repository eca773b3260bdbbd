"""What leaving a frame means for its step: the stages of ``harn.vm.leave`` that concern it.

    2 the step is taken off
    3 PostStep hooks; retry, then the boundary
    4 the step is settled

Stages that run hooks are natives above the frame.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.steps import hooks as hooking
from harn.steps.budgets import ask_boundary, is_step_budget_exhausted, names
from harn.steps.entries import StepEntry, meters_of
from harn.steps.log import CANCELLED, COMPLETED, FAILED, TASK_CANCELLED, error_text, record_of
from harn.values.errors import THROWN, HarnError, thrown
from harn.vm.chain import FrameChain
from harn.vm.children import Inherited
from harn.vm.frame import ABORT, EXIT, RETURN, THROW, Answer, Call, Completion, Frame, Left, Native, Side, whole_side
from harn.vm.hooks import RunHooks, dispatch
from harn.vm.tracked import EnterTracked


class LeaveHooks(Native):
    """Stage 3 of leaving where hooks run: PostStep for a value, OnHandoffEmitted for a marked error."""

    __slots__ = ("call", "error", "frame", "started")
    name = "step"
    edge = False
    ends_cancel = True

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
        side = whole_side(self.frame)
        side.outcome = CANCELLED if error.ending else FAILED
        side.fault = error
        return Left(Completion(THROW, error))


def take_step(vm: Any, task: Any, frame: Frame, completion: Completion) -> tuple[Any, ...] | None:
    """Stages 2 and 3 for the step of the frame on top: a request for the pump, or None to settle with this completion."""
    side = whole_side(frame)
    entry = side.step
    assert entry is not None
    entry.take_off()
    if completion.kind == RETURN:
        side.outcome = COMPLETED
        if not vm.step_runtime.hears(hooking.POST_STEP, entry.definition):
            return None
        call = dispatch(
            vm, hooking.POST_STEP, entry.persona, entry.definition, entry.args, fold="output", value=completion.payload
        )
        assert isinstance(call.callee, RunHooks)
        return ("start", LeaveHooks(frame, call, None)) if call.callee.handlers else None
    return _leave_by_error(vm, task, frame, entry, completion)


def _leave_by_error(
    vm: Any, task: Any, frame: Frame, entry: StepEntry, completion: Completion
) -> tuple[Any, ...] | None:
    side = whole_side(frame)
    error: HarnError = completion.payload
    side.fault = error
    if error.ending:
        side.outcome = CANCELLED
        return None
    enter = task.frames[-2]
    if enter.__class__ is EnterTracked and enter.attempts > 1 and _may_retry(task, entry, error):
        enter.attempts -= 1
        side.outcome = FAILED
        settle_step(vm, side)
        vm.step_runtime.pop_persona(side)
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
    """Whether the budget an error is about belongs to a step or persona that encloses this step and goes on.

    An error that a script has thrown again has no owner any more: then it is the one that it names, with nothing left.
    """
    owner, value = error.owner, _budget_value(error)
    if owner is entry or (owner is None and (not is_step_budget_exhausted(value) or names(value, entry))):
        return False
    for _, entries in FrameChain(task.frames).outward():
        for around in (entries.step, entries.persona):
            if around is None or (isinstance(around, StepEntry) and around.taken):
                continue
            meter = around.meter
            if owner is None:
                if meter is not None and meter.exhausted(meter.recorded.dollars) and names(value, around):
                    return True
            elif around is owner or (meter is not None and meter.owner is owner):
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


def settle_step(vm: Any, side: Side) -> None:
    """Stage 4: the step has its outcome, the policy is popped, one record is logged, the span ended."""
    entry = side.step
    assert entry is not None
    side.step = None
    side.policy = None
    outcome = side.outcome
    vm.step_runtime.finish_active_step(entry, outcome, None if outcome == COMPLETED else _error_text(side))
    if entry.span is not None:
        vm.tracer.end_step(entry, record_of(entry))


def _error_text(side: Side) -> str:
    """What the record says of the error behind an outcome."""
    return error_text(side.fault) if side.fault is not None else TASK_CANCELLED


def settle_frames(vm: Any, frames: list[Any], completion: Completion) -> None:
    """Frames are about to go without running Harn code: their steps are settled as cancelled, innermost first, spans ended.

    What a task inherited is not its own to settle.
    """
    text = str(completion.payload) if completion.kind in (EXIT, ABORT) else TASK_CANCELLED
    chain = FrameChain([record for record in frames if record.__class__ is not Inherited])
    found = [chain.entries_at(depth) for depth in range(chain.depth(), 0, -1)]
    steps = [one.step for one in found if one is not None and one.step is not None and one.step.copy_of is None]
    records = vm.step_runtime.prune_below_frame(chain, 0, text)
    if vm.tracer is not None:
        for entry, record in zip(steps, records):
            if entry.span is not None:
                vm.tracer.end_step(entry, record)
