"""The arguments of a call of a declared function: how many, of which types, and what they say of its type parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import known
from harn.source.diagnostic import ERROR, WARNING, Note
from harn.syntax import nodes
from harn.types.assignability import optional_faults, unsatisfied
from harn.types.declarations import Callable, Parameter, nominal
from harn.types.evidence import enforced, refused
from harn.types.fitting import literal_outside, value_fits
from harn.types.generics import bind
from harn.types.literals import entry_key
from harn.types.schemas import schema_type
from harn.types.scope import Local
from harn.types.values import Function, Named, Type, Variable, show, substitute

if TYPE_CHECKING:
    from harn.types.checker import Checker


_FORMS = {"fn": "Function", "closure": "Closure", "method": "Method"}


def check_arguments(
    c: Checker, node: nodes.Call | nodes.MethodCall, function: Callable, types: list[Type], sure: bool = True
) -> dict[str, Type]:
    """Check the arguments of a call; what its type parameters are then. ``sure``: whether it surely reaches this function.

    Calls of functions are judged by the language itself; of what else it does not judge, nothing is said in a ``try``.
    """
    if c.caught and function.form != "fn":
        return {}
    bound = _explicit(c, node, function)
    spread = any(isinstance(a, nodes.Spread) for a in node.args)
    if not spread:
        _count(c, node, function)
    free = set(function.variables)
    for number, (argument, actual) in enumerate(zip(node.args, types, strict=True)):
        if isinstance(argument, nodes.Spread) or number >= len(function.params):
            break
        parameter = function.params[number]
        if parameter.rest:
            break
        if isinstance(parameter.type, Named) and parameter.type.name == "Schema" and parameter.type.declared is None:
            bind(parameter.type, Named("Schema", (schema_type(c, argument),)), free, bound)
            continue
        conflict = bind(parameter.type, actual, free, bound)
        if conflict is not None:
            name, was, now = conflict
            message = f"type parameter '{name}' was inferred as both {show(was)} and {show(now)}"
            note = Note(f"`{function.name}` is declared here", function.home.file, function.span)
            c.report("T024", message, argument.span, label=f"here it is {show(now)}", notes=[note], actual=now)
            continue
        expected = substitute(parameter.type, bound)
        if not value_fits(c, argument, actual, expected):
            _mismatch(c, function, number, argument, actual, expected, sure)
        else:
            _literal(c, function, number, argument, expected, sure)
            _optional_fields(c, function, number, argument, actual, expected, sure)
    _constraints(c, node, function, bound)
    return bound


def _explicit(c: Checker, node: nodes.Call | nodes.MethodCall, function: Callable) -> dict[str, Type]:
    given = node.type_args if isinstance(node, nodes.Call) else ()
    if not given:
        return {}
    assert isinstance(node, nodes.Call)
    name, declared = node.callee.name, function.variables
    if not declared:
        c.report("T025", f"Function '{name}' does not declare type parameters", node.span, label="has type arguments")
        return {}
    if len(given) != len(declared):
        message = f"Function '{name}' expects {len(declared)} type arguments, got {len(given)}"
        c.report("T025", message, node.span, label=f"{len(given)} given")
        return {}
    return dict(zip(declared, map(c.annotation, given), strict=True))


def _count(c: Checker, node: nodes.Call | nodes.MethodCall, function: Callable) -> None:
    given, least, most = len(node.args), function.least, len(function.params)
    if function.rest or least <= given <= most or (function.form == "fn" and known(function.name)):
        return
    wanted = f"{least}" if least == most else f"{least}-{most}"
    note = Note(f"`{function.name}` is declared here", function.home.file, function.span)
    message = f"{_FORMS[function.form]} '{function.name}' expects {wanted} arguments, got {given}"
    c.warn("T005", message, node.span, f"{given} given", notes=[note])


def _mismatch(
    c: Checker, function: Callable, number: int, argument: Any, actual: Type, expected: Type, sure: bool
) -> None:
    """An argument that does not fit. Of closures and methods, whose calls the language does not judge, only what is sure to fail
    is an error.
    """
    judged = function.form == "fn" or (sure and not c.later and refused(c, argument, actual, expected))
    _tell(c, function, number, argument, actual, expected, ERROR if judged else WARNING)


def _tell(
    c: Checker, function: Callable, number: int, argument: Any, actual: Type, expected: Type, severity: str
) -> None:
    parameter: Parameter = function.params[number]
    reason = (
        f"expected {show(expected)} because parameter `{parameter.name}` of `{function.name}` is {show(parameter.type)}"
    )
    c.report(
        "T004",
        f"Argument {number + 1} ('{parameter.name}'): expected {show(expected)}, got {show(actual)}",
        argument.span,
        severity=severity,
        label=f"this is {show(actual)}",
        notes=[Note(f"{reason}, declared here", function.home.file, parameter.span)],
        actual=actual,
    )


def _literal(c: Checker, function: Callable, number: int, argument: Any, expected: Type, sure: bool) -> None:
    """A text or int that is none of the literals a parameter names."""
    literal = literal_outside(argument, expected)
    if literal is not None and not c.caught:
        definite = sure and not c.later and enforced(expected)
        severity = ERROR if definite else WARNING
        _tell(c, function, number, argument, literal, expected, severity)


def _optional_fields(
    c: Checker, function: Callable, number: int, argument: Any, actual: Type, expected: Type, sure: bool
) -> None:
    """Optional fields of a shape, which the machine compares where they are given."""
    for name, found, wanted in optional_faults(actual, expected) if not c.caught else ():
        assert found is not None
        parameter = function.params[number]
        told = f"parameter '{parameter.name}': field '{name}' expected {show(wanted)}, got {show(found)}"
        entries = argument.entries if isinstance(argument, nodes.DictLiteral) else ()
        value = next((e.value for e in entries if isinstance(e, nodes.DictEntry) and entry_key(e) == name), None)
        definite = (
            value is not None and sure and not c.later and enforced(expected) and refused(c, value, found, wanted)
        )
        note = Note(
            f"field `{name}` of parameter `{parameter.name}` is {show(wanted)}", function.home.file, parameter.span
        )
        span = argument.span if value is None else value.span
        severity = ERROR if definite else WARNING
        c.report("T004", told, span, severity=severity, label=f"this is {show(found)}", notes=[note])


def check_given(c: Checker, node: nodes.Call, local: Local, type: Function, types: list[Type]) -> None:
    """A call of a variable of function type. Only the type of the variable says what it takes, so what differs is suspect."""
    given, most = len(node.args), len(type.params)
    if c.caught or any(isinstance(a, nodes.Spread) for a in node.args):
        return
    note = Note(f"`{local.name}` is {show(type)}, declared here", c.file, local.span)
    if given < (most if type.least is None else type.least) or (given > most and not type.rest):
        message = f"Closure '{local.name}' expects {most} arguments, got {given}"
        c.warn("T005", message, node.span, f"{given} given", notes=[note])
        return
    for number, (argument, actual, expected) in enumerate(zip(node.args, types, type.params, strict=False), 1):
        if not value_fits(c, argument, actual, expected):
            message = f"Argument {number} of '{local.name}': expected {show(expected)}, got {show(actual)}"
            c.warn("T004", message, argument.span, f"this is {show(actual)}", notes=[note])


def _constraints(c: Checker, node: nodes.Call | nodes.MethodCall, function: Callable, bound: dict[str, Type]) -> None:
    """``where T: I``, for each parameter that the arguments decided."""
    for name, wanted in function.where:
        type = bound.get(name)
        if type is None or isinstance(type, Variable):
            continue
        interface = function.home.type(wanted)
        if interface is None or interface.kind != "interface":
            reason: str | None = f"interface '{wanted}' not found"
        else:
            reason = unsatisfied(type, nominal(interface))
        if reason is not None:
            message = (
                f"Type '{show(type)}' does not satisfy interface '{wanted}': {reason} "
                f"(required by constraint `where {name}: {wanted}`)"
            )
            note = Note(f"`{function.name}` is declared here", function.home.file, function.span)
            c.report("T019", message, node.span, label=f"`{name}` is {show(type)} here", notes=[note], actual=type)
