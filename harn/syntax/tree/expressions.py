"""Operators, access, calls and collections."""

from __future__ import annotations

from lark import Token

from harn.source.span import Span
from harn.syntax import nodes
from harn.syntax.operators import RIGHT_ASSOCIATIVE, STRENGTH
from harn.syntax.tree.common import Child, place


def climb(operands: list[nodes.Expr], operators: list[str], grouped: dict[Span, Span]) -> nodes.Expr:
    """The tree of a flat run of operands and operators, by precedence, without recursion.

    ``grouped`` has for operands in parentheses the span with these.
    """
    values = [operands[0]]
    pending: list[str] = []

    def combine() -> None:
        right = values.pop()
        left = values[-1]
        start, end = grouped.get(left.span, left.span)[0], grouped.get(right.span, right.span)[1]
        values[-1] = nodes.Binary(pending.pop(), left, right, span=Span(start, end))

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
    """Alternatives of the rules from ``expr`` to ``postfix``. ``grouped``: the outer span for each one in parentheses."""

    grouped: dict[Span, Span]

    def pipe(self, children: list[Child], span: Span) -> nodes.Pipe:
        return nodes.Pipe(children[0], children[2], span=span)

    def range_inclusive(self, children: list[Child], span: Span) -> nodes.Range:
        return nodes.Range(children[0], children[2], span=span)

    def range_exclusive(self, children: list[Child], span: Span) -> nodes.Range:
        return nodes.Range(children[0], children[2], exclusive=True, span=span)

    def ternary(self, children: list[Child], span: Span) -> nodes.Ternary:
        return nodes.Ternary(children[0], children[2], children[4], span=span)

    def operands_first(self, children: list[Child], span: Span) -> tuple[list[Child], list[str]]:
        return [children[0], children[2]], [_operator(children[1])]

    def operands_next(self, children: list[Child], span: Span) -> tuple[list[Child], list[str]]:
        run: tuple[list[Child], list[str]] = children[0]
        run[0].append(children[2])
        run[1].append(_operator(children[1]))
        return run

    def chain(self, children: list[Child], span: Span) -> nodes.Expr:
        operands, operators = children[0]
        return climb(operands, operators, self.grouped)

    def unary(self, children: list[Child], span: Span) -> nodes.Unary:
        return nodes.Unary(str(children[0]), children[1], span=span)

    def try_star(self, children: list[Child], span: Span) -> nodes.TryStar:
        return nodes.TryStar(children[1], span=span)

    def call(self, children: list[Child], span: Span) -> nodes.Call:
        callee = children[0]
        return nodes.Call(nodes.Name(str(callee), span=place(callee)), tuple(children[2]), span=span)

    def call_typed(self, children: list[Child], span: Span) -> nodes.Call:
        callee, _, types, _, _, args, _ = children
        return nodes.Call(nodes.Name(str(callee), span=place(callee)), tuple(args), type_args=tuple(types), span=span)

    def struct_literal(self, children: list[Child], span: Span) -> nodes.StructLiteral:
        return nodes.StructLiteral(str(children[0]), tuple(children[2]), span=span)

    def access(self, children: list[Child], span: Span) -> nodes.Property:
        receiver, dot, word = children
        return nodes.Property(receiver, str(word), optional=dot == "?.", name_span=place(word), span=span)

    def method(self, children: list[Child], span: Span) -> nodes.MethodCall:
        receiver, dot, word, _, args, _ = children
        return nodes.MethodCall(
            receiver,
            str(word),
            tuple(args),
            optional=dot == "?.",
            name_span=place(word),
            span=span,
        )

    def index(self, children: list[Child], span: Span) -> nodes.Index:
        return nodes.Index(children[0], children[2], optional=children[1] == "?[", span=span)

    def slice_all(self, children: list[Child], span: Span) -> nodes.Slice:
        return nodes.Slice(children[0], None, None, span=span)

    def slice_from(self, children: list[Child], span: Span) -> nodes.Slice:
        return nodes.Slice(children[0], children[2], None, span=span)

    def slice_to(self, children: list[Child], span: Span) -> nodes.Slice:
        return nodes.Slice(children[0], None, children[3], span=span)

    def slice_between(self, children: list[Child], span: Span) -> nodes.Slice:
        return nodes.Slice(children[0], children[2], children[4], span=span)

    def propagate(self, children: list[Child], span: Span) -> nodes.Propagate:
        return nodes.Propagate(children[0], span=span)

    def group(self, children: list[Child], span: Span) -> nodes.Expr:
        inner: nodes.Expr = children[1]
        self.grouped[self.grouped.get(inner.span, inner.span)] = span
        self.grouped[inner.span] = span
        return inner

    def spread(self, children: list[Child], span: Span) -> nodes.Spread:
        return nodes.Spread(children[1], span=span)

    def list_literal(self, children: list[Child], span: Span) -> nodes.ListLiteral:
        return nodes.ListLiteral(tuple(children[1]), span=span)

    def dict_literal(self, children: list[Child], span: Span) -> nodes.DictLiteral:
        return nodes.DictLiteral(tuple(children[1]), span=span)

    def entry(self, children: list[Child], span: Span) -> nodes.DictEntry:
        key = children[0]
        return nodes.DictEntry(nodes.StringLiteral(str(key), span=place(key)), children[2], span=span)

    def entry_computed(self, children: list[Child], span: Span) -> nodes.DictEntry:
        return nodes.DictEntry(children[1], children[4], computed=True, span=span)


def _operator(token: Token) -> str:
    return "not in" if token.type == "NOT_IN" else str(token)
