"""Attributes: which there are, and what they may stand on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.resolve.tree import walk
from harn.syntax import nodes
from harn.types.step_attributes import CODE, complaints

if TYPE_CHECKING:
    from harn.types.checker import Checker

_ANYWHERE = ""
TARGETS: dict[str, str] = {
    "deprecated": _ANYWHERE,
    "test": "pipeline",
    "complexity": _ANYWHERE,
    "acp_tool": "function",
    "acp_skill": "function",
    "mcp_tool": "function",
    "step": _ANYWHERE,  # these two say more: harn.types.step_attributes
    "persona": _ANYWHERE,
    "invariant": _ANYWHERE,
    "archivist": _ANYWHERE,
    "deterministic": _ANYWHERE,
    "semantic": _ANYWHERE,
    "retroactive": _ANYWHERE,
}
"""Attribute -> the kind of declaration it belongs to; empty for any."""


def check_attributes(c: Checker) -> None:
    """Warn of attributes nobody knows, and of those on a declaration they do not belong to, in bodies too."""
    if "@" in c.file.text:  # most files have none
        for node in walk(c.program):
            _check(c, node)


def _check(c: Checker, statement: Any) -> None:
    for attribute in getattr(statement, "attributes", ()):
        for message, place in complaints(statement, attribute):
            c.warn(CODE, message, place)
        wanted = TARGETS.get(attribute.name)
        if wanted is None:
            from harn.source.spelling import nearest

            near = nearest(attribute.name, TARGETS)
            help = f"did you mean `@{near}`?" if near else ""
            c.warn("T023", f"unknown attribute `@{attribute.name}`", attribute.span, "has no effect", help)
        elif wanted and not isinstance(statement, nodes.Pipeline if wanted == "pipeline" else (nodes.Fn, nodes.Tool)):
            message = f"`@{attribute.name}` only applies to {wanted} declarations"
            c.warn("T023", message, attribute.span, "has no effect here")
