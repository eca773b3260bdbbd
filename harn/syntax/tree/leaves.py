"""Literals and names. Strings with ``${...}`` have their expressions parsed here, each at its own place in the source."""

from __future__ import annotations

from lark import Token

from harn.source.span import Span
from harn.syntax import literals, nodes
from harn.syntax.tree.common import Child, place


class Leaves:
    """Alternatives of ``primary`` that are one token. ``source`` is the text the offsets of tokens count in."""

    source: str

    def hole_expressions(self, token: Token) -> list[tuple[Span, nodes.Expr | str]]:
        """For each ``${...}`` of a string its span and what stands there: an expression, or text that is none."""
        raise NotImplementedError

    def name(self, children: list[Child], span: Span) -> nodes.Name:
        token = children[0]
        return nodes.Name(str(token), span=span)

    def int_literal(self, children: list[Child], span: Span) -> nodes.IntLiteral | nodes.FloatLiteral:
        token = children[0]
        value = literals.integer(str(token))
        if isinstance(value, float):
            return nodes.FloatLiteral(value, text=str(token), span=span)
        return nodes.IntLiteral(value, span=span)

    def float_literal(self, children: list[Child], span: Span) -> nodes.FloatLiteral:
        token = children[0]
        return nodes.FloatLiteral(float(token), text=str(token), span=span)

    def duration(self, children: list[Child], span: Span) -> nodes.DurationLiteral:
        token = children[0]
        return nodes.DurationLiteral(literals.duration(str(token)), text=str(token), span=span)

    def true(self, children: list[Child], span: Span) -> nodes.BoolLiteral:
        return nodes.BoolLiteral(True, span=span)

    def false(self, children: list[Child], span: Span) -> nodes.BoolLiteral:
        return nodes.BoolLiteral(False, span=span)

    def nil(self, children: list[Child], span: Span) -> nodes.NilLiteral:
        return nodes.NilLiteral(span=span)

    def text(self, token: Token) -> str:
        """The value of a STRING or RAW_STRING token."""
        return literals.plain(self.source, place(token))

    def string_literal(self, children: list[Child], span: Span) -> nodes.StringLiteral:
        token = children[0]
        form = "block" if literals.is_block(self.source, token.start_pos) else "plain"
        return nodes.StringLiteral(self.text(token), form=form, span=span)

    def raw_string(self, children: list[Child], span: Span) -> nodes.StringLiteral:
        return nodes.StringLiteral(self.text(children[0]), form="raw", span=span)

    def interpolated(self, children: list[Child], span: Span) -> nodes.Interpolation | nodes.StringLiteral:
        token = children[0]
        holes = self.hole_expressions(token)
        texts = literals.segments(self.source, span, [hole for hole, _ in holes])
        parts: list[str | nodes.Expr] = []
        text = texts[0]
        for (_, part), following in zip(holes, texts[1:], strict=True):
            if isinstance(part, str):
                text += part + following
                continue
            if text:
                parts.append(text)
            parts.append(part)
            text = following
        form = "block" if literals.is_block(self.source, token.start_pos) else "plain"
        if not parts:
            return nodes.StringLiteral(text, form=form, span=span)
        if text:
            parts.append(text)
        return nodes.Interpolation(tuple(parts), form=form, span=span)

    def entry_string(self, children: list[Child], span: Span) -> nodes.DictEntry:
        key = self.string_literal(children, place(children[0]))
        return nodes.DictEntry(key, children[2], span=span)
