"""Supervisors: tasks that are started again when they fail."""

from __future__ import annotations

from typing import Any

from harn.builtins.strings import text_of
from harn.builtins.supervisor_specs import supervisor_of
from harn.builtins.tasks import milliseconds
from harn.catalog.record import builtin
from harn.values.errors import runtime_error
from harn.vm.frame import Native
from harn.vm.machine import Context
from harn.vm.supervising import AREA, Begin, Stop
from harn.vm.supervision import Supervisor


def _find(ctx: Context, name: str, target: Any) -> Supervisor:
    """The supervisor behind a handle or id."""
    if target.__class__ is dict and target.get("_type") == "supervisor":
        target = target.get("id")
    id = "" if target is None else text_of(target)
    if not id:
        raise runtime_error(f"{name}: supervisor handle or id is required")
    found: Supervisor | None = ctx.vm.areas.get(AREA, {}).get(id)
    if found is None:
        raise runtime_error(f"{name}: unknown supervisor '{id}'")
    return found


@builtin("supervisor_start(spec: dict) -> dict", form="native", effects=["task", "clock"], keeps=["spec"], ctx=True)
def supervisor_start(ctx: Context, spec: dict[str, Any]) -> Native:
    """Start some children, and start them again when they fail: `{name, id, strategy, shutdown_ms, restart, children:
    [{name, kind, task, restart, active_lease}]}`. A child's `task` is called with `{supervisor_id, child_name, child_kind,
    attempt, restart_count}`. They end with the task that started them.

    `strategy`: `one_for_one` restarts what failed, `one_for_all` all that run, `rest_for_one` what failed and what was started
    after it, `escalate_to_parent` none: all are stopped. `restart`: `never`, `on_failure` or `always`, or a dict `{mode,
    max_restarts, window_ms, backoff_ms, factor, max_backoff_ms, jitter_ms, circuit_open_ms}`: at most so many restarts within a
    window; more and it is given up, or tried again after `circuit_open_ms`.
    """
    return Begin(supervisor_of(spec, ctx.vm.areas.get(AREA, {})))


@builtin("supervisor_state(supervisor: any) -> dict", effects=["task"], ctx=True)
def supervisor_state(ctx: Context, supervisor: Any) -> dict[str, Any]:
    """How a supervisor and its children are, by handle or id: `{id, name, status, strategy, metrics, children: [{name, kind,
    status, restart_count, last_error, current_wait_reason, next_restart_time, active_lease}]}`.
    """
    return _find(ctx, "supervisor_state", supervisor).state()


@builtin("supervisor_events(supervisor: any) -> list<dict>", effects=["task"], ctx=True)
def supervisor_events(ctx: Context, supervisor: Any) -> list[dict[str, Any]]:
    """What happened, in order: `{seq, at_ms, supervisor_id, child, kind, message}`. What a child printed is an event
    `child_output`. At most the last 10,000 are kept.
    """
    return [dict(event) for event in _find(ctx, "supervisor_events", supervisor).events]


@builtin(
    "supervisor_metrics(supervisor: any)"
    " -> {started: int, stopped: int, failed: int, restarted: int, suppressed: int, escalated: int}",
    effects=["task"],
    ctx=True,
)
def supervisor_metrics(ctx: Context, supervisor: Any) -> dict[str, Any]:
    """How many children were `started`, `stopped`, `failed`, `restarted`, `suppressed` and `escalated`."""
    return dict(_find(ctx, "supervisor_metrics", supervisor).counts)


@builtin(
    "supervisor_stop(supervisor: any, timeout?: any | duration | int) -> dict",
    form="native",
    effects=["task"],
    ctx=True,
)
def supervisor_stop(ctx: Context, supervisor: Any, timeout: Any = None) -> Native:
    """Ask all children to end, and cancel those that have not within the timeout (`shutdown_ms`, or 5 seconds); the state in the
    end. Stopping again changes nothing.
    """
    found = _find(ctx, "supervisor_stop", supervisor)
    return Stop(found, max(0.0, milliseconds(timeout, float(found.shutdown_ms)) / 1000))
