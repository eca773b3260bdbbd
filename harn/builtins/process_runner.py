"""Running programs for `host_call`: by arguments or through a shell, with a time limit, and a whole record of what happened."""

from __future__ import annotations

from harn.builtins.host_calls import required
from harn.builtins.process import CHOICE, running, text_in
from harn.builtins.shells import NoSuchShell, asked_for, chosen, invocation
from harn.builtins.stamps import now, stamp
from harn.catalog.record import builtin
from harn.host.processes import UNSTARTED, Completed
from harn.source.typing import Any
from harn.values.errors import HarnError, runtime_error
from harn.vm.frame import Answer, Done, Effect, Native, Perform, Throw
from harn.vm.machine import Context

EXEC = "host_call process.exec"
AREA = "commands"
"""The area that counts the programs that were run."""


class Run:
    """A program to be run, read from the parameters of a call. HarnError for what cannot be."""

    __slots__ = ("command", "environment", "extends", "folder", "seconds", "stdin")

    def __init__(self, params: dict[str, Any]) -> None:
        self.command = _command(params)
        self.folder = _text(params, "cwd")
        self.stdin = _text(params, "stdin")
        self.seconds = _seconds(params.get("timeout")) or _seconds(params.get("timeout_ms"))
        self.environment = _environment(params.get("env"))
        self.extends = params.get("env_mode", "replace") != "replace"


def _command(params: dict[str, Any]) -> list[str]:
    """The arguments; empty for a line that a shell will run."""
    mode = params.get("mode", "shell")
    if mode == "shell":
        required(params, "command")
        return []
    if mode != "argv":
        raise runtime_error(f"{EXEC} unsupported mode {_quoted(mode)}")
    argv = params.get("argv")
    if argv.__class__ is not list or not all(word.__class__ is str for word in argv):
        raise runtime_error(f"{EXEC} missing argv")
    if not argv:
        raise runtime_error(f"{EXEC} argv must not be empty")
    if not argv[0]:
        raise runtime_error(f"{EXEC} argv[0] must not be empty")
    return list(argv)


def _environment(given: Any) -> dict[str, str] | None:
    if given is None:
        return None
    if given.__class__ is not dict:
        raise runtime_error(f"{EXEC} env must be a dict")
    for name, value in given.items():
        if value.__class__ is not str:
            raise runtime_error(f"{EXEC} env value for {_quoted(name)} must be a string")
    return dict(given)


def _text(params: dict[str, Any], name: str) -> str | None:
    found = params.get(name)
    return found if found.__class__ is str else None


def _seconds(ms: Any) -> float | None:
    """A time in whole milliseconds above zero; None for anything else."""
    whole = ms.__class__ is int or (ms.__class__ is float and ms.is_integer())
    return ms / 1000 if whole and ms > 0 else None


def _quoted(value: Any) -> str:
    from harn.values.display import display
    from harn.values.json_write import quote

    return quote(display(value))


@builtin("__process_exec(params: dict) -> dict", form="native", effects=["proc.exec", "clock"])
def process_exec(params: dict[str, Any]) -> Native:
    """Run a program: `{mode: "argv", argv}` or `{mode: "shell", command, shell_id | shell}`, with `cwd`, `env`, `env_mode`
    (`replace` or `merge`), `stdin`, `timeout` in ms.
    """
    return Runner(params)


