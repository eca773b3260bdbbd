"""Static errors and warnings, as the embedding program sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harn.source.diagnostic import Diagnostic as Finding


@dataclass(frozen=True)
class Place:
    """A stretch of text: lines and columns count from 1, the end is behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class Diagnostic:
    """One finding about a program.

    ``severity`` is ``error`` or ``warning``; ``code`` can be given to ``harn explain``; ``span`` is None where the place is
    unknown; ``text`` is what the command line shows, with the source line.
    """

    severity: str
    code: str
    message: str
    path: str
    span: Place | None
    notes: tuple[str, ...] = ()
    suggestion: str = ""
    text: str = ""

    def __str__(self) -> str:
        where = f"{self.path}:{self.span.line}:{self.span.column}: " if self.span is not None else ""
        return f"{where}{self.severity}: {self.message}"


def public(findings: Iterable[Finding]) -> list[Diagnostic]:
    """Findings of the front end in their public form."""
    return [_public(finding) for finding in findings]


def _public(finding: Finding) -> Diagnostic:
    from harn.source.render import render

    place = None
    if finding.file is not None and finding.span is not None:
        end = finding.file.position(finding.span.end)
        place = Place(*finding.file.position(finding.span.start), *end)
    return Diagnostic(
        finding.severity,
        finding.code,
        finding.message,
        finding.file.path if finding.file is not None else "",
        place,
        tuple(note.text for note in finding.notes),
        finding.help,
        render(finding),
    )
