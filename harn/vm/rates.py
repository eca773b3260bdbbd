"""Rate limits: at most so many admissions in any sixty seconds, first come, first served.

Whoever comes stands in ``line`` until it is admitted or thrown out of its wait. Its place is kept while it looks anew, so that
nobody gets in between; only the first in line is admitted.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.scheduler import Waiting

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task

AREA = "rates"
WINDOW = 60.0
"""Seconds."""


class Rate:
    """One limit of a run. ``times``: when those of the last sixty seconds were admitted; ``most``: None where nothing limits."""

    __slots__ = ("admitted", "cancelled", "deepest", "key", "line", "most", "times", "waited_ms")

    def __init__(self, key: str) -> None:
        self.key = key
        self.most: int | None = None
        self.times: list[float] = []
        self.line: list[Admission] = []
        self.admitted = self.cancelled = self.deepest = 0
        self.waited_ms = 0.0

    def pause(self, now: float) -> float:
        """Seconds until there is room."""
        self.times = [time for time in self.times if time > now - WINDOW]
        if self.most is None or len(self.times) < self.most:
            return 0.0
        return self.times[-self.most] + WINDOW - now

    def change(self, vm: Machine, most: int | None) -> None:
        """Limit to ``most`` in sixty seconds, or no longer."""
        self.most = most
        self.call_first(vm)

    def call_first(self, vm: Machine) -> None:
        """Let the first in line look whether there is room."""
        if self.line and self.line[0].task is not None:
            vm.tasks.wake(vm, self.line[0].task, ("deliver", None))

    def metrics(self) -> dict[str, Any]:
        """The counters, as programs see them."""
        return {
            "kind": "rate_limit", "key": self.key, "capacity": self.most, "window_ms": int(WINDOW * 1000),
            "acquisition_count": self.admitted, "cancellation_count": self.cancelled, "current_queue_depth": len(self.line),
            "max_queue_depth": self.deepest, "total_wait_ms": int(self.waited_ms),
        }  # fmt: skip


class Admission(Waiting):
    """For room in a rate. Wakes with nil; ``admitted`` says whether it was let in or is to wait once more."""

    __slots__ = ("admitted", "rate", "since", "task")
    leaves_at_once = True

    def __init__(self, rate: Rate) -> None:
        self.rate = rate
        self.since: float | None = None
        self.task: Task | None = None
        self.admitted = False

    def park(self, vm: Machine, task: Task) -> tuple[Any, ...] | None:
        rate, now = self.rate, vm.now()
        if self.since is None:
            self.since = now
            rate.line.append(self)
            rate.deepest = max(rate.deepest, len(rate.line))
        pause = rate.pause(now)
        if rate.line[0] is not self:
            self.task = task
            return None
        if pause > 0:
            self.task = task
            vm.tasks.timer(vm, pause, task, self, ("deliver", None))
            return None
        self.admitted = True
        rate.times.append(now)
        rate.admitted += 1
        rate.waited_ms += (now - self.since) * 1000
        rate.line.pop(0)
        rate.call_first(vm)
        return ("deliver", None)

    def leave(self, vm: Machine, task: Task) -> None:
        self.task = None

    def give_up(self, vm: Machine) -> None:
        """It was thrown out of its wait."""
        if self in self.rate.line:
            self.rate.line.remove(self)
            self.rate.cancelled += 1
            self.rate.call_first(vm)

    def words(self) -> str:
        return f"waits for the rate limit '{self.rate.key}'"


def rate_of(vm: Machine, key: str) -> Rate:
    """The rate of that name, made at the first use."""
    rates: dict[str, Rate] = vm.areas.setdefault(AREA, {})
    found = rates.get(key)
    if found is None:
        found = rates[key] = Rate(key)
    return found
