"""The shells of this machine: where they are, and how each is given a command.

id, label, path, platform                  what it is
available                                  whether its file is there
supports_login, supports_interactive       what it can be asked for
default_args, login_args                   what stands before the command
source                                     how it was found: configured, env, login, etc_shells, fallback, host
"""

from __future__ import annotations

import os
import sys

from harn.host.environment import SystemEnvironment
from harn.source.typing import Any, Iterator

_FALLBACKS = tuple(f"{folder}/{name}" for folder in ("/bin", "/usr/bin") for name in ("zsh", "bash", "sh"))
_WINDOWS = (("pwsh", "pwsh.exe"), ("powershell", "powershell.exe"), ("cmd", "cmd.exe"))
_LABELS = {"pwsh": "PowerShell 7", "powershell": "Windows PowerShell"}
_NAMED = {"windowspowershell": "powershell"}
_ARGUMENTS = {"cmd": ["/C"], "pwsh": ["-NoProfile", "-Command"], "powershell": ["-NoProfile", "-Command"]}


def described(path: str, source: str, name: str = "") -> dict[str, Any]:
    """What is known of a shell by its path."""
    base = path.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    known = name or _NAMED.get(base, base) or "shell"
    unix = known not in _ARGUMENTS
    before = _ARGUMENTS.get(known, ["-c"])
    return {
        "id": known,
        "label": _LABELS.get(known, known),
        "path": path,
        "platform": SystemEnvironment().platform(),
        "available": _is_there(path),
        "supports_login": unix,
        "supports_interactive": unix,
        "default_args": list(before),
        "login_args": ["-l", "-c"] if unix else list(before),
        "source": source,
    }


def found() -> list[dict[str, Any]]:
    """Every shell, one of each id, in the order of preference."""
    shells: dict[str, dict[str, Any]] = {}
    for path, source, name in _candidates():
        shell = described(path, source, name)
        shells.setdefault(shell["id"], shell)
    return list(shells.values())


def preferred(shells: list[dict[str, Any]], wanted: str | None) -> dict[str, Any] | None:
    """The shell of an id where it is there, else the first that is, else the first; None of none."""
    there = [shell for shell in shells if shell["available"]]
    for shell in [*(one for one in there if one["id"] == wanted), *there, *shells]:
        return shell
    return None


def _candidates() -> Iterator[tuple[str, str, str]]:
    """(path, source, id where the path does not tell it)."""
    variables = SystemEnvironment()
    windows = sys.platform == "win32"
    for variable, source in (("HARN_DEFAULT_SHELL", "configured"), ("COMSPEC" if windows else "SHELL", "env")):
        path = variables.get(variable)
        if path:
            yield path, source, ""
    if windows:
        import shutil

        for name, program in _WINDOWS:
            yield shutil.which(program) or program, "fallback", name
        return
    login = _login_shell()
    if login:
        yield login, "login", ""
    for path in _listed():
        yield path, "etc_shells", ""
    for path in _FALLBACKS:
        yield path, "fallback", ""


def _login_shell() -> str:
    """The shell of the user this process runs as; empty where that is none one could use."""
    import pwd

    try:
        path = pwd.getpwuid(os.getuid()).pw_shell
    except KeyError:
        return ""
    return "" if path.endswith(("/false", "/nologin")) else path


def _listed() -> list[str]:
    try:
        with open("/etc/shells", encoding="utf-8", errors="replace") as lines:
            return [line.strip() for line in lines if line.startswith("/")]
    except OSError:
        return []


def _is_there(path: str) -> bool:
    import shutil

    return os.path.isfile(path) if os.path.dirname(path) else shutil.which(path) is not None
