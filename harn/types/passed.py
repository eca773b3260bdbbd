"""The arguments of builtins and their methods: how many and of which kinds, as the records say and the machine enforces.

What the machine is sure to refuse is an error, in its own words; where that rests on an annotation that nobody enforces, or
stands in a closure, it is a warning. In a ``try`` nothing is said: the error may be what the program is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.kinds import accepted, wrong_count, wrong_kind
from harn.catalog.signature import Parameter, Signature, show_type
from harn.source.diagnostic import ERROR, WARNING, Note
from harn.source.span import Span
from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.evidence import Kinds, certain_kinds, kinds
from harn.types.values import OneOf, Type, show

if TYPE_CHECKING:
    from harn.types.checker import Checker


def check_passed(
    c: Checker, node: Any, args: tuple[Any, ...], types: list[Type], signature: Signature, sure: bool = True
) -> None:
    """Check the arguments of a call of a builtin. ``sure``: whether the call surely reaches this builtin."""
    if c.caught or any(isinstance(a, nodes.Spread) for a in args):
        return
    least, most, given = signature.least, signature.most, len(args)
    if given < least or given > most >= 0:
        message = wrong_count(signature.name, least, most, given)
        _report(c, "T005", message, node.span, sure, f"{given} given", f"the builtin is `{shown(signature)}`")
        return
    for number, (argument, type) in enumerate(zip(args, types, strict=True)):
        parameter = signature.params[min(number, len(signature.params) - 1)]
        wanted = accepted(parameter, signature)
        if wanted is not None:
            _check_kind(c, argument, type, signature, parameter, wanted, sure)


def _check_kind(
    c: Checker, node: Any, type: Type, signature: Signature, parameter: Parameter, wanted: Kinds, sure: bool
) -> None:
    exact = certain_kinds(c, node, type)
    given = exact or kinds(type)
    if given is None:
        return
    wrong: Type | None = type
    kind = show(type) if len(given) > 1 else next(iter(given))
    if given & wanted:
        wrong, sure, kind = _refused_member(type, wanted), False, show(type)
    if wrong is not None:
        label = f"this {'may be' if given & wanted else 'is'} {show(wrong)}"
        reason = f"parameter `{parameter.name}` of the builtin `{signature.key}` is {show_type(parameter.type)}"
        message = wrong_kind(signature.name, parameter, kind)
        _report(c, "T029", message, node.span, sure and exact is not None, label, reason)


def _refused_member(type: Type, wanted: Kinds) -> Type | None:
    """A member of a union that a parameter does not take."""
    opened = expand(type)
    if not isinstance(opened, OneOf) or opened.soft:
        return None
    return next((m for m in opened.members if not (kinds(m) or wanted) & wanted), None)


def _report(c: Checker, code: str, message: str, span: Span, definite: bool, label: str, reason: str) -> None:
    severity = ERROR if definite and not c.later else WARNING
    c.report(code, message, span, severity=severity, label=label, notes=[Note(reason)])


def shown(signature: Signature) -> str:
    """A signature as its record writes it."""
    params = (
        f"{'...' if p.kind == 'rest' else ''}{p.name}{'?' if p.kind == 'optional' else ''}: {show_type(p.type)}"
        for p in signature.params
    )
    return f"{signature.key}({', '.join(params)}) -> {show_type(signature.result)}"
