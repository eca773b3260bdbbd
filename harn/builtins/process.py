"""Starting other programs. For the runner with modes, time limits and a whole record of what happened see `process_runner`."""

from __future__ import annotations

from harn.builtins.shells import chosen
from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.host.processes import ROOM, UNSTARTED, Completed
from harn.source.typing import Any, Mapping
from harn.values.errors import HarnError, thrown
from harn.vm.frame import Answer, Done, Effect, Native, Perform, Throw
from harn.vm.machine import Context

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
    room = None if ctx.vm.value_bytes >= ROOM else ctx.vm.value_bytes
    args: list[Any] = [command, folder, environment, stdin, seconds, room, extends or None]
    while args[-1] is None:
        args.pop()
    return Effect("proc.exec", "run", *args)


def text_in(output: bytes) -> str:
    """What a program wrote, as text: what is no UTF-8 becomes U+FFFD."""
    return output.decode("utf-8", "replace")


class Execute(Native):
    """Runs one program and turns its end into a dict. Without a command it is a line for the shell, which is asked for first."""

    __slots__ = ("command", "folder", "line", "title")
    name = "exec"
    in_context = True

    def __init__(self, title: str, command: list[str], folder: str | None = None, line: str = "") -> None:
        self.title = title
        self.command = command
        self.folder = folder
        self.line = line

    def resume_in(self, context: Context, value: Any) -> Answer:
        if value is None:
            if self.command:
                return Perform(running(context, self.command, self.folder))
            return Perform(Effect("proc.exec", "shells", idempotent=True))
        if not self.command:
            shell = chosen(context.vm, value)
            if shell is None:
                return Throw(thrown(f"{self.title} failed: no shell is known"))
            self.command = [shell["path"], *shell["default_args"], self.line]
            return Perform(running(context, self.command, self.folder))
        return Done(ended(value))

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


@builtin(f"exec(command?: any, ...args: any) -> {Ended}", form="native", effects=["proc.exec"])
def exec_(command: Any = None, *args: Any) -> Native:
    """Run a program with arguments, without a shell, and wait for its end. A status other than 0 does not throw.

    It sees an empty input. `status` is -1 where a signal ended it.
    """
    if command is None:
        raise thrown("exec: command is required")
    return Execute("exec", [text_of(command), *map(text_of, args)])


@builtin(f"exec_at(folder?: any, command?: any, ...args: any) -> {Ended}", form="native", effects=["proc.exec"])
def exec_at(folder: Any = None, command: Any = None, *args: Any) -> Native:
    """Run a program in a folder: see `exec`."""
    if folder is None or command is None:
        raise thrown("exec_at: directory and command are required")
    return Execute("exec", [text_of(command), *map(text_of, args)], text_of(folder))


@builtin(f'shell(line: any = "") -> {Ended}', form="native", effects=["proc.exec"])
def shell(line: Any = "") -> Native:
    """Run a command line through the shell and wait for its end: see `exec`.

    That is the shell of HARN_DEFAULT_SHELL, of SHELL, the user's login shell, or another there is; a program may choose with
    `host_call("process.set_default_shell", {shell_id})`.
    """
    text = text_of(line)
    if not text:
        raise thrown("shell: command string is required")
    return Execute("shell", [], None, text)


@builtin(f"shell_at(folder?: any, line?: any) -> {Ended}", form="native", effects=["proc.exec"])
def shell_at(folder: Any = None, line: Any = None) -> Native:
    """Run a command line through the shell in a folder: see `shell`."""
    if folder is None or line is None:
        raise thrown("shell_at: directory and command string are required")
    text = text_of(line)
    if not text:
        raise thrown("shell_at: command string is required")
    return Execute("shell", [], text_of(folder), text)
