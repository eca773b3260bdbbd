"""A variable that nothing reads. A name that begins with an underscore is meant to be unused."""

from __future__ import annotations

from collections.abc import Iterator

from harn.tools.lint.source import Finding, Source

CODE = "L001"


def find(source: Source) -> Iterator[Finding]:
    for variable in source.variables.all:
        unused = variable.kind in ("let", "var") and not variable.patterned and not variable.reads
        if unused and not variable.name.startswith("_"):
            help = f"remove it, or name it `_{variable.name}`"
            yield Finding(f"variable `{variable.name}` is declared but never used", variable.span, help)
