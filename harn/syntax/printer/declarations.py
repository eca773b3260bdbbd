"""Declarations with their attributes and documentation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harn.source.span import Span
from harn.syntax.nodes import (
    AssociatedType,
    Attribute,
    AttributeArg,
    ConfigField,
    Enum,
    EvalPack,
    Fn,
    Impl,
    Import,
    Interface,
    InterfaceMethod,
    Name,
    Override,
    Param,
    Pipeline,
    ShapeType,
    Skill,
    Struct,
    StructField,
    Tool,
    TypeAlias,
    Variant,
)
from harn.syntax.printer.access import comma_separated
from harn.syntax.printer.blocks import block, closing, line_text, lines_of
from harn.syntax.printer.comments import doc_block
from harn.syntax.printer.engine import INDENT, Printer, Steps, Work, pad, prints
from harn.syntax.printer.literals import quoted
from harn.syntax.printer.types import annotated, joined, type_params


def preamble(p: Printer, node: Any, depth: int) -> Work[str]:
    """What stands before the keyword of a declaration: attributes and documentation on lines of their own, and ``pub``."""
    lines = [] if not node.attributes else [(yield from joined(p, node.attributes, depth, pad(depth)))]
    if lines and p.origin.pending:
        lines += p.comments_before(p.origin.token(node.attributes[-1].span.end), depth)
    doc: str = getattr(node, "doc", "")
    if doc and not p.origin.text:
        lines.append(doc_block(doc.split("\n"), depth, p.width))
    return "".join(line + pad(depth) for line in lines) + ("pub " if getattr(node, "pub", None) is True else "")


def parameters(p: Printer, params: Sequence[Param], depth: int, opening: str) -> Work[str]:
    """``opening(params)``, the parameters one a line where they would not fit behind what stands before them."""
    written = opening.rpartition("\n")[2].lstrip()
    return f"{opening}({yield from comma_separated(p, params, depth, 2 * depth + len(written) + 1)})"


def names(p: Printer, listed: Sequence[str], depth: int, opening: str) -> str:
    """``opening(names)``, broken like parameters."""
    inline = ", ".join(listed)
    written = opening.rpartition("\n")[2].lstrip()
    if not listed or 2 * depth + len(written) + len(inline) + 2 <= p.width:
        return f"{opening}({inline})"
    return f"{opening}({''.join(f'{pad(depth + 1)}{name},' for name in listed)}{pad(depth)})"


def braced(p: Printer, opening: str, lines: list[str], end: int, depth: int) -> str:
    """Lines between braces, with the comments left before the closing one at ``end``."""
    lines += p.comments_before(end, depth + 1)
    return opening + " {" + "".join(pad(depth + 1) + line for line in lines) + pad(depth) + "}"


def _end(*parts: Any) -> int:
    """The offset where the last of some nodes, spans or sequences of nodes ends."""
    ends = [0]
    for part in parts:
        if isinstance(part, Span):
            ends.append(part.end)
        elif isinstance(part, (tuple, list)):
            ends.append(_end(*part))
        elif part is not None:
            ends.append(part.span.end)
    return max(ends)


@prints(Attribute)
def attribute(p: Printer, node: Attribute, depth: int) -> Steps:
    return f"@{node.name}({yield from joined(p, node.args, depth)})" if node.args else f"@{node.name}"


@prints(AttributeArg)
def attribute_arg(p: Printer, node: AttributeArg, depth: int) -> Steps:
    value = yield p.node(node.value, depth)
    return value if node.name is None else f"{node.name}: {value}"


@prints(Fn)
def fn(p: Printer, node: Fn, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening += f"{'gen ' if node.stream else ''}fn {node.name}{yield from type_params(p, node.type_params, depth)}"
    opening = yield from parameters(p, node.params, depth, opening)
    opening += yield from annotated(p, node.result, depth, " -> ")
    if node.where:
        opening += f" where {yield from joined(p, node.where, depth)}"
    after = _end(node.name_span, node.params, node.result, node.where)
    return (yield from block(p, node.body, depth, after, f"{opening} {{"))


@prints(Pipeline)
def pipeline(p: Printer, node: Pipeline, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening = names(p, node.params, depth, f"{opening}pipeline {node.name}")
    opening += yield from annotated(p, node.result, depth, " -> ")
    if node.extends is not None:
        opening += f" extends {node.extends}"
    return (yield from block(p, node.body, depth, _end(node.name_span, node.result), f"{opening} {{"))


@prints(Override)
def override(p: Printer, node: Override, depth: int) -> Steps:
    opening = names(p, node.params, depth, f"override {node.name}")
    return (yield from block(p, node.body, depth, node.span.start, f"{opening} {{"))


@prints(Tool)
def tool(p: Printer, node: Tool, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening = yield from parameters(p, node.params, depth, f"{opening}tool {node.name}")
    opening += yield from annotated(p, node.result, depth, " -> ")
    lines = yield from lines_of(p, node.body, depth + 1)
    if node.description is not None:
        lines.insert(0, f"description {quoted(node.description)}")
    elif node.body and node.body[0] == Name("description"):  # not the start of ``description "..."``
        lines[lines.index("description")] = "(description)"
    end = closing(p, node.body, _end(node.name_span, node.params, node.result))
    return braced(p, opening, lines, end, depth)


@prints(Skill)
def skill(p: Printer, node: Skill, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    lines = yield from lines_of(p, node.fields, depth + 1)
    return braced(p, f"{opening}skill {node.name}", lines, node.span.end - 1, depth)


@prints(ConfigField)
def skill_field(p: Printer, node: ConfigField, depth: int) -> Steps:
    return f"{node.name} {yield p.node(node.value, depth)}"


def eval_field(p: Printer, node: ConfigField, depth: int) -> Steps:
    return f"{node.name}: {yield p.node(node.value, depth)}"


@prints(EvalPack)
def eval_pack(p: Printer, node: EvalPack, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening += f"eval_pack {node.name}" if node.id == node.name else f"eval_pack {node.name} {quoted(node.id)}"
    lines: list[str] = []
    for item in sorted((*node.fields, *node.body), key=lambda item: item.span.start):
        line = yield from p.line(item, depth + 1, eval_field if isinstance(item, ConfigField) else None)
        lines += p.comments(line.lead, depth + 1)
        lines.append(line_text(item, line))
    if node.summarize is not None:
        after = _end(node.name_span, node.fields, node.body)
        lines.append((yield from block(p, node.summarize, depth + 1, after, "summarize {")))
    return braced(p, opening, lines, node.span.end - 1, depth)


@prints(Struct)
def struct(p: Printer, node: Struct, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening += f"struct {node.name}{yield from type_params(p, node.type_params, depth)}"
    return braced(p, opening, (yield from lines_of(p, node.fields, depth + 1)), node.span.end - 1, depth)


@prints(StructField)
def struct_field(p: Printer, node: StructField, depth: int) -> Steps:
    return f"{node.name}{'?' if node.optional else ''}{yield from annotated(p, node.type, depth)}"


@prints(Enum)
def enum(p: Printer, node: Enum, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening += f"enum {node.name}{yield from type_params(p, node.type_params, depth)}"
    return braced(p, opening, (yield from lines_of(p, node.variants, depth + 1)), node.span.end - 1, depth)


@prints(Variant)
def variant(p: Printer, node: Variant, depth: int) -> Steps:
    return (yield from parameters(p, node.params, depth, node.name)) if node.params else node.name


@prints(Impl)
def impl(p: Printer, node: Impl, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    lines = yield from lines_of(p, node.methods, depth + 1)
    return braced(p, f"{opening}impl {node.type_name}", lines, node.span.end - 1, depth)


@prints(Interface)
def interface(p: Printer, node: Interface, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening += f"interface {node.name}{yield from type_params(p, node.type_params, depth)}"
    members: list[AssociatedType | InterfaceMethod] = [*node.types, *node.methods]
    members.sort(key=lambda member: member.span.start)
    return braced(p, opening, (yield from lines_of(p, members, depth + 1)), node.span.end - 1, depth)


@prints(AssociatedType)
def associated_type(p: Printer, node: AssociatedType, depth: int) -> Steps:
    return f"type {node.name}{yield from annotated(p, node.default, depth, ' = ')}"


@prints(InterfaceMethod)
def interface_method(p: Printer, node: InterfaceMethod, depth: int) -> Steps:
    opening = f"fn {node.name}{yield from type_params(p, node.type_params, depth)}"
    opening = yield from parameters(p, node.params, depth, opening)
    return opening + (yield from annotated(p, node.result, depth, " -> "))


@prints(TypeAlias)
def type_alias(p: Printer, node: TypeAlias, depth: int) -> Steps:
    opening = yield from preamble(p, node, depth)
    opening += f"type {node.name}{yield from type_params(p, node.type_params, depth)} = "
    if isinstance(node.type, ShapeType):  # elsewhere a shape stays on its line
        fields = yield from comma_separated(
            p, node.type.fields, depth, len(opening.rpartition("\n")[2]) + 1, node.type.span.end - 1
        )
        return f"{opening}{{{fields}}}"
    return opening + (yield p.node(node.type, depth))


@prints(Import)
def import_(p: Printer, node: Import, depth: int) -> str:
    start, path = "pub " if node.pub else "", quoted(node.path)
    if node.names is None:
        return f"{start}import {path}"
    line = f"import {{ {', '.join(node.names)} }} from {path}"
    if len(INDENT) * depth + len(line) > p.width:
        line = f"import {{{''.join(f'{pad(depth + 1)}{name},' for name in node.names)}{pad(depth)}}} from {path}"
    return start + line
