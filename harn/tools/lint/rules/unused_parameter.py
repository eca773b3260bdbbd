"""A parameter that the function never reads. Names that begin with an underscore are meant so; `self` too."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L002"


def find(source: Source) -> Iterator[Finding]:
    methods = {id(method) for node in source.of(nodes.Impl) for method in node.methods}
    for variable in source.variables.all:
        function = variable.node
        if variable.kind != "param" or variable.reads or not isinstance(function, (nodes.Fn, nodes.Tool)):
            continue
        if not variable.name.startswith("_") and id(function) not in methods and not variable.writes:
            help = f"remove it, or name it `_{variable.name}`"
            yield Finding(f"parameter `{variable.name}` is declared but never used", variable.span, help)
