"""Statements that are no expressions."""

from __future__ import annotations

from harn.syntax import nodes
from tests.strategies import types, words
from tests.strategies.expressions import block, expression
from tests.strategies.grower import Grower

ASSIGNMENTS = ("=", "+=", "-=", "*=", "/=", "%=")


def statement(g: Grower) -> nodes.Statement:
    from tests.strategies.declarations import declaration

    if g.left > 0 and g.rarely():
        return declaration(g)
    return g.grow(_MAKERS, leaves=_LEAVES)


def let(g: Grower) -> nodes.Let:
    pattern = types.pattern(g)
    type_ = g.maybe(types.type_) if isinstance(pattern, nodes.NamePattern) else None
    return nodes.Let(pattern, expression(g), type_, mutable=g.coin())


def assign(g: Grower) -> nodes.Assign:
    return nodes.Assign(g.grow((_name, _property, _index), leaves=1), g.choose(ASSIGNMENTS), expression(g))


def _name(g: Grower) -> nodes.Expr:
    return nodes.Name(words.name(g))


def _property(g: Grower) -> nodes.Expr:
    return nodes.Property(expression(g), words.member(g))


def _index(g: Grower) -> nodes.Expr:
    return nodes.Index(expression(g), expression(g))


def for_(g: Grower) -> nodes.For:
    pattern: nodes.Pattern = types.pair_pattern(g) if g.rarely() else types.pattern(g)
    return nodes.For(pattern, expression(g), block(g))


def while_(g: Grower) -> nodes.While:
    return nodes.While(expression(g), block(g))


def leave(g: Grower) -> nodes.Statement:
    return g.choose((nodes.Return(), nodes.Break(), nodes.Continue(), nodes.Yield()))


def return_(g: Grower) -> nodes.Return:
    return nodes.Return(expression(g))


def throw(g: Grower) -> nodes.Throw:
    return nodes.Throw(expression(g))


def guard(g: Grower) -> nodes.Guard:
    return nodes.Guard(expression(g), block(g))


def require(g: Grower) -> nodes.Require:
    return nodes.Require(expression(g), g.maybe(expression))


def defer(g: Grower) -> nodes.Defer:
    return nodes.Defer(block(g))


def mutex(g: Grower) -> nodes.Mutex:
    return nodes.Mutex(block(g))


def emit(g: Grower) -> nodes.Emit:
    return nodes.Emit(expression(g))


def yield_(g: Grower) -> nodes.Yield:
    return nodes.Yield(expression(g))


def select(g: Grower) -> nodes.Select:
    cases = g.some(_case, least=1, most=2)
    timeout = g.maybe(expression)
    default = None if timeout else g.maybe(block)
    return nodes.Select(cases, timeout, block(g) if timeout else None, default)


def _case(g: Grower) -> nodes.SelectCase:
    return nodes.SelectCase(words.binding(g), expression(g), block(g))


_MAKERS = (
    expression, leave, assign,
    let, return_, expression, for_, while_, throw, guard, require, defer, mutex, emit, yield_, select,
)  # fmt: skip
_LEAVES = 3
