"""Environment variables and facts of the machine."""

from __future__ import annotations

import os
import sys

from harn.source.typing import Mapping, Protocol

_SYSTEMS = {"win32": "windows", "cygwin": "windows"}
_PROCESSORS = {"arm64": "aarch64", "amd64": "x86_64", "AMD64": "x86_64"}


class Environment(Protocol):
    """What a program may know of its surroundings."""

    def get(self, name: str) -> str | None:
        """A variable, or None."""
        ...

    def all(self) -> dict[str, str]:
        """Every variable."""
        ...

    def user(self) -> str:
        """The name of the user."""
        ...

    def home(self) -> str:
        """The user's home folder."""
        ...

    def hostname(self) -> str:
        """The name of the machine."""
        ...

    def platform(self) -> str:
        """The operating system: ``linux``, ``darwin``, ``windows`` ..."""
        ...

    def arch(self) -> str:
        """The kind of processor: ``x86_64``, ``aarch64`` ..."""
        ...

    def pid(self) -> int:
        """The number of this process."""
        ...

    def terminal(self, stream: str) -> bool:
        """Whether ``stdin``, ``stdout`` or ``stderr`` of this process is a terminal."""
        ...

    def colours(self) -> str:
        """Whether what is printed should be coloured: ``always`` or ``never`` where somebody said so, else ``terminal`` where
        it goes to one, ``plain`` where it does not.
        """
        ...


class SystemEnvironment:
    """The environment of this process, as it is at each call."""

    def get(self, name: str) -> str | None:
        """A variable, or None; one that is no UTF-8 counts as not set."""
        value = os.environ.get(name) if name and "=" not in name and "\0" not in name else None
        return value if value is None or _shown(value) else None

    def all(self) -> dict[str, str]:
        """Every variable that is UTF-8."""
        return {name: value for name, value in os.environ.items() if _shown(name) and _shown(value)}

    def user(self) -> str:
        """By the variables, else by the system's list of users."""
        return self.get("USER") or self.get("USERNAME") or self._listed("pw_name")

    def home(self) -> str:
        """By the variables, else by the system's list of users."""
        return self.get("HOME") or self.get("USERPROFILE") or self._listed("pw_dir")

    def hostname(self) -> str:
        """By the variables, else what the system says."""
        import platform

        return self.get("HOSTNAME") or self.get("COMPUTERNAME") or platform.node()

    def platform(self) -> str:
        """What Python runs on."""
        return _SYSTEMS.get(sys.platform, sys.platform)

    def arch(self) -> str:
        """What Python runs on."""
        import platform

        found = os.uname().machine if hasattr(os, "uname") else platform.machine()
        return _PROCESSORS.get(found, found)

    def pid(self) -> int:
        """The number of this process."""
        return os.getpid()

    def terminal(self, stream: str) -> bool:
        """Whether a stream of this process is a terminal."""
        found = getattr(sys, stream, None)
        try:
            return bool(found is not None and found.isatty())
        except ValueError:  # closed
            return False

    def colours(self) -> str:
        """By FORCE_COLOR and NO_COLOR, else by where standard output goes."""
        return _told_colours(os.environ) or ("terminal" if self.terminal("stdout") else "plain")

    def _listed(self, field: str) -> str:
        """What the system's list of users says; empty where there is none, or the user is not in it."""
        try:
            import pwd

            return str(getattr(pwd.getpwuid(os.getuid()), field))
        except (ImportError, KeyError):
            return ""


def _told_colours(variables: Mapping[str, str]) -> str:
    return "always" if "FORCE_COLOR" in variables else "never" if "NO_COLOR" in variables else ""


def _shown(text: str) -> bool:
    """Whether it can be shown: a text of the system that is no UTF-8 holds lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class FixedEnvironment:
    """Exactly the variables it was given, and nothing of this machine but what kind of machine it is."""

    def __init__(self, variables: Mapping[str, str], platform: str | None = None, arch: str | None = None) -> None:
        self._variables = dict(variables)
        self._platform = platform or SystemEnvironment().platform()
        self._arch = arch or SystemEnvironment().arch()

    def get(self, name: str) -> str | None:
        """A variable, or None."""
        return self._variables.get(name)

    def all(self) -> dict[str, str]:
        """Every variable."""
        return dict(self._variables)

    def user(self) -> str:
        """USER, empty where it was not given."""
        return self._variables.get("USER", "")

    def home(self) -> str:
        """HOME, empty where it was not given."""
        return self._variables.get("HOME", "")

    def hostname(self) -> str:
        """HOSTNAME, or ``localhost``."""
        return self._variables.get("HOSTNAME", "localhost")

    def platform(self) -> str:
        """As given, else what Python runs on."""
        return self._platform

    def arch(self) -> str:
        """As given, else what Python runs on."""
        return self._arch

    def pid(self) -> int:
        """Always the same."""
        return 1

    def terminal(self, stream: str) -> bool:
        """None is."""
        return False

    def colours(self) -> str:
        """By FORCE_COLOR and NO_COLOR."""
        return _told_colours(self._variables) or "plain"
