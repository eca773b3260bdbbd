"""A file in, and out what its ``@invariant`` promises do not keep."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

from harn.source.diagnostic import ERROR, Diagnostic, Note
from harn.source.file import SourceFile
from harn.tools.invariants.explore import Explorer, Promise, Violation
from harn.tools.invariants.functions import Declared, Function, Library
from harn.tools.invariants.promises import Approval, Budget, Writes
from harn.tools.invariants.spec import APPROVAL, CODES, FS_WRITES, Spec, specs

_RECURSION = 20_000
"""Python frames a walk may use: the parser bounds the depth of a tree to 1,000."""

_SHOWN = 8
"""Steps of a path that a diagnostic tells; ``harn explain --invariant`` tells all."""


class Held(NamedTuple):
    """A promise and what breaks it."""

    handler: Function
    spec: Spec
    violations: tuple[Violation, ...]


def invariants(file: SourceFile) -> list[Diagnostic]:
    """What breaks the promises of a file, in the order of its text. Nothing for a file that is no program."""
    return [diagnostic for item in judged(file) for diagnostic in _diagnostics(file, item)]


def judged(file: SourceFile) -> Iterator[Held | Diagnostic]:
    """Every promise of a file, judged, and what is wrong with how it is written."""
    library = Library(file)
    program = library.graph.entry.program
    for declaration in program.body if program is not None else ():
        found, wrong = specs(declaration)
        for complaint in wrong:
            yield _diagnostic("I001", "invariant", complaint.message, file, complaint.node.span, complaint.help)
        if found and isinstance(declaration, Declared):
            handler = library.declared(library.graph.entry).get(declaration.name)
            if handler is None or handler.node is not declaration:
                handler = Function(declaration.name, declaration, library.graph.entry, None, library)
            for spec in found:
                yield from _judge(file, handler, spec)
        elif found:
            message = "`@invariant` stands on something that does not run"
            yield _diagnostic("I001", "invariant", message, file, found[0].attribute.span, "put it on a function")


def _judge(file: SourceFile, handler: Function, spec: Spec) -> Iterator[Held | Diagnostic]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        promise = _promise(handler, spec)
        entered = promise.entering(handler, False)
        assert entered is not None
        yield Held(handler, spec, Explorer(promise).explore(handler, entered).violations)
    except RecursionError:
        message = f"`{handler.name}` calls through too many functions for `{spec.name}` to be judged"
        yield _diagnostic("I001", "invariant", message, file, spec.attribute.span, "")
    finally:
        sys.setrecursionlimit(limit)


def _promise(handler: Function, spec: Spec) -> Promise:
    if spec.name == FS_WRITES:
        return Writes(spec.allowed)
    return Approval() if spec.name == APPROVAL else Budget(spec.target, handler)


def _diagnostics(file: SourceFile, item: Held | Diagnostic) -> list[Diagnostic]:
    if isinstance(item, Diagnostic):
        return [item]
    return [_violation(item, violation) for violation in item.violations]


def _violation(held: Held, violation: Violation) -> Diagnostic:
    """Shown at the act itself, with the way there."""
    last = violation.path[-1]
    way = violation.path[:-1]
    hidden = len(way) - _SHOWN
    if hidden > 0:
        way = (*way[: _SHOWN // 2], *way[-_SHOWN // 2 :])
    notes = [Note(f"reached by way of: {step.label}", step.file, step.span) for step in way]
    if hidden > 0:
        notes.insert(_SHOWN // 2, Note(f"{hidden} steps more; `harn explain --invariant` tells all"))
    notes.append(Note(f"promised by `{held.handler.name}`", held.handler.file, held.spec.attribute.span))
    code = CODES[held.spec.name]
    return _diagnostic(code, held.spec.name, violation.message, last.file, last.span, violation.help, tuple(notes))


def _diagnostic(
    code: str, name: str, message: str, file: SourceFile, span: Any, help: str, notes: tuple[Note, ...] = ()
) -> Diagnostic:
    label = "invariant" if name == "invariant" else f"invariant[{name}]"
    return Diagnostic(ERROR, code, message, file, span, label=label, help=help, notes=notes)
