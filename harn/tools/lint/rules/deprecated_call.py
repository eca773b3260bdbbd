"""A call of a function or builtin that is marked as deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from harn.catalog.index import entry
from harn.syntax import nodes
from harn.tools.declared_steps import calls
from harn.tools.lint.source import Finding, Source

CODE = "L021"


def find(source: Source) -> Iterator[Finding]:
    marked = {node.name: a for node in source.of(nodes.Fn) for a in node.attributes if a.name == "deprecated"}
    builtins = {call.callee.name for call in source.variables.calls}
    for site in calls(source.program):
        if site.name in marked:
            given = {a.name: a.value.value for a in marked[site.name].args if isinstance(a.value, nodes.StringLiteral)}
            since = f" (since {given['since']})" if "since" in given else ""
            help = f"use `{given['use']}` instead" if "use" in given else ""
            yield Finding(f"`{site.name}` is deprecated{since}", site.span, help)
        elif site.name in builtins:
            found = entry(site.name)
            if found is not None and found.deprecated:
                yield Finding(f"`{site.name}` is deprecated", site.span, f"use `{found.deprecated}` instead")
