"""Type annotations and type parameters."""

from __future__ import annotations

from lark import Token

from harn.syntax import literals, nodes
from harn.syntax.tree.common import Child, around, place


class Types:
    """Alternatives of ``type`` and of the clauses that hold types."""

    def text(self, token: Token) -> str:
        raise NotImplementedError

    def named_type(self, children: list[Child]) -> nodes.NamedType:
        return nodes.NamedType(str(children[0]), span=place(children[0]))

    def bool_type(self, children: list[Child]) -> nodes.NamedType:
        return nodes.NamedType("bool", span=place(children[0]))

    def applied_type(self, children: list[Child]) -> nodes.NamedType:
        return nodes.NamedType(str(children[0]), tuple(children[2]), span=around(children))

    def union(self, children: list[Child]) -> nodes.UnionType:
        members: list[nodes.Type] = []
        for member in children[0]:
            members.extend(member.members if isinstance(member, nodes.UnionType) else (member,))
        return nodes.UnionType(tuple(members), span=around(children[0]))

    def string_type(self, children: list[Child]) -> nodes.LiteralType:
        return nodes.LiteralType(self.text(children[0]), span=place(children[0]))

    def int_type(self, children: list[Child]) -> nodes.LiteralType:
        return nodes.LiteralType(int(literals.integer(str(children[0]))), span=place(children[0]))

    def negative_type(self, children: list[Child]) -> nodes.LiteralType:
        return nodes.LiteralType(-int(literals.integer(str(children[1]))), span=around(children))

    def list_type(self, children: list[Child]) -> nodes.NamedType:
        return nodes.NamedType("list", (children[1],), span=around(children))

    def shape_type(self, children: list[Child]) -> nodes.ShapeType:
        return nodes.ShapeType(tuple(children[1]), span=around(children))

    def shape_field(self, children: list[Child]) -> nodes.ShapeField:
        return nodes.ShapeField(str(children[0]), children[-1], optional=len(children) == 4, span=around(children))

    def more_shape_field(self, children: list[Child]) -> list[Child]:
        children[0].append(self.shape_field(children[1:]))
        return children[0]  # type: ignore[no-any-return]

    def fn_type(self, children: list[Child]) -> nodes.FnType:
        return nodes.FnType(tuple(children[2]), children[5], span=around(children))

    def type_param(self, children: list[Child]) -> nodes.TypeParam:
        return nodes.TypeParam(str(children[0]), span=place(children[0]))

    def type_param_in(self, children: list[Child]) -> nodes.TypeParam:
        variance, name = children
        return nodes.TypeParam(str(name), variance=str(variance), span=around(children))

    def where_item(self, children: list[Child]) -> nodes.Where:
        return nodes.Where(str(children[0]), str(children[2]), span=around(children))
