"""What is wrong with a template, or with rendering it."""

from __future__ import annotations

from harn.source.file import SourceFile
from harn.source.span import Span
from harn.source.typing import NamedTuple


class Place(NamedTuple):
    """Where something stands in a template: the offset of its tag's braces, and what an error marks in that tag."""

    tag: int
    mark: Span


class Fault(Exception):
    """A mistake in a template. ``message`` is one line; ``help`` says what might be meant, if anything.

    ``file``: the template, filled in by whoever knows it; its path is empty for a template that is no file.
    """

    def __init__(self, message: str, place: Place, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.help = help
        self.file = SourceFile("", "")

    @property
    def text(self) -> str:
        """The whole text of the error: ``PATH at LINE:COLUMN: message``, line and column of the tag."""
        line, column = self.file.position(self.place.tag)
        where = f"at {line}:{column}: {self.message}"
        return f"{self.file.path} {where}" if self.file.path else where
