"""Entering a function: arity, parameter types, depth, then a frame."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.errors import LimitReached, bare_error
from harn.values.kinds import UNSET, Closure
from harn.vm.arguments import arity_error
from harn.vm.frame import Frame

DEPTH = 512
"""Harn frames since the last native that calls back."""

INLINE_DEPTH = 10_000
"""Where a run may have at least this many frames, calls in the loop do not count them all (they may go 512 over)."""


def depth_below(frames: list[Any]) -> int:
    """How many Harn frames already count towards the limit."""
    for record in reversed(frames):
        if record.__class__ is Frame:
            return int(record.depth)
        if record.edge:
            return 0
    return 0


def make_frame(vm: Any, task: Any, callee: Closure, args: Any) -> Frame:
    """A frame for a call with these arguments. HarnError where count, kinds or depth do not allow it.

    Parameters without an argument are UNSET; the callee's first instructions evaluate their defaults.
    """
    code = callee.code
    given = len(args)
    if given != code.simple:
        args = _bind(callee, list(args))
    if code.checks is not None:
        for check, value in zip(code.checks, args):
            if check is not None and value is not UNSET:
                check(value)
    frames = task.frames
    top = frames[-1]
    depth = top.depth if top.__class__ is Frame else depth_below(frames)
    if not code.std:
        depth += 1
        if depth > DEPTH:
            raise bare_error("Stack overflow: too many nested calls")
    if len(frames) >= vm.depth:
        raise LimitReached("depth", vm.depth)
    frame = Frame()
    frame.closure = callee
    frame.code = code
    frame.regs = [*args, *callee.tail]
    frame.pc = 0
    frame.sp = code.slots
    frame.depth = depth
    frame.side = None
    return frame


def hand_back(task: Any, frame: Frame, value: Any) -> bool:
    """The result of a callback, whose frame was just popped, to the native that asked for it.

    True where the native asks for the same callback again and no more is needed than new arguments: the frame is used once
    more and stands on top. Otherwise the task's request says what the pump has to do. (A ``map`` spends a third less so.)
    """
    native = task.frames[-1]
    if native.in_context:
        task.request = ("deliver", value)
        return False
    answer = native.resume(value)
    if answer.__class__ is tuple:
        closure = frame.closure
        if native.callback is closure and frame.code.simple == len(answer) and not closure.flags:
            frame.regs = [*answer, *closure.tail]
            frame.pc = 0
            frame.sp = frame.code.slots
            task.frames.append(frame)
            return True
    task.request = ("answer", native, answer)
    return False


def _bind(callee: Closure, args: list[Any]) -> list[Any]:
    """Arguments in the slots of the parameters: rest collected, missing optional ones UNSET."""
    code = callee.code
    count = len(code.names)
    given = len(args)
    positional = count - 1 if code.rest else count
    if given < code.required or (given > count and not code.rest):
        raise arity_error(code.name or "<closure>", code.required, -1 if code.rest else count, given)
    bound = args[:positional] + [UNSET] * (positional - given)
    if code.rest:
        bound.append(args[positional:])
    return bound
