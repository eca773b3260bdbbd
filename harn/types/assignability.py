"""Whether a value of one type may stand where another is expected."""

from __future__ import annotations

from harn.types.annotations import KINDS
from harn.types.declarations import Callable, Declared
from harn.types.values import (
    DYNAMIC,
    Dynamic,
    Function,
    Literal,
    Named,
    OneOf,
    Shape,
    Type,
    Unknown,
    Variable,
    show,
    substitute,
    union,
)  # fmt: skip

_COVARIANT = frozenset(("iter", "Stream", "Generator", "Result", "pair", "Schema", "set"))

_DEEP = 60
"""Steps into two types after which they are taken to fit: types that contain themselves go on for ever."""


def expand(type: Type) -> Type:
    """What an alias stands for, all the way; any other type as it is. An alias of itself is not known."""
    seen = 0
    while isinstance(type, Named) and type.declared is not None and type.declared.kind == "alias":
        seen += 1
        if seen > _DEEP:
            return DYNAMIC
        type = _instance(type.declared, type.args)
    if isinstance(type, OneOf) and any(isinstance(m, Named) and m.declared is not None for m in type.members):
        return _expanded_members(type)
    return type


def _expanded_members(type: OneOf) -> Type:
    flat: list[Type] = []
    waiting = list(reversed(type.members))
    for _ in range(1000):
        if not waiting:
            break
        member = waiting.pop()
        if isinstance(member, Named) and member.declared is not None and member.declared.kind == "alias":
            body = _instance(member.declared, member.args)
            waiting += reversed(body.members if isinstance(body, OneOf) else (body,))
        else:
            flat.append(member)
    if waiting:
        return DYNAMIC
    return union(flat, soft=type.soft, sure=type.sure)


def _instance(declared: Declared, args: tuple[Type, ...]) -> Type:
    """An alias with its arguments. A union as argument makes a union of instances: each member fixes the parameter anew."""
    body = declared.body()
    if not declared.variables:
        return body
    if not args:
        return substitute(body, dict.fromkeys(declared.variables, DYNAMIC))
    for number, argument in enumerate(args):
        opened = expand(argument)
        if isinstance(opened, OneOf) and all(isinstance(m, Literal) for m in opened.members):
            return union(
                Named(declared.name, (*args[:number], member, *args[number + 1 :]), declared)
                for member in opened.members
            )
    return substitute(body, dict(zip(declared.variables, args, strict=False)))


def fits(source: Type, target: Type) -> bool:
    """Whether a value of ``source`` may stand where ``target`` is expected."""
    return _fits(source, target, True, 0)


def alike(a: Type, b: Type) -> bool:
    """Whether each fits the other, an int being no float here."""
    return _fits(a, b, False, 0) and _fits(b, a, False, 0)


def opaque(type: Type) -> bool:
    """Whether the checker cannot tell what a type is, because nothing declares its name."""
    return isinstance(type, Named) and type.declared is None and type.name not in KINDS


def _fits(source: Type, target: Type, widen: bool, depth: int) -> bool:
    if source is target or depth > _DEEP:
        return True
    if isinstance(source, (Dynamic, Variable)) or isinstance(target, (Dynamic, Unknown, Variable)):
        return True
    if isinstance(source, Named) and (source.name in ("any", "never") or opaque(source)):
        return True
    if isinstance(target, Named):
        if target.name == "any" or opaque(target):
            return True
        if isinstance(source, Named) and source.name == target.name and source.args == target.args:
            return True
    source, target = expand(source), expand(target)
    if isinstance(source, Dynamic) or isinstance(target, (Dynamic, Unknown)):
        return True
    if isinstance(source, Unknown):
        return isinstance(target, OneOf) and any(_fits(source, m, widen, depth + 1) for m in target.members)
    if isinstance(source, OneOf):
        each = (_fits(member, target, widen, depth + 1) for member in source.members)
        return any(each) if source.soft else all(each)
    if isinstance(target, OneOf):
        return any(_fits(source, member, widen, depth + 1) for member in target.members)
    if isinstance(source, Named) and isinstance(target, Named):
        return _named(source, target, widen, depth)
    return _structural(source, target, widen, depth)


def _named(source: Named, target: Named, widen: bool, depth: int) -> bool:
    if opaque(source) or opaque(target) or target.name == "any" or source.name in ("any", "never"):
        return True
    if target.declared is not None and target.declared.kind == "interface":
        return _to_interface(source, target)
    if source.name != target.name:
        if target.name == "float":
            return widen and source.name == "int"
        pair = {source.name, target.name}
        return pair == {"Schema", "dict"}
    if not source.args or not target.args:
        return True
    if source.made and source.name in ("list", "dict"):
        return all(_fits(a, b, widen, depth + 1) for a, b in zip(source.args, target.args, strict=False))
    for number, (a, b) in enumerate(zip(source.args, target.args, strict=False)):
        if not _argument(target, number, a, b, widen, depth + 1):
            return False
    return True


def _argument(owner: Named, number: int, a: Type, b: Type, widen: bool, depth: int) -> bool:
    """Whether one type argument may stand for another in its place."""
    variance = ""
    if owner.name in _COVARIANT:
        variance = "out"
    elif owner.declared is not None and number < len(owner.declared.variances):
        variance = owner.declared.variances[number]
    if variance == "out":
        return _fits(a, b, widen, depth)
    if variance == "in":
        return _fits(b, a, widen, depth)
    opened = expand(b)
    if isinstance(opened, Named) and opened.declared is not None and opened.declared.kind == "interface":
        return _fits(a, b, False, depth)
    return _fits(a, b, False, depth) and _fits(b, a, False, depth)


def _structural(source: Type, target: Type, widen: bool, depth: int) -> bool:
    """Where at least one is a literal, a shape or a function type."""
    if isinstance(target, Literal):
        if isinstance(source, Literal):
            return source.value == target.value and source.value.__class__ is target.value.__class__
        return isinstance(source, Named) and source.name == ("string" if isinstance(target.value, str) else "int")
    if isinstance(source, Literal):
        if not isinstance(target, Named):
            return False
        return target.name == "string" if isinstance(source.value, str) else target.name in ("int", "float")
    if isinstance(target, Shape):
        if isinstance(source, Shape):
            return not shape_faults(source, target, widen, depth)
        return isinstance(source, Named) and source.name in ("dict", "Schema")
    if isinstance(source, Shape):
        if not isinstance(target, Named) or target.name not in ("dict", "Schema"):
            return False
        value = target.args[1] if target.name == "dict" and len(target.args) > 1 else DYNAMIC
        return all(_fits(f.type, value, widen, depth + 1) for f in source.fields)
    if isinstance(source, Function) and isinstance(target, Function):
        return _function(source, target, widen, depth)
    other = source if isinstance(target, Function) else target
    return isinstance(other, Named) and other.name == "closure"


def shape_faults(
    source: Shape, target: Shape, widen: bool = True, depth: int = 0
) -> list[tuple[str, Type | None, Type]]:
    """The required fields of ``target`` that ``source`` lacks or has otherwise: (name, its type there or None, expected)."""
    faults: list[tuple[str, Type | None, Type]] = []
    for field in target.fields:
        if field.optional:
            continue
        found = source.get(field.name)
        if found is None:
            faults.append((field.name, None, field.type))
        elif not _fits(found.type, field.type, widen, depth + 1):
            faults.append((field.name, found.type, field.type))
    return faults


def optional_faults(source: Type, target: Type) -> list[tuple[str, Type | None, Type]]:
    """The optional fields of ``target`` that ``source`` has with another type. They take no part in whether it fits."""
    source, target = expand(source), expand(target)
    if not isinstance(source, Shape) or not isinstance(target, Shape):
        return []
    faults: list[tuple[str, Type | None, Type]] = []
    for field in target.fields:
        found = source.get(field.name) if field.optional else None
        if found is not None and not fits(found.type, field.type):
            faults.append((field.name, found.type, field.type))
    return faults


def _function(source: Function, target: Function, widen: bool, depth: int) -> bool:
    least = len(source.params) if source.least is None else source.least
    given = len(target.params)
    if given < least or (given > len(source.params) and not source.rest):
        return False
    params = all(_fits(b, a, widen, depth + 1) for a, b in zip(source.params, target.params, strict=False))
    return params and _fits(source.result, target.result, widen, depth + 1)


def _to_interface(source: Named, target: Named) -> bool:
    declared = source.declared
    if declared is not None and declared.kind == "interface":
        return declared is target.declared or source.name == target.name or not _lacking(declared, target)
    return unsatisfied(source, target) is None


def _lacking(source: Declared, target: Named) -> list[str]:
    assert target.declared is not None
    return [name for name in target.declared.interface_methods() if name not in source.interface_methods()]


# --------------------------------------------------------------------------------------------- interfaces


def unsatisfied(type: Type, interface: Named) -> str | None:
    """Why a type does not satisfy an interface; None where it does, as far as the checker can tell."""
    if isinstance(type, (Dynamic, Variable)) or (isinstance(type, Named) and (type.name == "any" or opaque(type))):
        return None
    opened = expand(type)
    if isinstance(opened, Dynamic):
        return None
    if not isinstance(opened, Named):
        return "only named types can satisfy interfaces"
    declared, wanted = opened.declared, interface.declared
    assert wanted is not None
    asked = wanted.interface_methods()
    if declared is not None and declared.kind == "interface":
        missing = _lacking(declared, interface)
        return f"missing method(s): {', '.join(missing)}" if missing else None
    methods = declared.methods if declared is not None else {}
    if not methods and asked:
        return f"missing method(s): {', '.join(asked)}"
    bound: dict[str, Type] = dict(zip(wanted.variables, interface.args, strict=False)) if interface.args else {}
    free = {*wanted.variables, *_associated(wanted)} - set(bound)
    for name, want in asked.items():
        reason = _method_reason(name, methods.get(name), want, free, bound)
        if reason is not None:
            return reason
    return _associated_reason(wanted, bound)


def _associated(wanted: Declared) -> tuple[str, ...]:
    return tuple(t.name for t in wanted.node.types)  # type: ignore[union-attr]


def _method_reason(
    name: str, have: Callable | None, want: Callable, free: set[str], bound: dict[str, Type]
) -> str | None:
    """How a method misses what an interface asks for. Free type parameters of the interface are bound on the way."""
    if have is None:
        return f"missing method '{name}'"
    if len(have.params) != len(want.params):
        return f"method '{name}' has {len(have.params)} parameter(s), expected {len(want.params)}"
    for number, (mine, asked) in enumerate(zip(have.params, want.params, strict=True), 1):
        if not _agree(mine.type, asked.type, free, bound, True):
            wanted = show(substitute(asked.type, bound))
            return f"method '{name}' parameter {number} has type '{show(mine.type)}', expected '{wanted}'"
    if have.result is not None and want.result is not None and not _agree(have.result, want.result, free, bound, False):
        return f"method '{name}' returns '{show(have.result)}', expected '{show(substitute(want.result, bound))}'"
    return None


def _agree(mine: Type, asked: Type, free: set[str], bound: dict[str, Type], contra: bool) -> bool:
    if isinstance(asked, Variable) and asked.name in free and asked.name not in bound:
        if not isinstance(mine, (Dynamic, Variable)):
            bound[asked.name] = mine
        return True
    wanted = substitute(asked, bound)
    return fits(wanted, mine) if contra else fits(mine, wanted)


def _associated_reason(wanted: Declared, bound: dict[str, Type]) -> str | None:
    from harn.types.annotations import annotation

    for associated in wanted.node.types:  # type: ignore[union-attr]
        if associated.default is None or associated.name not in bound:
            continue
        expected = annotation(associated.default, wanted.home, wanted.variables)
        if not fits(bound[associated.name], expected):
            resolved = show(bound[associated.name])
            return f"associated type '{associated.name}' resolves to '{resolved}', expected '{show(expected)}'"
    return None
