"""Changing variables in place, by value: a container is changed only where the variable owns it, else copied first.

``own`` is the slot of the ownership flag, -1 where the variable has none. After a write the variable owns what it holds.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.access import get_index
from harn.values.display import display
from harn.values.errors import runtime_error, type_error
from harn.values.kinds import UNSET, Struct, type_name
from harn.values.operators import add, check_size
from harn.vm.ops.names import undefined

Registers = list[Any]


def _mine(regs: Registers, slot: int, own: int) -> Any:
    """The container of a variable, copied unless the variable owns it."""
    held = regs[slot]
    if own >= 0 and regs[own] is True:
        return held
    held = regs[slot] = _copy(held)
    if own >= 0:
        regs[own] = True
    return held


def _copy(container: Any) -> Any:
    kind = container.__class__
    if kind is list or kind is dict:
        return container.copy()
    if kind is Struct:
        return Struct(container.type, container.fields.copy())
    return container


def _write(container: Any, key: Any, value: Any, is_name: bool, limit: int) -> None:
    """One element or field of a container that may be changed."""
    kind = container.__class__
    if kind is dict:
        check_size(8 * len(container), limit)
        container[key if key.__class__ is str else display(key)] = value
    elif kind is Struct and key.__class__ is str:
        container.fields[key] = value
    elif is_name:
        raise type_error(f"cannot set property `{key}` on {type_name(container)}")
    elif kind is list and key.__class__ is int:
        place = key + len(container) if key < 0 else key
        if not 0 <= place < len(container):
            raise runtime_error(f"Index {key} out of bounds for list of length {len(container)}")
        container[place] = value
    else:
        raise type_error(f"cannot index into {type_name(container)} with {type_name(key)}")


def set_index(regs: Registers, slot: int, own: int, index: Any, value: Any, limit: int) -> None:
    """``variable[index] = value``"""
    _write(_mine(regs, slot, own), index, value, False, limit)


def append(regs: Registers, slot: int, own: int, value: Any, limit: int) -> None:
    """``variable = variable + [value]``"""
    if regs[slot].__class__ is not list:
        regs[slot] = add(regs[slot], [value], limit)
        return
    held = _mine(regs, slot, own)
    check_size(8 * len(held), limit)
    held.append(value)


def extend(regs: Registers, slot: int, own: int, more: Any, limit: int) -> None:
    """``variable = variable + more``, in place for owned lists and dicts."""
    held = regs[slot]
    kind = held.__class__
    if kind is not more.__class__ or (kind is not list and kind is not dict) or own < 0 or regs[own] is not True:
        regs[slot] = add(held, more, limit)
        if own >= 0:
            regs[own] = kind is list or kind is dict
        return
    check_size(8 * (len(held) + len(more)), limit)
    if kind is list:
        held.extend(more)
    else:
        held.update(more)


def _get_part(container: Any, key: Any, is_name: bool) -> Any:
    if container.__class__ is Struct and key.__class__ is str:
        return container.fields.get(key)
    if container.__class__ is dict and is_name:
        return container.get(key)
    if is_name:
        raise type_error(f"cannot set property `{key}` on {type_name(container)}")
    return get_index(container, key)


def set_index_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """SET_INDEX where it is reached through the table."""
    set_index(frame.regs, arg[0], arg[1], frame.regs[sp - 1], frame.regs[sp - 2], vm.value_bytes)
    return sp - 2


def set_field(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """SET_FIELD"""
    slot, own, name = arg
    _write(_mine(frame.regs, slot, own), name, frame.regs[sp - 1], True, vm.value_bytes)
    return sp - 1


def set_path(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """SET_PATH: the root is changed or copied by ownership, every container below it is copied."""
    kind, slot, own, path = arg
    regs = frame.regs
    home = regs if kind == "slot" else frame.closure.module.slots
    dynamic = sum(step is None for step in path)
    value = regs[sp - dynamic - 1]
    keys = iter(regs[sp - dynamic : sp])
    steps = [(next(keys), False) if step is None else (step, True) for step in path]
    inner: list[Any] = []
    at = home[slot]
    for key, is_name in steps[:-1]:
        at = _copy(_get_part(at, key, is_name))
        inner.append(at)
    last, last_is_name = steps[-1]
    if inner:
        _write(inner[-1], last, value, last_is_name, vm.value_bytes)
        for (key, is_name), outer, part in zip(reversed(steps[1:-1]), reversed(inner[:-1]), reversed(inner[1:])):
            _write(outer, key, part, is_name, vm.value_bytes)
        value = inner[0]
    key, is_name = steps[0]
    _write(_mine(home, slot, own), key, value, is_name, vm.value_bytes)
    return sp - dynamic - 1


def append_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """APPEND where it is reached through the table."""
    append(frame.regs, arg[0], arg[1], frame.regs[sp - 1], vm.value_bytes)
    return sp - 1


def extend_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """EXTEND"""
    extend(frame.regs, arg[0], arg[1], frame.regs[sp - 1], vm.value_bytes)
    return sp - 1


def extend_module(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """EXTEND_MODULE"""
    slots = frame.closure.module.slots
    if slots[arg[0]] is UNSET:
        raise undefined(vm, frame, arg[2])
    extend(slots, arg[0], arg[1], frame.regs[sp - 1], vm.value_bytes)
    return sp - 1


PLACE_OPS = {
    "SET_INDEX": set_index_,
    "SET_FIELD": set_field,
    "SET_PATH": set_path,
    "APPEND": append_,
    "EXTEND": extend_,
    "EXTEND_MODULE": extend_module,
}
