"""Mutexes, semaphores, gates and readers-writer locks."""

from __future__ import annotations

from typing import Any

from harn.builtins.strings import text_of
from harn.builtins.tasks import milliseconds
from harn.catalog.record import builtin
from harn.values.errors import runtime_error
from harn.values.kinds import Handle
from harn.vm.frame import Answer, Done, Native, Wait
from harn.vm.locks import WRITER, Acquiring, Lock, Permit, lock_of
from harn.vm.machine import Context
from harn.vm.rates import AREA, Rate

DEFAULT = "__default__"


class Acquire(Native):
    """Waits for permits and gives the handle, nil where the time is up."""

    __slots__ = ("asked", "waiting")
    name = "acquire"
    edge = False

    def __init__(self, waiting: Acquiring) -> None:
        self.waiting = waiting
        self.asked = False

    def resume(self, value: Any) -> Answer:
        if self.asked:
            return Done(value)
        self.asked = True
        return Wait(self.waiting)


def _seconds(timeout: Any) -> float | None:
    if timeout.__class__ is dict:
        timeout = timeout.get("timeout_ms")
    return None if timeout is None else max(0.0, milliseconds(timeout, 0.0) / 1000)


def _positive(name: str, value: int) -> int:
    if value <= 0:
        raise runtime_error(f"{name}: value must be positive")
    return value


def _acquire(lock: Lock, capacity: int, count: int, timeout: Any) -> Native:
    if lock.capacity != capacity:
        raise runtime_error(
            f"sync {lock.kind} '{lock.key}' already exists with capacity {lock.capacity}, not {capacity}"
        )
    if count > capacity:
        raise runtime_error(f"sync {lock.kind} '{lock.key}' requested {count} permits from capacity {capacity}")
    return Acquire(Acquiring(lock, count, _seconds(timeout)))


@builtin(
    "sync_mutex_acquire(key?: any, timeout?: any | duration | int | dict) -> sync_permit?",
    form="native",
    effects=["task"],
    ctx=True,
)
def sync_mutex_acquire(ctx: Context, key: Any = None, timeout: Any = None) -> Native:
    """Wait for a mutex by name; nil where the timeout (milliseconds or a duration; 0 tries once) is over."""
    return _acquire(lock_of(ctx.vm, "mutex", DEFAULT if key is None else text_of(key), 1), 1, 1, timeout)


@builtin(
    "sync_semaphore_acquire(key: any, capacity: int = 1, permits: int = 1, timeout?: any | duration | int | dict)"
    " -> sync_permit?",
    form="native",
    effects=["task"],
    ctx=True,
)
def sync_semaphore_acquire(ctx: Context, key: Any, capacity: int = 1, permits: int = 1, timeout: Any = None) -> Native:
    """Wait for permits of a semaphore by name."""
    size = _positive("sync_semaphore_acquire", capacity)
    count = _positive("sync_semaphore_acquire", permits)
    return _acquire(lock_of(ctx.vm, "semaphore", text_of(key), size), size, count, timeout)


@builtin(
    "sync_gate_acquire(key: any, limit: int = 1, timeout?: any | duration | int | dict) -> sync_permit?",
    form="native",
    effects=["task"],
    ctx=True,
)
def sync_gate_acquire(ctx: Context, key: Any, limit: int = 1, timeout: Any = None) -> Native:
    """Wait until fewer than a limit are inside."""
    size = _positive("sync_gate_acquire", limit)
    return _acquire(lock_of(ctx.vm, "gate", text_of(key), size), size, 1, timeout)


@builtin(
    'sync_rwlock_acquire(key: any, mode: "read" | "write" = "read", timeout?: any | duration | int | dict) -> sync_permit?',
    form="native",
    effects=["task"],
    ctx=True,
)
def sync_rwlock_acquire(ctx: Context, key: Any, mode: str = "read", timeout: Any = None) -> Native:
    """Wait to read, with others, or to write, alone."""
    if mode not in ("read", "write"):
        raise runtime_error("sync_rwlock_acquire: mode must be read or write")
    lock = lock_of(ctx.vm, "rwlock", text_of(key), WRITER)
    return _acquire(lock, WRITER, WRITER if mode == "write" else 1, timeout)


@builtin("sync_release(permit: sync_permit) -> bool", effects=["task"], ctx=True)
def sync_release(ctx: Context, permit: Handle) -> bool:
    """Give a permit back; false where it was given back before."""
    held: Permit = permit.state
    return held.release(ctx.vm)


@builtin(
    'sync_metrics(kind?: any | "mutex" | "semaphore" | "gate" | "rwlock" | "rate_limit", key?: any)'
    " -> dict | list<dict> | nil",
    effects=["task"],
    ctx=True,
)
def sync_metrics(ctx: Context, kind: Any = None, key: Any = None) -> Any:
    """The counters of a lock, nil for an unknown one; without a key those of all, of one kind where it is given.

    The kinds are `mutex`, `semaphore`, `gate`, `rwlock` and `rate_limit`.
    """
    counted: dict[tuple[str, str], Lock | Rate] = dict(ctx.vm.areas.get("locks", {}))
    counted.update({("rate_limit", name): rate for name, rate in ctx.vm.areas.get(AREA, {}).items()})
    if key is not None:
        found = counted.get((text_of(kind), text_of(key)))
        return found.metrics() if found is not None else None
    return [one.metrics() for (own, _), one in counted.items() if kind is None or own == kind]


@builtin("__mutex_enter() -> any", form="native", effects=["task"], ctx=True)
def mutex_enter(ctx: Context) -> Native:
    """Take the lock of a `mutex` block."""
    return _acquire(lock_of(ctx.vm, "mutex", DEFAULT, 1), 1, 1, None)


@builtin("__mutex_leave(permit: any) -> nil", effects=["task"], ctx=True)
def mutex_leave(ctx: Context, permit: Any) -> None:
    """Give the lock of a `mutex` block back."""
    if permit.__class__ is Handle:
        permit.state.release(ctx.vm)
