"""Access, destructuring and matching: instructions that take values apart."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.access import get_index, get_property_optional, get_slice
from harn.values.errors import type_error
from harn.values.kinds import Enum, EnumType, Pair, type_name


def get_opt(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """GET_OPT"""
    receiver = frame.regs[sp - 1]
    if receiver is not None:
        frame.regs[sp - 1] = get_property_optional(receiver, arg)
    return sp


def index_opt(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """INDEX_OPT"""
    container = frame.regs[sp - 2]
    frame.regs[sp - 2] = None if container is None else get_index(container, frame.regs[sp - 1])
    return sp - 1


def slice_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """SLICE"""
    regs = frame.regs
    regs[sp - 3] = get_slice(regs[sp - 3], regs[sp - 2], regs[sp - 1])
    return sp - 2


def need_list(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """NEED_LIST"""
    if frame.regs[sp - 1].__class__ is not list:
        raise type_error(f"cannot destructure {type_name(frame.regs[sp - 1])} with [...] pattern — expected list")
    return sp


def need_dict(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """NEED_DICT"""
    if frame.regs[sp - 1].__class__ is not dict:
        raise type_error(f"cannot destructure {type_name(frame.regs[sp - 1])} with {{...}} pattern — expected dict")
    return sp


def need_pair(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """NEED_PAIR"""
    if frame.regs[sp - 1].__class__ is not Pair:
        raise type_error(f"cannot destructure {type_name(frame.regs[sp - 1])} with (a, b) pattern — expected pair")
    return sp


def item(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """ITEM"""
    subject = frame.regs[sp - 1]
    elements = subject.payload if subject.__class__ is Enum else subject
    frame.regs[sp] = elements[arg] if arg < len(elements) else None
    return sp + 1


def rest(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """REST"""
    frame.regs[sp] = frame.regs[sp - 1][arg:]
    return sp + 1


def field(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """FIELD"""
    subject = frame.regs[sp - 1]
    frame.regs[sp] = getattr(subject, arg) if subject.__class__ is Pair else subject.get(arg)
    return sp + 1


def fields_rest(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """FIELDS_REST"""
    frame.regs[sp] = {key: value for key, value in frame.regs[sp - 1].items() if key not in arg}
    return sp + 1


def is_list(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """IS_LIST"""
    subject = frame.regs[sp - 1]
    frame.regs[sp] = subject.__class__ is list and len(subject) >= arg
    return sp + 1


def is_dict(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """IS_DICT"""
    frame.regs[sp] = frame.regs[sp - 1].__class__ is dict
    return sp + 1


def is_variant(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """IS_VARIANT"""
    subject, wanted = frame.regs[sp - 2], frame.regs[sp - 1]
    is_enum = subject.__class__ is Enum and wanted.__class__ is EnumType
    frame.regs[sp - 1] = is_enum and subject.type.name == wanted.name and subject.variant == arg
    return sp


PART_OPS = {
    "GET_OPT": get_opt,
    "INDEX_OPT": index_opt,
    "SLICE": slice_,
    "NEED_LIST": need_list,
    "NEED_DICT": need_dict,
    "NEED_PAIR": need_pair,
    "ITEM": item,
    "REST": rest,
    "FIELD": field,
    "FIELDS_REST": fields_rest,
    "IS_LIST": is_list,
    "IS_DICT": is_dict,
    "IS_VARIANT": is_variant,
}
