"""What each expression means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harn.syntax import nodes
from tests.oracle import values
from tests.oracle.frame import Frame, Function, TooLong, evaluates
from tests.oracle.values import Fault, Interval, Value, equal, show, truthy, type_error

# ------------------------------------------------------------------------------------------------ literals


@evaluates(nodes.IntLiteral, nodes.FloatLiteral, nodes.StringLiteral, nodes.BoolLiteral)
def literal(f: Frame, node: Any) -> Value:
    return node.value


@evaluates(nodes.NilLiteral)
def nil(f: Frame, node: nodes.NilLiteral) -> Value:
    return None


@evaluates(nodes.Interpolation)
def interpolation(f: Frame, node: nodes.Interpolation) -> Value:
    parts = [part if isinstance(part, str) else show(f.evaluate(part)) for part in node.parts]
    return f.run.sized("".join(parts))


@evaluates(nodes.ListLiteral)
def list_(f: Frame, node: nodes.ListLiteral) -> Value:
    return f.run.sized(f.arguments(node.items))


@evaluates(nodes.DictLiteral)
def dict_(f: Frame, node: nodes.DictLiteral) -> Value:
    made: dict[str, Value] = {}
    for entry in node.entries:
        if isinstance(entry, nodes.Spread):
            more = f.evaluate(entry.value)
            if type(more) is not dict:
                raise type_error(f"cannot destructure {values.kind(more)} with {{...}} pattern — expected dict")
            made |= more
        else:
            key = show(f.evaluate(entry.key))
            made[key] = f.evaluate(entry.value)
    return f.run.sized(made)


@evaluates(nodes.Name)
def name(f: Frame, node: nodes.Name) -> Value:
    return f.look_up(node.name)


@evaluates(nodes.Closure)
def closure(f: Frame, node: nodes.Closure) -> Value:
    return Function("<closure>", node.params, node.body, f.visible())


# ------------------------------------------------------------------------------------------------ operators


@evaluates(nodes.Binary)
def binary(f: Frame, node: nodes.Binary) -> Value:
    left = f.evaluate(node.left)
    if node.op == "&&":
        return truthy(left) and truthy(f.evaluate(node.right))
    if node.op == "||":
        return truthy(left) or truthy(f.evaluate(node.right))
    if node.op == "??":
        return f.evaluate(node.right) if left is None else left
    return f.combine(node.op, left, f.evaluate(node.right))


@evaluates(nodes.Unary)
def unary(f: Frame, node: nodes.Unary) -> Value:
    value = f.evaluate(node.operand)
    return values.negate(value) if node.op == "-" else not truthy(value)


@evaluates(nodes.Ternary)
def ternary(f: Frame, node: nodes.Ternary) -> Value:
    return f.evaluate(node.then if truthy(f.evaluate(node.condition)) else node.otherwise)


@evaluates(nodes.Range)
def range_(f: Frame, node: nodes.Range) -> Value:
    return Interval(f.evaluate(node.start), f.evaluate(node.end), node.exclusive)


@evaluates(nodes.Pipe)
def pipe(f: Frame, node: nodes.Pipe) -> Value:
    value = f.evaluate(node.value)
    return f.apply(f.evaluate(node.target), [value])


# ------------------------------------------------------------------------------------------------ access


@evaluates(nodes.Index)
def index(f: Frame, node: nodes.Index) -> Value:
    whole = f.evaluate(node.receiver)
    place = f.evaluate(node.index)
    return None if node.optional and whole is None else values.item(whole, place)


@evaluates(nodes.Slice)
def slice_(f: Frame, node: nodes.Slice) -> Value:
    whole = f.evaluate(node.receiver)
    start = None if node.start is None else f.evaluate(node.start)
    end = None if node.end is None else f.evaluate(node.end)
    return values.part(whole, start, end)


@evaluates(nodes.Property)
def property_(f: Frame, node: nodes.Property) -> Value:
    """A key of a dict; the pure programs read no other properties."""
    whole = f.evaluate(node.receiver)
    if whole is None and node.optional:
        return None
    if type(whole) is dict:
        return whole.get(node.name)
    if type(whole) in (list, str):
        return None
    raise type_error(f"cannot access property `{node.name}` on {values.kind(whole)}")


# ------------------------------------------------------------------------------------------------ calls


@evaluates(nodes.Call)
def call(f: Frame, node: nodes.Call) -> Value:
    known = next((scope[node.callee.name].value for scope in reversed(f.scopes) if node.callee.name in scope), None)
    if isinstance(known, Function):
        return f.apply(known, f.arguments(node.args))
    return _BUILTINS[node.callee.name](f, *f.arguments(node.args))


def println(f: Frame, value: Value = "") -> Value:
    f.run.print(show(value) + "\n")
    return None


_BUILTINS: dict[str, Callable[..., Value]] = {
    "println": println,
    "len": lambda f, value: values.length(value),
    "to_string": lambda f, value: show(value),
}


@evaluates(nodes.MethodCall)
def method(f: Frame, node: nodes.MethodCall) -> Value:
    """A method of lists; what has no such method gives nil."""
    receiver = f.evaluate(node.receiver)
    args = f.arguments(node.args)
    if receiver is None:
        raise type_error(f"cannot call method `{node.name}` on nil")
    if type(receiver) is not list:
        if type(receiver) in (dict, Interval):
            raise TooLong  # these have methods of their own by some of the names
        return None
    if node.name != "push" and not callable(args[-1]):
        return None
    if node.name == "map":
        return [f.apply(args[0], [element]) for element in receiver]
    if node.name == "filter":
        return [element for element in receiver if truthy(f.apply(args[0], [element]))]
    if node.name == "push":
        return f.run.sized([*receiver, args[0]])
    assert node.name == "reduce"
    value = args[0]
    for element in receiver:
        value = f.apply(args[1], [value, element])
    return value


# ------------------------------------------------------------------------------------------------ with blocks


@evaluates(nodes.If)
def if_(f: Frame, node: nodes.If) -> Value:
    """Without ``else`` an ``if`` has no value, whether it is taken or not."""
    if truthy(f.evaluate(node.condition)):
        value = f.block(node.then)
        return None if node.otherwise is None else value
    return None if node.otherwise is None else f.block(node.otherwise)


@evaluates(nodes.Match)
def match(f: Frame, node: nodes.Match) -> Value:
    subject = f.evaluate(node.subject)
    for arm in node.arms:
        f.scopes.append({})
        try:
            if _matches(f, arm.pattern, subject) and (arm.guard is None or truthy(f.evaluate(arm.guard))):
                return f.block(arm.body)
        finally:
            f.scopes.pop()
    raise Fault("No match arm matched the value")


def _matches(f: Frame, pattern: nodes.Expr | nodes.OrPattern, subject: Value) -> bool:
    """Whether a value matches; binds the names of the pattern in the innermost scope."""
    if isinstance(pattern, nodes.OrPattern):
        return any(_matches(f, alternative, subject) for alternative in pattern.alternatives)
    if isinstance(pattern, nodes.Name):
        f.declare(pattern.name, subject)
        return True
    if isinstance(pattern, nodes.ListLiteral):
        if type(subject) is not list or len(subject) < len(pattern.items):
            return False
        return all(_matches_part(f, part, value) for part, value in zip(pattern.items, subject, strict=False))
    if isinstance(pattern, nodes.DictLiteral):
        if type(subject) is not dict:
            return False
        return all(_matches_part(f, entry.value, subject.get(entry.key.value)) for entry in pattern.entries)  # type: ignore[union-attr]
    return equal(f.evaluate(pattern), subject)


def _matches_part(f: Frame, pattern: Any, subject: Value) -> bool:
    """An element or entry of a pattern: a name binds, everything else is compared."""
    if isinstance(pattern, nodes.Name):
        f.declare(pattern.name, subject)
        return True
    return equal(f.evaluate(pattern), subject)


@evaluates(nodes.Try)
def try_(f: Frame, node: nodes.Try) -> Value:
    """Whatever happens, the cleanup runs once, last, and what leaves it replaces what would have left the rest."""
    try:
        try:
            return f.block(node.body)
        except Fault as error:
            if node.catch is None:
                raise
            return f.block(node.catch.body, f.catching(node.catch, error.value))
    finally:
        if node.cleanup is not None:
            f.block(node.cleanup)
