"""The module graph: a program's entry file and every module it imports, each read and parsed once.

The checker and the compiler work on it. A module that cannot be read or parsed is in the graph too, with what is wrong; whoever
runs the program meets that as an error of the import.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from harn.resolve.paths import Sources, Target, locate
from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse


class Import(NamedTuple):
    """An import of a module and where it leads."""

    node: nodes.Import
    target: Target


class Module:
    """A file of the graph: ``program`` is None where it could not be parsed, and ``diagnostics`` then say why."""

    __slots__ = ("diagnostics", "file", "imports", "key", "program")

    def __init__(self, key: str, file: SourceFile, sources: Sources) -> None:
        self.key = key
        self.file = file
        result = parse(file)
        self.diagnostics: list[Diagnostic] = result.diagnostics
        self.program: nodes.Program | None = None if self.diagnostics else result.program
        self.imports: tuple[Import, ...] = ()
        if self.program is not None:
            self.imports = tuple(
                Import(statement, locate(statement.path, file.path, sources))
                for statement in self.program.body
                if isinstance(statement, nodes.Import)
            )

    @property
    def resolved(self) -> bool:
        """Whether every import leads somewhere."""
        return all(found.target.key for found in self.imports)


class Graph:
    """``modules`` by key, without the entry, which is a module of its own even where it is imported as well."""

    __slots__ = ("entry", "modules", "problems")

    def __init__(self, entry: Module) -> None:
        self.entry = entry
        self.modules: dict[str, Module] = {}
        self.problems: dict[str, str] = {}
        """Key -> why a module that is there cannot be used; the text of the error an import of it raises."""

    def __iter__(self) -> Iterator[Module]:
        """The entry, then the modules in the order they were met."""
        yield self.entry
        yield from self.modules.values()

    def problem(self, target: Target) -> str:
        """Why an import fails; empty where it does not."""
        return target.problem or self.problems.get(target.key, "")


def load_graph(file: SourceFile, sources: Sources | None = None) -> Graph:
    """The graph of a program. Never raises for what its files contain."""
    sources = sources or Sources()
    graph = Graph(Module("", file, sources))
    todo = [graph.entry]
    while todo:
        module = todo.pop(0)
        for _, target in module.imports:
            if not target.key or target.key in graph.modules or target.key in graph.problems:
                continue
            text = sources.text(target)
            if isinstance(text, str):
                graph.problems[target.key] = text
                continue
            found = graph.modules[target.key] = Module(target.key, text, sources)
            todo.append(found)
            if found.program is None:
                graph.problems[target.key] = parse_problem(found)
    return graph


def parse_problem(module: Module) -> str:
    """The error an import of a module raises whose text is no program."""
    first = module.diagnostics[0]
    _, line, column = first.place
    place = f" at {line}:{column}"
    return f"Import parse error: {first.short.removesuffix(place)}{place if line else ''}"
