"""A whole file: one blank line between its items, none between the imports at its head."""

from __future__ import annotations

from collections.abc import Sequence

from harn.syntax.nodes import Comment, Import, Program
from harn.syntax.printer.blocks import line_text
from harn.syntax.printer.comments import bar_at
from harn.syntax.printer.engine import BAR_WIDTH, Printer, Steps, prints


@prints(Program)
def program(p: Printer, node: Program, depth: int) -> Steps:
    lines: list[str] = []
    if p.origin.text.startswith("#!"):
        lines.append(p.origin.text.partition("\n")[0].rstrip())
    importing = True
    for index, item in enumerate(node.body):
        line = yield from p.line(item, depth)
        tight = importing
        importing = importing and isinstance(item, Import)
        if index and not (tight and importing):
            lines.append("")
        _add_comments(p, lines, line.lead, bars=not importing)
        lines.append(line_text(item, line))
    _add_comments(p, lines, p.origin.before(len(p.origin.text) + 1), bars=True)
    return "\n".join(lines).strip("\n") + "\n" if lines else ""


def _add_comments(p: Printer, lines: list[str], comments: Sequence[Comment], bars: bool) -> None:
    """Append comments between items, with blank lines around the bars that separate sections of a file."""
    start = index = 0
    while index < len(comments):
        bar = bar_at(comments, index, p.origin) if bars else None
        if bar is None:
            index += 1
            continue
        lines += p.comments(comments[start:index], 0)
        if lines and lines[-1]:
            lines.append("")
        lines += bar.lines(BAR_WIDTH)
        lines.append("")
        start = index = index + bar.size
    lines += p.comments(comments[start:], 0)
