"""``match``: what its arms say of the subject, and whether they cover it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.syntax import nodes
from harn.types.access import enum_named
from harn.types.assignability import expand
from harn.types.declarations import Declared
from harn.types.narrowing import enum_of, kind_of, narrow, tag_access, tag_values
from harn.types.scope import Flow, join
from harn.types.structs import check_payload, no_variant
from harn.types.values import (
    DYNAMIC,
    NIL,
    Dynamic,
    Literal,
    Named,
    OneOf,
    Type,
    doubtful,
    show,
    show_literal,
    union,
)  # fmt: skip

if TYPE_CHECKING:
    from harn.types.checker import Checker

_LITERALS = (nodes.StringLiteral, nodes.IntLiteral, nodes.FloatLiteral, nodes.BoolLiteral, nodes.NilLiteral)


def match(c: Checker, node: nodes.Match) -> Type:
    """``match subject { arms }``. The type of its value is a guess: the joined types of the arms."""
    subject = c.infer(node.subject)
    certain, c.context.certain = c.context.certain, False
    before = c.flow
    after: Flow | None = None
    values: list[Type] = []
    for arm in node.arms:
        c.flow = before.copy()
        value = _arm(c, node, arm, subject)
        values.append(value)
        after = c.flow if after is None else join(after, c.flow)
    c.flow = after if after is not None else before
    c.context.certain = certain
    check_coverage(c, node, subject)
    if any(isinstance(v, Dynamic) for v in values):
        return DYNAMIC
    return doubtful(union(values)) if values else DYNAMIC


def _arm(c: Checker, node: nodes.Match, arm: nodes.Arm, subject: Type) -> Type:
    outer = c.scope
    c.open_scope()
    for pattern in alternatives(arm.pattern):
        _pattern(c, pattern, subject)
    _narrow(c, node.subject, arm)
    if arm.guard is not None:
        c.flow = c.condition(arm.guard)[0]
    value = c.block(arm.body)
    c.scope = outer
    return value


def alternatives(pattern: Any) -> tuple[Any, ...]:
    """The alternatives of an arm's pattern."""
    return pattern.alternatives if isinstance(pattern, nodes.OrPattern) else (pattern,)


def _pattern(c: Checker, pattern: Any, subject: Type) -> None:
    """The names a pattern binds, none of whose types are known, and a literal that cannot match."""
    if isinstance(pattern, _LITERALS):
        _literal_fits(c, pattern, subject)
    elif isinstance(pattern, nodes.Name):
        c.declare(pattern.name, DYNAMIC, "other", pattern.span)
    elif isinstance(pattern, (nodes.MethodCall, nodes.Call)):
        _variant(c, pattern)
        payload = _payload_types(c, pattern, subject)
        for number, argument in enumerate(pattern.args):
            type = payload[number] if number < len(payload) else DYNAMIC
            if isinstance(argument, nodes.Name):
                c.declare(argument.name, type, "other", argument.span)
            else:
                _parts(c, argument)
    else:
        if isinstance(pattern, nodes.Property):
            _variant(c, pattern)
        _parts(c, pattern)


def _variant(c: Checker, pattern: Any) -> None:
    """Warn of a pattern that no value of its enum can match."""
    declared = None if isinstance(pattern, nodes.Call) else enum_named(c, pattern.receiver)
    if declared is None:
        return
    if declared.variant(pattern.name) is None:
        no_variant(c, declared, pattern.name, pattern)
    elif isinstance(pattern, nodes.MethodCall):
        check_payload(c, declared, pattern.name, pattern.args, pattern, matched=True)


def _payload_types(c: Checker, pattern: Any, subject: Type) -> tuple[Type, ...]:
    """The types of a variant's payload, as guesses."""
    opened = expand(subject)
    if isinstance(opened, Named) and opened.name == "Result" and len(opened.args) == 2:
        name = pattern.callee.name if isinstance(pattern, nodes.Call) else pattern.name
        return (doubtful(opened.args[name == "Err"]),)
    return ()


def _parts(c: Checker, pattern: Any) -> None:
    """Everything a list or dict pattern binds; the enum of a variant in it is no such name."""
    from harn.resolve.tree import walk

    for part in walk(pattern):
        if isinstance(part, nodes.Name) and enum_named(c, part) is None:
            c.declare(part.name, DYNAMIC, "other", part.span)


def _literal_fits(c: Checker, pattern: Any, subject: Type) -> None:
    opened = expand(subject)
    if not isinstance(opened, Named) or opened.name not in ("int", "float", "string", "bool") or opened.declared:
        return
    kind = _literal_kind(pattern)
    if kind in ("nil", opened.name) or {kind, opened.name} == {"int", "float"}:
        return
    message = f"Match pattern type mismatch: matching {show(subject)} against {kind} literal"
    c.warn("T008", message, pattern.span, "never matches")


def _literal_kind(pattern: Any) -> str:
    kinds = {
        nodes.StringLiteral: "string",
        nodes.IntLiteral: "int",
        nodes.FloatLiteral: "float",
        nodes.BoolLiteral: "bool",
        nodes.NilLiteral: "nil",
    }
    return kinds[pattern.__class__]


# --------------------------------------------------------------------------------------------- narrowing


