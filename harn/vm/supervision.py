"""What a supervisor decides: which child runs, which waits to be started again, which is given up. No task is touched here.

    pending -> running -> stopped | failed                  it ended, and nothing starts it again
                       -> waiting -> running                 it ended or a sibling failed: it starts again after its backoff
                       -> circuit_open -> running            it ended too often: it is tried again after a longer time
                       -> suppressed                         it ended too often: it is given up
                       -> draining -> stopped | failed       the supervisor is being stopped

A supervisor is ``running`` until nothing is left to run (``completed``), a failure is passed upwards (``escalated``) or it is
stopped (``draining``, then ``stopped``). Times are seconds of the run.
"""

from __future__ import annotations

from zlib import crc32

from harn.source.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.vm.machine import Task

NEVER, ON_FAILURE, ALWAYS = "never", "on_failure", "always"
ONE_FOR_ONE, ONE_FOR_ALL, REST_FOR_ONE, ESCALATE = "one_for_one", "one_for_all", "rest_for_one", "escalate_to_parent"
MODES = (NEVER, ON_FAILURE, ALWAYS)
STRATEGIES = (ONE_FOR_ONE, ONE_FOR_ALL, REST_FOR_ONE, ESCALATE)

EVENTS_KEPT = 10_000
"""A child that fails at once and for ever must not fill the memory: older events are dropped. Numbers are never used twice."""

_AT_ONCE = 1e-6
"""Seconds before its time at which a child may be started: what adding and subtracting times may lose."""


class RestartPolicy:
    """When a child is started again. ``max_restarts`` None: always; ``window_ms`` 0: counted over its whole life."""

    __slots__ = (
        "backoff_ms", "circuit_open_ms", "factor", "jitter_ms", "max_backoff_ms", "max_restarts", "mode", "window_ms",
    )  # fmt: skip

    def __init__(self, mode: str = ON_FAILURE) -> None:
        self.mode = mode
        self.max_restarts: int | None = None
        self.window_ms = 60_000
        self.backoff_ms = 0
        self.max_backoff_ms = 30_000
        self.factor = 2.0
        self.jitter_ms = 0
        self.circuit_open_ms: int | None = None

    def delay_ms(self, restarts: int, salt: str) -> int:
        """How long to wait before the next restart: grows by ``factor`` up to a limit. The same salt gives the same jitter."""
        delay = 0
        if self.backoff_ms:
            try:
                grown = self.backoff_ms * self.factor**restarts
            except OverflowError:
                grown = float("inf")
            delay = round(min(grown, max(self.max_backoff_ms, self.backoff_ms)))
        return delay + crc32(salt.encode("utf-8", "surrogatepass")) % (self.jitter_ms + 1)


class Child:
    """One child. ``starts`` and ``restarts`` count; ``exits`` are the times that count against the limit; ``due`` is when it is
    to be started; ``task`` is what runs of it, also while that is being cancelled.
    """

    __slots__ = (
        "due", "error", "exits", "function", "kind", "lease", "name", "policy", "reason", "restarts", "starts", "status", "task",
    )  # fmt: skip

    def __init__(self, name: str, kind: str, function: Any, policy: RestartPolicy, lease: str | None = None) -> None:
        self.name = name
        self.kind = kind
        self.function = function
        self.policy = policy
        self.lease = lease
        self.status = "pending"
        self.starts = self.restarts = 0
        self.exits: list[float] = []
        self.error: str | None = None
        self.reason: str | None = None
        self.due: float | None = 0.0
        self.task: Task | None = None

    def rest(self, status: str, reason: str | None = None, due: float | None = None) -> None:
        """Stand in a status in which it does not run."""
        self.status = status
        self.reason = reason
        self.due = due


