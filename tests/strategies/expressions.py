"""Expressions of every kind."""

from __future__ import annotations

from harn.syntax import nodes
from harn.syntax.operators import STRENGTH
from tests.strategies import types, words
from tests.strategies.grower import Grower

OPERATORS = tuple(STRENGTH)


def expression(g: Grower) -> nodes.Expr:
    return g.grow(_MAKERS, leaves=_LEAVES)


# ------------------------------------------------------------------------------------------------ leaves


def name(g: Grower) -> nodes.Name:
    return nodes.Name(words.upper_name(g) if g.rarely() else words.name(g))


def integer(g: Grower) -> nodes.IntLiteral:
    return nodes.IntLiteral(words.integer(g))


def floating(g: Grower) -> nodes.FloatLiteral:
    return nodes.FloatLiteral(words.floating(g))


def string(g: Grower) -> nodes.StringLiteral:
    form = g.choose(("plain", "raw", "block"))
    return nodes.StringLiteral(words.raw_text(g) if form == "raw" else words.text(g), form)


def constant(g: Grower) -> nodes.Expr:
    options = (
        nodes.NilLiteral(),
        nodes.BoolLiteral(True),
        nodes.BoolLiteral(False),
        nodes.DictLiteral(()),
        nodes.ListLiteral(()),
    )
    return g.choose(options)


def duration(g: Grower) -> nodes.DurationLiteral:
    return nodes.DurationLiteral(words.milliseconds(g))


# ------------------------------------------------------------------------------------------------ collections and strings


def interpolation(g: Grower) -> nodes.Interpolation:
    parts: list[str | nodes.Expr] = []
    for _ in range(1 + g.below(2)):
        parts += g.some(_part, most=1)
        g.in_hole += 1
        parts.append(expression(g))
        g.in_hole -= 1
    return nodes.Interpolation((*parts, *g.some(_part, most=1)))


def _part(g: Grower) -> str:
    return words.text(g) or "-"


def argument(g: Grower) -> nodes.Expr | nodes.Spread:
    return nodes.Spread(expression(g)) if g.rarely() else expression(g)


def list_(g: Grower) -> nodes.ListLiteral:
    return nodes.ListLiteral(g.some(argument))


def named_entry(g: Grower) -> nodes.DictEntry:
    key = words.text(g) if g.coin() else words.member(g)
    return nodes.DictEntry(nodes.StringLiteral(key), expression(g))


def entry(g: Grower) -> nodes.DictEntry | nodes.Spread:
    if g.rarely():
        return nodes.Spread(expression(g)) if g.coin() else nodes.DictEntry(expression(g), expression(g), computed=True)
    return named_entry(g)


def dict_(g: Grower) -> nodes.DictLiteral:
    return nodes.DictLiteral(g.some(entry))


def struct(g: Grower) -> nodes.StructLiteral:
    """A struct; its first entry is a plain key, or it would not be told from a name before a block."""
    first = g.some(named_entry, most=1)
    return nodes.StructLiteral(words.upper_name(g), (*first, *(g.some(entry, most=2) if first else ())))


# ------------------------------------------------------------------------------------------------ operators and access


def binary(g: Grower) -> nodes.Binary:
    return nodes.Binary(g.choose(OPERATORS), expression(g), expression(g))


def unary(g: Grower) -> nodes.Unary:
    return nodes.Unary(g.choose(("!", "-")), expression(g))


def range_(g: Grower) -> nodes.Range:
    return nodes.Range(expression(g), expression(g), exclusive=g.coin())


def pipe(g: Grower) -> nodes.Pipe:
    return nodes.Pipe(expression(g), expression(g))


def ternary(g: Grower) -> nodes.Ternary:
    return nodes.Ternary(expression(g), expression(g), expression(g))


def call(g: Grower) -> nodes.Call:
    callee = nodes.Name(words.upper_name(g) if g.rarely() else words.name(g))
    type_args = g.some(types.argument, most=2) if g.rarely() else ()
    return nodes.Call(callee, g.some(argument), type_args)


def method(g: Grower) -> nodes.MethodCall:
    return nodes.MethodCall(expression(g), words.member(g), g.some(argument, most=2), optional=g.coin())


def property_(g: Grower) -> nodes.Property:
    return nodes.Property(expression(g), words.member(g), optional=g.coin())


def index(g: Grower) -> nodes.Index:
    return nodes.Index(expression(g), expression(g), optional=g.coin())


def slice_(g: Grower) -> nodes.Slice:
    return nodes.Slice(expression(g), g.maybe(expression), g.maybe(expression))


def propagate(g: Grower) -> nodes.Propagate:
    return nodes.Propagate(expression(g))


def try_star(g: Grower) -> nodes.TryStar:
    return nodes.TryStar(expression(g))


# ------------------------------------------------------------------------------------------------ with blocks


def block(g: Grower) -> nodes.Block:
    from tests.strategies.statements import statement

    return g.some(statement, most=2)


def closure(g: Grower) -> nodes.Closure:
    keyword = g.coin()
    return nodes.Closure(types.params(g), block(g), keyword, g.maybe(types.type_) if keyword else None)


def if_(g: Grower) -> nodes.If:
    return nodes.If(expression(g), block(g), g.maybe(block))


def match(g: Grower) -> nodes.Match:
    return nodes.Match(expression(g), g.some(arm, most=2))


def arm(g: Grower) -> nodes.Arm:
    pattern = nodes.OrPattern(g.some(_literal, least=2)) if g.rarely() else _pattern(g)
    return nodes.Arm(pattern, block(g), g.maybe(expression))


def _literal(g: Grower) -> nodes.Expr:
    return g.grow((integer, string, constant, floating, negative), leaves=5)


def negative(g: Grower) -> nodes.Unary:
    return nodes.Unary("-", integer(g))


def _pattern(g: Grower) -> nodes.Expr:
    return g.grow((name, _literal, variant, list_, dict_, property_, expression), leaves=2)


def variant(g: Grower) -> nodes.MethodCall:
    return nodes.MethodCall(nodes.Name(words.upper_name(g)), words.upper_name(g), g.some(_literal, most=2))


def try_(g: Grower) -> nodes.Try:
    return nodes.Try(block(g), g.maybe(catch), g.maybe(block))


def catch(g: Grower) -> nodes.Catch:
    bound = g.maybe(words.binding)
    return nodes.Catch(block(g), bound, g.maybe(types.type_) if bound else None)


def retry(g: Grower) -> nodes.Retry:
    return nodes.Retry(expression(g), block(g))


def deadline(g: Grower) -> nodes.Deadline:
    return nodes.Deadline(expression(g), block(g))


def spawn(g: Grower) -> nodes.Spawn:
    return nodes.Spawn(block(g))


def parallel(g: Grower) -> nodes.Parallel:
    mode = g.choose(("count", "each", "settle"))
    return nodes.Parallel(
        mode,
        expression(g),
        block(g),
        g.maybe(words.binding),
        g.some(lambda g: nodes.DictEntry(nodes.StringLiteral("max_concurrent"), expression(g)), most=1),
        stream=mode == "each" and g.coin(),
    )


_MAKERS = (
    name, integer, string, constant, floating, duration,
    call, method, property_, index, binary, list_, dict_, closure, unary, ternary, interpolation, struct, range_, pipe, slice_,
    propagate, if_, match, try_, try_star, retry, deadline, spawn, parallel, binary, method,
)  # fmt: skip
_LEAVES = 6
