"""The standard error stream, and keeping what is written there."""

from __future__ import annotations

from harn.builtins.performing import Asking
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.values.operators import check_size
from harn.vm.frame import Effect, Native
from harn.vm.machine import Context

CAPTURED = "stderr"
"""The area that holds what goes to standard error while that is captured: a list of texts."""


class ErrorText(Asking):
    """Writes to standard error."""

    __slots__ = ()
    name = "eprint"

    def answered(self, value: Any) -> None:
        return None


def to_stderr(ctx: Context, text: str) -> Native | None:
    """Write a text to standard error, or keep it where that is captured."""
    captured: list[str] | None = ctx.vm.areas.get(CAPTURED)
    if captured is None:
        return ErrorText(Effect("stderr", text))
    captured.append(text)
    return None


@builtin("eprint(value?: any, ...ignored: any) -> nil", form="native", ctx=True, effects=["stderr"])
def eprint(ctx: Context, value: Any = "", *ignored: Any) -> Native | None:
    """Write the display text of a value to the standard error stream, without a line break."""
    return to_stderr(ctx, display(value, ctx.vm.value_bytes))


@builtin("eprintln(value?: any, ...ignored: any) -> nil", form="native", ctx=True, effects=["stderr"])
def eprintln(ctx: Context, value: Any = "", *ignored: Any) -> Native | None:
    """Write the display text of a value and a line break to the standard error stream."""
    return to_stderr(ctx, display(value, ctx.vm.value_bytes) + "\n")


@builtin("capture_stderr_start() -> nil", effects=["state"], ctx=True)
def capture_stderr_start(ctx: Context) -> None:
    """Keep what goes to the standard error stream from now on, for tests; what was kept before is forgotten."""
    ctx.vm.areas[CAPTURED] = []


@builtin("capture_stderr_take() -> string", effects=["state"], ctx=True)
def capture_stderr_take(ctx: Context) -> str:
    """What was kept since `capture_stderr_start`; from now on it goes out again."""
    texts: list[str] = ctx.vm.areas.pop(CAPTURED, [])
    check_size(sum(map(len, texts)), ctx.vm.value_bytes)
    return "".join(texts)
