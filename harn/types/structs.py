"""Struct literals and values of enums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.source.diagnostic import Note
from harn.source.spelling import nearest
from harn.syntax import nodes
from harn.types.declarations import Declared, nominal
from harn.types.fitting import misfit
from harn.types.generics import bind
from harn.types.literals import entry_key
from harn.types.values import DYNAMIC, Dynamic, Type, Variable, show, substitute

if TYPE_CHECKING:
    from harn.types.checker import Checker


def struct_literal(c: Checker, node: nodes.StructLiteral) -> Type:
    """``P {x: 1}``"""
    declared = c.type_declared(node.name, "struct")
    if declared is None:
        for entry in node.entries:
            c.infer(entry.value)
        _unknown_struct(c, node)
        return DYNAMIC
    return construct(c, declared, node.entries, node)


def construct(c: Checker, declared: Declared, entries: Any, node: Any) -> Type:
    """A struct made of the entries of a literal; its type, with the arguments its fields decide."""
    fields = declared.fields()
    bound: dict[str, Type] = {}
    given: set[str] = set()
    spread = False
    for entry in entries:
        actual = c.infer(entry.value)
        key = None if isinstance(entry, nodes.Spread) else entry_key(entry)
        if key is None:
            spread = True
            continue
        given.add(key)
        field = fields.get(key)
        if field is None:
            near = nearest(key, fields)
            help = f"did you mean `{near}`?" if near else ""
            c.warn("T017", f"Unknown field '{key}' in struct '{declared.name}'", entry.key.span, "no such field", help)
            continue
        bind(field[0], actual, set(declared.variables), bound)
        expected = substitute(field[0], bound)
        fault = misfit(c, entry.value, actual, expected)
        if fault is not None:
            _wrong_field(c, declared, key, expected, entry, *fault)
    missing = [name for name, (_, optional) in fields.items() if name not in given and not optional]
    if not spread:
        for name in missing:
            message = f"Missing field '{name}' in struct '{declared.name}' construction"
            c.warn("T017", message, node.span, f"`{name}` is not given")
    args = tuple(bound.get(name, DYNAMIC) for name in declared.variables)
    return nominal(declared, () if any(isinstance(a, Dynamic) for a in args) else args)


def _wrong_field(
    c: Checker, declared: Declared, key: str, expected: Type, entry: Any, actual: Type, severity: str
) -> None:
    place = next((f.span for f in declared.node.fields if f.name == key), None)  # type: ignore[union-attr]
    reason = f"expected {show(expected)} because field `{key}` of `{declared.name}` is {show(expected)}, declared here"
    c.report(
        "T016",
        f"Field '{key}' in struct '{declared.name}' expects {show(expected)}, got {show(actual)}",
        entry.value.span,
        severity=severity,
        label=f"this is {show(actual)}",
        notes=[Note(reason, declared.home.file, place)],
        actual=actual,
    )


def _unknown_struct(c: Checker, node: nodes.StructLiteral) -> None:
    if c.scope.find(node.name) is not None or not c.resolved:
        return
    known = [t.name for t in c.declarations.types.values() if t.kind == "struct"]
    near = nearest(node.name, known, 2)
    message = f"unknown struct type `{node.name}`" + (f" — did you mean `{near}`?" if near else "")
    c.report("T015", message, node.span, label="not declared here", help=f"use `{near}`" if near else "")


def enum_value(c: Checker, declared: Declared, name: str, args: tuple[Any, ...], node: Any) -> Type:
    """``E.V`` or ``E.V(payload)``. A wrong variant or payload can be made when the program runs: a warning."""
    types = [c.infer(a.value if isinstance(a, nodes.Spread) else a) for a in args]
    payload = declared.variant(name)
    if payload is None:
        no_variant(c, declared, name, node)
        return nominal(declared)
    bound: dict[str, Type] = {}
    if len(args) == len(payload) and not any(isinstance(a, nodes.Spread) for a in args):
        for (part, wanted), argument, actual in zip(payload, args, types, strict=True):
            bind(wanted, actual, set(declared.variables), bound)
            expected = substitute(wanted, bound)
            fault = misfit(c, argument, actual, expected)
            if fault is not None:
                message = f"{declared.name}.{name} expects {part}: {show(expected)}, got {show(fault[0])}"
                c.warn("T027", message, argument.span, f"this is {show(fault[0])}")
    else:
        check_payload(c, declared, name, args, node)
    found = tuple(bound.get(v, DYNAMIC) for v in declared.variables)
    return nominal(declared, () if any(isinstance(a, (Dynamic, Variable)) for a in found) else found)


def no_variant(c: Checker, declared: Declared, name: str, node: Any) -> None:
    """Warn of a variant that an enum does not declare."""
    near = nearest(name, [v.name for v in declared.node.variants])  # type: ignore[union-attr]
    help = f"did you mean `{near}`?" if near else ""
    c.warn("T027", f"enum '{declared.name}' has no variant '{name}'", node.span, "no such variant", help)


def check_payload(
    c: Checker, declared: Declared, name: str, args: tuple[Any, ...], node: Any, matched: bool = False
) -> None:
    """Warn of a variant that is made with more or fewer values than it declares, or matched with more."""
    payload = declared.variant(name)
    if payload is None or len(args) == len(payload) or any(isinstance(a, nodes.Spread) for a in args):
        return
    if matched and len(args) < len(payload):
        return
    message = f"{declared.name}.{name} has {len(payload)} value(s), got {len(args)}"
    c.warn("T027", message, node.span, f"{len(args)} given")
