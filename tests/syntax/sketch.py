"""Trees in one line, for tests: operators before their operands, blocks in braces, everything else as it is written."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse, parse_expression


def statements(text: str) -> str:
    """The sketch of a program that must parse."""
    program, diagnostics = parse(SourceFile("test.harn", text))
    assert not diagnostics, [diagnostic.short for diagnostic in diagnostics]
    assert program is not None
    return block(program.body)


def expression(text: str) -> str:
    """The sketch of a text that is one expression."""
    return sketch(parse_expression(text))


def errors(text: str) -> list[str]:
    """The bare texts of all that is wrong with a program."""
    return [diagnostic.short for diagnostic in parse(SourceFile("test.harn", text)).diagnostics]


def block(body: tuple[nodes.Statement, ...]) -> str:
    return "; ".join(sketch(statement) for statement in body)


def listed(items: tuple[Any, ...]) -> str:
    return " ".join(sketch(item) for item in items)


@singledispatch
def sketch(node: Any) -> str:
    """One node: a class without a rule of its own is shown with all its fields."""
    fields = [getattr(node, field.name) for field in node.__attrs_attrs__ if field.name not in ("span", "name_span")]
    return f"({type(node).__name__} {' '.join(_value(field) for field in fields)})"


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + "; ".join(_value(item) for item in value) + "]"
    return sketch(value) if hasattr(value, "__attrs_attrs__") else str(value)


@sketch.register(nodes.IntLiteral)
@sketch.register(nodes.BoolLiteral)
def _(node: nodes.IntLiteral | nodes.BoolLiteral) -> str:
    return str(node.value).lower()


@sketch.register
def _(node: nodes.FloatLiteral) -> str:
    return node.text


@sketch.register
def _(node: nodes.StringLiteral) -> str:
    return repr(node.value)


@sketch.register
def _(node: nodes.Interpolation) -> str:
    parts = [repr(part) if isinstance(part, str) else "$" + sketch(part) for part in node.parts]
    return f"<{' '.join(parts)}>"


@sketch.register
def _(_: nodes.NilLiteral) -> str:
    return "nil"


@sketch.register
def _(node: nodes.DurationLiteral) -> str:
    return f"{node.milliseconds}ms"


@sketch.register
def _(node: nodes.Name) -> str:
    return node.name


@sketch.register
def _(node: nodes.Spread) -> str:
    return f"...{sketch(node.value)}"


@sketch.register
def _(node: nodes.ListLiteral) -> str:
    return f"[{listed(node.items)}]"


@sketch.register
def _(node: nodes.DictEntry) -> str:
    key = node.key.value if isinstance(node.key, nodes.StringLiteral) and not node.computed else f"[{sketch(node.key)}]"
    return f"{key}: {sketch(node.value)}"


@sketch.register
def _(node: nodes.DictLiteral) -> str:
    return "{" + ", ".join(sketch(entry) for entry in node.entries) + "}"


@sketch.register
def _(node: nodes.StructLiteral) -> str:
    return node.name + " {" + ", ".join(sketch(entry) for entry in node.entries) + "}"


@sketch.register
def _(node: nodes.Unary) -> str:
    return f"({node.op} {sketch(node.operand)})"


@sketch.register
def _(node: nodes.Binary) -> str:
    return f"({node.op} {sketch(node.left)} {sketch(node.right)})"


@sketch.register
def _(node: nodes.Range) -> str:
    return f"({'to<' if node.exclusive else 'to'} {sketch(node.start)} {sketch(node.end)})"


@sketch.register
def _(node: nodes.Pipe) -> str:
    return f"(|> {sketch(node.value)} {sketch(node.target)})"


@sketch.register
def _(node: nodes.Ternary) -> str:
    return f"(? {sketch(node.condition)} {sketch(node.then)} {sketch(node.otherwise)})"


@sketch.register
def _(node: nodes.Call) -> str:
    types = f"<{listed(node.type_args)}>" if node.type_args else ""
    return f"{node.callee.name}{types}({listed(node.args)})"


@sketch.register
def _(node: nodes.MethodCall) -> str:
    return f"{sketch(node.receiver)}{'?.' if node.optional else '.'}{node.name}({listed(node.args)})"


@sketch.register
def _(node: nodes.Property) -> str:
    return f"{sketch(node.receiver)}{'?.' if node.optional else '.'}{node.name}"


@sketch.register
def _(node: nodes.Index) -> str:
    return f"{sketch(node.receiver)}{'?[' if node.optional else '['}{sketch(node.index)}]"


@sketch.register
def _(node: nodes.Slice) -> str:
    start = sketch(node.start) if node.start else ""
    end = sketch(node.end) if node.end else ""
    return f"{sketch(node.receiver)}[{start}:{end}]"


@sketch.register
def _(node: nodes.Propagate) -> str:
    return f"{sketch(node.operand)}?"


@sketch.register
def _(node: nodes.TryStar) -> str:
    return f"(try* {sketch(node.operand)})"


@sketch.register
def _(node: nodes.Param) -> str:
    text = ("..." if node.rest else "") + node.name
    if node.type is not None:
        text += f": {sketch(node.type)}"
    return f"{text} = {sketch(node.default)}" if node.default is not None else text


@sketch.register
def _(node: nodes.Closure) -> str:
    params = ", ".join(sketch(param) for param in node.params)
    return f"fn({params}) {{{block(node.body)}}}" if node.keyword else f"{{{params} -> {block(node.body)}}}"


@sketch.register
def _(node: nodes.If) -> str:
    otherwise = f" else {{{block(node.otherwise)}}}" if node.otherwise is not None else ""
    return f"if {sketch(node.condition)} {{{block(node.then)}}}{otherwise}"


@sketch.register
def _(node: nodes.Let) -> str:
    type_ = f": {sketch(node.type)}" if node.type else ""
    return f"{'var' if node.mutable else 'let'} {sketch(node.pattern)}{type_} = {sketch(node.value)}"


@sketch.register
def _(node: nodes.Assign) -> str:
    return f"{sketch(node.target)} {node.op} {sketch(node.value)}"


@sketch.register
def _(node: nodes.NamePattern) -> str:
    return node.name


@sketch.register
def _(node: nodes.Return) -> str:
    return f"return {sketch(node.value)}" if node.value else "return"


@sketch.register
def _(node: nodes.NamedType) -> str:
    return f"{node.name}<{listed(node.args)}>" if node.args else node.name


@sketch.register
def _(node: nodes.UnionType) -> str:
    return f"({' | '.join(sketch(member) for member in node.members)})"


@sketch.register
def _(node: nodes.LiteralType) -> str:
    return repr(node.value)


@sketch.register
def _(node: nodes.FnType) -> str:
    return f"fn({listed(node.params)}) -> {sketch(node.result)}"


@sketch.register
def _(node: nodes.ShapeType) -> str:
    fields = [f"{field.name}{'?' if field.optional else ''}: {sketch(field.type)}" for field in node.fields]
    return "{" + ", ".join(fields) + "}"
