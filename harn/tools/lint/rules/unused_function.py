"""A function that is not exported and that nothing in the file names."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L004"


def find(source: Source) -> Iterator[Finding]:
    body = source.program.body
    functions = [node for node in body if isinstance(node, nodes.Fn)]
    closed = any(function.pub for function in functions) or any(isinstance(node, nodes.Pipeline) for node in body)
    if not closed:  # a module without `pub` exports everything
        return
    for variable in source.variables.all:
        function = variable.node
        if variable.kind != "fn" or variable.reads or not isinstance(function, nodes.Fn) or function.pub:
            continue
        if not variable.name.startswith("_") and not function.attributes:
            help = f"remove it, or name it `_{variable.name}`"
            yield Finding(f"function `{variable.name}` is declared but never used", function.name_span, help)
