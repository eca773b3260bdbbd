"""The type checker: one walk over a file, each construct in a module of its own.

A program without annotations is right by definition: what the checker does not know fits everywhere. An error is what annotations
contradict for certain; where the contradiction rests on a guess, it is a warning.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from harn.source.diagnostic import ERROR, WARNING, Diagnostic, Note
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes
from harn.types.annotations import annotation
from harn.types.attributes import check_attributes
from harn.types.context import Context
from harn.types.declarations import Callable, Declarations, Declared, ModuleTypes
from harn.types.dispatch import EXPRESSIONS, STATEMENTS
from harn.types.functions import hoist
from harn.types.narrowing import assume
from harn.types.scope import LEFT, REACHED, Flow, Local, Place, Scope
from harn.types.type_names import check_type_names
from harn.types.values import DYNAMIC, NEVER, NIL, Type, certain
from harn.types.variance import check_variance

_RECURSION = 20_000
"""Python frames a check may use: the parser bounds the depth of a tree to 1,000, a level needs up to a dozen frames."""


def check(
    program: nodes.Program,
    file: SourceFile,
    imports: Mapping[str, ModuleTypes | None] | None = None,
    *,
    provided: Collection[str] = (),
    strict: bool = False,
) -> list[Diagnostic]:
    """What is wrong with the types of a file, in the order of its text. Never raises for what the file contains.

    ``imports``: for each imported path the module, None where it leads nowhere. ``provided``: functions that an embedding
    program adds. ``strict``: warn where values from outside of the program are read before anything says what they are.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        checker = Checker(program, file, imports or {}, provided, strict)
        checker.file_body()
        return checker.findings()
    except RecursionError:  # the compiler refuses such a program with a message of its own
        return []
    finally:
        sys.setrecursionlimit(limit)


