"""What is certain of a value when the program runs, as opposed to what annotations say of it.

Annotations of variables, results and struct fields are not enforced, so a value under one may be anything. Certain is what stands
in the text itself, what builtins give, and the parameters whose annotation the machine enforces when a function is entered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import entry
from harn.catalog.kinds import CALLABLE
from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.scope import Local
from harn.types.values import Dynamic, Function, Literal, Named, OneOf, Shape, Type

if TYPE_CHECKING:
    from harn.types.checker import Checker

Kinds = frozenset[str]

NUMBERS: Kinds = frozenset(("int", "float"))
"""The kinds that the machine takes for each other where an annotation names one of them."""

_CALLABLES = frozenset(CALLABLE)
_DICTS = frozenset(("dict", "struct"))
_NAMED: dict[str, Kinds] = {
    **{kind: frozenset((kind,)) for kind in ("int", "string", "bool", "nil", "list", "set", "bytes", "range", "pair")},
    "float": NUMBERS,
    "dict": _DICTS,
    "closure": _CALLABLES,
    "Result": frozenset(("enum",)),
    "Stream": frozenset(("stream",)),
    "Generator": frozenset(("generator",)),
}
"""Name of a type -> the names ``type_of`` has for its values. What is missing here may be several things."""

_ENFORCED = frozenset(("int", "float", "string", "bool", "nil", "list", "dict", "set", "bytes", "closure"))
_PLAIN = (
    nodes.IntLiteral, nodes.FloatLiteral, nodes.StringLiteral, nodes.Interpolation, nodes.BoolLiteral, nodes.NilLiteral,
    nodes.ListLiteral, nodes.DictLiteral, nodes.StructLiteral, nodes.Closure, nodes.Range,
)  # fmt: skip
_TRUTHS = ("==", "!=", "<", ">", "<=", ">=", "in", "not in", "&&", "||")


def kinds(type: Type) -> Kinds | None:
    """The names ``type_of`` may have for values of a type; None where that cannot be told."""
    opened = expand(type)
    if isinstance(opened, Literal):
        return _NAMED["string" if isinstance(opened.value, str) else "int"]
    if isinstance(opened, Shape):
        return _DICTS
    if isinstance(opened, Function):
        return _CALLABLES
    if isinstance(opened, OneOf):
        found: set[str] = set()
        for member in opened.members:
            of_member = kinds(member)
            if of_member is None:
                return None
            found |= of_member
        return frozenset(found)
    if not isinstance(opened, Named):
        return None
    if opened.declared is not None:
        kind = opened.declared.kind
        return frozenset((kind,)) if kind in ("struct", "enum") else None
    return _NAMED.get(opened.name)


def is_function(type: Type) -> bool:
    """Whether a type says that its values may be called."""
    return bool((kinds(type) or frozenset()) & _CALLABLES)


def certain_kinds(c: Checker, node: Any, type: Type) -> Kinds | None:
    """The kinds that an expression of a type surely has when it is reached; None where nothing is sure."""
    if isinstance(node, nodes.FloatLiteral):
        return frozenset(("float",))
    if isinstance(node, nodes.DictLiteral):
        return frozenset(("dict",))
    if not proven(c, node):
        return None
    found = kinds(type)
    if isinstance(node, nodes.Name) and found is not None and "int" in found:
        return found | {"float"}  # the machine takes the two number types for each other
    return found


def proven(c: Checker, node: Any) -> bool:
    """Whether the type that was inferred for an expression is that of its value, whatever the program was given."""
    if isinstance(node, _PLAIN):
        return True
    if isinstance(node, nodes.Name):
        found = c.scope.find(node.name)
        if isinstance(found, Local):
            return found.proven and found not in c.flow.types
        return found is not None or c.declarations.function(node.name) is not None
    if isinstance(node, nodes.Binary):
        return node.op in _TRUTHS or (node.op != "??" and proven(c, node.left) and proven(c, node.right))
    if isinstance(node, nodes.Unary):
        return node.op == "!" or proven(c, node.operand)
    if isinstance(node, nodes.Ternary):
        return proven(c, node.then) and proven(c, node.otherwise)
    if isinstance(node, nodes.Slice):
        return proven(c, node.receiver)
    if isinstance(node, nodes.Call):
        return _builtin_result(c, node)
    return False


def _builtin_result(c: Checker, node: nodes.Call) -> bool:
    """Whether a call is one of a builtin whose result is of one kind, whatever its arguments are."""
    name = node.callee.name
    if c.scope.find(name) is not None or c.declarations.function(name) is not None or name in c.provided:
        return False
    found = entry(name)
    return found is not None and found.signature.result[0] == "name" and bool(_NAMED.get(found.signature.result[1]))


def enforced(type: Type) -> bool:
    """Whether the machine refuses a value that does not fit a parameter's type. It looks into no declared type and no alias."""
    if isinstance(type, (Literal, Function)):
        return True
    if isinstance(type, OneOf):
        return all(map(enforced, type.members))
    if isinstance(type, Shape):
        return all(enforced(field.type) for field in type.fields)
    return isinstance(type, Named) and type.declared is None and type.name in _ENFORCED


def refused(c: Checker, node: Any, actual: Type, expected: Type) -> bool:
    """Whether the machine surely refuses an expression as argument for a parameter of a type."""
    if not enforced(expected) or isinstance(expected, Dynamic):
        return False
    given, wanted = certain_kinds(c, node, actual), kinds(expected)
    if given is None or wanted is None:
        return False
    if "int" in wanted:
        wanted |= {"float"}
    return not given & wanted
