"""Names beyond plain slots: cells, module variables, builtins as values, functions found in the callers' scopes."""

from __future__ import annotations

from harn.source.typing import Any, Iterator
from harn.values.errors import HarnError, bare_error, runtime_error
from harn.values.kinds import UNSET, Builtin, Cell, Closure
from harn.vm.frame import Frame


def undefined(vm: Any, frame: Frame, name: str) -> HarnError:
    """The error of a name that has no value here, with the nearest name that has one."""
    from harn.vm.suggest import visible_names

    near = None if name == "_" else visible_names(vm, frame, name)
    if near is None:
        return bare_error(f"Undefined variable: {name}")
    return runtime_error(f"Undefined variable: {name} (did you mean `{near}`?)")


def new_cell(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """NEW_CELL"""
    frame.regs[arg] = Cell(UNSET)
    return sp


def store_cell(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """STORE_CELL"""
    frame.regs[arg].value = frame.regs[sp - 1]
    return sp - 1


def load_module_shared(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """LOAD_MODULE_SHARED"""
    slot, name, own = arg
    slots = frame.closure.module.slots
    if slots[slot] is UNSET:
        raise undefined(vm, frame, name)
    if own >= 0:
        slots[own] = False
    frame.regs[sp] = slots[slot]
    return sp + 1


def store_module(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """STORE_MODULE"""
    slot, own = arg
    slots = frame.closure.module.slots
    slots[slot] = frame.regs[sp - 1]
    if own >= 0:
        slots[own] = False
    return sp - 1


def define_module(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """DEFINE_MODULE"""
    slot, name = arg
    slots = frame.closure.module.slots
    if slots[slot] is not UNSET:
        raise redeclared(name)
    slots[slot] = frame.regs[sp - 1]
    return sp - 1


def redeclared(name: str) -> HarnError:
    """A second declaration of an immutable name in one scope."""
    return runtime_error(
        f"Cannot redeclare immutable variable '{name}' in the same scope (use 'var' for mutable bindings)"
    )


def lookup_fn(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """LOOKUP_FN"""
    frame.regs[sp] = find_function(vm, task, frame, arg)
    return sp + 1


def find_function(vm: Any, task: Any, frame: Any, arg: str) -> Any:
    """A function of the frames below, innermost first; data is never found there. Last the globals of the run."""
    for other in reversed(task.frames):
        if other.__class__ is Frame:
            found = function_in_scope(other, arg)
            if found is not None:
                return found
    if arg in vm.globals:
        return vm.globals[arg]
    raise undefined(vm, frame, arg)


def function_in_scope(frame: Frame, wanted: str) -> Any:
    """The function of that name in a frame's scope where it stands, else in its module; None where there is none."""
    return next((value for value in meanings(frame, wanted) if value.__class__ in (Closure, Builtin)), None)


def meanings(frame: Frame, wanted: str) -> Iterator[Any]:
    """The values of a name where a frame stands: that of the innermost variable, of those it hides, of its module's."""
    pc = frame.pc - 1
    seen = [scope for scope in frame.code.chunk.scopes if scope[0] == wanted and scope[2] <= pc < scope[3]]
    for _, slot, _, _, cell in sorted(seen, key=lambda scope: scope[2], reverse=True):  # an inner one begins later
        yield frame.regs[slot].value if cell else frame.regs[slot]
    module = frame.closure.module
    if wanted in module.by_name:
        yield module.slots[module.by_name[wanted]]


def undefined_(vm: Any, task: Any, frame: Any, arg: Any, sp: int) -> int:
    """UNDEFINED"""
    raise undefined(vm, frame, arg)


NAME_OPS = {
    "NEW_CELL": new_cell,
    "STORE_CELL": store_cell,
    "LOAD_MODULE_SHARED": load_module_shared,
    "STORE_MODULE": store_module,
    "DEFINE_MODULE": define_module,
    "LOOKUP_FN": lookup_fn,
    "UNDEFINED": undefined_,
}
