"""Functions are named in snake_case, types in PascalCase."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L017"


_KINDS = {nodes.Struct: "struct", nodes.Enum: "enum", nodes.TypeAlias: "type", nodes.Interface: "interface"}


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(nodes.Fn, *_KINDS):
        bare = node.name.strip("_")
        if isinstance(node, nodes.Fn):
            snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in bare).lstrip("_")
            if bare != bare.lower():
                yield Finding(f"function `{node.name}` should use snake_case", node.name_span, f"for example `{snake}`")
        elif "_" in bare or bare[:1] != bare[:1].upper():
            pascal = "".join(word[:1].upper() + word[1:] for word in bare.split("_"))
            message = f"{_KINDS[node.__class__]} `{node.name}` should use PascalCase"
            yield Finding(message, node.name_span, f"for example `{pascal}`")
