"""The text a tree was read from, for what the tree itself does not hold: comments, line breaks, spelling of strings.

Comments are handed out once each, in the order they stand in the text. A printer asks for those before an offset as it
passes it, and whoever prints the surrounding line puts them somewhere; so none is lost, wherever it stands.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from harn.source.span import Span
from harn.syntax.nodes import Comment


class Origin:
    """A source text with its comments. An empty text stands for a tree made by hand."""

    def __init__(self, text: str, comments: tuple[Comment, ...]) -> None:
        self.text = text
        self._comments = sorted(comments, key=_start)
        self._taken = 0
        self.pending = bool(comments)
        """Whether some comment has not been handed out yet."""

    def before(self, offset: int) -> list[Comment]:
        """The comments that start before an offset and were not handed out yet."""
        first = self._taken
        while self._taken < len(self._comments) and self._comments[self._taken].span.start < offset:
            self._taken += 1
        self.pending = self._taken < len(self._comments)
        return self._comments[first : self._taken]

    def trailing(self, end: int) -> list[Comment]:
        """The comments that end the line on which a statement or element ends at ``end``."""
        index, position = self._taken, end
        while index < len(self._comments):
            comment = self._comments[index]
            if self.text[position : comment.span.start].strip(" \t,;"):
                break
            index, position = index + 1, comment.span.end
        if index == self._taken or not self._ends_line(position):
            return []
        return self.before(position)

    def within(self, start: int, end: int) -> bool:
        """Whether a comment that was not handed out yet starts between two offsets."""
        if not self.pending:
            return False
        index = max(self._taken, bisect_left(self._comments, start, key=_start))
        return index < len(self._comments) and self._comments[index].span.start < end

    def find(self, character: str, start: int) -> int:
        """The offset of the next such character at or after ``start`` that is not part of a comment; or of the end."""
        position = self.text.find(character, start)
        while position >= 0:
            around = self._comment_at(position)
            if around is None:
                return position
            position = self.text.find(character, around.span.end)
        return len(self.text)

    def token(self, start: int) -> int:
        """The offset of the next character at or after ``start`` that is neither blank nor part of a comment."""
        while start < len(self.text):
            if self.text[start].isspace():
                start += 1
                continue
            around = self._comment_at(start)
            if around is None:
                break
            start = around.span.end
        return start

    def breaks(self, start: int, end: int) -> bool:
        """Whether there is a line break between two offsets."""
        return self.text.find("\n", start, end) >= 0

    def spelling(self, span: Span) -> str:
        """The text of a span as it was written, for literals. Comments inside it (in ``${}``) stay part of it."""
        if self.pending:
            self.before(span.end)
        return self.text[span.start : span.end]

    def _ends_line(self, position: int) -> bool:
        """Whether nothing but separators stands between an offset and the end of its line, or a closing bracket."""
        while position < len(self.text) and self.text[position] in " \t\r,;":
            position += 1
        return position == len(self.text) or self.text[position] in "\n)]}"

    def _comment_at(self, offset: int) -> Comment | None:
        index = bisect_right(self._comments, offset, key=_start) - 1
        if index >= 0 and offset < self._comments[index].span.end:
            return self._comments[index]
        return None


def _start(comment: Comment) -> int:
    return comment.span.start
