"""Printing."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.vm.machine import Context


@builtin(
    "println(value?: any, ...ignored: any) -> nil", ctx=True, effects=["output"], examples=[('println("hi")', "nil")]
)
def println(ctx: Context, value: Any = "", *ignored: Any) -> None:
    """Print the display text of a value and a line break. Without a value, an empty line; further values are ignored."""
    ctx.vm.write(ctx.task, display(value, ctx.vm.value_bytes) + "\n")


@builtin("print(value?: any, ...ignored: any) -> nil", ctx=True, effects=["output"], examples=[('print("hi")', "nil")])
def print_(ctx: Context, value: Any = "", *ignored: Any) -> None:
    """Print the display text of a value, without a line break."""
    ctx.vm.write(ctx.task, display(value, ctx.vm.value_bytes))


@builtin("log(value?: any, ...ignored: any) -> nil", ctx=True, effects=["output"], examples=[('log("ready")', "nil")])
def log(ctx: Context, value: Any = "", *ignored: Any) -> None:
    """Print a line that begins with `[harn] `."""
    ctx.vm.write(ctx.task, f"[harn] {display(value, ctx.vm.value_bytes)}\n")
