"""What every part of the tree builder uses: lists, pieces, complaints.

Builder methods take the children of one grammar alternative, tokens included, in order, with the span from the first token to
the last, and return a node, a list or a ``Piece``. They are called by the name the alternative has in ``grammar/harn.lark``.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from lark import Token

from harn.source.span import Span


class Piece(NamedTuple):
    """A part of a construct that is no node of its own, with its place."""

    value: Any
    span: Span


class Complaint(Exception):
    """The builder finds what the grammar cannot: ``expected`` words for the token that begins at or after ``offset``.

    ``found`` replaces the text of that token.
    """

    def __init__(self, expected: str, offset: int, found: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.offset = offset
        self.found = found


#: Anything a rule returns: a token, a piece, a node or a list of such.
Child = Any


def place(token: Token) -> Span:
    """The span of one token."""
    return Span(token.start_pos, token.end_pos)  # type: ignore[arg-type]


class Lists:
    """The alternatives that only pass children on or gather them."""

    def nothing(self, children: list[Child], span: Span) -> list[Child]:
        return []

    def absent(self, children: list[Child], span: Span) -> None:
        return None

    def first(self, children: list[Child], span: Span) -> Child:
        return children[0]

    def second(self, children: list[Child], span: Span) -> Child:
        return children[1]

    def one(self, children: list[Child], span: Span) -> list[Child]:
        return [children[0]]

    def more(self, children: list[Child], span: Span) -> list[Child]:
        children[0].append(children[-1])
        return children[0]  # type: ignore[no-any-return]

    def separator(self, children: list[Child], span: Span) -> Child:
        return children[0]

    def skill_separator(self, children: list[Child], span: Span) -> Child:
        return children[0]

    def pack_separator(self, children: list[Child], span: Span) -> Child:
        return children[0]

    def bind(self, children: list[Child], span: Span) -> Child:
        return children[0]

    def block(self, children: list[Child], span: Span) -> Piece:
        """``{ statements }``: a Piece of the tuple of statements."""
        return Piece(tuple(children[1]), span)
