"""Looking at what a run did: the tree of its spans."""

from __future__ import annotations

from typing import Any

from harn.catalog.record import builtin
from harn.trace.spans import tracer_of
from harn.trace.tree import summary
from harn.vm.machine import Context


@builtin("enable_tracing(on?: any | bool) -> nil", effects=["state", "clock"], ctx=True)
def enable_tracing(ctx: Context, on: Any = True) -> None:
    """List spans of steps and model calls from now on; `false` stops and keeps the list, calling it again starts a new one."""
    if on is False:
        tracer_of(ctx.vm).switch_off()
    else:
        tracer_of(ctx.vm).switch_on()


@builtin(
    "trace_spans() -> list<{span_id: int, parent_id: int | nil, kind: string, name: string, start_ms: int, duration_ms: int,"
    " metadata?: dict}>",
    effects=["state"],
    ctx=True,
)
def trace_spans(ctx: Context) -> list[dict[str, Any]]:
    """The spans that have ended, in that order: `{span_id, parent_id, kind, name, start_ms, duration_ms, metadata}`."""
    if ctx.vm.tracer is None:
        return []
    return [span.shown() for span in ctx.vm.tracer.listed]


@builtin("trace_summary() -> string", effects=["state"], ctx=True)
def trace_summary(ctx: Context) -> str:
    """The spans as an indented text."""
    return summary(ctx.vm.tracer.listed if ctx.vm.tracer is not None else [])
