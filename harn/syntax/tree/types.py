"""Type annotations and type parameters."""

from __future__ import annotations

from lark import Token

from harn.source.span import Span
from harn.syntax import literals, nodes
from harn.syntax.tree.common import Child


class Types:
    """Alternatives of ``type`` and of the clauses that hold types."""

    def text(self, token: Token) -> str:
        raise NotImplementedError

    def named_type(self, children: list[Child], span: Span) -> nodes.NamedType:
        return nodes.NamedType(str(children[0]), span=span)

    def bool_type(self, children: list[Child], span: Span) -> nodes.NamedType:
        return nodes.NamedType("bool", span=span)

    def applied_type(self, children: list[Child], span: Span) -> nodes.NamedType:
        return nodes.NamedType(str(children[0]), tuple(children[2]), span=span)

    def union(self, children: list[Child], span: Span) -> nodes.UnionType:
        members: list[nodes.Type] = []
        for member in children[0]:
            members.extend(member.members if isinstance(member, nodes.UnionType) else (member,))
        return nodes.UnionType(tuple(members), span=span)

    def string_type(self, children: list[Child], span: Span) -> nodes.LiteralType:
        return nodes.LiteralType(self.text(children[0]), span=span)

    def int_type(self, children: list[Child], span: Span) -> nodes.LiteralType:
        return nodes.LiteralType(int(literals.integer(str(children[0]))), span=span)

    def negative_type(self, children: list[Child], span: Span) -> nodes.LiteralType:
        return nodes.LiteralType(-int(literals.integer(str(children[1]))), span=span)

    def list_type(self, children: list[Child], span: Span) -> nodes.NamedType:
        return nodes.NamedType("list", (children[1],), span=span)

    def shape_type(self, children: list[Child], span: Span) -> nodes.ShapeType:
        return nodes.ShapeType(tuple(children[1]), span=span)

    def shape_field(self, children: list[Child], span: Span) -> nodes.ShapeField:
        return nodes.ShapeField(str(children[0]), children[-1], optional=len(children) == 4, span=span)

    def fn_type(self, children: list[Child], span: Span) -> nodes.FnType:
        return nodes.FnType(tuple(children[2]), children[5], span=span)

    def type_param(self, children: list[Child], span: Span) -> nodes.TypeParam:
        return nodes.TypeParam(str(children[0]), span=span)

    def type_param_in(self, children: list[Child], span: Span) -> nodes.TypeParam:
        variance, name = children
        return nodes.TypeParam(str(name), variance=str(variance), span=span)

    def where_item(self, children: list[Child], span: Span) -> nodes.Where:
        return nodes.Where(str(children[0]), str(children[2]), span=span)
