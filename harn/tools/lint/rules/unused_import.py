"""A name that an import binds and nothing in the file uses."""

from __future__ import annotations

from collections.abc import Iterator

from harn.source.span import Span
from harn.syntax import nodes
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L003"


def find(source: Source) -> Iterator[Finding]:
    used = set(source.variables.free)
    used.update(node.name for node in source.of(nodes.NamedType, nodes.Name))
    used.update(node.type_name for node in source.of(nodes.Impl))
    used.update(node.bound for node in source.of(nodes.Where))
    for node in source.of(nodes.Import):
        unused = [] if node.pub or node.names is None else [name for name in node.names if name not in used]
        for name in unused:
            fix = (_without(source, node, unused),) if name == unused[0] else ()
            yield Finding(f"imported name `{name}` is never used", node.span, f"remove `{name}` from the import", fix)


def _without(source: Source, node: nodes.Import, unused: list[str]) -> Edit:
    """The import with the names that are used; nothing of it where none is."""
    kept = [name for name in node.names or () if name not in unused]
    if kept:
        return Edit(node.span, f'import {{ {", ".join(kept)} }} from "{node.path}"')
    end = node.span.end
    return Edit(Span(node.span.start, end + source.file.text[end : end + 1].count("\n")), "")
