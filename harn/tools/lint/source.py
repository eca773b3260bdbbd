"""What the rules look at: one file, and what they have in common to know about it, found once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import attrs

from harn.resolve.graph import Graph, load_graph
from harn.resolve.modules import exported_names
from harn.source.diagnostic import WARNING
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes
from harn.tools.declared_steps import DeclaredSteps, declared_steps
from harn.tools.lint.settings import Settings
from harn.tools.lint.variables import Variables, variables


class Edit(NamedTuple):
    """Text to stand in place of a part of the file."""

    span: Span
    text: str


class Finding(NamedTuple):
    """What a rule found. ``fix``: edits that mend it without a change of what the program does."""

    message: str
    span: Span
    help: str = ""
    fix: tuple[Edit, ...] = ()
    severity: str = WARNING


class Source:
    """A file that parses."""

    def __init__(self, file: SourceFile, program: nodes.Program, settings: Settings) -> None:
        self.file = file
        self.program = program
        self.settings = settings

    @cached_property
    def nodes(self) -> tuple[Any, ...]:
        """Every node of the file, types and attributes too, in the order of the text."""
        return tuple(everything(self.program))

    def of(self, *kinds: type) -> Iterator[Any]:
        """The nodes of some kinds."""
        return (node for node in self.nodes if isinstance(node, kinds))

    @cached_property
    def variables(self) -> Variables:
        """What the names of the file mean."""
        return variables(self.program)

    @cached_property
    def declared(self) -> DeclaredSteps:
        """The file's steps and personas."""
        return declared_steps(self.program)

    @cached_property
    def graph(self) -> Graph:
        """The file with the modules it imports."""
        return load_graph(self.file)

    @cached_property
    def imports(self) -> dict[str, tuple[str, ...] | None]:
        """For each imported path the names a wildcard import of it binds; None where it leads nowhere."""
        if not any(isinstance(statement, nodes.Import) for statement in self.program.body):
            return {}
        return {node.path: self._exports(target, frozenset()) for node, target in self.graph.entry.imports}

    def _exports(self, target: Any, seen: frozenset[str]) -> tuple[str, ...] | None:
        module = self.graph.modules.get(target.key)
        if self.graph.problem(target) or module is None or module.program is None or target.key in seen:
            return () if target.key in seen else None
        inner = {node.path: self._exports(found, seen | {target.key}) for node, found in module.imports}
        return exported_names(module.program, inner)[0]

    def text(self, node: Any) -> str:
        """A node as it is written."""
        return self.file.slice(node.span)


def everything(root: Any) -> Iterator[Any]:
    """A node and all below it, in the order of the fields."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        found: list[Any] = []
        for field in _fields(node.__class__):
            value = getattr(node, field)
            if value.__class__ is tuple:
                found += [item for item in value if attrs.has(item.__class__)]
            elif attrs.has(value.__class__):
                found.append(value)
        waiting += reversed(found)


_FIELDS: dict[type, tuple[str, ...]] = {}


def _fields(kind: type) -> tuple[str, ...]:
    found = _FIELDS.get(kind)
    if found is None:
        named: Any = attrs.fields(kind)
        found = _FIELDS[kind] = tuple(f.name for f in named if f.name not in ("span", "name_span", "comments"))
    return found
