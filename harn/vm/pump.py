"""The pump: everything that happens between two stretches of instructions.

Calling, delivering, unwinding and leaving are arms of one loop that goes on until a frame can execute, something outside must
happen, or the task ends. No arm calls another, so a throw through five hundred frames does not grow the Python stack.

A request is a tuple: its first word names the arm, the rest are the arm's arguments.

    deliver value                 to the record on top: pushed on a frame, ``resume`` of a native
    answer native answer          what the native on top has answered
    raise error                   at the record on top: its handlers, ``fail`` of a native, or it is left
    call f args                   any callable value
    tail f args                   the same, the frame on top is given up first
    method receiver name args     as a program's ``receiver.name(args)``
    record record args            a builtin
    start native                  a native that is to be pushed
    pull source                   the next element of an iterator or generator
    yield value                   from the frame on top to whoever pulled its segment
    leave frame completion        a frame that needs more than popping
    perform effect                an effect: at once where the host can, otherwise it is the outcome
    enter f args definition       the frame and the entries of a flagged function, above its EnterTracked
    dismiss generator error       its frames are left by a cancellation, above the native that wants it so
"""

from __future__ import annotations

from harn.code.opcodes import NUMBER
from harn.source.typing import Any
from harn.values.errors import Aborted, ExitRun, HarnError, LimitReached, runtime_error, type_error
from harn.values.kinds import Builtin, Closure, Generator, Iter, StructType, type_name
from harn.vm.arguments import arity_error, fits
from harn.vm.enter import make_frame
from harn.vm.frame import (
    ABORT,
    END,
    EXIT,
    RETURN,
    SLICED,
    THROW,
    Again,
    Call,
    CallMethod,
    Completion,
    Dismiss,
    Done,
    Effect,
    Emit,
    Ended,
    EnterFrame,
    Frame,
    Left,
    Native,
    OnlyStep,
    Outcome,
    Perform,
    Pull,
    Returned,
    TailCall,
    Threw,
    Throw,
    Wait,
)  # fmt: skip
from harn.vm.iterating import ASK, PullIter, PullSegment, draw_now
from harn.vm.leave import leave
from harn.vm.ops.calls import resolve_method
from harn.vm.signals import PUMP, RELOAD
from harn.vm.trace import add_frame, origin_line

DELIVER, RAISE, CALL, PULL, LEAVE = "deliver", "raise", "call", "pull", "leave"
Request = tuple[Any, ...]
UNCATCHABLE = frozenset(("interrupt", "cancel"))
"""Endings that run finally and deferred blocks, but that no catch and no native holds up."""

_TURNS = range(1_000)
_FOR, _FOR_STORE, _IMPORT = NUMBER["FOR"], NUMBER["FOR_STORE"], NUMBER["IMPORT"]


def pump(vm: Any, task: Any, request: Request) -> Outcome | None:
    """Work off a request; None where the frame on top can execute, otherwise the outcome of the slice.

    After a thousand turns (a builtin called back for every element of a long iterator, say) what is left to do becomes
    the task's request, so that the safepoint can look.
    """
    frames = task.frames
    todo: Any = request
    for _ in _TURNS:
        kind = todo[0]
        try:
            if kind == "deliver":
                top = frames[-1]
                if top.__class__ is Frame:
                    _give(top, todo[1])
                    return None
                if top.in_context:
                    todo = _answer(task, top, top.resume_in(vm.context(task), todo[1]))
                else:
                    todo = _answer(task, top, top.resume(todo[1]))
            elif kind == "call":
                todo = _call(vm, task, todo[1], todo[2])
            elif kind == "raise":
                todo = _raise(vm, task, todo[1])
            elif kind == "answer":
                todo = _answer(task, todo[1], todo[2])
            elif kind == "leave":
                todo = leave(vm, task, todo[1], todo[2])
            else:
                todo = _ARMS[kind](vm, task, todo)
        except HarnError as error:
            todo = (RAISE, error)
        except ExitRun as leaving:
            todo = end_now(vm, task, Completion(EXIT, leaving))
        except LimitReached as limit:
            todo = end_now(vm, task, Completion(ABORT, limit))
        except Exception as fault:  # a defect of ours or of a host: named as such, never shown as a traceback
            todo = end_now(vm, task, Completion(ABORT, defect(vm, frames[-1], fault)))
        if todo.__class__ is not tuple:
            return todo  # type: ignore[no-any-return]
    task.request = todo
    return SLICED


