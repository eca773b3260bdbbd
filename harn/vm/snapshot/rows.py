"""The rows of classes that are not written slot by slot, each for a reason given with it."""

from __future__ import annotations

from collections import deque
from heapq import heapify

from harn.code.opcodes import NUMBER
from harn.source.typing import Any, Callable
from harn.values.errors import Aborted, ExitRun, HarnError, LimitReached
from harn.values.keys import key_of
from harn.values.kinds import UNSET, Closure, EnumType, Set, StructType
from harn.vm.frame import Frame
from harn.vm.link import link_function
from harn.vm.linked import Code, LinkedModule
from harn.vm.machine import ModuleInstance, Task
from harn.vm.scheduler import Scheduler
from harn.vm.snapshot.errors import SnapshotError, damaged
from harn.vm.snapshot.registry import ABSENT, RECORD, VALUE, Row, reader, slots_of

_LINK = NUMBER["LINK"]


class Bound(dict[str, Any]):
    """Names with what they are bound to, while a snapshot is written: a function declared under a name is found by it again and
    may have changed; only one that is held in another way, too, must be the same."""

    __slots__ = ()


# ------------------------------------------------------------------------------------------------ frames and functions


def _read_frame(frame: Frame) -> tuple[Any, ...]:
    """Registers up to the stack pointer: what lies above is left from earlier."""
    if frame.code is not frame.closure.code:
        raise SnapshotError("a frame runs other code than its function's")
    code, pc = frame.code, frame.pc
    if stands_in_body(code, pc):
        pc -= len(code.chunk.code) + 1  # counted from the end: declarations may be added before
    return frame.closure, code, pc, frame.regs[: frame.sp], frame.depth, frame.side


def stands_in_body(code: Code, pc: int) -> bool:
    """Whether a place is in what runs a module, behind all its declarations."""
    return code is code.module.functions[0] and 0 < code.module.body < pc


def _fill_frame(frame: Frame, values: tuple[Any, ...]) -> None:
    closure, code, pc, regs, depth, side = values
    if closure.__class__ is not Closure or code.__class__ is not Code or regs.__class__ is not list:
        raise damaged("a frame has no function")
    chunk = code.chunk
    room = chunk.slots + chunk.depth
    if pc.__class__ is int and pc < 0:
        pc += len(chunk.code) + 1
    if pc.__class__ is not int or not 0 <= pc <= len(chunk.code) or not chunk.slots <= len(regs) <= room:
        raise damaged(f"a frame of `{code.name}` stands outside of it")
    if code.instructions[0][0] == _LINK:
        link_function(code)
    frame.closure, frame.code, frame.pc, frame.sp = closure, code, pc, len(regs)
    frame.regs = [*regs, *[None] * (room - len(regs))]
    frame.depth, frame.side = depth, side


def _read_closure(closure: Closure) -> tuple[Any, ...]:
    return closure.code, closure.captures, closure.module, closure.flags, closure.tracked


def _fill_closure(closure: Closure, values: tuple[Any, ...]) -> None:
    """``tail`` follows from the code and the captured values."""
    code, captures, module, flags, tracked = values
    if code.__class__ is not Code or captures.__class__ is not list or module.__class__ is not ModuleInstance:
        raise damaged("a function value has no function")
    if len(captures) != len(code.captures):
        raise SnapshotError(f"the function `{code.name}` captures other variables than when the snapshot was made")
    Closure.__init__(closure, code, captures, module)
    closure.flags, closure.tracked = flags, tracked


# ------------------------------------------------------------------------------------------------ modules and types


def _read_module(instance: ModuleInstance) -> tuple[Any, ...]:
    """Variables by name, so that a module may gain some: they are absent at first (see ``harn.vm.snapshot.gained``)."""
    return instance.code, instance.state, Bound(zip(instance.code.chunk.names, instance.slots, strict=True))


def _fill_module(instance: ModuleInstance, values: tuple[Any, ...]) -> None:
    code, state, bound = values
    if code.__class__ is not LinkedModule or bound.__class__ is not dict:
        raise damaged("a module has no code")
    ModuleInstance.__init__(instance, code)
    instance.state = state
    instance.slots[:] = [ABSENT] * len(instance.slots)
    for name, value in bound.items():
        slot = instance.by_name.get(name)
        if slot is not None:
            instance.slots[slot] = value
        elif value is not UNSET and not name.startswith("__own "):
            raise SnapshotError(f"the module {code.path} has no variable `{name}` any more")


