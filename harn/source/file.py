"""A source text with its name, and the way from offsets to lines and columns."""

from __future__ import annotations

from bisect import bisect_right

from harn.source.span import Span


class SourceFile:
    """One text of a program: ``path`` as shown to users, ``text`` as read."""

    __slots__ = ("_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._starts: list[int] | None = None

    @property
    def starts(self) -> list[int]:
        """Offsets at which the lines begin, computed at the first use."""
        if self._starts is None:
            starts = [0]
            position = self.text.find("\n")
            while position >= 0:
                starts.append(position + 1)
                position = self.text.find("\n", position + 1)
            self._starts = starts
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1, columns in characters. A line feed after a CR stands where the CR does."""
        if self.text.startswith("\n", offset):
            while offset and self.text[offset - 1] == "\r":
                offset -= 1
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str | None:
        """The text of a line (from 1) without its line end; None past the last one."""
        if not 1 <= number <= len(self.starts):
            return None
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def slice(self, span: Span) -> str:
        """The text a span covers."""
        return self.text[span.start : span.end]
