"""Throwing, catching, finally and defer."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.errors import THROWN, HarnError, thrown, type_error
from harn.values.kinds import RESULT, UNSET, Enum, err, ok, type_name
from harn.vm.arguments import is_callable
from harn.vm.frame import whole_side
from harn.vm.signals import PUMP, RELOAD, SLICE

FALL, ERROR = 0, 1
"""Ways into a finally block: fallen through, an error (its slot holds it); from 2 on those the compiler numbered."""


def throw(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """THROW"""
    raise thrown(frame.regs[sp - 1])


def raise_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """RAISE"""
    raise HarnError(*arg)


def rethrow(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """RETHROW"""
    raise frame.regs[sp - 1]


def caught(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """CAUGHT"""
    frame.regs[sp - 1] = frame.regs[sp - 1].bound()
    return sp


def caught_enum(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """CAUGHT_ENUM"""
    error = frame.regs[sp - 1]
    value = error.payload
    frame.regs[sp] = error.kind == THROWN and value.__class__ is Enum and value.type.name == arg
    return sp + 1


def _is_result(value: Any) -> bool:
    return value.__class__ is Enum and value.type.name == RESULT.name


def wrap_ok(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """WRAP_OK"""
    if not _is_result(frame.regs[sp - 1]):
        frame.regs[sp - 1] = ok(frame.regs[sp - 1])
    return sp


def wrap_err(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """WRAP_ERR"""
    frame.regs[sp - 1] = err(frame.regs[sp - 1].bound())
    return sp


def jump_if_ok(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """JUMP_IF_OK"""
    value = frame.regs[sp - 1]
    if not _is_result(value):
        raise type_error(f"? operator requires a Result value, got {type_name(value)}")
    if value.variant == "Ok":
        frame.regs[sp - 1] = value.payload[0] if value.payload else None
        frame.pc = arg
        frame.sp = sp
        return RELOAD
    return sp


def jump_if_some(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """JUMP_IF_SOME"""
    if frame.regs[sp - 1] is None:
        return sp - 1
    frame.pc = arg
    frame.sp = sp
    return RELOAD


def jump_if_given(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """JUMP_IF_GIVEN"""
    if frame.regs[arg[1]] is UNSET:
        return sp
    frame.pc = arg[0]
    frame.sp = sp
    return RELOAD


def jump_if_list(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """JUMP_IF_LIST"""
    if frame.regs[arg[1]].__class__ is not list:
        return sp
    frame.pc = arg[0]
    frame.sp = sp
    return RELOAD


def jump_if_callable(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """JUMP_IF_CALLABLE"""
    if not is_callable(frame.regs[arg[1]]):
        return sp
    frame.pc = arg[0]
    frame.sp = sp
    return RELOAD


def pend(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """PEND"""
    frame.regs[arg[0]] = arg[1]
    frame.regs[arg[0] + 1] = None
    return sp


def pend_value(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """PEND_VALUE"""
    frame.regs[arg[0]] = arg[1]
    frame.regs[arg[0] + 1] = frame.regs[sp - 1]
    return sp - 1


def pended(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """PENDED"""
    frame.regs[sp] = frame.regs[arg + 1]
    return sp + 1


def end_finally(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """END_FINALLY"""
    slot, targets = arg
    way, payload = frame.regs[slot], frame.regs[slot + 1]
    if way == ERROR:
        frame.regs[slot + 1] = None
        raise payload
    if way != FALL:
        frame.pc = targets[way - 2]
    frame.sp = sp
    if task.late or task.ending:
        return SLICE  # held until here by this very block: not a statement more
    return sp if way == FALL else RELOAD


def defer(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """DEFER"""
    block, kept = arg
    whole_side(frame).deferred.append((frame.code.defers[block], tuple((slot, frame.regs[slot]) for slot in kept)))
    return sp


def end_defer(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """END_DEFER"""
    task.request = ("leave", frame, frame.side.completion)
    return PUMP


ERROR_OPS = {
    "THROW": throw,
    "RAISE": raise_,
    "RETHROW": rethrow,
    "CAUGHT": caught,
    "CAUGHT_ENUM": caught_enum,
    "WRAP_OK": wrap_ok,
    "WRAP_ERR": wrap_err,
    "JUMP_IF_OK": jump_if_ok,
    "JUMP_IF_SOME": jump_if_some,
    "JUMP_IF_GIVEN": jump_if_given,
    "JUMP_IF_LIST": jump_if_list,
    "JUMP_IF_CALLABLE": jump_if_callable,
    "PEND": pend,
    "PEND_VALUE": pend_value,
    "PENDED": pended,
    "END_FINALLY": end_finally,
    "DEFER": defer,
    "END_DEFER": end_defer,
}
