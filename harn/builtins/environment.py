"""What a program may know of its surroundings: variables, who runs it and on what machine."""

from __future__ import annotations

from harn.builtins.performing import Asking
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.vm.frame import Effect, Native


def asking(operation: str, *args: str) -> Effect:
    """The effect that asks the environment."""
    return Effect("env.read", operation, *args, idempotent=True)


@builtin("env(name: string) -> string?", form="effect", effects=["env.read"])
def env(name: str) -> Effect:
    """The value of an environment variable, nil where it is not set."""
    return asking("get", name)


@builtin(
    "env_or<D>(name: string, otherwise: D) -> string | D", form="native", effects=["env.read"], keeps=["otherwise"]
)
def env_or(name: str, otherwise: Any) -> Native:
    """The value of an environment variable, or another value where it is not set."""
    return EnvOr(asking("get", name), otherwise)


class EnvOr(Asking):
    """Asks for a variable."""

    __slots__ = ("otherwise",)
    name = "env_or"

    def __init__(self, effect: Effect, otherwise: Any) -> None:
        self.effect = effect
        self.otherwise = otherwise

    def answered(self, value: Any) -> Any:
        return self.otherwise if value is None else value


@builtin("username() -> string", form="effect", effects=["env.read"])
def username() -> Effect:
    """The name of the user who runs the program."""
    return asking("user")


@builtin("home_dir() -> string", form="effect", effects=["env.read"])
def home_dir() -> Effect:
    """The user's home folder."""
    return asking("home")


@builtin("hostname() -> string", form="effect", effects=["env.read"])
def hostname() -> Effect:
    """The name of the machine."""
    return asking("hostname")


@builtin("platform() -> string", form="effect", effects=["env.read"])
def platform() -> Effect:
    """The operating system: `linux`, `darwin`, `windows` ..."""
    return asking("platform")


@builtin("arch() -> string", form="effect", effects=["env.read"])
def arch() -> Effect:
    """The kind of processor: `x86_64`, `aarch64` ..."""
    return asking("arch")


@builtin("pid() -> int", form="effect", effects=["env.read"])
def pid() -> Effect:
    """The number of the process that runs the program."""
    return asking("pid")
