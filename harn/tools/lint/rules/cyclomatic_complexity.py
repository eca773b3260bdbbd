"""A function with more ways through it than the threshold (25, or `[lint] complexity_threshold`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source, everything

CODE = "L019"


_WAYS = (
    nodes.If, nodes.Guard, nodes.Arm, nodes.For, nodes.While, nodes.Catch, nodes.Ternary, nodes.SelectCase, nodes.Retry,
)  # fmt: skip


def find(source: Source) -> Iterator[Finding]:
    most = source.settings.complexity
    for node in source.of(nodes.Fn):
        if any(_allows(attribute) for attribute in node.attributes):
            continue
        score = 1 + sum(_counts(part) for statement in node.body for part in everything(statement))
        if score > most:
            message = f"function `{node.name}` has cyclomatic complexity {score} (> {most})"
            help = "split it into smaller functions, or mark it `@complexity(allow)` where the branches belong together"
            yield Finding(message, node.name_span, help)


def _counts(node: Any) -> bool:
    return isinstance(node, _WAYS) or (isinstance(node, nodes.Binary) and node.op in ("&&", "||"))


def _allows(attribute: nodes.Attribute) -> bool:
    values = [argument.value for argument in attribute.args]
    return attribute.name == "complexity" and any(isinstance(v, nodes.Name) and v.name == "allow" for v in values)
