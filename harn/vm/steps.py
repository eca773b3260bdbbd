"""The step runtime as a machine holds it."""

from __future__ import annotations

from harn.steps.runtime import StepRuntime
from harn.vm.settle import settle_frames, settle_step, take_step
from harn.vm.tracked import check_stage_policies, enter_tracked, push_entries


class FrameSteps(StepRuntime):
    """The pure runtime and what it takes to enter and leave flagged frames.

    It exists once a function is flagged or a hook registered: the loop finds these functions here, and a program without steps
    imports none of them.
    """

    __slots__ = ()
    enter = enter_tracked
    push_entries = staticmethod(push_entries)
    take = staticmethod(take_step)
    settle = staticmethod(settle_step)
    settle_frames = staticmethod(settle_frames)
    check_policies = staticmethod(check_stage_policies)
