"""The variables of a file, and what is done with each: a walk over the scopes that knows nothing of how programs run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from harn.source.span import Span
from harn.syntax import nodes

_BLOCKS = frozenset(("body", "then", "otherwise", "cleanup", "timeout_body", "default_body", "summarize"))
"""Fields that hold statements, which are a scope of their own."""

_OUTSIDE = frozenset(
    ("span", "name_span", "type_args", "type", "attributes", "type_params", "where", "result", "comments")
)

_FUNCTIONS = (nodes.Fn, nodes.Closure, nodes.Tool)


class Variable:
    """A declared name. ``kind``: ``let``, ``var``, ``param``, ``loop``, ``match``, ``catch``, ``case`` or ``fn``.

    ``shadows``: the variable of the same name in a scope around. ``patterned``: one of several names of a pattern.
    """

    __slots__ = ("closure", "kind", "name", "node", "patterned", "reads", "shadows", "span", "writes")

    def __init__(self, name: str, kind: str, span: Span, node: Any, shadows: Variable | None) -> None:
        self.name = name
        self.kind = kind
        self.span = span
        self.node = node
        self.shadows = shadows
        self.patterned = False
        self.closure = False
        self.reads = 0
        self.writes: list[nodes.Assign] = []


class Variables:
    """``all`` in the order of the text; ``free``: names that are read but declared nowhere around; ``calls`` by name that
    mean no variable."""

    def __init__(self) -> None:
        self.all: list[Variable] = []
        self.free: set[str] = set()
        self.calls: list[nodes.Call] = []


class _Scope:
    __slots__ = ("names", "parent")

    def __init__(self, parent: _Scope | None) -> None:
        self.parent = parent
        self.names: dict[str, Variable] = {}


def variables(program: nodes.Program) -> Variables:
    """The variables of a file. RecursionError for one nested too deeply."""
    walk = _Walk()
    walk.statements(program.body)
    return walk.out


class _Walk:
    def __init__(self) -> None:
        self.out = Variables()
        self.scope = _Scope(None)

    # ------------------------------------------------------------------------------------------ scopes

    def find(self, name: str, scope: _Scope | None) -> Variable | None:
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def declare(self, name: str, kind: str, span: Span, node: Any) -> Variable | None:
        if name == "_" or not name:
            return None
        found = Variable(name, kind, span, node, self.find(name, self.scope.parent))
        self.scope.names[name] = found
        self.out.all.append(found)
        return found

    def read(self, name: str) -> Variable | None:
        found = self.find(name, self.scope)
        if found is None:
            self.out.free.add(name)
        else:
            found.reads += 1
        return found

    def block(self, statements: nodes.Block) -> None:
        outer = self.scope
        self.scope = _Scope(outer)
        self.statements(statements)
        self.scope = outer

    def statements(self, statements: nodes.Block) -> None:
        """Statements of one scope; its functions are known from the start."""
        for statement in statements:
            if isinstance(statement, (nodes.Fn, nodes.Tool)):
                self.declare(statement.name, "fn", statement.name_span, statement)
        for statement in statements:
            self.visit(statement)

    # ------------------------------------------------------------------------------------------ nodes

    def visit(self, node: Any) -> None:
        handler = _HANDLERS.get(node.__class__)
        if handler is not None:
            handler(self, node)
        else:
            self.parts(node)

    def parts(self, node: Any) -> None:
        """What is below a node, blocks in scopes of their own."""
        for name, value in _values(node):
            if name in _BLOCKS and value.__class__ is tuple:
                self.block(value)
            elif value.__class__ is tuple:
                for item in value:
                    if attrs.has(item.__class__):
                        self.visit(item)
            elif attrs.has(value.__class__):
                self.visit(value)

    def function(self, node: Any) -> None:
        outer = self.scope
        self.scope = _Scope(outer)
        for param in node.params:
            if param.default is not None:
                self.visit(param.default)
            found = self.declare(param.name, "param", param.span, node)
            if found is not None:
                found.closure = isinstance(node, nodes.Closure)
        self.block(node.body)
        self.scope = outer

    def impl(self, node: nodes.Impl) -> None:
        for method in node.methods:
            self.function(method)

    def pipeline(self, node: Any) -> None:
        outer = self.scope
        self.scope = _Scope(outer)
        for name in node.params:
            self.declare(name, "param", node.span, node)
        self.block(node.body)
        self.scope = outer

    def name(self, node: nodes.Name) -> None:
        self.read(node.name)

    def call(self, node: nodes.Call) -> None:
        if self.read(node.callee.name) is None:
            self.out.calls.append(node)
        for argument in node.args:
            self.visit(argument)

    def struct_literal(self, node: nodes.StructLiteral) -> None:
        self.out.free.add(node.name)
        self.parts(node)

    def let(self, node: nodes.Let) -> None:
        self.visit(node.value)
        self.pattern(node.pattern, "var" if node.mutable else "let", node)

    def pattern(self, pattern: Any, kind: str, node: Any) -> None:
        if isinstance(pattern, nodes.NamePattern):
            self.declare(pattern.name, kind, pattern.span, node)
            return
        if isinstance(pattern, nodes.PairPattern):
            named = [(pattern.first, pattern.span), (pattern.second, pattern.span)]
        elif isinstance(pattern, nodes.ListPattern):
            named = [(item.name, item.span) for item in pattern.items]
        else:
            named = [(field.alias or field.key, field.span) for field in pattern.fields]
        parts: tuple[Any, ...] = getattr(pattern, "items", ()) or getattr(pattern, "fields", ())
        for part in parts:
            if part.default is not None:
                self.visit(part.default)
        for name, span in named:
            found = self.declare(name, kind, span, node)
            if found is not None:
                found.patterned = True

    def assign(self, node: nodes.Assign) -> None:
        self.visit(node.value)
        target = node.target
        while isinstance(target, (nodes.Index, nodes.Property)):
            if isinstance(target, nodes.Index):
                self.visit(target.index)
            target = target.receiver
        if not isinstance(target, nodes.Name):
            self.visit(target)
            return
        found = self.find(target.name, self.scope)
        if found is None:
            self.out.free.add(target.name)
            return
        found.writes.append(node)
        if target is not node.target or node.op != "=":
            found.reads += 1

    def for_(self, node: nodes.For) -> None:
        self.visit(node.iterable)
        outer = self.scope
        self.scope = _Scope(outer)
        self.pattern(node.pattern, "loop", node)
        self.block(node.body)
        self.scope = outer

    def parallel(self, node: nodes.Parallel) -> None:
        self.visit(node.subject)
        for option in node.options:
            self.visit(option)
        self.bound(node.param, "loop", node, node.body)

    def catch(self, node: nodes.Catch) -> None:
        self.bound(node.name, "catch", node, node.body)

    def select_case(self, node: nodes.SelectCase) -> None:
        self.visit(node.channel)
        self.bound(node.name, "case", node, node.body)

    def bound(self, name: str | None, kind: str, node: Any, body: nodes.Block) -> None:
        """A block before which one name is bound."""
        outer = self.scope
        self.scope = _Scope(outer)
        self.declare(name or "", kind, node.span, node)
        self.block(body)
        self.scope = outer

    def arm(self, node: nodes.Arm) -> None:
        outer = self.scope
        self.scope = _Scope(outer)
        self.arm_pattern(node.pattern, node)
        if node.guard is not None:
            self.visit(node.guard)
        self.block(node.body)
        self.scope = outer

    def arm_pattern(self, pattern: Any, arm: nodes.Arm) -> None:
        """A name binds, in a list, a dict or the payload of a variant too; anything else is compared."""
        if isinstance(pattern, nodes.Name):
            self.declare(pattern.name, "match", pattern.span, arm)
        elif isinstance(pattern, nodes.ListLiteral):
            for item in pattern.items:
                self.arm_pattern(item.value if isinstance(item, nodes.Spread) else item, arm)
        elif isinstance(pattern, nodes.DictLiteral):
            for entry in pattern.entries:
                self.arm_pattern(entry.value, arm)
        elif isinstance(pattern, (nodes.MethodCall, nodes.Call)):
            for argument in pattern.args:
                self.arm_pattern(argument, arm)
            if isinstance(pattern, nodes.MethodCall):
                self.visit(pattern.receiver)
        else:
            self.visit(pattern)

    def nothing(self, node: Any) -> None:
        """A declaration of types."""

    def fields_only(self, node: nodes.Skill | nodes.EvalPack) -> None:
        outer = self.scope
        self.scope = _Scope(outer)
        for field in node.fields:
            self.visit(field.value)
            self.scope.names[field.name] = Variable(field.name, "case", field.span, node, None)
        if isinstance(node, nodes.EvalPack):
            self.statements(node.body)
            self.statements(node.summarize or ())
        self.scope = outer


def _values(node: Any) -> Iterator[tuple[str, Any]]:
    found = _KNOWN.get(node.__class__)
    if found is None:
        named: Any = attrs.fields(node.__class__)
        found = _KNOWN[node.__class__] = tuple(field.name for field in named if field.name not in _OUTSIDE)
    return ((name, getattr(node, name)) for name in found)


_KNOWN: dict[type, tuple[str, ...]] = {}

_HANDLERS: dict[type, Any] = {
    nodes.Fn: _Walk.function,
    nodes.Closure: _Walk.function,
    nodes.Tool: _Walk.function,
    nodes.Impl: _Walk.impl,
    nodes.Pipeline: _Walk.pipeline,
    nodes.Override: _Walk.pipeline,
    nodes.Name: _Walk.name,
    nodes.Call: _Walk.call,
    nodes.StructLiteral: _Walk.struct_literal,
    nodes.Let: _Walk.let,
    nodes.Assign: _Walk.assign,
    nodes.For: _Walk.for_,
    nodes.Parallel: _Walk.parallel,
    nodes.Catch: _Walk.catch,
    nodes.SelectCase: _Walk.select_case,
    nodes.Arm: _Walk.arm,
    nodes.Struct: _Walk.nothing,
    nodes.Enum: _Walk.nothing,
    nodes.Interface: _Walk.nothing,
    nodes.TypeAlias: _Walk.nothing,
    nodes.Import: _Walk.nothing,
    nodes.Skill: _Walk.fields_only,
    nodes.EvalPack: _Walk.fields_only,
}
