"""How comments are written: as they stand, but for documentation and for the bars between sections of a file.

Documentation (``///`` lines and ``/** */`` blocks) has one form, ``/** text */`` or, for several lines,

    /**
     * first line
     * second line
     */

and a bar (four or more dashes, perhaps with a title) one width:

    // -----------------------------------------------------------------------------
    // Title
    // -----------------------------------------------------------------------------
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harn.syntax.nodes import Comment
from harn.syntax.printer.origin import Origin

_SHORTEST_BAR = 4


class Bar(NamedTuple):
    """A bar, alone or with the title of the section it opens, written in some comments."""

    title: str
    size: int

    def lines(self, width: int) -> list[str]:
        """The bar in its one form, a header in three lines."""
        line = "// " + "-" * (width - 3)
        return [line, f"// {self.title}", line] if self.title else [line]


def comment_lines(comments: Sequence[Comment], depth: int, width: int, origin: Origin) -> list[str]:
    """Comments as lines to stand at a depth; a text may hold several lines, which then hold their indentation."""
    lines: list[str] = []
    index = 0
    while index < len(comments):
        run = _documentation(comments, index, origin)
        if run:
            lines.append(doc_block([line for comment in run for line in _doc_text(comment.text)], depth, width))
            index += len(run)
        else:
            lines.append(comments[index].text.rstrip().replace("\r\n", "\n"))
            index += 1
    return lines


def doc_block(text: Sequence[str], depth: int, width: int) -> str:
    """A ``/** */`` block: on one line where the text is one line and fits."""
    text = _without_blank_ends(text)
    if not text:
        return "/** */"
    if len(text) == 1 and 2 * depth + len(text[0].strip()) + 7 <= width:
        return f"/** {text[0].strip()} */"
    edge = "\n" + "  " * depth
    return "/**" + "".join(f"{edge} * {line}".rstrip() for line in text) + f"{edge} */"


def bar_at(comments: Sequence[Comment], index: int, origin: Origin) -> Bar | None:
    """The bar or section header that begins at an index."""
    title = _bar_title(comments[index])
    if title == "" and index + 2 < len(comments):
        first, middle, last = comments[index : index + 3]
        inside = middle.text[2:].strip()
        if (
            inside
            and not middle.text.startswith(("/*", "///"))
            and _bar_title(middle) is None
            and _bar_title(last) == ""
            and _adjacent(first, middle, origin)
            and _adjacent(middle, last, origin)
        ):
            return Bar(inside, 3)
    return None if title is None else Bar(title, 1)


def is_doc(comment: Comment) -> bool:
    """Whether a comment documents what follows it, in either form. ``////`` and ``/***`` do not."""
    text = comment.text
    if text.startswith("///"):
        return not text.startswith("////") and "/*" not in text and "*/" not in text
    return text.startswith("/**") and not text.startswith(("/***", "/**/"))


def _bar_title(comment: Comment) -> str | None:
    """The title in a bar, empty for a plain one; None where the comment is no bar."""
    if not comment.text.startswith("//"):
        return None
    text = comment.text[2:].strip()
    title = text.lstrip("-")
    if len(text) - len(title) < _SHORTEST_BAR:
        return None
    bare = title.rstrip("-")
    return (bare if len(title) - len(bare) >= _SHORTEST_BAR else title).strip()


def _adjacent(first: Comment, second: Comment, origin: Origin) -> bool:
    """Whether a comment stands on the line right below another, with nothing between."""
    between = origin.text[first.span.end : second.span.start]
    return not between.strip() and between.count("\n") == 1


def _documentation(comments: Sequence[Comment], index: int, origin: Origin) -> Sequence[Comment]:
    """The documentation that begins at an index: one block, or ``///`` lines without a gap."""
    end = index
    while end < len(comments) and is_doc(comments[end]):
        if end > index and not _adjacent(comments[end - 1], comments[end], origin):
            break
        end += 1
        if comments[end - 1].text.startswith("/*") or (end < len(comments) and comments[end].text.startswith("/*")):
            break
    return comments[index:end]


def _doc_text(text: str) -> Sequence[str]:
    """The lines of a documentation comment without its markers and the stars at their edge."""
    if text.startswith("///"):
        return [text[3:].removeprefix(" ").rstrip()]
    first, *others = text.removeprefix("/**").removesuffix("*/").split("\n")
    lines = [first.strip()]
    for line in others:
        stripped = line.strip()
        lines.append(stripped[1:].removeprefix(" ") if stripped.startswith("*") else stripped)
    return _without_blank_ends(lines)


def _without_blank_ends(lines: Sequence[str]) -> Sequence[str]:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while end > start and not lines[end - 1].strip():
        end -= 1
    return lines[start:end]
