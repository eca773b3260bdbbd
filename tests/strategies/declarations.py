"""Declarations and their attributes, and whole programs."""

from __future__ import annotations

from harn.syntax import nodes
from tests.strategies import types, words
from tests.strategies.expressions import block, expression
from tests.strategies.grower import Grower
from tests.strategies.statements import statement


def declaration(g: Grower) -> nodes.Statement:
    """A declaration that may stand in any block."""
    return g.grow((fn, struct, enum, type_alias, tool, skill, eval_pack, impl, interface, override), leaves=2)


def program(g: Grower) -> nodes.Program:
    imports = g.some(import_, most=1)
    return nodes.Program((*imports, *g.some(_top_item, most=4)))


def _top_item(g: Grower) -> nodes.Statement:
    return g.grow((statement, fn, pipeline, declaration, import_), leaves=1)


def import_(g: Grower) -> nodes.Import:
    return nodes.Import(words.text(g), g.maybe(_imported), pub=g.coin())


def _imported(g: Grower) -> tuple[str, ...]:
    return g.some(words.binding)


# ------------------------------------------------------------------------------------------------ attributes


def attributes(g: Grower) -> tuple[nodes.Attribute, ...]:
    return g.some(_attribute, most=2) if g.rarely() else ()


def _attribute(g: Grower) -> nodes.Attribute:
    return nodes.Attribute(words.binding(g), g.some(_attribute_arg))


def _attribute_arg(g: Grower) -> nodes.AttributeArg:
    return nodes.AttributeArg(attribute_value(g), g.maybe(words.binding))


def attribute_value(g: Grower) -> nodes.Expr:
    return g.grow((_symbol, _text, _number, _constant, _dotted, _list, _dict, _call), leaves=4)


def _symbol(g: Grower) -> nodes.Expr:
    return nodes.Name(words.binding(g))


def _text(g: Grower) -> nodes.Expr:
    return nodes.StringLiteral(words.text(g))


def _number(g: Grower) -> nodes.Expr:
    sign = -1 if g.coin() else 1
    return nodes.FloatLiteral(sign * words.floating(g)) if g.coin() else nodes.IntLiteral(sign * words.integer(g))


def _constant(g: Grower) -> nodes.Expr:
    return g.choose((nodes.NilLiteral(), nodes.BoolLiteral(True), nodes.BoolLiteral(False)))


def _dotted(g: Grower) -> nodes.Expr:
    return nodes.Property(nodes.Name(words.binding(g)), words.member(g))


def _list(g: Grower) -> nodes.Expr:
    return nodes.ListLiteral(g.some(attribute_value))


def _dict(g: Grower) -> nodes.Expr:
    return nodes.DictLiteral(
        g.some(lambda g: nodes.DictEntry(nodes.StringLiteral(words.member(g)), attribute_value(g)))
    )


def _call(g: Grower) -> nodes.Expr:
    return nodes.Call(nodes.Name(words.binding(g)), g.some(attribute_value, most=2))


# ------------------------------------------------------------------------------------------------ functions


def fn(g: Grower) -> nodes.Fn:
    return nodes.Fn(
        words.binding(g),
        attributes=attributes(g),
        pub=g.coin(),
        stream=g.rarely(),
        type_params=g.some(types.type_param, most=1),
        where=g.some(types.where, least=1, most=2) if g.rarely() else (),
        result=g.maybe(types.type_),
        params=types.params(g),
        body=block(g),
    )


def pipeline(g: Grower) -> nodes.Pipeline:
    return nodes.Pipeline(
        words.binding(g),
        attributes=attributes(g),
        pub=g.coin(),
        params=g.some(words.binding, most=2),
        result=g.maybe(types.type_),
        extends=g.maybe(words.binding),
        body=block(g),
    )


def override(g: Grower) -> nodes.Override:
    return nodes.Override(words.binding(g), g.some(words.binding, most=2), block(g))


def tool(g: Grower) -> nodes.Tool:
    return nodes.Tool(
        words.binding(g),
        attributes=attributes(g),
        pub=g.coin(),
        description=g.maybe(words.text),
        params=types.params(g),
        result=g.maybe(types.type_),
        body=block(g),
    )


# ------------------------------------------------------------------------------------------------ data and configuration


def _config_field(g: Grower) -> nodes.ConfigField:
    return nodes.ConfigField(words.binding(g), expression(g))


def skill(g: Grower) -> nodes.Skill:
    return nodes.Skill(words.binding(g), g.some(_config_field), pub=g.coin(), attributes=attributes(g))


def eval_pack(g: Grower) -> nodes.EvalPack:
    name = words.binding(g)
    identity = words.text(g) if g.coin() else name
    fields, summarize = g.some(_config_field), g.maybe(block)
    return nodes.EvalPack(name, identity, fields, block(g), summarize, pub=g.coin(), attributes=attributes(g))


def struct(g: Grower) -> nodes.Struct:
    fields = g.some(lambda g: nodes.StructField(words.binding(g), g.maybe(types.type_), optional=g.coin()))
    generics = g.some(types.type_param, most=1)
    return nodes.Struct(words.upper_name(g), fields, generics, pub=g.coin(), attributes=attributes(g))


def enum(g: Grower) -> nodes.Enum:
    variants = g.some(lambda g: nodes.Variant(words.upper_name(g), types.params(g)))
    generics = g.some(types.type_param, most=1)
    return nodes.Enum(words.upper_name(g), variants, generics, pub=g.coin(), attributes=attributes(g))


def impl(g: Grower) -> nodes.Impl:
    return nodes.Impl(words.upper_name(g), g.some(_method, most=2), attributes=attributes(g))


def _method(g: Grower) -> nodes.Fn:
    return nodes.Fn(words.binding(g), types.params(g), block(g), g.maybe(types.type_), pub=g.coin())


def interface(g: Grower) -> nodes.Interface:
    return nodes.Interface(
        words.upper_name(g),
        g.some(_interface_method, most=2),
        g.some(lambda g: nodes.AssociatedType(words.upper_name(g), g.maybe(types.type_)), most=2),
        g.some(types.type_param, most=1),
        attributes=attributes(g),
    )


def _interface_method(g: Grower) -> nodes.InterfaceMethod:
    generics = g.some(types.type_param, most=1)
    return nodes.InterfaceMethod(words.binding(g), types.params(g), g.maybe(types.type_), generics)


def type_alias(g: Grower) -> nodes.TypeAlias:
    generics = g.some(types.type_param, most=1)
    return nodes.TypeAlias(words.upper_name(g), types.type_(g), generics, attributes=attributes(g))
