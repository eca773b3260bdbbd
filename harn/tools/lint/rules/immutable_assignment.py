"""An assignment to what `let`, a parameter or a loop declares, which fails when it is reached."""

from __future__ import annotations

from collections.abc import Iterator

from harn.tools.lint.source import Finding, Source

CODE = "L030"


_FIXED = ("let", "param", "match", "catch", "case")


def find(source: Source) -> Iterator[Finding]:
    for variable in source.variables.all:
        if variable.kind in _FIXED:
            for node in variable.writes:
                message = f"Cannot assign to '{variable.name}': variable is immutable (declared with 'let')"
                yield Finding(message, node.span, f"declare it with `var {variable.name}`")
