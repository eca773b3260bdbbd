"""A variable or parameter with the name of one in a scope around it."""

from __future__ import annotations

from collections.abc import Iterator

from harn.tools.lint.source import Finding, Source

CODE = "L008"


def find(source: Source) -> Iterator[Finding]:
    for variable in source.variables.all:
        outer = variable.shadows
        if outer is not None and outer.kind != "fn" and variable.kind != "fn" and not variable.name.startswith("_"):
            message = f"variable `{variable.name}` shadows a variable in an outer scope"
            yield Finding(message, variable.span, f"choose another name for one `{variable.name}`")