class Supervisor:
    """Children in the order they are started in, and what happened to them. ``zero_ms`` is the wall clock at time 0 of the run;
    ``task`` is the task that watches the children.
    """

    __slots__ = (
        "children", "counts", "events", "forced", "id", "name", "serial", "shutdown_ms", "status", "strategy", "task", "zero_ms",
    )  # fmt: skip

    def __init__(self, id: str, name: str, strategy: str, shutdown_ms: int, children: list[Child]) -> None:
        self.id = id
        self.name = name
        self.strategy = strategy
        self.shutdown_ms = shutdown_ms
        self.children = children
        self.status = "running"
        self.forced = False
        self.events: list[dict[str, Any]] = []
        self.serial = 0
        self.counts = dict.fromkeys(("started", "stopped", "failed", "restarted", "suppressed", "escalated"), 0)
        self.zero_ms = 0.0
        self.task: Task | None = None

    # ----------------------------------------------------------------------------------------- what happens

    def note(self, now: float, kind: str, child: Child | None = None, message: str | None = None) -> None:
        """Add an event."""
        name = child.name if child is not None else None
        event = {"seq": self.serial, "at_ms": self._wall(now), "supervisor_id": self.id, "child": name}
        self.events.append({**event, "kind": kind, "message": message})
        self.serial += 1
        if len(self.events) > EVENTS_KEPT:
            del self.events[0]

    def start(self, child: Child, now: float) -> None:
        """A child begins to run."""
        child.rest("running")
        child.starts += 1
        self.counts["started"] += 1
        self.note(now, "child_started", child)
        if child.starts > 1:
            self.note(now, "child_restart_started", child)

    def ended(self, child: Child, now: float, error: str | None, message: str | None = None) -> list[Child]:
        """A child has ended by itself or was drained, with the text of its error if it failed. The siblings to be cancelled."""
        if error is None:
            child.rest("stopped")
            child.error = None
            self.counts["stopped"] += 1
            self.note(now, "child_stopped", child, message)
        else:
            child.rest("failed")
            child.error = error
            self.counts["failed"] += 1
            self.note(now, "child_failed", child, error)
        if self.status != "running":
            return []
        if error is not None and self.strategy == ESCALATE:
            return self._escalate(child, now)
        mode = child.policy.mode
        if mode == NEVER or (mode == ON_FAILURE and error is None) or not self._may_restart(child, now):
            return []
        delay = child.policy.delay_ms(child.restarts, f"{self.id}:{child.name}:{child.restarts}")
        self._schedule(child, now, delay, "restart_backoff")
        return [] if error is None else self._restart_siblings(child, now, delay)

    def drain(self, now: float) -> list[Child]:
        """The supervisor is to stop: nothing is started any more. The children to be asked to end."""
        self.status = "draining"
        self.note(now, "supervisor_stopping")
        asked = []
        for child in self.children:
            if child.status == "running":
                child.rest("draining", "shutdown")
                asked.append(child)
            elif child.due is not None:
                if child.status != "pending":
                    self.note(now, "child_stopped", child, "supervisor stop")
                child.rest("stopped")
        return asked

    def settle(self, now: float) -> None:
        """Nothing is left to run."""
        if self.status == "running":
            self.status = "completed"
            self.note(now, "supervisor_completed")
        elif self.status == "draining":
            self.status = "stopped"
            self.note(now, "supervisor_stopped", message="forced" if self.forced else "drained")

    def abandon(self, now: float) -> None:
        """The supervisor itself was cancelled: its children end with it."""
        for child in self.children:
            if child.due is not None or child.status in ("running", "draining"):
                child.rest("stopped")
        if self.status != "stopped":
            self.status = "stopped"
            self.note(now, "supervisor_stopped", message="cancelled")

    # ----------------------------------------------------------------------------------------- what is to be done

    def ready(self, now: float) -> list[Child]:
        """The children to start now. Where siblings are restarted together, the last of them must have ended first."""
        if self.status != "running":
            return []
        together = self.strategy in (ONE_FOR_ALL, REST_FOR_ONE)
        if together and any(child.task is not None and child.status != "running" for child in self.children):
            return []
        return [
            child
            for child in self.children
            if child.due is not None and child.task is None and child.due - now <= _AT_ONCE
        ]

    def pause(self, now: float) -> float | None:
        """Seconds until a child is due; None where none is."""
        times = [child.due for child in self.children if child.due is not None and child.task is None]
        return max(0.0, min(times) - now) if times else None

    def finished(self) -> bool:
        """Whether nothing runs, and nothing will."""
        return all(child.task is None and child.due is None for child in self.children)

    # ----------------------------------------------------------------------------------------- decisions

    def _may_restart(self, child: Child, now: float) -> bool:
        """Whether the limit allows one more restart; a child beyond it is given up, or rests until its circuit is tried."""
        policy = child.policy
        if policy.max_restarts is None:
            return True
        if policy.window_ms > 0:
            child.exits = [at for at in child.exits if (now - at) * 1000 <= policy.window_ms]
        child.exits.append(now)
        if len(child.exits) <= policy.max_restarts:
            return True
        self.counts["suppressed"] += 1
        if policy.circuit_open_ms is None:
            child.rest("suppressed", "restart_cap_exceeded")
            self.note(now, "child_suppressed", child, "restart cap reached")
        else:
            child.rest("circuit_open", "circuit_open", now + policy.circuit_open_ms / 1000)
            child.restarts = 0
            child.exits = []
            self.note(now, "child_suppressed", child, "restart cap reached; circuit opened")
        return False

    def _schedule(self, child: Child, now: float, delay_ms: int, reason: str) -> None:
        child.rest("waiting", reason, now + delay_ms / 1000)
        child.restarts += 1
        self.counts["restarted"] += 1
        self.note(now, "child_restarted", child, f"scheduled after {delay_ms}ms")

    def _restart_siblings(self, failed: Child, now: float, delay_ms: int) -> list[Child]:
        """Those that are started again with a failed child, and after the same time. What had ended for good stays as it is."""
        if self.strategy not in (ONE_FOR_ALL, REST_FOR_ONE):
            return []
        first = 0 if self.strategy == ONE_FOR_ALL else self.children.index(failed)
        cancelled = []
        for child in self.children[first:]:
            if child.status != "running":
                continue
            self.note(now, "child_stopped", child, "propagation restart")
            if child.policy.mode == NEVER:
                child.rest("stopped")
            else:
                self._schedule(child, now, delay_ms, "propagation_restart")
            cancelled.append(child)
        return cancelled

    def _escalate(self, failed: Child, now: float) -> list[Child]:
        self.status = "escalated"
        self.counts["escalated"] += 1
        self.note(now, "child_escalated", failed, "the failure is passed upwards")
        cancelled = [child for child in self.children if child.status == "running"]
        for child in self.children:
            child.rest("stopped")
        return cancelled

    # ----------------------------------------------------------------------------------------- as programs see it

    def state(self) -> dict[str, Any]:
        """Everything that is known now."""
        return {
            "_type": "supervisor_state", "id": self.id, "name": self.name, "status": self.status, "strategy": self.strategy,
            "metrics": dict(self.counts), "children": [self._shown(child) for child in self.children],
        }  # fmt: skip

    def _shown(self, child: Child) -> dict[str, Any]:
        waits = child.due is not None and child.status != "pending"
        return {
            "name": child.name, "kind": child.kind, "status": child.status, "restart_count": child.restarts,
            "last_error": child.error, "current_wait_reason": child.reason, "active_lease": child.lease,
            "next_restart_time": self._wall(child.due) if waits and child.due is not None else None,
        }  # fmt: skip

    def _wall(self, time: float) -> int:
        """A time of the run in milliseconds since 1970."""
        return int(self.zero_ms + time * 1000)
