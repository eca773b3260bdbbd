"""A call of a name that nothing declares, imports or builds in."""

from __future__ import annotations

from collections.abc import Iterator

from harn.resolve.calls import undefined_calls
from harn.tools.lint.source import Finding, Source

CODE = "L009"


def find(source: Source) -> Iterator[Finding]:
    for found in undefined_calls(source.program, source.file, source.imports):
        assert found.span is not None
        name = found.message.split("`")[1]
        near = found.message.partition("did you mean `")[2].partition("`")[0]
        help = f"did you mean `{near}`?" if near else "declare it or import it"
        yield Finding(f"function `{name}` is not defined", found.span, help)