def _give(frame: Frame, value: Any) -> None:
    """A value for the instruction a frame stands after: pushed, but by a ``for`` that stores stored, and at END it jumps."""
    op, arg = frame.code.instructions[frame.pc - 1]
    if value is END:
        frame.pc = arg if op == _FOR else arg[0]
    elif op == _FOR_STORE:
        frame.regs[arg[1]] = value
    elif op != _IMPORT:  # what a module's initialisation gives is nobody's
        frame.regs[frame.sp] = value
        frame.sp += 1


def return_from(vm: Any, task: Any, frame: Frame, value: Any) -> int:
    """RETURN of a frame with a side record: RELOAD where what stands on top then can execute."""
    side = frame.side
    if side.__class__ is OnlyStep and vm.step_runtime.return_at_once(side.step):
        frames = task.frames
        frames.pop()
        top = frames[-1]
        if top.__class__ is Frame:
            top.regs[top.sp] = value  # it stands after a call: what pulls or imports has a native in between
            top.sp += 1
            return RELOAD
        task.request = (DELIVER, value)
        return PUMP
    request = leave(vm, task, frame, Completion(RETURN, value))
    if request is None:
        return RELOAD
    if request.__class__ is tuple and request[0] == DELIVER and task.frames[-1].__class__ is Frame:
        _give(task.frames[-1], request[1])
        return RELOAD
    task.request = request
    return PUMP


def _answer(task: Any, native: Native, answer: Any) -> Request | Outcome:
    """What a native's answer asks for."""
    kind = answer.__class__
    if kind is tuple:
        return (CALL, native.callback, answer)  # type: ignore[attr-defined]
    if kind is Done:
        task.frames.pop()
        return (DELIVER, answer.value)
    if kind is Call:
        return (CALL, answer.callee, list(answer.args))
    if kind is Pull:
        return (PULL, answer.source)
    if kind is Throw:
        task.frames.pop()
        native.close()
        return (RAISE, answer.error)
    if kind is CallMethod:
        return ("method", answer.receiver, answer.name, list(answer.args))
    if kind is TailCall:
        task.frames.pop()
        return (CALL, answer.callee, list(answer.args))
    if kind is Perform:
        return ("perform", answer.effect)
    if kind is EnterFrame:
        return ("enter", answer.callee, answer.args, answer.tracked)
    if kind is Emit:
        return ("yield", answer.value)
    if kind is Left:
        task.frames.pop()
        return (LEAVE, task.frames[-1], answer.completion)
    if kind is Again:
        task.request = (DELIVER, None)
        return SLICED
    if kind is Wait:
        return answer  # type: ignore[no-any-return]
    if kind is Dismiss:
        return ("dismiss", answer.generator, answer.error)
    if kind is Returned or kind is Threw:  # only the root answers so
        if task.resting:
            from harn.vm.resting import LeaveResting

            return ("start", LeaveResting(answer))
        task.frames.pop()
        return answer  # type: ignore[no-any-return]
    raise TypeError(f"{native.name} answered {answer!r}")


def _call(vm: Any, task: Any, callee: Any, args: Any) -> Request | None:
    kind = callee.__class__
    if kind is Closure:
        if callee.flags:
            return vm.step_runtime.enter(vm, task, callee, list(args))  # type: ignore[no-any-return]
        frame = make_frame(vm, task, callee, args)
        if callee.code.generator:
            return (DELIVER, Generator([frame], "stream" in callee.code.chunk.flags, home=task))
        task.frames.append(frame)
        return None
    if kind is Builtin:
        return ("record", callee.record, list(args))
    if isinstance(callee, Native):
        return ("start", callee)
    if kind is StructType:
        from harn.vm.ops.making import make_struct

        if len(args) != 1:
            raise arity_error(callee.name, 1, 1, len(args))
        return (DELIVER, make_struct(callee, args[0]))
    if getattr(kind, "harn_callable", False):
        return callee.request(vm, task, list(args))  # type: ignore[no-any-return]
    from harn.values.display import display

    raise type_error(f"Cannot call {display(callee)}")


