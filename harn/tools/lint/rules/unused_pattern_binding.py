"""A name of a destructuring pattern that nothing reads."""

from __future__ import annotations

from collections.abc import Iterator

from harn.tools.lint.source import Finding, Source

CODE = "L006"


def find(source: Source) -> Iterator[Finding]:
    for variable in source.variables.all:
        if variable.patterned and not variable.reads and not variable.name.startswith("_"):
            help = f"leave it out, or name it `_{variable.name}`"
            yield Finding(f"pattern binding `{variable.name}` is never used", variable.span, help)
