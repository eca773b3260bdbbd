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

    def name(self, children: list[Child]) -> nodes.Name:
        token = children[0]
        return nodes.Name(str(token), span=place(token))

    def int_literal(self, children: list[Child]) -> nodes.IntLiteral | nodes.FloatLiteral:
        token = children[0]
        value = literals.integer(str(token))
        if isinstance(value, float):
            return nodes.FloatLiteral(value, text=str(token), span=place(token))
        return nodes.IntLiteral(value, span=place(token))

    def float_literal(self, children: list[Child]) -> nodes.FloatLiteral:
        token = children[0]
        return nodes.FloatLiteral(float(token), text=str(token), span=place(token))

    def duration(self, children: list[Child]) -> nodes.DurationLiteral:
        token = children[0]
        return nodes.DurationLiteral(literals.duration(str(token)), text=str(token), span=place(token))

    def true(self, children: list[Child]) -> nodes.BoolLiteral:
        return nodes.BoolLiteral(True, span=place(children[0]))

    def false(self, children: list[Child]) -> nodes.BoolLiteral:
        return nodes.BoolLiteral(False, span=place(children[0]))

    def nil(self, children: list[Child]) -> nodes.NilLiteral:
        return nodes.NilLiteral(span=place(children[0]))

    def text(self, token: Token) -> str:
        """The value of a STRING or RAW_STRING token."""
        return literals.plain(self.source, place(token))

    def string_literal(self, children: list[Child]) -> nodes.StringLiteral:
        token = children[0]
        form = "block" if literals.is_block(self.source, token.start_pos) else "plain"
        return nodes.StringLiteral(self.text(token), form=form, span=place(token))

    def raw_string(self, children: list[Child]) -> nodes.StringLiteral:
        return nodes.StringLiteral(self.text(children[0]), form="raw", span=place(children[0]))

    def interpolated(self, children: list[Child]) -> nodes.Interpolation | nodes.StringLiteral:
        token = children[0]
        span = place(token)
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

    def entry_string(self, children: list[Child]) -> nodes.DictEntry:
        key = self.string_literal(children[:1])
        return nodes.DictEntry(key, children[2], span=Span(key.span[0], children[2].span[1]))

    def more_entry_string(self, children: list[Child]) -> list[Child]:
        children[0].append(self.entry_string(children[1:]))
        return children[0]  # type: ignore[no-any-return]
