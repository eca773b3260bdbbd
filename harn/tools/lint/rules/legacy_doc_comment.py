"""Documentation of a declaration in `///` lines, which `/** */` replaces."""

from __future__ import annotations

from collections.abc import Iterator

from harn.source.span import Span
from harn.syntax import nodes
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L037"

_DOCUMENTED = (
    nodes.Fn, nodes.Pipeline, nodes.Struct, nodes.Enum, nodes.Interface, nodes.TypeAlias, nodes.Tool, nodes.Skill,
    nodes.EvalPack,
)  # fmt: skip


def find(source: Source) -> Iterator[Finding]:
    lines = {source.file.position(comment.span.start)[0]: comment for comment in source.program.comments}
    for node in source.program.body:
        if isinstance(node, _DOCUMENTED):
            first = min((attribute.span.start for attribute in node.attributes), default=node.span.start)
            line = source.file.position(first)[0] - 1
            above: list[nodes.Comment] = []
            while line in lines and lines[line].text.startswith("///"):
                above.insert(0, lines[line])
                line -= 1
            if above:
                place = Span(above[0].span.start, above[-1].span.end)
                message = "`///` doc comment(s) above this item should use `/** */` form"
                written = _block([comment.text[3:].strip() for comment in above])
                yield Finding(message, place, "`harn fmt` rewrites it as well", (Edit(place, written),))


def _block(lines: list[str]) -> str:
    lines = [line.replace("*/", "* /") for line in lines]
    if len(lines) == 1:
        return f"/** {lines[0]} */"
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in lines), " */"])
