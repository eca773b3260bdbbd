"""Streams that nobody can pull any more, though tasks still work for them: found while the run is idle, and dismissed.

A stream is a value, and may lie anywhere: in a variable, a list, a channel, a frame of another task. Whether one can still be
pulled is therefore asked of the whole run, as a search from the root task and the modules, with no help of Python's own
collector: the answer depends on nothing but the state of the run. It is asked only while every task waits, of streams that no
task is pulling, and the more seldom the more turns have passed since the last pull.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.kinds import Handle
from harn.vm.frame import Native
from harn.vm.machine import Context, Machine, Task
from harn.vm.reaching import PLAIN, parts
from harn.vm.scheduler import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

AREA = "streams"


class Crew(Native):
    """A source of elements for which tasks work. ``pulling`` while one is pulled; ``turn`` when the last pull was looked at."""

    __slots__ = ("pulling", "turn")

    def __init__(self) -> None:
        self.pulling = False
        self.turn = 0

    def tasks(self) -> list[Task]:
        """The tasks at work."""
        raise NotImplementedError

    def dismiss(self, vm: Machine) -> None:
        """Cancel the tasks: nothing is pulled any more."""
        raise NotImplementedError

    def begin_pull(self, context: Context) -> None:
        """Somebody wants an element."""
        self.pulling = True
        self.turn = context.vm.turn

    def due(self, vm: Machine) -> bool:
        """Whether it is time to ask if the stream is abandoned: at most 16 times while the turns since its pull double."""
        turns = vm.turn - self.turn
        return not self.pulling and turns % (1 << max(0, turns.bit_length() - 5)) == 0


def enlist(vm: Machine, crew: Crew) -> None:
    """Note that tasks work for a stream."""
    crews = vm.areas.setdefault(AREA, [])
    if crew not in crews:
        crews.append(crew)


def dismiss_abandoned(vm: Machine, root: Task) -> None:
    """Every task waits: cancel those that work for streams which nobody can reach."""
    crews: list[Crew] = [crew for crew in vm.areas.get(AREA, ()) if any(task.result is None for task in crew.tasks())]
    vm.areas[AREA] = crews
    if any(crew.due(vm) for crew in crews):
        reached = _reached(vm, root, crews)
        for crew in crews:
            if id(crew) not in reached:
                crew.dismiss(vm)


def _reached(vm: Machine, root: Task, crews: list[Crew]) -> set[int]:
    """The identities of all records that can be reached; those of tasks at work for a stream only through the stream."""
    at_work = {id(task) for crew in crews for task in crew.tasks()}
    areas = [state for name, state in vm.areas.items() if name != AREA]
    pending: list[Any] = [*areas, vm.globals, vm.step_runtime]
    pending += [instance.slots for instance in vm.modules.values()]
    if vm.entry is not None:
        pending.append(vm.entry.slots)
    met = {id(root)}
    pending += _of_task(root, at_work, met)
    held: list[Any] = []  # keeps what is met alive, so that an identity means one record
    while pending:
        record = pending.pop()
        if record.__class__ in PLAIN or id(record) in met:
            continue
        met.add(id(record))
        held.append(record)
        pending.extend(_parts(record, at_work, met))
    return met


def _of_task(task: Task, at_work: set[int], met: set[int]) -> list[Any]:
    """What a task holds, and what its children hold; not who waits for it."""
    found: list[Any] = []
    todo = [task]
    while todo:
        one = todo.pop()
        found += [one.frames, one.request, one.resting, one.result, one.values]
        for child in one.children.values():
            if id(child) not in at_work and id(child) not in met:
                met.add(id(child))
                todo.append(child)
    return found


def _parts(record: Any, at_work: set[int], met: set[int]) -> Iterable[Any]:
    """As anywhere, but a task is reached through its handle, its parent or the stream it works for, not through who waits."""
    kind = record.__class__
    if kind is Handle and record.state.__class__ is Task:
        return _once(record.state, at_work, met)
    if isinstance(record, Crew):
        return [*(part for task in record.tasks() for part in _once(task, at_work, met)), *parts(record)]
    if kind is Task or isinstance(record, Waiting):
        return ()
    return parts(record)


def _once(task: Task, at_work: set[int], met: set[int]) -> list[Any]:
    if id(task) in met:
        return []
    met.add(id(task))
    return _of_task(task, at_work, met)
