"""A ternary that tests a variable for nil and gives it where it is not."""

from __future__ import annotations

from collections.abc import Iterator

from harn.syntax import nodes
from harn.tools.lint.source import Edit, Finding, Source

CODE = "L014"


def find(source: Source) -> Iterator[Finding]:
    for node in source.of(nodes.Ternary):
        name, fallback = _shape(node)
        if name is not None and fallback is not None:
            help = f"use `{name} ?? <fallback>`"
            simple = isinstance(fallback, _SIMPLE)
            fix = (Edit(node.span, f"{name} ?? {source.text(fallback)}"),) if simple else ()
            yield Finding(
                f"ternary nil check over `{name}` can be replaced with `{name} ?? <fallback>`", node.span, help, fix
            )


_SIMPLE = (
    nodes.Name, nodes.IntLiteral, nodes.FloatLiteral, nodes.StringLiteral, nodes.BoolLiteral, nodes.ListLiteral,
    nodes.Interpolation,
)  # fmt: skip


def _shape(node: nodes.Ternary) -> tuple[str | None, nodes.Expr | None]:
    test = node.condition
    if not isinstance(test, nodes.Binary) or test.op not in ("==", "!="):
        return None, None
    tested = test.left if isinstance(test.right, nodes.NilLiteral) else test.right
    if not isinstance(tested, nodes.Name) or not isinstance(
        test.left if tested is test.right else test.right, nodes.NilLiteral
    ):
        return None, None
    kept, fallback = (node.otherwise, node.then) if test.op == "==" else (node.then, node.otherwise)
    same = isinstance(kept, nodes.Name) and kept.name == tested.name
    return (tested.name, fallback) if same else (None, None)
