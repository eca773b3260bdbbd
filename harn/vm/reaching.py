"""Whether a handle can be reached: a search through the records of a run, with no help of Python's own collector.

What stands above a frame's operands is not part of it, code and builtins are not looked into, and neither are those who wait
for a task to end.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.kinds import Builtin, Handle
from harn.vm.frame import Frame
from harn.vm.linked import Code, LinkedModule
from harn.vm.machine import Machine, ModuleInstance, Task

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 20_000
"""Records looked at; where there are more, it counts as reachable."""

PLAIN = (type(None), bool, int, float, str, bytes)
_NAMED = (Code, LinkedModule, Builtin, Machine)


def reachable(vm: Machine, state: Any, value: Any) -> bool:
    """Whether a handle with that ``state`` can be reached from a value or from anything in the run."""
    root = vm.root
    roots = [value, vm.globals, *vm.areas.values(), *(instance.slots for instance in vm.modules.values())]
    if vm.entry is not None:
        roots.append(vm.entry.slots)
    if vm.running is not None:
        roots.append(vm.running)
    return _search([*roots, root], state)


def holds(value: Any, state: Any) -> bool:
    """Whether a handle with that ``state`` can be reached from a value."""
    return _search([value], state)


def _search(pending: list[Any], state: Any) -> bool:
    met: set[int] = set()
    held: list[Any] = []  # keeps what is met alive, so that an identity means one record
    while pending:
        record = pending.pop()
        if record.__class__ in PLAIN or id(record) in met:
            continue
        if record.__class__ is Handle and record.state is state:
            return True
        met.add(id(record))
        held.append(record)
        if len(held) > MOST:
            return True
        pending.extend(parts(record))
    return False


def parts(record: Any) -> Iterable[Any]:
    """What can be reached from a record at once."""
    kind = record.__class__
    if kind in (list, tuple, set, frozenset):
        return record  # type: ignore[no-any-return]
    if kind is dict:
        return record.values()  # type: ignore[no-any-return]
    if kind is Frame:
        return (*record.regs[: record.sp], record.closure, record.side)
    if kind is ModuleInstance:
        return (record.slots,)
    if kind is Task:
        return (
            record.frames,
            record.request,
            record.resting,
            record.result,
            record.values,
            record.waiting,
            record.children,
        )
    if isinstance(record, _NAMED) or not kind.__module__.startswith("harn."):
        return ()
    slots = [slot for base in kind.__mro__ for slot in getattr(base, "__slots__", ())]
    found = [getattr(record, slot) for slot in slots if hasattr(record, slot)]
    return [*found, *getattr(record, "__dict__", {}).values()]
