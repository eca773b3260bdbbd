"""The steps and personas that a file declares, read as the compiler reads them: the last of several attributes counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from harn.resolve.tree import walk
from harn.source.span import Span
from harn.syntax import nodes
from harn.types.step_attributes import entries, number, symbol


class Marked(NamedTuple):
    """A function with ``@step`` or ``@persona``; ``given`` are the attribute's named arguments."""

    name: str
    node: nodes.Fn
    given: dict[str, Any]


class CallSite(NamedTuple):
    """A call of a function by its name."""

    name: str
    span: Span


class DeclaredSteps(NamedTuple):
    """``steps`` by function, ``personas`` by function, each in the order of the text."""

    steps: dict[str, Marked]
    personas: dict[str, Marked]


def declared_steps(program: nodes.Program) -> DeclaredSteps:
    """The steps and personas of a file, wherever they stand in it."""
    steps: dict[str, Marked] = {}
    personas: dict[str, Marked] = {}
    for node in walk(program):
        if isinstance(node, nodes.Fn):
            for attribute in node.attributes:
                if attribute.name in ("step", "persona"):
                    given = {argument.name: argument.value for argument in attribute.args if argument.name is not None}
                    name = symbol(given.get("name"))
                    found = steps if attribute.name == "step" else personas
                    found[node.name] = Marked(node.name if name is None else name, node, given)
    return DeclaredSteps(steps, personas)


def calls(node: Any) -> Iterator[CallSite]:
    """The calls by name anywhere in a function's body, a callee before its arguments; ``v |> f`` is a call of ``f``."""
    for part in walk(node):
        if isinstance(part, nodes.Call):
            yield CallSite(part.callee.name, part.span)
        elif isinstance(part, nodes.Pipe) and isinstance(part.target, nodes.Name):
            yield CallSite(part.target.name, part.target.span)


def steps_called(persona: Marked, steps: dict[str, Marked]) -> list[Marked]:
    """The steps of the same file that a persona's body calls, in the order of the calls, each once."""
    return [steps[name] for name in dict.fromkeys(site.name for site in calls(persona.node)) if name in steps]


def data(node: Any) -> Any:
    """The value of an attribute's argument as registration gets it; a call is its callee's name with its text, if it has one."""
    text = symbol(node)
    if text is not None:
        return text
    if isinstance(node, nodes.ListLiteral):
        return [data(item) for item in node.items]
    if isinstance(node, nodes.DictLiteral):
        return {key: data(value) for key, value, _ in entries(node) if key is not None}
    if isinstance(node, nodes.BoolLiteral):
        return node.value
    return number(node)
