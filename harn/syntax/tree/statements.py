"""Statements and the patterns that bind names."""

from __future__ import annotations

from harn.source.span import Span
from harn.syntax import nodes
from harn.syntax.tree.common import Child, Complaint, place


class Statements:
    """Alternatives of ``stmt`` and of the binding patterns."""

    def let_name(self, children: list[Child], span: Span) -> nodes.Let:
        keyword, name, _, value = children
        pattern = nodes.NamePattern(str(name), span=place(name))
        return nodes.Let(pattern, value, mutable=keyword == "var", span=span)

    def let_typed(self, children: list[Child], span: Span) -> nodes.Let:
        keyword, name, _, type_, _, value = children
        pattern = nodes.NamePattern(str(name), span=place(name))
        return nodes.Let(pattern, value, type=type_, mutable=keyword == "var", span=span)

    def let_pattern(self, children: list[Child], span: Span) -> nodes.Let:
        keyword, pattern, _, value = children
        return nodes.Let(pattern, value, mutable=keyword == "var", span=span)

    def assign(self, children: list[Child], span: Span) -> nodes.Assign:
        target, operator, value = children
        assignable = isinstance(target, (nodes.Name, nodes.Property, nodes.Index))
        if not assignable or getattr(target, "optional", False):
            raise Complaint("statement separator (`;` or newline)", operator.start_pos)
        return nodes.Assign(target, str(operator), value, span=span)

    def for_loop(self, children: list[Child], span: Span) -> nodes.For:
        _, pattern, _, iterable, block = children
        return nodes.For(pattern, iterable, block.value, span=span)

    def while_loop(self, children: list[Child], span: Span) -> nodes.While:
        return nodes.While(children[1], children[2].value, span=span)

    def return_bare(self, children: list[Child], span: Span) -> nodes.Return:
        return nodes.Return(span=span)

    def return_value(self, children: list[Child], span: Span) -> nodes.Return:
        return nodes.Return(children[1], span=span)

    def yield_bare(self, children: list[Child], span: Span) -> nodes.Yield:
        return nodes.Yield(span=span)

    def yield_value(self, children: list[Child], span: Span) -> nodes.Yield:
        return nodes.Yield(children[1], span=span)

    def emit(self, children: list[Child], span: Span) -> nodes.Emit:
        return nodes.Emit(children[1], span=span)

    def throw(self, children: list[Child], span: Span) -> nodes.Throw:
        return nodes.Throw(children[1], span=span)

    def break_loop(self, children: list[Child], span: Span) -> nodes.Break:
        return nodes.Break(span=span)

    def continue_loop(self, children: list[Child], span: Span) -> nodes.Continue:
        return nodes.Continue(span=span)

    def guard(self, children: list[Child], span: Span) -> nodes.Guard:
        return nodes.Guard(children[1], children[3].value, span=span)

    def require_bare(self, children: list[Child], span: Span) -> nodes.Require:
        return nodes.Require(children[1], span=span)

    def require_message(self, children: list[Child], span: Span) -> nodes.Require:
        return nodes.Require(children[1], children[3], span=span)

    def defer(self, children: list[Child], span: Span) -> nodes.Defer:
        return nodes.Defer(children[1].value, span=span)

    def name_pattern(self, children: list[Child], span: Span) -> nodes.NamePattern:
        return nodes.NamePattern(str(children[0]), span=span)

    def pair_pattern(self, children: list[Child], span: Span) -> nodes.PairPattern:
        return nodes.PairPattern(str(children[1]), str(children[3]), span=span)

    def list_pattern(self, children: list[Child], span: Span) -> nodes.ListPattern:
        items = children[1]
        for item in items[:-1]:
            if item.rest:
                raise Complaint("]", item.span.end)
        return nodes.ListPattern(tuple(items), span=span)

    def item_name(self, children: list[Child], span: Span) -> nodes.ListPatternItem:
        return nodes.ListPatternItem(str(children[0]), span=span)

    def item_default(self, children: list[Child], span: Span) -> nodes.ListPatternItem:
        return nodes.ListPatternItem(str(children[0]), default=children[2], span=span)

    def item_rest(self, children: list[Child], span: Span) -> nodes.ListPatternItem:
        return nodes.ListPatternItem(str(children[1]), rest=True, span=span)

    def dict_pattern(self, children: list[Child], span: Span) -> nodes.DictPattern:
        fields = children[1]
        for field in fields[:-1]:
            if field.rest:
                raise Complaint("}", field.span.end)
        return nodes.DictPattern(tuple(fields), span=span)

    def field_name(self, children: list[Child], span: Span) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[0]), span=span)

    def field_default(self, children: list[Child], span: Span) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[0]), default=children[2], span=span)

    def field_alias(self, children: list[Child], span: Span) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[0]), alias=str(children[2]), span=span)

    def field_alias_default(self, children: list[Child], span: Span) -> nodes.DictPatternField:
        key, _, alias, _, default = children
        return nodes.DictPatternField(str(key), alias=str(alias), default=default, span=span)

    def field_rest(self, children: list[Child], span: Span) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[1]), rest=True, span=span)
