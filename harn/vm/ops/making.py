"""Instructions that build values, and the operators that are rarely executed."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.display import display
from harn.values.equality import contains
from harn.values.errors import type_error
from harn.values.kinds import RESULT, Duration, EnumType, Range, Struct, StructType, type_name
from harn.values.operators import negate, power


def power_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """POW"""
    frame.regs[sp - 2] = power(frame.regs[sp - 2], frame.regs[sp - 1], vm.value_bytes)
    return sp - 1


def negate_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """NEG"""
    frame.regs[sp - 1] = negate(frame.regs[sp - 1])
    return sp


def in_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """IN"""
    frame.regs[sp - 2] = contains(frame.regs[sp - 1], frame.regs[sp - 2])
    return sp - 1


def not_in(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """NOT_IN"""
    frame.regs[sp - 2] = not contains(frame.regs[sp - 1], frame.regs[sp - 2])
    return sp - 1


def duration(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """DURATION"""
    frame.regs[sp] = Duration(arg)
    return sp + 1


def list_push(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """LIST_PUSH"""
    frame.regs[sp - 2].append(frame.regs[sp - 1])
    return sp - 1


def list_spread(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """LIST_SPREAD"""
    more = frame.regs[sp - 1]
    if more.__class__ is not list:
        raise type_error(f"cannot destructure {type_name(more)} with [...] pattern — expected list")
    frame.regs[sp - 2].extend(more)
    return sp - 1


def dict_put(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """DICT_PUT"""
    regs = frame.regs
    regs[sp - 3][display(regs[sp - 2])] = regs[sp - 1]
    return sp - 2


def dict_spread(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """DICT_SPREAD"""
    more = frame.regs[sp - 1]
    if more.__class__ is not dict:
        raise type_error(f"cannot destructure {type_name(more)} with {{...}} pattern — expected dict")
    frame.regs[sp - 2].update(more)
    return sp - 1


def struct(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """STRUCT"""
    kind, given = frame.regs[sp - 2], frame.regs[sp - 1]
    frame.regs[sp - 2] = make_struct(kind, given)
    return sp - 1


def make_struct(kind: Any, given: Any) -> Struct:
    """An instance of a struct type from a dict: unknown fields are dropped, missing ones stay absent."""
    if kind.__class__ is not StructType or given.__class__ is not dict:
        raise type_error(f"cannot construct {type_name(kind)} from {type_name(given)}")
    return Struct(kind, {name: given[name] for name in kind.fields if name in given})


def range_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """RANGE"""
    start, end = frame.regs[sp - 2], frame.regs[sp - 1]
    if start.__class__ is not int or end.__class__ is not int:
        raise type_error(f"range bounds must be integers, got {type_name(start)} and {type_name(end)}")
    frame.regs[sp - 2] = Range(start, end, bool(arg))
    return sp - 1


def struct_type(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """STRUCT_TYPE"""
    frame.regs[sp] = StructType(arg[0], tuple(arg[1]), frame.closure.module.path)
    return sp + 1


def enum_type(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """ENUM_TYPE"""
    frame.regs[sp] = EnumType(arg[0], {name: tuple(fields) for name, fields in arg[1]}, frame.closure.module.path)
    return sp + 1


def result_type(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """RESULT_TYPE"""
    frame.regs[sp] = RESULT
    return sp + 1


def method(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """METHOD"""
    kind = frame.regs[sp - 2]
    if kind.__class__ is not StructType and kind.__class__ is not EnumType:
        raise type_error(f"cannot implement methods for {type_name(kind)}")
    kind.methods[arg] = frame.regs[sp - 1]
    return sp - 1


MAKING_OPS = {
    "POW": power_,
    "NEG": negate_,
    "IN": in_,
    "NOT_IN": not_in,
    "DURATION": duration,
    "LIST_PUSH": list_push,
    "LIST_SPREAD": list_spread,
    "DICT_PUT": dict_put,
    "DICT_SPREAD": dict_spread,
    "STRUCT": struct,
    "RANGE": range_,
    "STRUCT_TYPE": struct_type,
    "ENUM_TYPE": enum_type,
    "METHOD": method,
    "RESULT_TYPE": result_type,
}
