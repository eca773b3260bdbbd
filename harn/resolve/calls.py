"""Calls of names that nothing defines: a static error, since such a call can only fail.

The check is generous: any declaration of the name anywhere in the file counts, because functions are also found in the scopes of
whoever calls. It is off for a file with an import that leads nowhere, whose names nobody knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from harn.catalog.index import known, names
from harn.resolve.tree import walk
from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.source.spelling import distance
from harn.syntax import nodes

_NEAR = 2
"""Edits, and difference in length, up to which a name is suggested."""

_NAMED = (
    nodes.Fn, nodes.Tool, nodes.Skill, nodes.EvalPack, nodes.Struct, nodes.Enum, nodes.Param, nodes.NamePattern,
    nodes.ListPatternItem, nodes.SelectCase, nodes.ConfigField,
)  # fmt: skip


def undefined_calls(
    program: nodes.Program,
    file: SourceFile,
    imports: Mapping[str, Sequence[str] | None],
    provided: Collection[str] = (),
) -> list[Diagnostic]:
    """The calls of a file whose names nothing defines, in the order of the text.

    ``imports``: for each imported path the names a wildcard import of it binds, None where it leads nowhere. ``provided``:
    further names, such as the functions of an embedding program.
    """
    functions: dict[str, None] = {}
    for statement in program.body:
        if isinstance(statement, nodes.Import):
            bound = imports.get(statement.path)
            if bound is None:
                return []
            functions.update(dict.fromkeys(statement.names if statement.names is not None else bound))
    declared: set[str] = set(provided)
    calls: list[nodes.Call] = []
    for node in walk(program):
        declared.update(_declares(node))
        if isinstance(node, nodes.Fn):
            functions.setdefault(node.name)
        elif isinstance(node, nodes.Call):
            calls.append(node)
    declared.update(functions)
    missing = [call for call in calls if call.callee.name not in declared and not known(call.callee.name)]
    missing.sort(key=lambda call: call.span)
    return [_undefined(call, file, functions) for call in missing]


def _declares(node: Any) -> Iterator[str]:
    """The names a node declares."""
    if isinstance(node, _NAMED):
        yield node.name
    elif isinstance(node, nodes.DictPatternField):
        yield node.alias or node.key
    elif isinstance(node, nodes.PairPattern):
        yield from (node.first, node.second)
    elif isinstance(node, nodes.Catch):
        yield node.name or ""
    elif isinstance(node, nodes.Parallel):
        yield node.param or ""
    elif isinstance(node, nodes.Arm):
        yield from (part.name for part in walk(node.pattern) if isinstance(part, nodes.Name))


def _undefined(call: nodes.Call, file: SourceFile, functions: Collection[str]) -> Diagnostic:
    name = call.callee.name
    message = f"call target `{name}` is not defined or imported"
    near = _nearest(name, functions)
    if near is None:
        return Diagnostic(ERROR, "N001", message, file, call.callee.span)
    return Diagnostic(ERROR, "N001", f"{message} — did you mean `{near}`?", file, call.callee.span)


def _nearest(name: str, functions: Collection[str]) -> str | None:
    """The first of the nearest names: builtins in alphabetical order, then what the file declares and imports."""
    best, least = None, _NEAR + 1
    builtins = (key for key in names() if "." not in key and ":" not in key and not key.startswith("__"))
    for candidate in (*builtins, *functions):
        if abs(len(candidate) - len(name)) <= _NEAR and candidate != name:
            edits = distance(name, candidate, _NEAR)
            if edits < least:
                best, least = candidate, edits
    return best
