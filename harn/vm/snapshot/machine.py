"""A machine as a snapshot holds it: what is state, what the machine that thaws brings along."""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError
from harn.values.kinds import Builtin
from harn.vm.machine import Machine, ModuleInstance, Task
from harn.vm.scheduler import Scheduler
from harn.vm.snapshot.decoder import Decoder
from harn.vm.snapshot.encoder import Encoder
from harn.vm.snapshot.errors import SnapshotError, damaged
from harn.vm.snapshot.gained import initialise_gained
from harn.vm.snapshot.wire import Reader, sealed, unsealed

if TYPE_CHECKING:
    from harn.vm.modules import Program

STATE = (
    "areas", "deadline", "entry", "grace_end", "instructions", "interrupt_told", "interrupts", "looks", "policies_used",
    "printed", "root", "scheduler", "step_runtime", "tracer", "turn",
)  # fmt: skip
"""Attributes of a machine that travel as they are. Moments are seconds since the run began; that clock stands while it rests."""

CONVERTED = ("globals", "inputs", "limits", "modules", "time")
"""What travels in another form: the functions a run was given by name, inputs nobody has taken, limits, modules, the clock."""

BROUGHT = (
    "active", "arouse", "blocked", "depth", "driver", "epoch", "memory_start", "output", "policy", "program", "running", "timed",
    "unflushed", "value_bytes", "world",
)  # fmt: skip
"""What belongs to the machine that thaws, or to a single turn."""


def freeze(vm: Machine, label: str = "") -> bytes:
    """A run that stands between two slices, with everything that can be reached from it. ``label`` is for whoever thaws it.

    SnapshotError where something of it cannot travel, or a host function that calls back into Harn is running.
    """
    if vm.root is None or vm.program is None:
        raise SnapshotError("the run has not begun")
    if vm.active > 1:
        raise SnapshotError("a function of the embedding program is running and has called back into Harn")
    return sealed(Encoder(vm, vm.program).encode(_state(vm), label))


def label(data: bytes) -> str:
    """The label of a snapshot. SnapshotError for bytes that are none."""
    reader = Reader(unsealed(data))
    reader.text()
    return reader.text()


def thaw(data: bytes, vm: Machine, program: Program) -> None:
    """Fill a fresh machine with a run that ``freeze`` wrote; its ``root`` is then the root task.

    The machine brings its world, output, policy and given functions. Its limits stand; where it has none, those of the
    frozen run go on. SnapshotError for damaged bytes, those of another Harn, and a program that has changed where the run
    stands; the machine is of no use then.
    """
    body = unsealed(data)
    decoder = Decoder(body, vm, program)
    try:
        state = decoder.decode()
        _restore(vm, program, state)
    except SnapshotError:
        raise
    except (MemoryError, RecursionError, HarnError):
        raise damaged("it cannot be read") from None
    except (
        Exception
    ) as fault:  # bytes with a right checksum that no encoder wrote: whatever they led to, they are damaged
        raise damaged(f"{type(fault).__name__} while it was read") from fault
    initialise_gained(vm)


def _state(vm: Machine) -> dict[str, Any]:
    state: dict[str, Any] = {name: getattr(vm, name) for name in STATE}
    state["time"] = vm.clock()
    state["globals"] = {name: value for name, value in vm.globals.items() if value.__class__ is not Builtin}
    state["inputs"] = list(getattr(vm.inputs, "box", ()))
    state["limits"] = {kind: getattr(vm.limits, kind) for kind in vm.limits.__slots__}
    state["modules"] = list(vm.modules.values())
    return state


_KINDS: dict[str, Any] = {
    "areas": dict, "deadline": (float, type(None)), "entry": ModuleInstance, "globals": dict, "grace_end": (float, type(None)),
    "inputs": list, "instructions": int, "interrupts": int, "limits": dict, "looks": int, "modules": list, "printed": int,
    "root": Task, "scheduler": Scheduler, "time": float, "turn": int,
}  # fmt: skip
"""What must be of these classes for the run to go on at all."""


def _restore(vm: Machine, program: Program, state: Any) -> None:
    """Put the state into the machine."""
    for name, kind in _KINDS.items():
        if not isinstance(state[name], kind):
            raise damaged(f"its `{name}` is something else")
    for name in STATE:
        setattr(vm, name, state[name])
    vm.program = program
    vm.time = state["time"]
    vm.inputs.box.extend(state["inputs"])
    vm.globals.update(state["globals"])
    for kind in vm.limits.__slots__:
        if getattr(vm.limits, kind) is None:
            setattr(vm.limits, kind, state["limits"][kind])
    vm.modules = {}
    for instance in state["modules"]:
        key = program.key_of(instance.code)
        if key is None:
            raise damaged("it has two entries")
        vm.modules[key] = instance


__all__ = ["freeze", "label", "thaw"]
