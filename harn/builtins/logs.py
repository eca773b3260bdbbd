"""Structured logs: one JSON object a line, above a level, with the ids of the span they belong to.

Spans of this kind are opened and closed by the program (``trace_start``, ``trace_end``); for the tree of what steps and model
calls did see ``tracing``.
"""

from __future__ import annotations

from harn.builtins.stamps import now, stamp
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import TYPE_CHECKING, Any
from harn.values.display import display
from harn.values.errors import thrown
from harn.values.json_write import quote, to_json
from harn.vm.frame import Answer, Done, Effect, Native, Perform
from harn.vm.machine import Context

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task

AREA = "logs"
LEVELS = ("debug", "info", "warn", "error")


class OpenSpan:
    """A span that a program has opened, and the task that did."""

    __slots__ = ("span_id", "task", "trace_id")

    def __init__(self, task: str, trace_id: str, span_id: str) -> None:
        self.task = task
        self.trace_id = trace_id
        self.span_id = span_id


class Logs:
    """``least`` is the number of the lowest level that is printed; ``spans`` are the open ones, of all tasks."""

    __slots__ = ("least", "spans")

    def __init__(self) -> None:
        self.least = 0
        self.spans: list[OpenSpan] = []

    def innermost(self, task: Task | None) -> OpenSpan | None:
        """The span that a task opened last, else the one its parent did."""
        while task is not None and self.spans:
            for span in reversed(self.spans):
                if span.task == task.id:
                    return span
            task = task.parent
        return None

    def close(self, span_id: str) -> None:
        """Close a span, the innermost or not; one that is not open stays closed."""
        self.spans = [span for span in self.spans if span.span_id != span_id]


def logs_of(vm: Machine) -> Logs:
    """Those of a run, made at their first use."""
    found: Logs | None = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = Logs()
    return found


def fragment(value: Any, limit: int) -> str:
    """A field's value as JSON: texts, numbers, booleans and nil as they are, of anything else the display text."""
    plain = value is None or value.__class__ in (str, int, float, bool)
    return to_json(value) if plain else quote(display(value, limit))


class Line(Native):
    """Asks what time it is and prints a line: ``{"ts", ...}``, the fields in their order."""

    __slots__ = ("fields",)
    name = "log_info"
    in_context = True

    def __init__(self, fields: dict[str, str]) -> None:
        self.fields = fields

    def resume_in(self, context: Context, value: Any) -> Answer:
        if value is None:
            return Perform(now())
        write_line(context, value, self.fields)
        return Done(None)


def write_line(ctx: Context, seconds: float, fields: dict[str, str]) -> None:
    """Print a line; the values of the fields are JSON."""
    told = "".join(f",{quote(name)}:{text}" for name, text in fields.items())
    ctx.vm.write(ctx.task, f'{{"ts":{quote(stamp(seconds))}{told}}}\n')


def fields_of(ctx: Context, level: str, message: str, fields: Any) -> dict[str, str] | None:
    """The fields of a line of a level, as JSON; None where that level is not printed.

    ``ts``, ``level`` and ``msg`` are never those of the program's dict.
    """
    own = logs_of(ctx.vm)
    if LEVELS.index(level) < own.least:
        return None
    told = {"level": quote(level), "msg": quote(message)}
    span = own.innermost(ctx.task)
    if span is not None:
        told["trace_id"], told["span_id"] = quote(span.trace_id), quote(span.span_id)
    if fields.__class__ is dict:
        own_names = ("ts", "level", "msg")
        told.update(
            (name, fragment(fields[name], ctx.vm.value_bytes)) for name in sorted(fields) if name not in own_names
        )
    return told


def _line(ctx: Context, level: str, message: Any, fields: Any) -> Native | None:
    """What prints a line of a level; None where that level is not printed."""
    told = fields_of(ctx, level, text_of(message), fields)
    return None if told is None else Line(told)


@builtin("log_debug(message: any, fields?: any) -> nil", form="native", effects=["output", "clock"], ctx=True)
def log_debug(ctx: Context, message: Any, fields: Any = None) -> Native | None:
    """Print a log line of level `debug`: JSON with `ts`, `level`, `msg`, the ids of the open span, and the fields of a dict."""
    return _line(ctx, "debug", message, fields)


