"""Types, parameters and patterns."""

from __future__ import annotations

from harn.syntax import nodes
from tests.strategies import words
from tests.strategies.grower import Grower


def type_(g: Grower) -> nodes.Type:
    return g.grow((named, literal, applied, shape, function, union), leaves=2)


def named(g: Grower) -> nodes.NamedType:
    return nodes.NamedType(g.choose(words.TYPE_NAMES))


def literal(g: Grower) -> nodes.LiteralType:
    if g.coin():
        return nodes.LiteralType(words.text(g))
    value = words.integer(g)
    return nodes.LiteralType(-value if g.coin() else value)


def applied(g: Grower) -> nodes.NamedType:
    return nodes.NamedType(g.choose(("list", "dict", "Box", "Stream", "iter")), g.some(type_, least=1, most=2))


def shape(g: Grower) -> nodes.ShapeType:
    return nodes.ShapeType(g.some(shape_field))


def shape_field(g: Grower) -> nodes.ShapeField:
    return nodes.ShapeField(words.member(g), type_(g), optional=g.coin())


def argument(g: Grower) -> nodes.Type:
    """A type argument of a call, which is told from a comparison by its looks and therefore nests only so far."""
    return g.choose((named, literal, _plain_generic, _plain_function))(g)


def _plain_generic(g: Grower) -> nodes.NamedType:
    return nodes.NamedType("dict", (named(g), nodes.NamedType("list", (named(g),))))


def _plain_function(g: Grower) -> nodes.FnType:
    return nodes.FnType(g.some(named, most=2), named(g))


def function(g: Grower) -> nodes.FnType:
    return nodes.FnType(g.some(type_, most=2), type_(g))


def union(g: Grower) -> nodes.Type:
    """A union; only its last member may be a function, whose result would take in what follows."""
    members = (*g.some(_member, least=1, most=2), g.grow((named, literal, applied, shape, function), leaves=2))
    return nodes.UnionType(members)


def _member(g: Grower) -> nodes.Type:
    return g.grow((named, literal, applied, shape), leaves=2)


def type_param(g: Grower) -> nodes.TypeParam:
    return nodes.TypeParam(words.upper_name(g), g.choose(("", "in", "out")))


def where(g: Grower) -> nodes.Where:
    return nodes.Where(words.upper_name(g), words.upper_name(g))


def params(g: Grower) -> tuple[nodes.Param, ...]:
    """A parameter list: required ones, then ones with defaults, then perhaps the rest."""
    required = g.some(_required, most=2)
    defaulted = g.some(_defaulted, most=1)
    rest = g.some(_rest, most=1) if g.rarely() else ()
    return (*required, *defaulted, *rest)


def _required(g: Grower) -> nodes.Param:
    return nodes.Param(words.binding(g), g.maybe(type_))


def _defaulted(g: Grower) -> nodes.Param:
    from tests.strategies.expressions import expression

    return nodes.Param(words.binding(g), g.maybe(type_), expression(g))


def _rest(g: Grower) -> nodes.Param:
    return nodes.Param(words.binding(g), g.maybe(type_), rest=True)


def pattern(g: Grower) -> nodes.Pattern:
    """A pattern of ``let`` or ``var``."""
    return g.grow((name_pattern, list_pattern, dict_pattern), leaves=1)


def name_pattern(g: Grower) -> nodes.NamePattern:
    return nodes.NamePattern(words.binding(g))


def pair_pattern(g: Grower) -> nodes.PairPattern:
    return nodes.PairPattern(words.binding(g), words.binding(g))


def list_pattern(g: Grower) -> nodes.ListPattern:
    from tests.strategies.expressions import expression

    items = g.some(lambda g: nodes.ListPatternItem(words.binding(g), g.maybe(expression)))
    rest = g.some(lambda g: nodes.ListPatternItem(words.binding(g), rest=True), most=1)
    return nodes.ListPattern((*items, *rest))


def dict_pattern(g: Grower) -> nodes.DictPattern:
    from tests.strategies.expressions import expression

    fields = g.some(lambda g: nodes.DictPatternField(words.binding(g), g.maybe(words.binding), g.maybe(expression)))
    rest = g.some(lambda g: nodes.DictPatternField(words.binding(g), rest=True), most=1)
    return nodes.DictPattern((*fields, *rest))