def _raise(vm: Any, task: Any, error: Any) -> Request | Outcome | None:
    """An error at the record on top: the innermost handler of a frame, else the frame is left."""
    if error.__class__ is not HarnError:
        return end_now(vm, task, Completion(EXIT if error.__class__ is ExitRun else ABORT, error))
    top = task.frames[-1]
    if top.__class__ is not Frame:
        if top.edge and error.trace:
            error.locate(origin_line(error))
        answer = top.fail_in(vm.context(task), error) if top.in_context else top.fail(error)
        if error.ending in UNCATCHABLE and not top.ends_cancel:
            answer = Throw(error)  # no other native holds up the end of the run
        return _answer(task, top, answer)
    add_frame(error, top, len(task.frames))
    pc = top.pc - 1
    for start, end, target, depth, slot in top.code.handlers:
        if start <= pc < end and (slot >= 0 or error.ending not in UNCATCHABLE):
            top.pc = target
            top.sp = top.code.slots + depth
            if slot < 0:
                top.regs[top.sp] = error
                top.sp += 1
            else:
                top.regs[slot] = 1
                top.regs[slot + 1] = error
            return None
    if top.side is None:
        task.frames.pop()
        return (RAISE, error)
    return (LEAVE, top, Completion(THROW, error))


def _tail(vm: Any, task: Any, todo: Request) -> Request | None:
    given_up = task.frames.pop()
    try:
        frame = make_frame(vm, task, todo[1], todo[2])
    except HarnError:
        task.frames.append(given_up)  # the error belongs to the caller that made the call
        raise
    task.frames.append(frame)
    return None


def _method(vm: Any, task: Any, todo: Request) -> Request:
    return resolve_method(todo[1], todo[2], todo[3])


def _record(vm: Any, task: Any, todo: Request) -> Request | Outcome | None:
    record, args = todo[1], todo[2]
    given = len(args) - (1 if record.signature.receiver else 0)
    if not fits(record, given):
        least, most = record.arity
        raise arity_error(record.signature.name, least, most, given)
    if record.check is not None:
        record.check(args[len(args) - given :])
    if record.effects or vm.policy is not None:
        vm.gate(task, record)
    if record.form == "harn":
        return vm.std_request(record.source, args)  # type: ignore[no-any-return]
    value = record.fn(vm.context(task), *args) if record.ctx else record.fn(*args)
    if record.form == "plain":
        return (DELIVER, value)
    if record.form == "effect":
        return ("perform", value) if value.__class__ is Effect else (DELIVER, value)
    return ("start", value) if isinstance(value, Native) else (DELIVER, value)


def _start(vm: Any, task: Any, todo: Request) -> Request | Outcome:
    native = todo[1]
    vm.check_depth(task)
    task.frames.append(native)
    if native.in_context:
        return _answer(task, native, native.resume_in(vm.context(task), None))
    return _answer(task, native, native.start())


def _enter(vm: Any, task: Any, todo: Request) -> Request | None:
    """Stages 4 to 6 of entering a flagged function: arguments, frame, entries; the callee evaluates its defaults."""
    return vm.step_runtime.enter(vm, task, *todo[1:])  # type: ignore[no-any-return]


def _perform(vm: Any, task: Any, todo: Request) -> Request | Outcome:
    done, value = vm.perform_now(task, todo[1])
    return (DELIVER, value) if done else todo[1]