@builtin("log_info(message: any, fields?: any) -> nil", form="native", effects=["output", "clock"], ctx=True)
def log_info(ctx: Context, message: Any, fields: Any = None) -> Native | None:
    """Print a log line of level `info`: see `log_debug`."""
    return _line(ctx, "info", message, fields)


@builtin("log_warn(message: any, fields?: any) -> nil", form="native", effects=["output", "clock"], ctx=True)
def log_warn(ctx: Context, message: Any, fields: Any = None) -> Native | None:
    """Print a log line of level `warn`: see `log_debug`."""
    return _line(ctx, "warn", message, fields)


@builtin("log_error(message: any, fields?: any) -> nil", form="native", effects=["output", "clock"], ctx=True)
def log_error(ctx: Context, message: Any, fields: Any = None) -> Native | None:
    """Print a log line of level `error`: see `log_debug`."""
    return _line(ctx, "error", message, fields)


@builtin("log_set_level(level: string) -> nil", effects=["state"], ctx=True)
def log_set_level(ctx: Context, level: str) -> None:
    """Print log lines of this level and those above it only: `debug` (all), `info`, `warn`, `error`."""
    if level not in LEVELS:
        raise thrown(f"log_set_level: invalid level '{level}'. Expected debug, info, warn, or error")
    logs_of(ctx.vm).least = LEVELS.index(level)


@builtin("log_json(key: any, value: any) -> nil", form="native", effects=["output", "clock"], ctx=True)
def log_json(ctx: Context, key: Any, value: Any) -> Native:
    """Print one value as JSON: `{"ts", "key", "value"}`, whatever the level."""
    return Line({"key": quote(text_of(key)), "value": fragment(value, ctx.vm.value_bytes)})


@builtin("trace_start(name: any) -> dict", form="native", effects=["random", "clock", "state"], ctx=True)
def trace_start(ctx: Context, name: Any) -> Native:
    """Open a span: `{trace_id, span_id, name, start_ms}`. One that is opened inside of another has its `trace_id`."""
    return Opening(text_of(name))


class Opening(Native):
    """Draws the ids, then asks what time it is."""

    __slots__ = ("ids", "title")
    name = "trace_start"
    in_context = True

    def __init__(self, title: str) -> None:
        self.title = title
        self.ids = ""

    def resume_in(self, context: Context, value: Any) -> Answer:
        if value is None:
            return Perform(Effect("random", "bytes", 8, idempotent=True))
        if not self.ids:
            self.ids = value.hex()
            return Perform(Effect("clock", "now_ms", idempotent=True))
        own, task = logs_of(context.vm), context.task
        around = own.innermost(task)
        span = OpenSpan(task.id, around.trace_id if around else self.ids[:8], self.ids[8:])
        own.spans.append(span)
        return Done({"trace_id": span.trace_id, "span_id": span.span_id, "name": self.title, "start_ms": value})


@builtin("trace_end(span: any) -> nil", form="native", effects=["output", "clock", "state"], ctx=True)
def trace_end(ctx: Context, span: Any) -> Native:
    """Close a span of `trace_start` and print a log line of level `info` that tells how long it took."""
    if span.__class__ is not dict:
        raise thrown("trace_end: argument must be a span dict from trace_start")
    return Closing(dict(span))


class Closing(Native):
    """Asks what time it is, then prints."""

    __slots__ = ("span",)
    name = "trace_end"
    in_context = True

    def __init__(self, span: dict[str, Any]) -> None:
        self.span = span

    def resume_in(self, context: Context, value: Any) -> Answer:
        if value is None:
            return Perform(now())
        told = {name: text_of(self.span.get(name, "")) for name in ("name", "span_id", "trace_id")}
        logs_of(context.vm).close(told["span_id"])
        start = self.span.get("start_ms")
        ms = int(value * 1000) - start if start.__class__ is int else 0
        fields = fields_of(context, "info", "span_end", {**told, "duration_ms": max(0, ms)})
        if fields is not None:
            write_line(context, value, fields)
        return Done(None)


@builtin("trace_id() -> string?", effects=["state"], ctx=True)
def trace_id(ctx: Context) -> str | None:
    """The id that all spans around this place share; nil outside of any."""
    span = logs_of(ctx.vm).innermost(ctx.task)
    return None if span is None else span.trace_id
