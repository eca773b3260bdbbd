"""What the tool has to say about a program: one record, whatever stage found it."""

from __future__ import annotations

from harn.source.file import SourceFile
from harn.source.span import Span
from harn.source.typing import NamedTuple

ERROR = "error"
WARNING = "warning"


class Note(NamedTuple):
    """A further place that explains a diagnostic ("declared here")."""

    text: str
    file: SourceFile | None = None
    span: Span | None = None


class Excerpt(NamedTuple):
    """A line of another text that an error is about, a template's say. Plain data: a run may rest with it.

    ``text`` is the line, or the part of it around the mark, which begins at ``offset`` in it and is ``length`` characters long.
    """

    path: str
    line: int
    column: int
    text: str
    offset: int
    length: int
    label: str


class Diagnostic(NamedTuple):
    """One finding.

    ``code`` names a row of ``harn.source.codes``. ``message`` is the headline a user reads; ``bare`` the short form that
    test suites compare (the same text unless a stage words them differently, as the parser does).
    ``label`` stands under the carets of ``span``; without a label no caret line is shown.
    """

    severity: str
    code: str
    message: str
    file: SourceFile | None = None
    span: Span | None = None
    label: str = ""
    notes: tuple[Note, ...] = ()
    help: str = ""
    bare: str = ""

    @property
    def short(self) -> str:
        """The bare text: ``bare`` where the stage gave one, else the message."""
        return self.bare or self.message

    @property
    def place(self) -> tuple[str, int, int]:
        """Path, line and column (from 1); line 0 where the place is unknown."""
        if self.file is None or self.span is None:
            return (self.file.path if self.file else ""), 0, 0
        return (self.file.path, *self.file.position(self.span.start))
