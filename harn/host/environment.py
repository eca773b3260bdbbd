"""Environment variables and facts of the machine."""

from __future__ import annotations

import os

from harn.source.typing import Mapping, Protocol


class Environment(Protocol):
    """What a program may know of its surroundings."""

    def get(self, name: str) -> str | None:
        """A variable, or None."""
        ...

    def all(self) -> dict[str, str]:
        """Every variable."""
        ...


class SystemEnvironment:
    """The environment of this process, as it is at each call."""

    def get(self, name: str) -> str | None:
        """A variable, or None."""
        return os.environ.get(name) if name and "=" not in name and "\0" not in name else None

    def all(self) -> dict[str, str]:
        """Every variable."""
        return dict(os.environ)


class FixedEnvironment:
    """Exactly the variables it was given."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = dict(variables)

    def get(self, name: str) -> str | None:
        """A variable, or None."""
        return self._variables.get(name)

    def all(self) -> dict[str, str]:
        """Every variable."""
        return dict(self._variables)
