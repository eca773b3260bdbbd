"""Doc comments: which declaration they belong to and what they say."""

from __future__ import annotations

from harn.source.span import Span
from harn.syntax.mask import Masked


def documentation(source: str, masked: Masked) -> dict[int, str]:
    """The text of each doc comment by the offset of the code it stands above.

    A doc comment is a run of ``///`` lines or one ``/** ... */``, with no blank line between it and the code.
    """
    found: dict[int, str] = {}
    lines: list[str] = []
    previous_end = -1
    for span in masked.comments:
        text = source[span.start : span.end]
        if text.startswith("///") and not text.startswith("////"):
            if source[previous_end : span.start].strip(" \t\r") != "\n":
                lines = []
            lines.append(text[3:].removeprefix(" ").rstrip())
        elif text.startswith("/**") and not text.startswith(("/***", "/**/")):
            lines = _block_lines(text)
        else:
            lines = []
        previous_end = span.end
        if lines:
            code = _code_below(masked.text, span)
            if code is not None:
                found[code] = "\n".join(lines)
    return found


def _code_below(text: str, span: Span) -> int | None:
    """The offset of the code that begins on the line of a comment's end or on the next line."""
    line_end = text.find("\n", span.end)
    for start, end in ((span.end, line_end), (line_end + 1, text.find("\n", line_end + 1))):
        line = text[start : end if end >= 0 else len(text)]
        if line.strip():
            return start + len(line) - len(line.lstrip())
        if line_end < 0:
            break
    return None


def _block_lines(text: str) -> list[str]:
    """The lines of a ``/** ... */`` comment without its frame."""
    lines = []
    for line in text[3:].removesuffix("*/").split("\n"):
        line = line.strip()
        if line.startswith("*"):
            line = line[1:].removeprefix(" ")
        lines.append(line)
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines
