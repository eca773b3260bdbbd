"""The places of ``_`` in the target of a pipe that stand for the piped value."""

from __future__ import annotations

from typing import Any

from harn.syntax import nodes


def placeholders(target: nodes.Expr) -> list[nodes.Name]:
    """The names ``_`` in a pipe's target, from left to right.

    They are looked for in calls, operators, lists and accesses; not in slices, dicts, ternaries, texts and closures, where
    ``_`` is a name like any other.
    """
    found: list[nodes.Name] = []
    waiting: list[Any] = [target]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Name):
            if node.name == "_":
                found.append(node)
        elif isinstance(node, nodes.Call):
            waiting += reversed(node.args)
        elif isinstance(node, nodes.MethodCall):
            waiting += (*reversed(node.args), node.receiver)
        elif isinstance(node, nodes.Binary):
            waiting += (node.right, node.left)
        elif isinstance(node, nodes.Unary):
            waiting.append(node.operand)
        elif isinstance(node, nodes.ListLiteral):
            waiting += reversed(node.items)
        elif isinstance(node, nodes.Spread):
            waiting.append(node.value)
        elif isinstance(node, nodes.Property):
            waiting.append(node.receiver)
        elif isinstance(node, nodes.Index):
            waiting += (node.index, node.receiver)
    return found
