"""Starting other programs."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display
from harn.vm.frame import Answer, Done, Effect, Native, Perform


class Execute(Native):
    """Runs one program and turns its end into a dict."""

    __slots__ = ("command",)
    name = "exec"

    def __init__(self, command: list[str]) -> None:
        self.command = command

    def start(self) -> Answer:
        return Perform(Effect("proc.exec", "run", self.command))

    def resume(self, value: Any) -> Answer:
        status, out, err = value
        return Done(
            {
                "status": status,
                "stdout": out.decode("utf-8", "replace"),
                "stderr": err.decode("utf-8", "replace"),
                "success": status == 0,
            }
        )


@builtin(
    "exec(command: string, ...args: any) -> {status: int, stdout: string, stderr: string, success: bool}",
    form="native",
    effects=["proc.exec"],
)
def exec_(command: str, *args: Any) -> Native:
    """Run a program with arguments, without a shell, and wait for its end. A status other than 0 does not throw."""
    return Execute([command, *(display(arg) for arg in args)])


@builtin(
    "shell(text: string) -> {status: int, stdout: string, stderr: string, success: bool}",
    form="native",
    effects=["proc.exec"],
)
def shell(text: str) -> Native:
    """Run a command line through the shell and wait for its end."""
    return Execute(["sh", "-c", text])