def _pull(vm: Any, task: Any, todo: Request) -> Request | Outcome | None:
    """The next element of an iterator, generator or stream; END where there is none."""
    source = todo[1]
    value = draw_now(source)
    if value is not ASK:
        return (DELIVER, value)
    if source.__class__ is Iter:
        if source.busy:
            raise runtime_error("iterator is already being advanced")
        vm.check_depth(task)
        source.busy = True
        native = source.source
        task.frames.append(PullIter(source))
        task.frames.append(native)
        first = native.next_in(vm.context(task)) if native.in_context else native.next()
        return _answer(task, native, first)
    if source.__class__ is Generator:
        if source.busy:
            raise runtime_error("generator is already running")
        source.busy = True
        if source.home is not None:
            source.home.resting.pop(id(source), None)
        task.frames.append(PullSegment(source, tuple(task.deadlines)))
        task.frames.extend(source.frames)
        source.frames = []
        if source.deadlines:
            from harn.vm.scheduler import stand_under

            fault = stand_under(vm, task, source.deadlines)
            source.deadlines = ()
            if fault is not None:
                return (RAISE, fault)
        return _resume_segment(vm, task)
    raise type_error(f"cannot iterate over {type_name(source)}")


def _resume_segment(vm: Any, task: Any) -> Request | None:
    """The frames of a generator are on top again; one that rested at a yield gets nil as the yield's value."""
    top = task.frames[-1]
    if top.__class__ is Frame and top.pc == 0:
        if top.side is not None and top.side.pending is not None:
            tracked, args = top.side.pending
            top.side.pending = None
            vm.step_runtime.push_entries(vm, task, top.side, tracked, args)
        return None
    return (DELIVER, None)


def _yield(vm: Any, task: Any, todo: Request) -> Request:
    frames = task.frames
    place = len(frames) - 1
    while frames[place].__class__ is not PullSegment:
        place -= 1
    pull = frames[place]
    pull.generator.frames = frames[place + 1 :]
    if any(record.__class__ is Frame and _must_be_left(record) for record in pull.generator.frames):
        home = pull.generator.home
        if home is None or home.result is not None:
            home = pull.generator.home = task
        home.resting[id(pull.generator)] = pull.generator
    pull.generator.busy = False
    if len(task.deadlines) > len(pull.deadlines):
        pull.generator.deadlines = tuple(one for one in task.deadlines if one not in pull.deadlines)
        task.deadlines = [one for one in task.deadlines if one in pull.deadlines]
    del frames[place:]
    return (DELIVER, todo[1])


def _must_be_left(frame: Frame) -> bool:
    """Whether a frame has anything to do when it is left: a step, deferred blocks, a finally that it stands in."""
    if frame.side is not None:
        return True
    pc = frame.pc - 1
    return any(start <= pc < end and slot >= 0 for start, end, _, _, slot in frame.code.handlers)


def _dismiss(vm: Any, task: Any, todo: Request) -> Request:
    """A resting generator is left by a cancellation: its frames are on top again, and finally and deferred blocks run."""
    generator = todo[1]
    generator.busy = True
    task.frames.append(PullSegment(generator, tuple(task.deadlines)))
    task.frames.extend(generator.frames)
    generator.frames = []
    return (RAISE, todo[2])


def end_now(vm: Any, task: Any, completion: Completion) -> Outcome:
    """The task ends without running Harn code, and with it the generators that rest."""
    drop_frames(vm, task.frames, completion)
    for generator in reversed(list(task.resting.values())):
        drop_frames(vm, generator.frames, completion)
        generator.done = True
    task.resting.clear()
    return Ended(completion)


def drop_frames(vm: Any, frames: list[Any], completion: Completion) -> None:
    """Frames go without running Harn code: natives give up what they hold, steps are settled as cancelled."""
    for record in reversed(frames):
        if record.__class__ is not Frame:
            record.drop(vm)
    if vm.step_runtime is not None:
        vm.step_runtime.settle_frames(vm, frames, completion)
    frames.clear()


def defect(vm: Any, top: Any, fault: BaseException) -> Exception:
    """An exception that is no Harn error, as a defect with the place it was met at."""
    from harn.vm.defects import InternalFault

    if isinstance(fault, (LimitReached, ExitRun, Aborted, InternalFault)):
        return fault
    return InternalFault.at(top, fault)


_ARMS: dict[str, Any] = {
    "tail": _tail,
    "method": _method,
    "record": _record,
    "start": _start,
    "enter": _enter,
    "dismiss": _dismiss,
    "perform": _perform,
    "pull": _pull,
    "yield": _yield,
}

__all__ = ["CALL", "DELIVER", "LEAVE", "PULL", "RAISE", "Effect", "defect", "pump", "return_from"]
