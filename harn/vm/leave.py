"""Leaving a frame: one routine for every way out, a small state machine because its stages run Harn code.

    1 deferred blocks, newest first      a new return or throw replaces the completion; all still run
    2 the step is taken off              (with the step runtime)
    3 PostStep hooks or the boundary     (with the step runtime)
    4 the step is settled                (with the step runtime)
    5 the frame is popped and the completion delivered
"""

from __future__ import annotations

from typing import Any

from harn.vm.frame import ABORT, EXIT, RETURN, THROW, Completion, Ended, Frame


def leave(vm: Any, task: Any, frame: Frame, completion: Completion) -> tuple[Any, ...] | Ended | None:
    """Go on leaving ``frame``, the one on top: a request for the pump, or None where a deferred block is to run."""
    side = frame.side
    if side is not None and completion.kind not in (EXIT, ABORT):
        side.completion = completion
        if side.deferred:
            pc, kept = side.deferred.pop()
            for slot, value in kept:
                frame.regs[slot] = value
            frame.pc = pc
            frame.sp = frame.code.slots
            return None
    task.frames.pop()
    if completion.kind == RETURN:
        return ("deliver", completion.payload)
    if completion.kind == THROW:
        return ("raise", completion.payload)
    return Ended(completion)