class Checker:
    """The state of the walk: where it stands, what it knows, and what it found.

    Above 0 inside of certain parts: ``doubt`` where the language checks nothing before it runs, so that every error is a warning;
    ``caught`` in the body of a ``try``, where an error may be what is wanted; ``later`` in a closure, which may never run.
    ``shared``: what closures assign to, so that a call may change it.
    """

    def __init__(
        self,
        program: nodes.Program,
        file: SourceFile,
        imports: Mapping[str, ModuleTypes | None],
        provided: Collection[str] = (),
        strict: bool = False,
    ) -> None:
        self.program = program
        self.file = file
        self.provided = frozenset(provided)
        self.declarations = Declarations(program, file, imports)
        self.diagnostics: list[Diagnostic] = []
        self.seen: set[tuple[Span, str]] = set()
        self.scope = Scope(None)
        self.flow = Flow()
        self.types: dict[int, Type] = {}
        self.context = Context("script", None)
        self.doubt = 0
        self.caught = 0
        self.later = 0
        self.shared: list[Place] = []
        self.strict = strict
        self.resolved = all(module is not None for module in imports.values())

    # ------------------------------------------------------------------------------------------ the file

    def file_body(self) -> None:
        """Check a whole file: declarations, then what it runs."""
        check_attributes(self)
        check_variance(self)
        check_type_names(self)
        self.statements(self.program.body)

    def findings(self) -> list[Diagnostic]:
        """What was found, in the order of the text."""
        return sorted(self.diagnostics, key=lambda d: d.span or (0, 0))

    # ------------------------------------------------------------------------------------------ reports

    def report(
        self,
        code: str,
        message: str,
        span: Span,
        *,
        severity: str = ERROR,
        label: str = "",
        notes: Iterable[Note] = (),
        help: str = "",
        actual: Type | None = None,
    ) -> None:
        """Note a finding, once. ``actual``: the type it rests on; one that is a guess makes it a warning."""
        if (span, message) in self.seen:
            return
        self.seen.add((span, message))
        if severity == ERROR and (self.doubt or (actual is not None and not certain(actual))):
            severity = WARNING
        self.diagnostics.append(Diagnostic(severity, code, message, self.file, span, label, tuple(notes), help))

    def warn(
        self, code: str, message: str, span: Span, label: str = "", help: str = "", notes: Iterable[Note] = ()
    ) -> None:
        """Note a suspicion."""
        self.report(code, message, span, severity=WARNING, label=label, help=help, notes=notes)

    # ------------------------------------------------------------------------------------------ names

    def annotation(self, node: nodes.Type | None) -> Type:
        """The type that is written here."""
        return annotation(node, self.declarations, self.context.variables)

    def declare(
        self, name: str, type: Type, kind: str, span: Span, *, annotated: bool = False, open: bool = False
    ) -> Local | None:
        """A variable from here on. At the top level only what is written is known of it."""
        if name == "_":
            return None
        if self.context.kind == "script":
            type, open = DYNAMIC, False
        local = Local(name, type, kind, span, annotated, open)
        self.scope.names[name] = local
        return local

    def local(self, name: str) -> Local | None:
        """The variable of a name; None where it is something else."""
        found = self.scope.find(name)
        return found if isinstance(found, Local) else None

    def captured(self, places: Iterable[Place]) -> None:
        """A closure was made that assigns to these: now, and at calls from here on, they may change."""
        places = list(places)
        self.flow.forget(places)
        self.shared += places

    def user_code_ran(self) -> None:
        """A call ran functions of the program, which may have changed what closures share."""
        if self.shared:
            self.flow.forget(self.shared)

    def function(self, name: str) -> Callable | None:
        """The function that a call of a name reaches; None where it is a variable, a builtin or not known."""
        found = self.scope.find(name)
        if found is None:
            return self.declarations.function(name)
        return found if isinstance(found, Callable) else None

    def type_declared(self, name: str, kind: str) -> Declared | None:
        """A struct, enum, interface or alias of the program."""
        found = self.declarations.type(name)
        return found if found is not None and found.kind == kind else None

    # ------------------------------------------------------------------------------------------ walking

    def infer(self, node: Any) -> Type:
        """The type of an expression, which is checked on the way."""
        handler = EXPRESSIONS.get(node.__class__)
        type = handler(self, node) if handler is not None else self.statement(node)
        self.types[id(node)] = type
        return type

    def statement(self, node: Any) -> Type:
        """Check a statement; its type where it is an expression."""
        handler = STATEMENTS.get(node.__class__)
        if handler is not None:
            return handler(self, node)
        if node.__class__ in EXPRESSIONS:
            return self.infer(node)
        return DYNAMIC

    def statements(self, body: nodes.Block) -> Type:
        """Check statements in the scope that stands; the type of the last one, as the value of a block."""
        hoist(self, body)
        value: Type = NIL
        dead = warned = REACHED
        for node in body:
            if self.flow.dead:
                dead = max(dead, self.flow.dead)
                if self.flow.dead == LEFT and not warned and not isinstance(node, (nodes.Fn, nodes.Struct, nodes.Enum)):
                    warned = LEFT
                    self.warn(
                        "T013", "unreachable code", node.span, "never runs", "remove it, or what leaves before it"
                    )
                self.flow.dead = REACHED
            value = self.statement(node)
        self.flow.dead = max(dead, self.flow.dead)
        return NEVER if self.flow.dead else value

    def block(self, body: nodes.Block) -> Type:
        """Check a block in a scope of its own; the type of its value."""
        outer = self.scope
        self.scope = Scope(outer)
        value = self.statements(body)
        self.scope = outer
        return value

    def open_scope(self) -> None:
        """Names declared from here on stand in a scope of their own; whoever opens it puts the old one back."""
        self.scope = Scope(self.scope)

    def condition(self, node: Any) -> tuple[Flow, Flow]:
        """Check a condition: what is known where it holds, and where it does not. Leaves the flow as it was."""
        self.infer(node)
        before = self.flow
        self.flow = before.copy()
        assume(self, node, True)
        holds = self.flow
        self.flow = before.copy()
        assume(self, node, False)
        fails = self.flow
        self.flow = before
        return holds, fails