def _with_bound_methods(cls: type) -> Row:
    """A declared type: its methods are functions declared under their names."""
    fields = tuple(slots_of(cls))
    plain = reader(fields)
    place = fields.index("methods")

    def read(record: Any) -> tuple[Any, ...]:
        values = plain(record)
        return (*values[:place], Bound(values[place]), *values[place + 1 :])

    return Row(cls, RECORD, fields, read, filler(fields))


def filler(fields: tuple[str, ...]) -> Callable[[Any, tuple[Any, ...]], None]:
    """What sets these fields."""

    def fill(record: Any, values: tuple[Any, ...]) -> None:
        for field, value in zip(fields, values, strict=True):
            setattr(record, field, value)

    return fill


# ------------------------------------------------------------------------------------------------ tasks


def _task() -> Row:
    """Resting generators are listed by identity, which is another in another process."""
    fields = tuple(slots_of(Task))
    plain = reader(fields)
    put = filler(fields)
    place = fields.index("resting")

    def read(task: Any) -> tuple[Any, ...]:
        values = plain(task)
        return (*values[:place], list(values[place].values()), *values[place + 1 :])

    def fill(task: Any, values: tuple[Any, ...]) -> None:
        put(task, values)
        task.resting = {id(generator): generator for generator in values[place]}

    return Row(Task, RECORD, fields, read, fill)


def _scheduler() -> Row:
    """The queue of ready tasks is a list in the bytes; the heap of timers is checked by making it one again."""
    fields = tuple(slots_of(Scheduler))
    plain = reader(fields)
    put = filler(fields)
    place = fields.index("ready")

    def read(scheduler: Any) -> tuple[Any, ...]:
        values = plain(scheduler)
        return (*values[:place], list(values[place]), *values[place + 1 :])

    def fill(scheduler: Any, values: tuple[Any, ...]) -> None:
        put(scheduler, values)
        scheduler.ready = deque(values[place])
        heapify(scheduler.timers)

    return Row(Scheduler, RECORD, fields, read, fill)


# ------------------------------------------------------------------------------------------------ errors

_ERROR = ("kind", "payload", "category", "located", "ending", "owner", "trace", "excerpt")


def _fill_error(error: HarnError, values: tuple[Any, ...]) -> None:
    """Of the trace only functions that are still there; a place in one that has changed may be another line of it."""
    filler(_ERROR)(error, values)
    trace: Any = error.trace
    if trace is not None:
        error.trace = [passed for passed in trace if passed[0].__class__ is Code]


def _ending(cls: Any, *fields: str) -> Row:
    """An exception that ends a run, made anew from what its text is made of."""

    def fill(error: Any, values: tuple[Any, ...]) -> None:
        cls.__init__(error, *values)

    return Row(cls, RECORD, fields, reader(fields), fill)


# ------------------------------------------------------------------------------------------------ sets


def _fill_set(members: Set, values: tuple[Any, ...]) -> None:
    """Keys are made anew: those of iterators and types are made of identities. All other records are filled by then."""
    Set.__init__(members, {key_of(value): value for value in values[0]})


def _rows(*rows: Row) -> dict[type, Row]:
    return {row.cls: row for row in rows}


SPECIAL: dict[type, Row] = _rows(
    Row(Frame, RECORD, ("closure", "code", "pc", "regs", "depth", "side"), _read_frame, _fill_frame),
    Row(Closure, RECORD, ("code", "captures", "module", "flags", "tracked"), _read_closure, _fill_closure),
    Row(ModuleInstance, RECORD, ("code", "state", "slots"), _read_module, _fill_module),
    _with_bound_methods(StructType),
    _with_bound_methods(EnumType),
    _task(),
    _scheduler(),
    Row(HarnError, RECORD, _ERROR, reader(_ERROR), _fill_error),
    _ending(LimitReached, "kind", "limit"),
    _ending(ExitRun, "code"),
    Row(Aborted, RECORD, ("args",), reader(("args",)), lambda error, values: setattr(error, "args", values[0])),
    Row(Set, VALUE, ("members",), lambda members: (list(members),), _fill_set),
)