class Runner(Native):
    """Asks for the shells where one is wanted, for the time, runs the program, and asks for the time again.

    ``asked`` is the question whose answer comes next.
    """

    __slots__ = ("asked", "params", "run", "started", "value")
    name = "process.exec"
    in_context = True

    def __init__(self, params: dict[str, Any]) -> None:
        self.params = params
        self.run = Run(params)
        self.asked = ""
        self.started = 0.0
        self.value: Completed | None = None

    def resume_in(self, context: Context, value: Any) -> Answer:
        run = self.run
        if self.asked == "shells":
            try:
                shell = asked_for(self.params, value)
            except NoSuchShell as error:
                return Throw(runtime_error(f"{EXEC}: {error}"))
            found = invocation(shell, self.params)
            run.command = [found["program"], *found["args"]]
        elif self.asked == "start":
            self.started, self.asked = value, "run"
            stdin = None if run.stdin is None else run.stdin.encode()
            return Perform(running(context, run.command, run.folder, run.environment, stdin, run.seconds, run.extends))
        elif self.asked == "run":
            self.value, self.asked = value, "end"
            return Perform(now())
        elif self.asked == "end":
            assert self.value is not None
            serial = context.vm.areas[AREA] = context.vm.areas.get(AREA, 0) + 1
            return Done(record_of(self.value, self.started, value, serial))
        if not run.command:
            return self._ask("shells", Effect("proc.exec", "shells", idempotent=True))
        return self._ask("start", now())

    def _ask(self, what: str, effect: Effect) -> Answer:
        self.asked = what
        return Perform(effect)

    def fail(self, error: HarnError) -> Answer:
        told = error.payload
        if not error.ending and told.__class__ is str and told.startswith(UNSTARTED):
            return Throw(runtime_error(f"{EXEC}: {told[len(UNSTARTED) :]}"))
        return Throw(error)


def record_of(ended: Completed, start: float, end: float, serial: int) -> dict[str, Any]:
    """What is told of a program that has ended."""
    out, err = text_in(ended.stdout), text_in(ended.stderr)
    return {
        "command_id": f"cmd_{ended.pid}_{serial}",
        "status": "timed_out" if ended.late else "completed",
        "success": ended.status == 0,
        "exit_code": ended.status,
        "exit_status": ended.status,
        "legacy_status": ended.status,
        "signal": ended.signal or None,
        "timed_out": ended.late,
        "stdout": out,
        "stderr": err,
        "combined": out + err,
        "pid": ended.pid,
        "process_group_id": ended.pid,
        "handle_id": None,
        "started_at": stamp(start),
        "ended_at": stamp(end),
        "duration_ms": max(0, int((end - start) * 1000)),
    }


class WithShells(Native):
    """Asks for the shells and answers by one of the functions below."""

    __slots__ = ("params", "what")
    name = "host_call"
    in_context = True

    def __init__(self, what: str, params: dict[str, Any]) -> None:
        self.what = what
        self.params = params

    def resume_in(self, context: Context, value: Any) -> Answer:
        if value is None:
            return Perform(Effect("proc.exec", "shells", idempotent=True))
        if self.what == "list":
            used = chosen(context.vm, value)
            return Done({"shells": value, "default_shell_id": None if used is None else used["id"]})
        if self.what == "default":
            return Done(chosen(context.vm, value))
        if self.what == "invocation":
            try:
                return Done(invocation(asked_for(self.params, value), self.params))
            except NoSuchShell as error:
                return Throw(runtime_error(f"process.shell_invocation: {error}"))
        return self._choose(context, value)

    def _choose(self, context: Context, shells: list[dict[str, Any]]) -> Answer:
        name = self.params.get("shell_id", self.params.get("id"))
        if name.__class__ is not str:
            return Throw(runtime_error("process.set_default_shell missing shell_id"))
        for shell in shells:
            if shell["id"] == name and shell["available"]:
                context.vm.areas[CHOICE] = name
                return Done(shell)
        return Throw(runtime_error(f"process.set_default_shell: unknown or unavailable shell id {_quoted(name)}"))


@builtin("__process_shells(params: dict) -> dict", form="native", effects=["proc.exec"])
def process_shells(params: dict[str, Any]) -> Native:
    """The shells there are, `{shells, default_shell_id}`."""
    return WithShells("list", params)


@builtin("__process_default_shell(params: dict) -> dict?", form="native", effects=["proc.exec"])
def process_default_shell(params: dict[str, Any]) -> Native:
    """The shell that is used."""
    return WithShells("default", params)


@builtin("__process_choose_shell(params: dict) -> dict", form="native", effects=["proc.exec"])
def process_choose_shell(params: dict[str, Any]) -> Native:
    """Use the shell `shell_id` from now on."""
    return WithShells("choose", params)


@builtin("__process_invocation(params: dict) -> dict", form="native", effects=["proc.exec"])
def process_invocation(params: dict[str, Any]) -> Native:
    """How the shell `shell_id` or `shell` is given `command`, with `login` and `interactive`."""
    return WithShells("invocation", params)
