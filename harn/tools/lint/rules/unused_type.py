"""A type that nothing in the file refers to, where the file exports none."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L005"


_KINDS = {nodes.Struct: "struct", nodes.Enum: "enum", nodes.TypeAlias: "type", nodes.Interface: "interface"}


def find(source: Source) -> Iterator[Finding]:
    if not any(isinstance(node, nodes.Pipeline) for node in source.program.body):  # its types are there for others
        return
    used = {node.name for node in source.of(nodes.NamedType, nodes.Name, nodes.StructLiteral)}
    used.update(node.type_name for node in source.of(nodes.Impl))
    used.update(node.bound for node in source.of(nodes.Where))
    for node in source.program.body:
        if isinstance(node, (nodes.Struct, nodes.Enum, nodes.TypeAlias, nodes.Interface)) and node.name not in used:
            exported = getattr(node, "pub", False) or node.attributes or node.name.startswith("_")
            if not exported:
                kind = _KINDS[node.__class__]
                yield Finding(f"{kind} `{node.name}` is declared but never referenced", node.name_span, "remove it")
