"""Leaving a frame: one routine for every way out, a small state machine because its stages run Harn code.

    1 deferred blocks, newest first      a new return or throw replaces the completion; all still run
    2 the step is taken off              its meter is closed; span and stage policy stay
    3 Return: PostStep hooks             may replace the value; their error replaces the completion
      Throw: retry, then the boundary    continue gives nil, escalate the marked error, fail the error
    4 the step is settled                outcome, policy, span, one record
    5 persona and frame are popped       permits it holds go back or on, the completion goes to the record below

``side.stage`` is the last stage begun (stages 2 and 3 are one call, and begin as 3), so that each happens exactly once whatever
the stages after it do. A return from a step that nobody watches takes all of them at once (``return_at_once``). A frame without
a side record is popped in the loop and never comes here, nor do frames that go without running Harn code (``drop_frames``): what
leaves one here is a value or an error, and a cancellation is an error that nobody catches.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.vm.frame import RETURN, Completion, Frame, whole_side


def leave(vm: Any, task: Any, frame: Frame, completion: Completion) -> tuple[Any, ...] | None:
    """Go on leaving ``frame``, the one on top: a request for the pump, or None where a deferred block is to run."""
    side = whole_side(frame)
    side.completion = completion
    if side.stage <= 1:
        side.stage = 1
        if side.deferred:
            pc, kept = side.deferred.pop()
            for slot, value in kept:
                frame.regs[slot] = value
            frame.pc = pc
            frame.sp = frame.code.slots
            return None
    if side.step is not None:
        if side.stage < 3:
            side.stage = 3
            request: tuple[Any, ...] | None = vm.step_runtime.take(vm, task, frame, completion)
            if request is not None:
                if side.regions and task.frames[-1] is not frame:  # left to be tried once more
                    _leave_permits(vm, task, frame, completion)
                return request
        side.stage = 4
        vm.step_runtime.settle(vm, side)
    side.stage = 5
    if side.persona is not None:
        vm.step_runtime.pop_persona(side)
    task.frames.pop()
    if side.regions:
        _leave_permits(vm, task, frame, completion)
    return ("deliver" if completion.kind == RETURN else "raise", completion.payload)


def _leave_permits(vm: Any, task: Any, frame: Frame, completion: Completion) -> None:
    from harn.vm.locks import leave_frame  # here, because most programs take no lock

    leave_frame(vm, task, frame, completion)
