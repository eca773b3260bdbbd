"""A part of what came from outside is read before anything has checked it."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Finding, Source

CODE = "L024"


_OUTSIDE = frozenset(("json_parse", "yaml_parse", "toml_parse", "llm_call_structured", "host_call"))


def find(source: Source) -> Iterator[Finding]:
    builtins = {id(call) for call in source.variables.calls}
    for node in source.of(nodes.Property, nodes.Index):
        call = node.receiver
        if isinstance(call, nodes.Call) and id(call) in builtins and call.callee.name in _OUTSIDE:
            kind = "property" if isinstance(node, nodes.Property) else "subscript"
            message = f"{kind} access on raw `{call.callee.name}()` result without schema validation"
            yield Finding(message, node.span, "check it first, with `schema_expect` or an annotation")
