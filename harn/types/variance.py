"""Declared variance: ``out`` parameters stand where values come out, ``in`` parameters where they go in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.types.checker import Checker

OUT, IN, BOTH = 1, -1, 0
_WORDS = {OUT: "covariant", IN: "contravariant", BOTH: "invariant"}
_KEEPING = frozenset(("iter", "Generator", "Stream", "Result", "Schema", "pair", "Pair", "Iter"))


def check_variance(c: Checker) -> None:
    """Check the types a file declares."""
    for declared in c.declarations.types.values():
        statement = declared.node
        if isinstance(statement, nodes.TypeAlias):
            _self_alias(c, statement)
            _report(c, statement, "type alias", [(statement.type, OUT)])
        elif isinstance(statement, nodes.Struct):
            _report(c, statement, "struct", [(f.type, BOTH) for f in statement.fields])
        elif isinstance(statement, nodes.Enum):
            parts = [(p.type, OUT) for v in statement.variants for p in v.params]
            _report(c, statement, "enum", parts)
        elif isinstance(statement, nodes.Interface):
            _report(c, statement, "interface", [part for m in statement.methods for part in _signature(m)])


def function_variance(c: Checker, node: nodes.Fn) -> None:
    """Check the type parameters of a nested function."""
    _report(c, node, "function", _signature(node))


def _signature(node: nodes.Fn | nodes.InterfaceMethod) -> list[tuple[Any, int]]:
    return [*((p.type, IN) for p in node.params), (node.result, OUT)]


def _report(c: Checker, node: Any, kind: str, parts: list[tuple[Any, int]]) -> None:
    for param in node.type_params:
        if not param.variance:
            continue
        allowed = OUT if param.variance == "out" else IN
        wrong = next((p for type, at in parts for p in _polarities(c, param.name, type, at) if p != allowed), None)
        if wrong is not None:
            word = _WORDS[wrong]
            article = "an" if word == "invariant" else "a"
            message = (
                f"type parameter '{param.name}' is declared '{param.variance}' ({_WORDS[allowed]}) but appears in "
                f"{article} {word} position in {kind} '{node.name}'"
            )
            help = f"declare it as plain `{param.name}`"
            c.report("T018", message, node.span, label="declared here", help=help)


def _polarities(c: Checker, name: str, node: Any, polarity: int) -> list[int]:
    """The polarities of the places where a parameter stands in a type."""
    if isinstance(node, nodes.NamedType):
        if node.name == name and not node.args:
            return [polarity]
        declared = c.declarations.type(node.name)
        found: list[int] = []
        for number, argument in enumerate(node.args):
            if node.name in _KEEPING:
                inner = polarity
            elif declared is not None and number < len(declared.variances) and declared.variances[number]:
                inner = polarity if declared.variances[number] == "out" else -polarity
            else:
                inner = BOTH
            found += _polarities(c, name, argument, inner)
        return found
    if isinstance(node, nodes.UnionType):
        return [p for member in node.members for p in _polarities(c, name, member, polarity)]
    if isinstance(node, nodes.ShapeType):
        return [p for field in node.fields for p in _polarities(c, name, field.type, polarity)]
    if isinstance(node, nodes.FnType):
        params = [p for param in node.params for p in _polarities(c, name, param, -polarity)]
        return params + _polarities(c, name, node.result, polarity)
    return []


def _self_alias(c: Checker, node: nodes.TypeAlias) -> None:
    """``type A = A``, also by way of others: it stands for nothing."""
    seen = [node.name]
    waiting: list[Any] = [node.type]
    while waiting:
        part = waiting.pop()
        if isinstance(part, nodes.UnionType):
            waiting += part.members
        elif isinstance(part, nodes.NamedType):
            if part.name == node.name:
                message = f"type alias '{node.name}' stands for itself"
                help = "put it inside of a list, dict or shape, or name another type"
                c.report("T026", message, node.span, label="declared here", help=help)
                return
            declared = c.declarations.types.get(part.name)
            if declared is not None and isinstance(declared.node, nodes.TypeAlias) and part.name not in seen:
                seen.append(part.name)
                waiting.append(declared.node.type)
