"""The functions of a program, and which of them a name means."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from harn.resolve.graph import Graph, Module, load_graph
from harn.resolve.tree import children
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.tools.invariants.building import flow
from harn.tools.invariants.graph import Flow
from harn.types.step_attributes import symbol

Declared = nodes.Fn | nodes.Tool | nodes.Pipeline


class Function:
    """A function, tool, pipeline or named closure, with what its body can see."""

    def __init__(self, name: str, node: Any, module: Module, outer: Function | None, library: Library) -> None:
        self.name = name
        self.node = node
        self.module = module
        self.outer = outer
        self.library = library

    @property
    def file(self) -> SourceFile:
        """Where it stands."""
        return self.module.file

    @cached_property
    def flow(self) -> Flow:
        """Its control flow."""
        return flow(self.name, self.node, self.knows)

    @cached_property
    def local(self) -> dict[str, Function]:
        """The functions it declares, and the closures it gives a name that is bound once."""
        found: dict[str, Function] = {}
        for node in own_nodes(self.node):
            if isinstance(node, nodes.Fn):
                found[node.name] = Function(node.name, node, self.module, self, self.library)
            elif isinstance(node, nodes.Let) and not node.mutable and isinstance(node.value, nodes.Closure):
                for name in pattern_names(node.pattern):
                    if self.bound.count(name) == 1:
                        found[name] = Function(name, node.value, self.module, self, self.library)
        return found

    @cached_property
    def bound(self) -> list[str]:
        """The names it binds: parameters and variables, each as often as it is bound."""
        found = [getattr(param, "name", param) for param in self.node.params]
        for node in own_nodes(self.node):
            if isinstance(node, nodes.Let | nodes.For):
                found += pattern_names(node.pattern)
            elif isinstance(node, nodes.Closure):
                found += [param.name for param in node.params]
            elif isinstance(node, nodes.Catch | nodes.SelectCase) and node.name:
                found.append(node.name)
            elif isinstance(node, nodes.Parallel) and node.param:
                found.append(node.param)
        return found

    def called(self, name: str) -> Function | None:
        """The function a name means here; None for a builtin, a variable, or nothing we know."""
        inside: Function | None = self
        while inside is not None:
            if name in inside.local:
                return inside.local[name]
            if name in inside.bound:
                return None
            inside = inside.outer
        return self.library.function(self.module, name)

    def knows(self, name: str) -> bool:
        """Whether a name means a function here."""
        return self.called(name) is not None

    def text(self, value: Any) -> str | None:
        """The text an expression always has: a literal, or a name bound once, by ``let``, to one."""
        if isinstance(value, nodes.StringLiteral):
            return value.value
        if not isinstance(value, nodes.Name):
            return None
        inside: Function | None = self
        while inside is not None:
            if value.name in inside.bound:
                once = inside.bound.count(value.name) == 1
                return _constant(own_nodes(inside.node), value.name) if once else None
            inside = inside.outer
        return _constant(iter(_top(self.module)), value.name)

    @cached_property
    def approved(self) -> bool:
        """Whether it is a step that a person lets begin."""
        attributes = [a for a in getattr(self.node, "attributes", ()) if a.name == "step"]
        return bool(attributes) and any(
            arg.name == "approval" and symbol(arg.value) == "required" for arg in attributes[-1].args
        )


class Library:
    """All functions of a file and of the modules it imports."""

    def __init__(self, file: SourceFile) -> None:
        self.graph: Graph = load_graph(file)
        self._tables: dict[int, dict[str, Function]] = {}

    def declared(self, module: Module) -> dict[str, Function]:
        """The functions that a module declares at its top."""
        found = self._tables.get(id(module))
        if found is None:
            declared = [node for node in _top(module) if isinstance(node, Declared)]
            found = {node.name: Function(node.name, node, module, None, self) for node in declared}
            self._tables[id(module)] = found
        return found

    def function(self, module: Module, name: str) -> Function | None:
        """What a name means at the top of a module."""
        seen = set()
        waiting = [module]
        while waiting:
            module = waiting.pop()
            if id(module) in seen:
                continue
            seen.add(id(module))
            if name in self.declared(module):
                return self.declared(module)[name]
            for node, target in module.imports:
                imported = self.graph.modules.get(target.key)
                if imported is not None and (node.names is None or name in node.names):
                    waiting.append(imported)
        return None


def _top(module: Module) -> tuple[Any, ...]:
    return module.program.body if module.program is not None else ()


def own_nodes(function: Any) -> Iterator[Any]:
    """What stands in a function's body, without the bodies of functions declared in it; closures are part of it."""
    waiting = list(reversed(function.body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, nodes.Fn):
            waiting += children(node)


def pattern_names(pattern: Any) -> list[str]:
    """The names a pattern binds."""
    if isinstance(pattern, nodes.NamePattern):
        return [pattern.name]
    if isinstance(pattern, nodes.PairPattern):
        return [pattern.first, pattern.second]
    if isinstance(pattern, nodes.ListPattern):
        return [item.name for item in pattern.items]
    return [field.alias or field.key for field in pattern.fields]


def _constant(declared: Iterator[Any], name: str) -> str | None:
    for node in declared:
        if isinstance(node, nodes.Let) and isinstance(node.pattern, nodes.NamePattern) and node.pattern.name == name:
            return node.value.value if not node.mutable and isinstance(node.value, nodes.StringLiteral) else None
    return None
