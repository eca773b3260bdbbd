"""Conditions and loops."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.resolve.tree import walk
from harn.syntax import nodes
from harn.types.elements import iterated
from harn.types.scope import REACHED, Local, join
from harn.types.statements import assigned, declare_pattern
from harn.types.values import DYNAMIC, Dynamic, Type, union

if TYPE_CHECKING:
    from harn.types.checker import Checker


def if_(c: Checker, node: nodes.If) -> Type:
    """``if``; without ``else`` its type is that of the branch."""
    holds, fails = c.condition(node.condition)
    c.flow = holds
    then = c.block(node.then)
    after = c.flow
    c.flow = fails
    otherwise: Type | None = None
    if node.otherwise is not None:
        otherwise = c.block(node.otherwise)
    c.flow = join(after, c.flow)
    return then if otherwise is None else union((then, otherwise))


def ternary(c: Checker, node: nodes.Ternary) -> Type:
    """``a ? b : c``"""
    holds, fails = c.condition(node.condition)
    c.flow = holds
    then = c.infer(node.then)
    after = c.flow
    c.flow = fails
    otherwise = c.infer(node.otherwise)
    c.flow = join(after, c.flow)
    if isinstance(then, Dynamic) or isinstance(otherwise, Dynamic):
        return DYNAMIC
    return union((then, otherwise))


def guard(c: Checker, node: nodes.Guard) -> Type:
    """``guard condition else { }``: what it says holds for the rest of the block."""
    holds, fails = c.condition(node.condition)
    c.flow = fails
    c.block(node.body)
    c.flow = holds
    return DYNAMIC


def require(c: Checker, node: nodes.Require) -> Type:
    """``require condition, message``"""
    holds, fails = c.condition(node.condition)
    if node.message is not None:
        c.flow = fails
        c.infer(node.message)
    c.flow = holds
    return DYNAMIC


def for_(c: Checker, node: nodes.For) -> Type:
    """``for p in xs { }``"""
    iterable = c.infer(node.iterable)
    certain, c.context.certain = c.context.certain, False
    before = c.flow
    before.forget(assigned(c, node.body))
    c.flow = before.copy()
    outer = c.scope
    c.open_scope()
    declare_pattern(c, node.pattern, "loop", iterated(iterable))
    _mark_unread(c, node.body)
    c.block(node.body)
    c.scope = outer
    c.flow = before
    c.context.certain = certain
    return DYNAMIC


def _mark_unread(c: Checker, body: nodes.Block) -> None:
    """Mark the loop variables that the body assigns to and never reads."""
    places = [place for place in assigned(c, body) if isinstance(place, Local)]
    written = {local.name: local for local in places if local is c.scope.names.get(local.name)}
    if not written:
        return
    parts = [part for statement in body for part in walk(statement)]
    targets = {id(part.target) for part in parts if isinstance(part, nodes.Assign) and part.op == "="}
    read = {part.name for part in parts if isinstance(part, nodes.Name) and id(part) not in targets}
    for name, local in written.items():
        local.unread = name not in read


def while_(c: Checker, node: nodes.While) -> Type:
    """``while condition { }``: where nothing breaks out, the condition does not hold after it."""
    certain, c.context.certain = c.context.certain, False
    before = c.flow
    before.forget(assigned(c, node.body))
    holds, fails = c.condition(node.condition)
    c.flow = holds
    c.block(node.body)
    breaks = any(isinstance(part, nodes.Break) for statement in node.body for part in walk(statement))
    c.flow = before if breaks else fails
    c.flow.dead = REACHED
    c.context.certain = certain
    return DYNAMIC
