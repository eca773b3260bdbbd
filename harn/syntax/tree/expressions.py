"""Operators, access, calls and collections."""

from __future__ import annotations

from lark import Token

from harn.source.span import Span
from harn.syntax import nodes
from harn.syntax.operators import RIGHT_ASSOCIATIVE, STRENGTH
from harn.syntax.tree.common import Child, around, place, start


def climb(operands: list[nodes.Expr], operators: list[str]) -> nodes.Expr:
    """The tree of a flat run of operands and operators, by precedence, without recursion."""
    values = [operands[0]]
    pending: list[str] = []

    def combine() -> None:
        right = values.pop()
        left = values[-1]
        values[-1] = nodes.Binary(pending.pop(), left, right, span=Span(left.span[0], right.span[1]))

    for operator, operand in zip(operators, operands[1:], strict=True):
        strength = STRENGTH[operator]
        tighter = strength + 1 if operator in RIGHT_ASSOCIATIVE else strength
        while pending and STRENGTH[pending[-1]] >= tighter:
            combine()
        pending.append(operator)
        values.append(operand)
    while pending:
        combine()
    return values[0]


class Expressions:
    """Alternatives of the rules from ``expr`` to ``postfix``."""

    def pipe(self, children: list[Child]) -> nodes.Pipe:
        return nodes.Pipe(children[0], children[2], span=around(children))

    def range_inclusive(self, children: list[Child]) -> nodes.Range:
        return nodes.Range(children[0], children[2], span=around(children))

    def range_exclusive(self, children: list[Child]) -> nodes.Range:
        return nodes.Range(children[0], children[2], exclusive=True, span=around(children))

    def ternary(self, children: list[Child]) -> nodes.Ternary:
        return nodes.Ternary(children[0], children[2], children[4], span=around(children))

    def operands_first(self, children: list[Child]) -> tuple[list[Child], list[str]]:
        return [children[0], children[2]], [_operator(children[1])]

    def operands_next(self, children: list[Child]) -> tuple[list[Child], list[str]]:
        run: tuple[list[Child], list[str]] = children[0]
        run[0].append(children[2])
        run[1].append(_operator(children[1]))
        return run

    def chain(self, children: list[Child]) -> nodes.Expr:
        operands, operators = children[0]
        return climb(operands, operators)

    def unary(self, children: list[Child]) -> nodes.Unary:
        return nodes.Unary(str(children[0]), children[1], span=around(children))

    def try_star(self, children: list[Child]) -> nodes.TryStar:
        return nodes.TryStar(children[1], span=around(children))

    def call(self, children: list[Child]) -> nodes.Call:
        callee = children[0]
        return nodes.Call(nodes.Name(str(callee), span=place(callee)), tuple(children[2]), span=around(children))

    def call_typed(self, children: list[Child]) -> nodes.Call:
        callee, _, types, _, _, args, _ = children
        return nodes.Call(
            nodes.Name(str(callee), span=place(callee)), tuple(args), type_args=tuple(types), span=around(children)
        )

    def struct_literal(self, children: list[Child]) -> nodes.StructLiteral:
        return nodes.StructLiteral(str(children[0]), tuple(children[2]), span=around(children))

    def access(self, children: list[Child]) -> nodes.Property:
        receiver, dot, word = children
        return nodes.Property(
            receiver, str(word), optional=dot == "?.", name_span=place(word), span=Span(start(receiver), word.end_pos)
        )

    def method(self, children: list[Child]) -> nodes.MethodCall:
        receiver, dot, word, _, args, close = children
        return nodes.MethodCall(
            receiver,
            str(word),
            tuple(args),
            optional=dot == "?.",
            name_span=place(word),
            span=Span(start(receiver), close.end_pos),
        )

    def index(self, children: list[Child]) -> nodes.Index:
        return nodes.Index(children[0], children[2], optional=children[1] == "?[", span=around(children))

    def slice_all(self, children: list[Child]) -> nodes.Slice:
        return nodes.Slice(children[0], None, None, span=around(children))

    def slice_from(self, children: list[Child]) -> nodes.Slice:
        return nodes.Slice(children[0], children[2], None, span=around(children))

    def slice_to(self, children: list[Child]) -> nodes.Slice:
        return nodes.Slice(children[0], None, children[3], span=around(children))

    def slice_between(self, children: list[Child]) -> nodes.Slice:
        return nodes.Slice(children[0], children[2], children[4], span=around(children))

    def propagate(self, children: list[Child]) -> nodes.Propagate:
        return nodes.Propagate(children[0], span=around(children))

    def group(self, children: list[Child]) -> nodes.Expr:
        return children[1]  # type: ignore[no-any-return]

    def spread(self, children: list[Child]) -> nodes.Spread:
        return nodes.Spread(children[1], span=around(children))

    def list_literal(self, children: list[Child]) -> nodes.ListLiteral:
        return nodes.ListLiteral(tuple(children[1]), span=around(children))

    def dict_literal(self, children: list[Child]) -> nodes.DictLiteral:
        return nodes.DictLiteral(tuple(children[1]), span=around(children))

    def entry(self, children: list[Child]) -> nodes.DictEntry:
        key = children[0]
        return nodes.DictEntry(nodes.StringLiteral(str(key), span=place(key)), children[2], span=around(children))

    def entry_computed(self, children: list[Child]) -> nodes.DictEntry:
        return nodes.DictEntry(children[1], children[4], computed=True, span=around(children))

    def more_entry(self, children: list[Child]) -> list[Child]:
        children[0].append(self.entry(children[1:]))
        return children[0]  # type: ignore[no-any-return]

    def more_entry_spread(self, children: list[Child]) -> list[Child]:
        children[0].append(self.spread(children[1:]))
        return children[0]  # type: ignore[no-any-return]


def _operator(token: Token) -> str:
    return "not in" if token.type == "NOT_IN" else str(token)


