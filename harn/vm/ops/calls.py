"""Calls that the loop does not take inline."""

from __future__ import annotations

from harn.catalog.index import record as find_record
from harn.catalog.record import Record
from harn.source.typing import Any
from harn.values.errors import type_error
from harn.values.kinds import Closure, Enum, EnumType, Iter, Range, Struct, type_name
from harn.vm.arguments import direct, is_callable
from harn.vm.frame import Frame
from harn.vm.ops.names import find_function
from harn.vm.signals import PUMP, RELOAD

_METHODS: dict[tuple[str, str], Record | None] = {}


def find_method(receiver: Any, name: str) -> Record | None:
    """The record of a builtin method of a value, or None."""
    key = (type_name(receiver), name)
    try:
        return _METHODS[key]
    except KeyError:
        found = _METHODS[key] = find_record(f"{key[0]}.{name}")
        return found


def call_method(vm: Any, task: Any, frame: Frame, site: Any, sp: int) -> int:
    """CALL_METHOD where the site's cache does not fit; a pure builtin method is put into the cache."""
    name, count = site[0], site[1]
    regs = frame.regs
    base: int = sp - count - 1
    receiver = regs[base]
    if receiver.__class__ is not Struct and receiver.__class__ is not EnumType:
        record = find_method(receiver, name)
        if record is not None and "receiver" not in record.keeps and vm.policy is None:
            fn = direct(record, count)
            if fn is not None:
                site[4], site[5] = receiver.__class__, fn
                regs[base] = fn(*regs[base:sp])
                return base + 1
    if site[2] >= 0:
        regs[site[2]] = False  # the method may keep its receiver: the variable owns it no longer
    frame.sp = base
    task.request = ("method", receiver, name, regs[base + 1 : sp])
    return PUMP


def resolve_method(receiver: Any, name: str, args: list[Any]) -> tuple[Any, ...]:
    """What calling a method means: a request for the pump."""
    kind = receiver.__class__
    if kind is Struct or kind is Enum:
        own = receiver.type.methods.get(name)
        if own is not None:
            return ("call", own, [receiver, *args])
    elif kind is EnumType:
        own = receiver.methods.get(name)
        if own is not None:
            return ("call", own, list(args))
        return ("deliver", Enum(receiver, name, tuple(args)))
    record = find_method(receiver, name)
    if record is not None:
        return ("record", record, [receiver, *args])
    if kind is dict:
        entry = receiver.get(name)
        return ("call", entry, args) if is_callable(entry) else ("deliver", None)
    if kind is Range:
        record = find_record(f"iter.{name}")
        if record is not None:
            from harn.vm.iterating import iterate

            return ("record", record, [iterate(receiver), *args])
    if kind is Struct:
        field = receiver.fields.get(name)
        return ("call", field, args) if is_callable(field) else ("deliver", None)
    if receiver is None:
        raise type_error(f"cannot call method `{name}` on nil")
    return ("deliver", None)


def call_method_opt(vm: Any, task: Any, frame: Frame, site: Any, sp: int) -> int:
    """CALL_METHOD_OPT"""
    base: int = sp - site[1] - 1
    if frame.regs[base] is None:
        return base + 1
    return call_method(vm, task, frame, site, sp)


def call_method_spread(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """CALL_METHOD_SPREAD"""
    name, optional, _ = arg
    receiver, args = frame.regs[sp - 2], frame.regs[sp - 1]
    if receiver is None and optional:
        return sp - 1
    frame.sp = sp - 2
    task.request = ("method", receiver, name, list(args))
    return PUMP


def call_found(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """CALL_FOUND"""
    name, count, _ = arg
    base = sp - count
    frame.sp = base
    task.request = ("call", find_function(vm, task, frame, name), frame.regs[base:sp])
    return PUMP


def call_spread(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """CALL_SPREAD"""
    frame.sp = sp - 2
    task.request = ("call", frame.regs[sp - 2], list(frame.regs[sp - 1]))
    return PUMP


def call_value(vm: Any, task: Any, callee: Any, args: list[Any]) -> int:
    """A call that the loop does not take inline: a step's frame is pushed at once, anything else is a request for the pump."""
    if callee.__class__ is Closure and callee.flags:
        task.request = vm.step_runtime.enter(vm, task, callee, args)
        return PUMP if task.request is not None else RELOAD
    task.request = ("call", callee, args)
    return PUMP


def tail_call(vm: Any, task: Any, frame: Frame, callee: Any, args: list[Any]) -> int:
    """What a TAIL_CALL comes to that the loop does not take inline.

    The frame is given up where nothing of it is needed any more; otherwise it is an ordinary call, and the RETURN that
    always follows the instruction does the rest.
    """
    plain = callee.__class__ is Closure and not callee.flags and not callee.code.generator
    given_up = plain and frame.side is None and not frame.closure.flags
    if not given_up:
        return call_value(vm, task, callee, args)
    task.request = ("tail", callee, args)
    return PUMP


def pipe(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """PIPE"""
    value, target = frame.regs[sp - 2], frame.regs[sp - 1]
    if not is_callable(target):
        raise type_error(f"cannot pipe into {type_name(target)}")
    frame.sp = sp - 2
    task.request = ("call", target, [value])
    return PUMP


def yield_(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """YIELD"""
    frame.sp = sp - 1
    task.request = ("yield", frame.regs[sp - 1])
    return PUMP


def import_(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """IMPORT: run the initialisation of a module that has not been initialised."""
    initialisation = vm.import_module(frame.closure.module, arg)
    if initialisation is None:
        return sp
    frame.sp = sp
    task.request = ("start", initialisation)
    return PUMP


def bind_import(vm: Any, task: Any, frame: Frame, arg: Any, sp: int) -> int:
    """BIND_IMPORT"""
    vm.bind_import(frame.closure.module, arg)
    return sp


CALL_OPS = {
    "CALL_METHOD_OPT": call_method_opt,
    "CALL_METHOD_SPREAD": call_method_spread,
    "CALL_FOUND": call_found,
    "CALL_SPREAD": call_spread,
    "PIPE": pipe,
    "YIELD": yield_,
    "IMPORT": import_,
    "BIND_IMPORT": bind_import,
}

__all__ = ["CALL_OPS", "RELOAD", "Iter", "call_method", "call_value", "find_method", "resolve_method", "tail_call"]
