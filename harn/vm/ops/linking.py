"""Instructions that are replaced when they are executed: by the code of a function, or by what a builtin's name stands for.

The replacement is written into the linked instructions, which machines share: it depends on the name alone, and on whether there
is a policy, so that runs with and without one do not share code.
"""

from __future__ import annotations

from harn.catalog.index import record as find_record
from harn.catalog.record import Record
from harn.code.opcodes import NUMBER
from harn.source.typing import Any
from harn.values.kinds import Builtin
from harn.vm.arguments import direct
from harn.vm.frame import Frame
from harn.vm.link import link_function
from harn.vm.signals import PUMP, RELOAD

_CONST, _CALL_PLAIN = NUMBER["CONST"], NUMBER["CALL_PLAIN"]
_VALUES: dict[str, Builtin] = {}


def builtin_value(key: str) -> Builtin:
    """The builtin of a key as a value: always the same object for one key."""
    found = _VALUES.get(key)
    if found is None:
        found = _VALUES.setdefault(key, Builtin(key, _record(key)))
    return found


def _record(key: str) -> Record:
    found = find_record(key)
    if found is None:
        raise LookupError(
            f"code names a builtin there is not: {key}"
        )  # a defect: the compiler only writes names of the index
    return found


def _replace(frame: Frame, op: int, argument: Any) -> None:
    frame.code.instructions[frame.pc - 1] = (op, argument)


def link_(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """LINK"""
    link_function(frame.code)
    frame.pc = 0
    frame.sp = sp
    return RELOAD


def load_builtin(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """LOAD_BUILTIN"""
    value = builtin_value(arg)
    _replace(frame, _CONST, value)
    frame.regs[sp] = value
    return sp + 1


def call_builtin(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """CALL_BUILTIN: at its first execution the record takes the name's place, or a plain function the whole instruction's."""
    record, count = arg
    base: int = sp - count
    if record.__class__ is str:
        record = _record(record)
        fn = direct(record, count) if vm.policy is None else None  # a policy is asked at each call
        if fn is not None:
            _replace(frame, _CALL_PLAIN, (fn, count))
            frame.regs[base] = fn(*frame.regs[base:sp])
            return base + 1
        _replace(frame, _CALL_BUILTIN, (record, count))
    frame.sp = base
    task.request = ("record", record, frame.regs[base:sp])
    return PUMP


def call_builtin_spread(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """CALL_BUILTIN_SPREAD"""
    if arg.__class__ is str:
        arg = _record(arg)
        _replace(frame, NUMBER["CALL_BUILTIN_SPREAD"], arg)
    frame.sp = sp - 1
    task.request = ("record", arg, list(frame.regs[sp - 1]))
    return PUMP


_CALL_BUILTIN = NUMBER["CALL_BUILTIN"]

LINKING_OPS = {
    "LINK": link_,
    "LOAD_BUILTIN": load_builtin,
    "CALL_BUILTIN": call_builtin,
    "CALL_BUILTIN_SPREAD": call_builtin_spread,
}
