"""What a program may know of its surroundings."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.vm.frame import Answer, Done, Effect, Native, Perform


@builtin("env(name: string) -> string?", form="effect", effects=["env.read"])
def env(name: str) -> Effect:
    """The value of an environment variable, nil where it is not set."""
    return Effect("env.read", "get", name, idempotent=True)


@builtin("env_or(name: string, otherwise: any) -> any", form="native", effects=["env.read"], keeps=["otherwise"])
def env_or(name: str, otherwise: Any) -> Native:
    """The value of an environment variable, or another value where it is not set."""
    return EnvOr(name, otherwise)


class EnvOr(Native):
    """Asks for a variable once."""

    __slots__ = ("otherwise", "variable")
    name = "env_or"

    def __init__(self, variable: str, otherwise: Any) -> None:
        self.variable = variable
        self.otherwise = otherwise

    def start(self) -> Answer:
        return Perform(Effect("env.read", "get", self.variable, idempotent=True))

    def resume(self, value: Any) -> Answer:
        return Done(self.otherwise if value is None else value)


@builtin("cwd() -> string", form="effect", effects=["fs.read"])
def cwd() -> Effect:
    """The working directory, where relative paths start."""
    return Effect("fs.read", "folder", idempotent=True)


@builtin("temp_dir() -> string", form="effect", effects=["fs.read"])
def temp_dir() -> Effect:
    """The folder for temporary files; a sandbox gives its root."""
    return Effect("fs.read", "temporary", idempotent=True)
