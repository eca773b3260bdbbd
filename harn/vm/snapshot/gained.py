"""Variables that a module has gained since the snapshot was made: they begin as they would in a run from the start.

An imported module that has been initialised is initialised once more, without the world and unseen, and only what is new is
kept. What runs the entry is never run again: of it only functions can be new, and they capture what its frame holds.
"""

from __future__ import annotations

from harn.code.digests import declared_functions
from harn.source.typing import Any
from harn.values.kinds import UNSET, Closure
from harn.vm.driver import advance
from harn.vm.frame import Frame, Returned, Threw
from harn.vm.limits import Limits
from harn.vm.machine import Machine, ModuleInstance
from harn.vm.modules import NEW, READY, RUNNING, main
from harn.vm.snapshot.errors import SnapshotError
from harn.vm.snapshot.registry import ABSENT

_INSTRUCTIONS = 10_000_000
"""What initialising a module again may take."""


def initialise_gained(vm: Machine) -> None:
    """Give every variable that is absent its value. SnapshotError where it cannot be had."""
    for instance in vm.modules.values():
        if ABSENT in instance.slots:
            _imported(vm, instance)
    assert vm.entry is not None
    if ABSENT in vm.entry.slots:
        _entry(vm, vm.entry)


def _names(instance: ModuleInstance) -> list[str]:
    """The variables that are absent."""
    return [name for name, slot in instance.by_name.items() if instance.slots[slot] is ABSENT]


def _refuse(instance: ModuleInstance, name: str, why: str) -> SnapshotError:
    return SnapshotError(f"the variable `{name}` of {instance.path} is new since the snapshot was made, and {why}")


def _imported(vm: Machine, instance: ModuleInstance) -> None:
    known = list(instance.slots)
    names = _names(instance)
    instance.slots[:] = [UNSET] * len(known)
    if instance.state == RUNNING:
        raise _refuse(instance, names[0], "the module is just being initialised")
    if instance.state == READY:
        instance.state = NEW
        outcome = _run_again(vm, instance)
        instance.state = READY
        if not isinstance(outcome, Returned):
            why = f": {outcome.error.text()}" if isinstance(outcome, Threw) else ": it needs the world outside"
            raise _refuse(instance, names[0], "it cannot be initialised" + why)
    for slot, value in enumerate(known):
        if value is not ABSENT:
            instance.slots[slot] = value


class _Unseen:
    """Where output goes that nobody is to see twice."""

    def write(self, text: str) -> None:
        """Drop it."""

    def flush(self) -> None:
        """Nothing is kept."""


def _run_again(vm: Machine, instance: ModuleInstance) -> Any:
    """Run the initialisation of a module on a machine without a world; its imports are those of the run."""
    scratch = Machine(None, _Unseen(), Limits(instructions=_INSTRUCTIONS), globals=vm.globals)
    scratch.program, scratch.entry, scratch.modules = vm.program, vm.entry, vm.modules
    outcome = advance(scratch, scratch.spawn(main(instance), []))
    if scratch.step_runtime is not None:
        vm.steps.personas |= scratch.step_runtime.personas  # the new functions may be steps and personas
    return outcome


def _entry(vm: Machine, instance: ModuleInstance) -> None:
    numbers = dict(declared_functions(instance.code.chunk))
    frame = (
        next((f for f in vm.root.frames if f.__class__ is Frame and f.code is instance.code.functions[0]), None)
        if vm.root
        else None
    )
    for name in _names(instance):
        slot = instance.by_name[name]
        if name.startswith("__own "):
            instance.slots[slot] = False
            continue
        if name not in numbers:
            raise _refuse(instance, name, "it would have been initialised when the program began")
        code = instance.code.functions[numbers[name]]
        if code.captures and frame is None:
            raise _refuse(instance, name, "what it captures is gone")
        instance.slots[slot] = Closure(
            code, [frame.regs[s] for s in code.captures] if frame is not None else [], instance
        )