def _narrow(c: Checker, subject: Any, arm: nodes.Arm) -> None:
    """The subject in an arm: its variable, or the variable whose tag it is."""
    patterns = alternatives(arm.pattern)
    if not all(isinstance(p, _LITERALS) for p in patterns):
        return
    access = tag_access(subject)
    if access is not None:
        _narrow_tag(c, access[0].name, access[1], patterns)
        return
    if not isinstance(subject, nodes.Name):
        return
    local = c.local(subject.name)
    if local is None:
        return
    opened = expand(c.flow.type(local))
    if isinstance(opened, OneOf):
        kept = [m for p in patterns for m in _matched(opened, p)]
        if kept:
            narrow(c, local, union(kept))


def _matched(type: OneOf, pattern: Any) -> list[Type]:
    """The members of a union that a literal may be: that literal, else its kind."""
    if isinstance(pattern, nodes.NilLiteral):
        return [m for m in type.members if m == NIL]
    if isinstance(pattern, (nodes.StringLiteral, nodes.IntLiteral)):
        literal = Literal(pattern.value)
        if literal in type.members:
            return [literal]
    kind = _literal_kind(pattern)
    near = ("int", "float") if kind in ("int", "float") else (kind,)
    exact = [m for m in type.members if kind_of(m) == kind]
    return exact or [m for m in type.members if kind_of(m) in near]


def _narrow_tag(c: Checker, name: str, tag: str, patterns: tuple[Any, ...]) -> None:
    local = c.local(name)
    if local is None:
        return
    type = c.flow.type(local)
    if isinstance(type, Dynamic):
        return
    shapes = tag_values(type, tag)
    if shapes:
        kept = [shapes[p.value] for p in patterns if getattr(p, "value", None) in shapes]
        if kept:
            narrow(c, local, union(kept))


# --------------------------------------------------------------------------------------------- coverage


def check_coverage(c: Checker, node: nodes.Match, subject: Type) -> None:
    """Tell what no arm covers, where that can be known. A guard does not count: it may fail when the program runs."""
    literals: list[Any] = []
    names: list[str] = []
    for arm in node.arms:
        for pattern in alternatives(arm.pattern):
            name = _variant_name(c, pattern)
            if name is not None:
                names.append(name)
            elif isinstance(pattern, _LITERALS):
                literals.append(pattern)
            else:
                return
    fault = _missing(c, node, subject, literals, names)
    if fault is not None:
        c.report(
            "T009", fault, node.span, label="not every case has an arm", help="add the arms, or `_` for all others"
        )


def _variant_name(c: Checker, pattern: Any) -> str | None:
    """The variant a pattern takes."""
    if isinstance(pattern, (nodes.MethodCall, nodes.Property)) and isinstance(pattern.receiver, nodes.Name):
        owner = pattern.receiver.name
        return pattern.name if owner == "Result" or c.type_declared(owner, "enum") is not None else None
    if isinstance(pattern, nodes.Call) and pattern.callee.name in ("Ok", "Err"):
        return pattern.callee.name
    return None


def _missing(c: Checker, node: nodes.Match, subject: Type, literals: list[Any], names: list[str]) -> str | None:
    declared = enum_of(subject)
    if declared is not None:
        return _missing_variants(declared, names)
    if isinstance(node.subject, nodes.Property) and node.subject.name == "variant":
        owner = enum_of(c.types.get(id(node.subject.receiver), DYNAMIC))
        if owner is not None:
            return _missing_variants(owner, [p.value for p in literals if isinstance(p, nodes.StringLiteral)])
    return None if names else _missing_literals(c, node, subject, literals)


def _missing_variants(declared: Declared, names: list[str]) -> str | None:
    variants = [v.name for v in declared.node.variants]  # type: ignore[union-attr]
    if any(name not in variants for name in names):
        return None
    missing = [f'"{name}"' for name in variants if name not in names]
    return f"Non-exhaustive match on enum {declared.name}: missing variants {', '.join(missing)}" if missing else None


def _missing_literals(c: Checker, node: nodes.Match, subject: Type, literals: list[Any]) -> str | None:
    values = [p.value for p in literals if isinstance(p, (nodes.StringLiteral, nodes.IntLiteral))]
    if isinstance(node.subject, nodes.Property):
        owner = c.types.get(id(node.subject.receiver), DYNAMIC)
        shapes = None if isinstance(owner, Dynamic) else tag_values(owner, node.subject.name)
        if shapes is not None and len(shapes) > 1:
            missing = [show_literal(tag) for tag in shapes if tag not in values]
            return (
                f"Non-exhaustive match on tagged shape union: missing variants {', '.join(missing)}"
                if missing
                else None
            )
    opened = expand(subject)
    if not isinstance(opened, OneOf) or opened.soft:  # what a builtin says it may give besides is nobody's to handle
        return None
    if all(isinstance(m, Literal) for m in opened.members):
        missing = [show(m) for m in opened.members if isinstance(m, Literal) and m.value not in values]
        return f"Non-exhaustive match on literal union: missing {', '.join(missing)}" if missing else None
    return _missing_kinds(opened, literals, values)


_JUDGED = frozenset(("int", "float", "string", "bool", "nil"))


def _missing_kinds(type: OneOf, literals: list[Any], values: list[Any]) -> str | None:
    """A union of plain types: each member needs one literal of its kind."""
    kinds = {_literal_kind(p) for p in literals}
    missing: list[str] = []
    for member in type.members:
        if isinstance(member, Literal):
            if member.value not in values:
                missing.append(show(member))
        elif not isinstance(member, Named) or member.declared is not None or member.name not in _JUDGED:
            return None
        elif member.name not in kinds and not (member.name in ("int", "float") and kinds & {"int", "float"}):
            missing.append(member.name)
    return f"Non-exhaustive match on union type: missing {', '.join(missing)}" if missing else None
