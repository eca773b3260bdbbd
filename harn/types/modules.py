"""The modules a checked file imports, read when the first of their declarations is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.types.declarations import Declarations, ModuleTypes

Loaded = tuple[nodes.Program, SourceFile, Mapping[str, ModuleTypes | None]]


class LazyModule:
    """A module. ``names``: what a wildcard import of it binds. ``load`` gives its tree, its file and its own imports."""

    __slots__ = ("_declarations", "_load", "_read", "names")

    def __init__(self, names: tuple[str, ...], load: Callable[[], Loaded | None]) -> None:
        self.names = names
        self._load = load
        self._read = False
        self._declarations: Declarations | None = None

    def declarations(self) -> Declarations | None:
        """What it declares; None where it cannot be read."""
        if not self._read:
            self._read = True
            loaded = self._load()
            if loaded is not None:
                self._declarations = Declarations(*loaded)
        return self._declarations
