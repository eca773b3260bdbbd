"""What each statement does."""

from __future__ import annotations

from typing import Any

from harn.syntax import nodes
from tests.oracle import values
from tests.oracle.frame import Breaking, Continuing, Frame, Function, Returning, evaluates
from tests.oracle.values import Fault, Value, truthy


@evaluates(nodes.Let)
def let(f: Frame, node: nodes.Let) -> None:
    f.bind(node.pattern, f.evaluate(node.value), node.mutable)


@evaluates(nodes.Assign)
def assign(f: Frame, node: nodes.Assign) -> None:
    """The old value is read first where the operator needs it, then the new one is made, then the variable is changed.

    It is changed as it stands then: making the new value may have assigned to it.
    """
    if isinstance(node.target, nodes.Name):
        if node.op == "=":
            f.store(node.target.name, f.evaluate(node.value))
        else:
            old = f.look_up(node.target.name)
            f.store(node.target.name, f.combine(node.op[:-1], old, f.evaluate(node.value)))
        return
    if node.op == "=":
        value = f.evaluate(node.value)
        root, path = _path(f, node.target)
    else:
        root, path = _path(f, node.target)
        old = values.item(_wholes(f, root, path)[-1], path[-1])
        value = f.combine(node.op[:-1], old, f.evaluate(node.value))
    f.require_mutable(root)
    wholes = _wholes(f, root, path)
    for whole, place in zip(reversed(wholes), reversed(path), strict=True):
        value = values.with_item(whole, place, value)
    f.store(root, f.run.sized(value))


def _path(f: Frame, target: nodes.Expr) -> tuple[str, list[Value]]:
    """The variable a place belongs to, and the keys that lead to the place."""
    keys: list[Value] = []
    while isinstance(target, (nodes.Index, nodes.Property)):
        keys.append(f.evaluate(target.index) if isinstance(target, nodes.Index) else target.name)
        target = target.receiver
    assert isinstance(target, nodes.Name)
    return target.name, keys[::-1]


def _wholes(f: Frame, root: str, path: list[Value]) -> list[Value]:
    """The collections on the way to a place, outermost first."""
    found = [f.look_up(root)]
    for place in path[:-1]:
        found.append(values.item(found[-1], place))
    return found


@evaluates(nodes.For)
def for_(f: Frame, node: nodes.For) -> None:
    for element in values.elements(f.evaluate(node.iterable)):
        f.scopes.append({})
        try:
            f.bind(node.pattern, element, mutable=True)
            f.block(node.body)
        except Breaking:
            break
        except Continuing:
            continue
        finally:
            f.scopes.pop()


@evaluates(nodes.While)
def while_(f: Frame, node: nodes.While) -> None:
    while truthy(f.evaluate(node.condition)):
        try:
            f.block(node.body)
        except Breaking:
            break
        except Continuing:
            continue


@evaluates(nodes.Return)
def return_(f: Frame, node: nodes.Return) -> Value:
    raise Returning(None if node.value is None else f.evaluate(node.value))


@evaluates(nodes.Throw)
def throw(f: Frame, node: nodes.Throw) -> Value:
    raise Fault(f.evaluate(node.value))


@evaluates(nodes.Break)
def break_(f: Frame, node: nodes.Break) -> Value:
    raise Breaking


@evaluates(nodes.Continue)
def continue_(f: Frame, node: nodes.Continue) -> Value:
    raise Continuing


@evaluates(nodes.Guard)
def guard(f: Frame, node: nodes.Guard) -> None:
    if not truthy(f.evaluate(node.condition)):
        f.block(node.body)


@evaluates(nodes.Require)
def require(f: Frame, node: nodes.Require) -> None:
    if not truthy(f.evaluate(node.condition)):
        raise Fault("require condition failed" if node.message is None else f.evaluate(node.message))


@evaluates(nodes.Defer)
def defer(f: Frame, node: nodes.Defer) -> None:
    f.deferred.append((list(f.scopes), node.body))


@evaluates(nodes.Fn)
def fn(f: Frame, node: nodes.Fn) -> Any:
    """Define a function. It sees itself, and gives nil unless it returns something else."""
    seen = f.visible()
    function = Function(node.name, node.params, (*node.body, nodes.NilLiteral()), seen)
    f.declare(node.name, function)
    seen[node.name] = f.scopes[-1][node.name]
