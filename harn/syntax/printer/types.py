"""Types, type parameters and the parameters and patterns that carry types and defaults."""

from __future__ import annotations

from collections.abc import Sequence

from harn.syntax.nodes import (
    DictPattern,
    DictPatternField,
    FnType,
    ListPattern,
    ListPatternItem,
    LiteralType,
    NamedType,
    NamePattern,
    PairPattern,
    Param,
    ShapeField,
    ShapeType,
    Type,
    TypeParam,
    UnionType,
    Where,
)
from harn.syntax.printer.engine import Printer, Steps, Work, prints
from harn.syntax.printer.literals import quoted


def joined(p: Printer, nodes: Sequence[object], depth: int, separator: str = ", ") -> Work[str]:
    """The texts of some nodes on one line."""
    texts = []
    for node in nodes:
        texts.append((yield p.node(node, depth)))  # noqa: PERF401 - a comprehension cannot yield
    return separator.join(texts)


def annotated(p: Printer, type_: Type | None, depth: int, mark: str = ": ") -> Work[str]:
    """A type behind its mark, or nothing."""
    return "" if type_ is None else mark + (yield p.node(type_, depth))


def type_params(p: Printer, params: Sequence[TypeParam], depth: int) -> Work[str]:
    """``<T, out U>``, or nothing."""
    return f"<{yield from joined(p, params, depth)}>" if params else ""


@prints(NamedType)
def named_type(p: Printer, node: NamedType, depth: int) -> Steps:
    return f"{node.name}<{yield from joined(p, node.args, depth)}>" if node.args else node.name


@prints(UnionType)
def union_type(p: Printer, node: UnionType, depth: int) -> Steps:
    return (yield from joined(p, node.members, depth, " | "))


@prints(ShapeType)
def shape_type(p: Printer, node: ShapeType, depth: int) -> Steps:
    return "{" + (yield from joined(p, node.fields, depth)) + "}"


@prints(ShapeField)
def shape_field(p: Printer, node: ShapeField, depth: int) -> Steps:
    mark = "?" if node.optional else ""
    return f"{node.name}{mark}: {yield p.node(node.type, depth)}"


@prints(FnType)
def fn_type(p: Printer, node: FnType, depth: int) -> Steps:
    params = yield from joined(p, node.params, depth)
    return f"fn({params}) -> {yield p.node(node.result, depth)}"


@prints(LiteralType)
def literal_type(p: Printer, node: LiteralType, depth: int) -> str:
    return quoted(node.value) if isinstance(node.value, str) else str(node.value)


@prints(TypeParam)
def type_param(p: Printer, node: TypeParam, depth: int) -> str:
    return f"{node.variance} {node.name}" if node.variance else node.name


@prints(Where)
def where(p: Printer, node: Where, depth: int) -> str:
    return f"{node.param}: {node.bound}"


@prints(Param)
def param(p: Printer, node: Param, depth: int) -> Steps:
    dots = "..." if node.rest else ""
    type_ = yield from annotated(p, node.type, depth)
    default = "" if node.default is None else f" = {yield p.node(node.default, depth)}"
    return f"{dots}{node.name}{type_}{default}"


@prints(NamePattern)
def name_pattern(p: Printer, node: NamePattern, depth: int) -> str:
    return node.name


@prints(ListPattern)
def list_pattern(p: Printer, node: ListPattern, depth: int) -> Steps:
    return f"[{yield from joined(p, node.items, depth)}]"


@prints(ListPatternItem)
def list_pattern_item(p: Printer, node: ListPatternItem, depth: int) -> Steps:
    if node.rest:
        return f"...{node.name}"
    return node.name if node.default is None else f"{node.name} = {yield p.node(node.default, depth)}"


@prints(DictPattern)
def dict_pattern(p: Printer, node: DictPattern, depth: int) -> Steps:
    return "{" + (yield from joined(p, node.fields, depth)) + "}"


@prints(DictPatternField)
def dict_pattern_field(p: Printer, node: DictPatternField, depth: int) -> Steps:
    if node.rest:
        return f"...{node.key}"
    alias = "" if node.alias is None else f": {node.alias}"
    default = "" if node.default is None else f" = {yield p.node(node.default, depth)}"
    return node.key + alias + default


@prints(PairPattern)
def pair_pattern(p: Printer, node: PairPattern, depth: int) -> str:
    return f"({node.first}, {node.second})"
