"""A `var` to which nothing is ever assigned."""

from __future__ import annotations

from collections.abc import Iterator

from harn.source.span import Span
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L007"


def find(source: Source) -> Iterator[Finding]:
    declarations: dict[int, list[bool]] = {}
    for variable in source.variables.all:
        if variable.kind == "var":
            declarations.setdefault(id(variable.node), []).append(bool(variable.writes))
    for variable in source.variables.all:
        if variable.kind != "var" or variable.writes:
            continue
        start = variable.node.span.start
        fix = () if any(declarations[id(variable.node)]) else (Edit(Span(start, start + len("var")), "let"),)
        message = f"variable `{variable.name}` is declared as `var` but never reassigned"
        yield Finding(message, variable.span, "use `let` instead of `var`", fix)
