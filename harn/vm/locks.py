"""Permits: mutexes, semaphores, gates and readers-writer locks are counters with a queue, first come, first served.

A permit belongs to the frame of the function that acquired it. When that frame is left without having released it, a permit it
returns moves to its caller; one that can still be reached from the value it returns or from anywhere else in the run belongs
to the task from then on; any other is released. What belongs to a task is released at its end, but what it returns moves to
its parent. Where a permit can be reached is asked of the records of the run alone (``harn.vm.reaching``), so that the answer is
the same in every run and after a restore.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.kinds import Handle
from harn.vm.frame import RETURN, Completion, Frame, Outcome, Returned, whole_side
from harn.vm.scheduler import Waiting

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task

WRITER = 1024
"""Permits a writer takes, which are all of a readers-writer lock."""


class Lock:
    """One lock of a run, by kind and key. ``held`` permits of ``capacity`` are out; ``queue`` holds who waits."""

    __slots__ = (
        "acquired", "cancelled", "capacity", "deepest", "held", "held_ms", "key", "kind", "queue", "released", "timeouts",
        "waited_ms",
    )  # fmt: skip

    def __init__(self, kind: str, key: str, capacity: int) -> None:
        self.kind = kind
        self.key = key
        self.capacity = capacity
        self.held = 0
        self.queue: list[Acquiring] = []
        self.acquired = self.released = self.timeouts = self.cancelled = self.deepest = 0
        self.waited_ms = self.held_ms = 0.0

    def metrics(self) -> dict[str, Any]:
        """The lock's counters, as programs see them."""
        return {
            "kind": self.kind, "key": self.key, "capacity": self.capacity, "acquisition_count": self.acquired,
            "timeout_count": self.timeouts, "cancellation_count": self.cancelled, "release_count": self.released,
            "current_held": self.held, "current_queue_depth": len(self.queue), "max_queue_depth": self.deepest,
            "total_wait_ms": int(self.waited_ms), "total_held_ms": int(self.held_ms),
        }  # fmt: skip

    def admit(self, vm: Machine) -> None:
        """Let in whoever is first in the queue, as long as there is room."""
        while self.queue and self.held + self.queue[0].count <= self.capacity:
            waiting = self.queue.pop(0)
            assert waiting.task is not None
            vm.tasks.wake(vm, waiting.task, ("deliver", waiting.grant(vm)))


class Permit:
    """Permits of a lock that are out. ``task`` has acquired them; ``frame`` is that of its functions they belong to, if any."""

    __slots__ = ("count", "frame", "lock", "since", "task")

    def __init__(self, lock: Lock, count: int, since: float, task: Task) -> None:
        self.lock = lock
        self.count = count
        self.since = since
        self.task = task
        self.frame: Frame | None = None
        task.permits.append(self)

    def belong(self, frame: Frame | None) -> None:
        """Move to another frame, or to the task alone."""
        if self.frame is not None:
            whole_side(self.frame).regions.remove(self)
        self.frame = frame
        if frame is not None:
            whole_side(frame).regions.append(self)

    def release(self, vm: Machine) -> bool:
        """Give the permits back; False where they were."""
        if self.count == 0:
            return False
        lock = self.lock
        lock.held -= self.count
        lock.released += 1
        lock.held_ms += (vm.now() - self.since) * 1000
        self.count = 0
        self.belong(None)
        self.task.permits.remove(self)
        lock.admit(vm)
        return True


class Acquiring(Waiting):
    """For permits; nil after ``seconds``, which is None for ever and 0 to try once."""

    __slots__ = ("count", "lock", "seconds", "since", "task")
    leaves_at_once = True

    def __init__(self, lock: Lock, count: int, seconds: float | None) -> None:
        self.lock = lock
        self.count = count
        self.seconds = seconds
        self.since = 0.0
        self.task: Task | None = None

    def park(self, vm: Machine, task: Task) -> tuple[Any, ...] | None:
        lock = self.lock
        self.task = task
        self.since = vm.now()
        if self.seconds != 0:
            lock.deepest = max(lock.deepest, len(lock.queue) + 1)
        if not lock.queue and lock.held + self.count <= lock.capacity:
            return ("deliver", self.grant(vm))
        if self.seconds is not None and self.seconds <= 0:
            lock.timeouts += 1
            return ("deliver", None)
        lock.queue.append(self)
        if self.seconds is not None:
            vm.tasks.timer(vm, self.seconds, task, self, ("deliver", None))
        return None

    def grant(self, vm: Machine) -> Handle:
        """Hand the permits out."""
        lock, now, task = self.lock, vm.now(), self.task
        assert task is not None
        lock.held += self.count
        lock.acquired += 1
        lock.waited_ms += (now - self.since) * 1000
        permit = Permit(lock, self.count, now, task)
        permit.belong(next((record for record in reversed(task.frames) if record.__class__ is Frame), None))
        return Handle("sync_permit", f"{lock.kind}:{lock.key}", permit)

    def leave(self, vm: Machine, task: Task) -> None:
        if self in self.lock.queue:
            self.lock.queue.remove(self)
            request = task.request
            if request is not None and request[0] == "raise":
                self.lock.cancelled += 1
            else:
                self.lock.timeouts += 1
            self.lock.admit(vm)

    def words(self) -> str:
        return f"waits for {self.lock.kind} '{self.lock.key}'"


def lock_of(vm: Machine, kind: str, key: str, capacity: int) -> Lock:
    """The lock of that kind and key, made at the first use."""
    locks: dict[tuple[str, str], Lock] = vm.areas.setdefault("locks", {})
    found = locks.get((kind, key))
    if found is None:
        found = locks[kind, key] = Lock(kind, key, capacity)
    return found


def leave_frame(vm: Machine, task: Task, frame: Frame, completion: Completion) -> None:
    """What becomes of the permits of a frame that has been left."""
    from harn.vm.reaching import reachable

    value = completion.payload if completion.kind == RETURN else None
    for permit in list(whole_side(frame).regions):
        if value.__class__ is Handle and value.state is permit:
            permit.belong(next((record for record in reversed(task.frames) if record.__class__ is Frame), None))
        elif reachable(vm, permit, value):
            permit.belong(None)
        else:
            permit.release(vm)


def leave_task(vm: Machine, task: Task, outcome: Outcome) -> None:
    """What becomes of the permits of a task that has ended."""
    from harn.vm.reaching import holds

    parent = task.parent
    for permit in list(task.permits):
        if (
            outcome.__class__ is Returned
            and parent is not None
            and parent.result is None
            and holds(outcome.value, permit)
        ):
            permit.belong(None)
            task.permits.remove(permit)
            permit.task = parent
            parent.permits.append(permit)
        else:
            permit.release(vm)
