"""Which shell is meant, and how it is given a command. Shells are dicts: see `harn.host.shells`."""

from __future__ import annotations

from harn.builtins.process import CHOICE
from harn.host import shells
from harn.source.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.vm.machine import Machine

Shell = dict[str, Any]


def chosen(vm: Machine, found: list[Shell]) -> Shell | None:
    """The shell of a run: the one its program chose, else the first that is there, else the first."""
    return shells.preferred(found, vm.areas.get(CHOICE))


class NoSuchShell(Exception):
    """The text says what is wrong with the shell a program asked for."""


def asked_for(params: dict[str, Any], found: list[Shell]) -> Shell:
    """The shell that ``shell`` (a dict with ``path`` or ``id``) or ``shell_id`` names. NoSuchShell."""
    given = params.get("shell")
    name = params.get("shell_id")
    if given.__class__ is dict:
        if given.get("path").__class__ is str:
            return _declared(given)
        name = given.get("id")
        if name.__class__ is not str:
            raise NoSuchShell("shell object requires `path` or `id`")
    if name.__class__ is not str:
        raise NoSuchShell("shell mode requires `shell` or `shell_id`")
    for shell in found:
        if shell["id"] == name:
            return shell
    raise NoSuchShell(f'unknown shell id "{name}"')


def _declared(given: dict[str, Any]) -> Shell:
    """A shell as a program describes it; what it leaves out, or gives of a wrong kind, follows from path and id."""
    name = given.get("id")
    shell = shells.described(given["path"], "host", name if name.__class__ is str else "")
    for field, known in shell.items():
        value = given.get(field)
        if value.__class__ is known.__class__ and (
            value.__class__ is not list or all(v.__class__ is str for v in value)
        ):
            shell[field] = value
    return shell


def invocation(shell: Shell, params: dict[str, Any]) -> dict[str, Any]:
    """How a shell is called with ``command`` (or a place for one): `{program, args, command_arg_index, shell}`."""
    command = params.get("command")
    login = params.get("login") is True and shell["supports_login"] and shell["login_args"]
    args = list(shell["login_args" if login else "default_args"])
    if params.get("interactive") is True and shell["supports_interactive"] and "-i" not in args:
        args.insert(0, "-i")
    return {
        "program": shell["path"],
        "args": [*args, command if command.__class__ is str else "{command}"],
        "command_arg_index": len(args),
        "shell": shell,
    }
