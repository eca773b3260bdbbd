"""Starting other programs. For the runner with modes, time limits and a whole record of what happened see `process_runner`."""

from __future__ import annotations

from harn.builtins.performing import Asking
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.host.processes import ROOM, UNSTARTED, Completed
from harn.source.typing import Any, Mapping
from harn.values.errors import HarnError, thrown
from harn.vm.frame import Answer, Effect, Native, Throw
from harn.vm.machine import Context

CHOICE = "shell"
"""The area that holds the id of the shell a program has chosen."""

Ended = "{status: int, stdout: string, stderr: string, success: bool}"


def running(
    ctx: Context,
    command: list[str],
    folder: str | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: bytes | None = None,
    seconds: float | None = None,
    extends: bool = False,
) -> Effect:
    """The effect that runs a program to its end; what it writes stays below the limit for one value."""
    return _effect("run", command, folder, environment, stdin, seconds, _room(ctx), extends or None)


def through_shell(ctx: Context, line: str, folder: str | None = None) -> Effect:
    """The effect that runs a line through the shell of the run."""
    return _effect("shell", line, folder, _room(ctx), ctx.vm.areas.get(CHOICE))


def _room(ctx: Context) -> int | None:
    return None if ctx.vm.value_bytes >= ROOM else ctx.vm.value_bytes


def _effect(operation: str, *args: Any) -> Effect:
    """An effect without what is left to the host at its end."""
    given = list(args)
    while given[-1] is None:
        given.pop()
    return Effect("proc.exec", operation, *given)


def text_in(output: bytes) -> str:
    """What a program wrote, as text: what is no UTF-8 becomes U+FFFD."""
    return output.decode("utf-8", "replace")


class Execute(Asking):
    """Runs one program and turns its end into a dict. ``title``: what a failure to start it begins with."""

    __slots__ = ("title",)
    name = "exec"

    def __init__(self, title: str, effect: Effect) -> None:
        self.title = title
        self.effect = effect

    def answered(self, value: Any) -> Any:
        return ended(value)

    def fail(self, error: HarnError) -> Answer:
        told = error.payload
        if not error.ending and told.__class__ is str and told.startswith(UNSTARTED):
            return Throw(thrown(f"{self.title} failed: {told}"))
        return Throw(error)


def ended(value: Completed) -> dict[str, Any]:
    """The end of a program as a dict."""
    return {
        "status": value.status,
        "stdout": text_in(value.stdout),
        "stderr": text_in(value.stderr),
        "success": value.status == 0,
    }


@builtin(f"exec(command?: any, ...args: any) -> {Ended}", form="native", effects=["proc.exec"], ctx=True)
def exec_(ctx: Context, command: Any = None, *args: Any) -> Native:
    """Run a program with arguments, without a shell, and wait for its end. A status other than 0 does not throw.

    It sees an empty input. `status` is -1 where a signal ended it.
    """
    if command is None:
        raise thrown("exec: command is required")
    return Execute("exec", running(ctx, [text_of(command), *map(text_of, args)]))


@builtin(
    f"exec_at(folder?: any, command?: any, ...args: any) -> {Ended}", form="native", effects=["proc.exec"], ctx=True
)
def exec_at(ctx: Context, folder: Any = None, command: Any = None, *args: Any) -> Native:
    """Run a program in a folder: see `exec`."""
    if folder is None or command is None:
        raise thrown("exec_at: directory and command are required")
    return Execute("exec", running(ctx, [text_of(command), *map(text_of, args)], text_of(folder)))


@builtin(f'shell(line: any = "") -> {Ended}', form="native", effects=["proc.exec"], ctx=True)
def shell(ctx: Context, line: Any = "") -> Native:
    """Run a command line through the shell and wait for its end: see `exec`.

    That is the shell of HARN_DEFAULT_SHELL, of SHELL, the user's login shell, or another there is; a program may choose with
    `host_call("process.set_default_shell", {shell_id})`.
    """
    text = text_of(line)
    if not text:
        raise thrown("shell: command string is required")
    return Execute("shell", through_shell(ctx, text))


@builtin(f"shell_at(folder?: any, line?: any) -> {Ended}", form="native", effects=["proc.exec"], ctx=True)
def shell_at(ctx: Context, folder: Any = None, line: Any = None) -> Native:
    """Run a command line through the shell in a folder: see `shell`."""
    if folder is None or line is None:
        raise thrown("shell_at: directory and command string are required")
    text = text_of(line)
    if not text:
        raise thrown("shell_at: command string is required")
    return Execute("shell", through_shell(ctx, text, text_of(folder)))
