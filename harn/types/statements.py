"""Variables, assignments and the statements that leave a block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from harn.resolve.tree import walk
from harn.source.diagnostic import Note
from harn.syntax import nodes
from harn.types.access import field_type, narrowed_field, place_of, place_type
from harn.types.assignability import expand, fits, optional_faults, shape_faults
from harn.types.boundaries import boundary
from harn.types.calls import never_reached
from harn.types.declarations import closure_callable
from harn.types.evidence import proven
from harn.types.fitting import misfit
from harn.types.operators import arithmetic
from harn.types.scope import LEFT, Local, Path, Place
from harn.types.values import (
    DYNAMIC,
    NEVER,
    NIL,
    Dynamic,
    Literal,
    Named,
    OneOf,
    Shape,
    Type,
    Unknown,
    certain,
    doubtful,
    show,
    union,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker


def let(c: Checker, node: nodes.Let) -> Type:
    """``let p: T = value`` and ``var``"""
    actual = c.infer(node.value)
    kind = "var" if node.mutable else "let"
    if not isinstance(node.pattern, nodes.NamePattern):
        declare_pattern(c, node.pattern, kind)
        return DYNAMIC
    name = node.pattern.name
    if node.type is not None:
        declared = c.annotation(node.type)
        fault = misfit(c, node.value, actual, declared)
        if fault is not None:
            _let_mismatch(c, node, name, declared, *fault)
        _describe(c, c.declare(name, declared, kind, node.pattern.span, annotated=True), node)
        return DYNAMIC
    if actual == NEVER:
        actual = DYNAMIC
    local = c.declare(name, actual, kind, node.pattern.span, open=node.mutable and actual == NIL)
    if local is not None:
        _describe(c, local, node)
        local.boundary = boundary(c, node.value)
        local.loose = not _spelled_out(node.value) or not certain(actual) or narrowed_field(c, node.value)
    return DYNAMIC


def _describe(c: Checker, local: Local | None, node: nodes.Let) -> None:
    """What the value of a ``let`` says beyond its type: it stays what it is."""
    if local is None or node.mutable:
        return
    local.proven = proven(c, node.value)
    if isinstance(node.value, nodes.Closure):
        local.function = closure_callable(local.name, node.value, c.declarations, c.context.variables)


def _spelled_out(value: Any) -> bool:
    """Whether the type of a value comes from the text, not from what a builtin or method happens to give."""
    if isinstance(value, nodes.Call):
        return False
    return not any(isinstance(part, (nodes.MethodCall, nodes.Call)) for part in walk(value))


def _let_mismatch(c: Checker, node: nodes.Let, name: str, declared: Type, actual: Type, severity: str) -> None:
    assert node.type is not None
    message = f"'{name}' declared as {show(declared)}, but assigned {show(actual)}{shape_detail(actual, declared)}"
    note = Note(f"expected {show(declared)} because `{name}` is declared so here", c.file, node.type.span)
    label = f"this is {show(actual)}"
    c.report("T001", message, node.value.span, severity=severity, label=label, notes=[note], actual=actual)


def shape_detail(actual: Type, declared: Type) -> str:
    """What a shape lacks or has otherwise, in parentheses; empty where these are no two shapes."""
    source, target = expand(actual), expand(declared)
    if not isinstance(source, Shape) or not isinstance(target, Shape):
        return ""
    parts = [
        f"missing field '{name}' ({show(wanted)})"
        if found is None
        else f"field '{name}' has type {show(found)}, expected {show(wanted)}"
        for name, found, wanted in shape_faults(source, target) + optional_faults(source, target)
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def declare_pattern(c: Checker, pattern: nodes.Pattern, kind: str, type: Type = DYNAMIC) -> None:
    """The names of a pattern. Only a plain name has a type that is known."""
    if isinstance(pattern, nodes.NamePattern):
        c.declare(pattern.name, type, kind, pattern.span)
    elif isinstance(pattern, nodes.PairPattern):
        opened = expand(type)
        first: Type = DYNAMIC
        second: Type = DYNAMIC
        if isinstance(opened, Named) and opened.name == "pair" and len(opened.args) == 2:
            first, second = opened.args
        c.declare(pattern.first, first, kind, pattern.span)
        c.declare(pattern.second, second, kind, pattern.span)
    elif isinstance(pattern, nodes.ListPattern):
        for item in pattern.items:
            if item.default is not None:
                c.infer(item.default)
            c.declare(item.name, DYNAMIC, kind, item.span)
    else:
        for field in pattern.fields:
            if field.default is not None:
                c.infer(field.default)
            c.declare(field.alias or field.key, DYNAMIC, kind, field.span)


# --------------------------------------------------------------------------------------------- assignment


def assign(c: Checker, node: nodes.Assign) -> Type:
    """``target op value``"""
    target = node.target
    if not isinstance(target, nodes.Name):
        c.infer(target)
        _assign_part(c, node, c.infer(node.value))
        return DYNAMIC
    before = c.infer(target)
    actual = c.infer(node.value)
    if node.op != "=":
        actual = arithmetic(c, node.op[0], before, actual, target)
    local = c.local(target.name)
    if local is None:
        return DYNAMIC
    if local.kind in ("let", "param"):
        _immutable(c, node, local)
    elif local.kind == "loop":  # a variable of the round alone, which may hold anything
        if local.unread:
            _immutable(c, node, local)
        c.flow.types.pop(local, None)
        c.flow.drop_fields(local)
        local.type = DYNAMIC
    else:
        _reassign(c, node, local, actual)
    return DYNAMIC


def _immutable(c: Checker, node: nodes.Assign, local: Local) -> None:
    message = f"Cannot assign to '{local.name}': variable is immutable (declared with 'let')"
    help = f"declare it with `var {local.name}`" if local.kind == "let" else "copy it to a variable of its own: `var`"
    if local.kind == "loop":
        help = "the next round sets it anew: what is assigned here is never read"
    c.warn("T014", message, node.span, "assigned to here", help, [Note("declared here", c.file, local.span)])


def _reassign(c: Checker, node: nodes.Assign, local: Local, actual: Type) -> None:
    c.flow.types.pop(local, None)
    c.flow.drop_fields(local)
    if isinstance(local.type, Dynamic):
        return
    if local.open:
        if actual != NIL:
            local.open = False
            local.loose = not _spelled_out(node.value) or not certain(actual)
            local.type = DYNAMIC if actual == NEVER else union((actual, NIL))
            c.flow.types[local] = actual
        return
    fault = misfit(c, node.value, actual, local.type)
    if fault is not None and not (local.loose and not local.annotated):
        actual, severity = fault
        message = f"can't assign {show(actual)} to '{local.name}' (declared as {show(local.type)})"
        why = "is declared as" if local.annotated else "began as"
        note = Note(
            f"expected {show(local.type)} because `{local.name}` {why} {show(local.type)} here", c.file, local.span
        )
        label = f"this is {show(actual)}"
        c.report("T002", message, node.span, severity=severity, label=label, notes=[note], actual=actual)
        return
    if isinstance(local.type, Unknown):
        return
    if (
        not isinstance(expand(local.type), OneOf)
        or isinstance(expand(actual), Dynamic)
        or actual in (NEVER, local.type)
    ):
        return
    if fits(actual, local.type) and certain(actual):
        c.flow.types[local] = actual


def _assign_part(c: Checker, node: nodes.Assign, actual: Type) -> None:
    """``x.f = value``: what was known of the field, and of the tag that it may be, does not hold any more."""
    place = changed_by(c, node.target)
    if not isinstance(place, Path):
        return
    local, names = place
    held = c.flow.types.get(local)
    if held is not None and len(names) == 1 and isinstance(expand(field_type(held, names[0])), Literal):
        c.flow.forget((local,))
    c.flow.drop_fields(local, names)
    exact = place_of(c, node.target)
    if node.op == "=" and isinstance(exact, Path):
        declared = place_type(c, exact)
        if isinstance(expand(declared), OneOf) and fits(actual, declared) and not isinstance(actual, Dynamic):
            c.flow.narrow(exact, doubtful(actual))


def changed_by(c: Checker, target: Any) -> Place | None:
    """What an assignment changes: a variable, or the fields of one as far as their names are written."""
    names: list[str] = []
    while not isinstance(target, nodes.Name):
        if isinstance(target, nodes.Property):
            names.append(target.name)
        elif isinstance(target, nodes.Index) and isinstance(target.index, nodes.StringLiteral):
            names.append(target.index.value)
        elif isinstance(target, (nodes.Index, nodes.Slice)):
            names.clear()
        else:
            return None
        target = target.receiver
    local = c.local(target.name)
    if local is None:
        return None
    return Path(local, tuple(reversed(names)))


def assigned(c: Checker, parts: Iterable[Any]) -> list[Place]:
    """The variables and fields that statements may change."""
    found: list[Place] = []
    for part in parts:
        for node in walk(part):
            if isinstance(node, nodes.Assign):
                target = node.target
                place = c.local(target.name) if isinstance(target, nodes.Name) else changed_by(c, target)
                if place is not None and place not in found:
                    found.append(place)
    return found


# --------------------------------------------------------------------------------------------- leaving


def throw(c: Checker, node: nodes.Throw) -> Type:
    """``throw value``"""
    c.infer(node.value)
    never_reached(c, "throw", node.span)
    c.flow.dead = LEFT
    return NEVER


def leave(c: Checker, node: nodes.Break | nodes.Continue) -> Type:
    """``break`` and ``continue``"""
    c.flow.dead = LEFT
    return NEVER
