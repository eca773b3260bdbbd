"""Assignments that make a variable's list or dict longer, which is why the variable owns it (see ``Binding.grows``)."""

from __future__ import annotations

from typing import Any

from harn.resolve.bindings import Binding
from harn.syntax import nodes


def lengthens(node: nodes.Assign, binding: Binding) -> bool:
    """Whether an assignment makes a list or dict longer: ``x += ..``, ``x = x + ..``, ``x = x.push(..)``.

    Additions count where what is added, or what the variable began with, is a list or dict literal: sums of numbers need no flag.
    """
    value: Any = node.value
    if node.op == "+=":
        added = value
    elif node.op != "=":
        return False
    elif isinstance(value, nodes.MethodCall):
        return value.name == "push" and _names(value.receiver, binding)
    elif isinstance(value, nodes.Binary) and value.op == "+" and _names(value.left, binding):
        added = value.right
    else:
        return False
    collections = (nodes.ListLiteral, nodes.DictLiteral)
    return isinstance(added, collections) or isinstance(binding.value, collections)


def _names(node: Any, binding: Binding) -> bool:
    return isinstance(node, nodes.Name) and node.name == binding.name
