"""Who the running task is to the program, and the values a task hands down to the tasks it starts.

Each task has a copy of its parent's values, made when it is started: what either of them sets later the other does not see.
"""

from __future__ import annotations

from typing import Any

from harn.catalog.record import builtin
from harn.vm.machine import ROOT, Context

OUTER = "runtime context"
"""The area of what stands around the run and not in a task: a dict of some of OUTER_FIELDS."""

OUTER_FIELDS = (
    "scope_id", "workflow_id", "run_id", "stage_id", "worker_id", "agent_session_id", "parent_agent_session_id",
    "root_agent_session_id", "agent_name", "trigger_id", "trigger_event_id", "binding_key", "tenant_id", "provider", "trace_id",
    "span_id", "scheduler_key", "runner", "capacity_class",
)  # fmt: skip


def fields(ctx: Context) -> dict[str, Any]:
    """What identifies the running task and what it runs in; nil for what there is not."""
    task = ctx.task
    who = task.identity
    found: dict[str, Any] = {
        "task_id": who.id,
        "parent_task_id": who.parent,
        "root_task_id": ROOT.id,
        "task_name": who.name,
        "task_group_id": who.group,
    }
    outer: dict[str, Any] = ctx.vm.areas.get(OUTER, {})
    for name in OUTER_FIELDS:
        found[name] = outer.get(name)
    return found


@builtin(
    "runtime_context() -> dict",
    effects=["task"],
    ctx=True,
    aliases=["task_current"],
    examples=[("runtime_context().task_id", "task_root")],
)
def runtime_context(ctx: Context) -> dict[str, Any]:
    """Who the running task is: `task_id`, `parent_task_id`, `root_task_id`, `task_name`, `task_group_id` (of the tasks of one
    `parallel` form), what it runs in (`workflow_id`, `run_id`, `agent_session_id`, `tenant_id`, `trace_id`, ...), its values,
    whether it was asked to end, and under `debug` what tools show. What there is not is nil; every field is always there.
    """
    cancelled = bool(ctx.task.graceful)
    found = fields(ctx)
    found["context_values"] = dict(ctx.task.values)
    found["cancelled"] = cancelled
    found["debug"] = _debug(ctx, cancelled)
    return found


def _debug(ctx: Context, cancelled: bool) -> dict[str, Any]:
    areas = ctx.vm.areas
    return {
        "active_task_ids": list(ctx.task.children),
        "cancelled": cancelled,
        "held_synchronization": [f"{lock.kind}:{lock.key}" for lock in areas.get("locks", {}).values() if lock.held],
        "supervisors": [one.state() for _, one in sorted(areas.get("supervisors", {}).items())],
        "waiting_reason": None,
    }


@builtin(
    "runtime_context_values() -> dict",
    effects=["task"],
    ctx=True,
    examples=[("runtime_context_values()", "{}")],
)
def runtime_context_values(ctx: Context) -> dict[str, Any]:
    """The values of the running task."""
    return dict(ctx.task.values)


@builtin(
    "runtime_context_get(key: string, default?: any) -> any",
    effects=["task"],
    keeps=["default"],
    ctx=True,
    examples=[('runtime_context_get("tenant", "none")', "none")],
)
def runtime_context_get(ctx: Context, key: str, default: Any = None) -> Any:
    """A value of the running task, or the default."""
    return ctx.task.values.get(key, default)


@builtin(
    "runtime_context_set(key: string, value: any) -> any",
    effects=["task"],
    keeps=["value"],
    ctx=True,
    examples=[('runtime_context_set("tenant", "acme")', "nil")],
)
def runtime_context_set(ctx: Context, key: str, value: Any) -> Any:
    """Set a value of the running task; what it was before, or nil. Tasks that were started before do not see it."""
    values = ctx.task.values
    old = values.get(key)
    values[key] = value
    return old


@builtin(
    "runtime_context_clear(key: string) -> any",
    effects=["task"],
    ctx=True,
    examples=[('runtime_context_clear("tenant")', "nil")],
)
def runtime_context_clear(ctx: Context, key: str) -> Any:
    """Forget a value of the running task; what it was, or nil."""
    return ctx.task.values.pop(key, None)
