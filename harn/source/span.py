"""Places in a text: a span is a pair of character offsets, never of bytes."""

from __future__ import annotations

from harn.source.typing import NamedTuple


class Span(NamedTuple):
    """The half-open range ``start .. end`` of a source text, in characters."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


NOWHERE = Span(0, 0)
