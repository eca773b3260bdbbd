"""Statements and the patterns that bind names."""

from __future__ import annotations

from harn.syntax import nodes
from harn.syntax.tree.common import Child, Complaint, around, place


class Statements:
    """Alternatives of ``stmt`` and of the binding patterns."""

    def let_name(self, children: list[Child]) -> nodes.Let:
        keyword, name, _, value = children
        pattern = nodes.NamePattern(str(name), span=place(name))
        return nodes.Let(pattern, value, mutable=keyword == "var", span=around(children))

    def let_typed(self, children: list[Child]) -> nodes.Let:
        keyword, name, _, type_, _, value = children
        pattern = nodes.NamePattern(str(name), span=place(name))
        return nodes.Let(pattern, value, type=type_, mutable=keyword == "var", span=around(children))

    def let_pattern(self, children: list[Child]) -> nodes.Let:
        keyword, pattern, _, value = children
        return nodes.Let(pattern, value, mutable=keyword == "var", span=around(children))

    def assign(self, children: list[Child]) -> nodes.Assign:
        target, operator, value = children
        assignable = isinstance(target, (nodes.Name, nodes.Property, nodes.Index))
        if not assignable or getattr(target, "optional", False):
            raise Complaint("statement separator (`;` or newline)", operator.start_pos)
        return nodes.Assign(target, str(operator), value, span=around(children))

    def for_loop(self, children: list[Child]) -> nodes.For:
        _, pattern, _, iterable, block = children
        return nodes.For(pattern, iterable, block.value, span=around(children))

    def while_loop(self, children: list[Child]) -> nodes.While:
        return nodes.While(children[1], children[2].value, span=around(children))

    def return_bare(self, children: list[Child]) -> nodes.Return:
        return nodes.Return(span=place(children[0]))

    def return_value(self, children: list[Child]) -> nodes.Return:
        return nodes.Return(children[1], span=around(children))

    def yield_bare(self, children: list[Child]) -> nodes.Yield:
        return nodes.Yield(span=place(children[0]))

    def yield_value(self, children: list[Child]) -> nodes.Yield:
        return nodes.Yield(children[1], span=around(children))

    def emit(self, children: list[Child]) -> nodes.Emit:
        return nodes.Emit(children[1], span=around(children))

    def throw(self, children: list[Child]) -> nodes.Throw:
        return nodes.Throw(children[1], span=around(children))

    def break_loop(self, children: list[Child]) -> nodes.Break:
        return nodes.Break(span=place(children[0]))

    def continue_loop(self, children: list[Child]) -> nodes.Continue:
        return nodes.Continue(span=place(children[0]))

    def guard(self, children: list[Child]) -> nodes.Guard:
        return nodes.Guard(children[1], children[3].value, span=around(children))

    def require_bare(self, children: list[Child]) -> nodes.Require:
        return nodes.Require(children[1], span=around(children))

    def require_message(self, children: list[Child]) -> nodes.Require:
        return nodes.Require(children[1], children[3], span=around(children))

    def defer(self, children: list[Child]) -> nodes.Defer:
        return nodes.Defer(children[1].value, span=around(children))

    def name_pattern(self, children: list[Child]) -> nodes.NamePattern:
        return nodes.NamePattern(str(children[0]), span=place(children[0]))

    def pair_pattern(self, children: list[Child]) -> nodes.PairPattern:
        return nodes.PairPattern(str(children[1]), str(children[3]), span=around(children))

    def list_pattern(self, children: list[Child]) -> nodes.ListPattern:
        items = children[1]
        for item in items[:-1]:
            if item.rest:
                raise Complaint("]", item.span.end)
        return nodes.ListPattern(tuple(items), span=around(children))

    def item_name(self, children: list[Child]) -> nodes.ListPatternItem:
        return nodes.ListPatternItem(str(children[0]), span=place(children[0]))

    def item_default(self, children: list[Child]) -> nodes.ListPatternItem:
        return nodes.ListPatternItem(str(children[0]), default=children[2], span=around(children))

    def item_rest(self, children: list[Child]) -> nodes.ListPatternItem:
        return nodes.ListPatternItem(str(children[1]), rest=True, span=around(children))

    def dict_pattern(self, children: list[Child]) -> nodes.DictPattern:
        fields = children[1]
        for field in fields[:-1]:
            if field.rest:
                raise Complaint("}", field.span.end)
        return nodes.DictPattern(tuple(fields), span=around(children))

    def field_name(self, children: list[Child]) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[0]), span=place(children[0]))

    def field_default(self, children: list[Child]) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[0]), default=children[2], span=around(children))

    def field_alias(self, children: list[Child]) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[0]), alias=str(children[2]), span=around(children))

    def field_alias_default(self, children: list[Child]) -> nodes.DictPatternField:
        key, _, alias, _, default = children
        return nodes.DictPatternField(str(key), alias=str(alias), default=default, span=around(children))

    def field_rest(self, children: list[Child]) -> nodes.DictPatternField:
        return nodes.DictPatternField(str(children[1]), rest=True, span=around(children))
