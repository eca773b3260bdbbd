"""A comparison with `true` or `false`."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L011"


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(nodes.Binary):
        if node.op not in ("==", "!="):
            continue
        other, literal = (
            (node.left, node.right) if isinstance(node.right, nodes.BoolLiteral) else (node.right, node.left)
        )
        if not isinstance(literal, nodes.BoolLiteral) or isinstance(other, nodes.BoolLiteral):
            continue
        plain = (node.op == "==") == literal.value
        simple = isinstance(other, (nodes.Name, nodes.Call, nodes.MethodCall, nodes.Property))
        text = source.text(other) if plain else f"!{source.text(other) if simple else f'({source.text(other)})'}"
        word = "true" if literal.value else "false"
        fix = (Edit(node.span, text),) if simple and _is_bool(source, other) else ()
        yield Finding(f"comparison to `{word}` is redundant", node.span, f"use `{text}` where it is a bool", fix)


def _is_bool(source: Source, node: nodes.Expr) -> bool:
    """Whether an expression is surely a bool: anything else may be truthy without being `true`."""
    if isinstance(node, nodes.Name):
        annotated = [p.type for p in source.of(nodes.Param, nodes.Let) if _binds(p, node.name)]
        return bool(annotated) and all(isinstance(t, nodes.NamedType) and t.name == "bool" for t in annotated)
    return False


def _binds(node: nodes.Param | nodes.Let, name: str) -> bool:
    if isinstance(node, nodes.Param):
        return node.name == name
    return any(getattr(part, "name", None) == name for part in (node.pattern,))
