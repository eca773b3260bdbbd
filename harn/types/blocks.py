"""Expressions with blocks: try, retry, and what runs beside or under a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.elements import iterated
from harn.types.fitting import value_fits
from harn.types.scope import REACHED, join
from harn.types.statements import assigned
from harn.types.values import DYNAMIC, INT, NIL, Dynamic, Named, OneOf, Type, show

if TYPE_CHECKING:
    from harn.types.checker import Checker


def try_(c: Checker, node: nodes.Try) -> Type:
    """``try { }``: a Result without ``catch`` and ``finally``."""
    certain, c.context.certain = c.context.certain, False
    before = c.flow.copy()
    before.forget(assigned(c, node.body))
    c.caught += 1
    value = c.block(node.body)
    c.caught -= 1
    after = c.flow
    if node.catch is not None:
        c.flow = before.copy()
        outer = c.scope
        c.open_scope()
        if node.catch.name:
            c.declare(node.catch.name, c.annotation(node.catch.type), "other", node.catch.span)
        c.block(node.catch.body)
        c.scope = outer
        c.flow = join(after, c.flow)
    else:
        c.flow = join(after, before)
    if node.cleanup is not None:
        dead, c.flow.dead = c.flow.dead, REACHED
        c.block(node.cleanup)
        c.flow.dead = max(dead, c.flow.dead)
    c.context.certain = certain
    if node.catch is not None or node.cleanup is not None:
        return DYNAMIC
    opened = expand(value)
    if isinstance(opened, Dynamic) or (isinstance(opened, Named) and opened.name in ("Result", "never")):
        return DYNAMIC
    return Named("Result", (value, DYNAMIC))


def _aside(c: Checker, body: nodes.Block, names: tuple[tuple[str | None, Type], ...], node: Any) -> Type:
    """A block that runs as a function of its own: its ``return`` is not that of the function around it."""
    from harn.types.functions import nested

    return nested(c, body, names, node)


def retry(c: Checker, node: nodes.Retry) -> Type:
    """``retry n { }``"""
    c.infer(node.count)
    _aside(c, node.body, (), node)
    return DYNAMIC


def parallel(c: Checker, node: nodes.Parallel) -> Type:
    """``parallel each xs { x -> }`` and its kin"""
    subject = c.infer(node.subject)
    for option in node.options:
        _most(c, option.value)
    element = DYNAMIC if node.mode == "count" else iterated(subject)
    _aside(c, node.body, ((node.param, element),), node)
    return DYNAMIC


def _most(c: Checker, node: Any) -> None:
    """``max_concurrent``: how many may run at once; nil for any number."""
    type = c.infer(node)
    if not value_fits(c, node, type, OneOf((INT, NIL))):
        message = f"`max_concurrent` on `parallel` must be int, got {show(type)}"
        c.report("T031", message, node.span, label=f"this is {show(type)}", actual=type)


def spawn(c: Checker, node: nodes.Spawn) -> Type:
    """``spawn { }``"""
    _aside(c, node.body, (), node)
    return DYNAMIC


def defer(c: Checker, node: nodes.Defer) -> Type:
    """``defer { }``"""
    _aside(c, node.body, (), node)
    return DYNAMIC


def _inside(c: Checker, body: nodes.Block) -> None:
    """A block of the same function that may run in part only."""
    certain, c.context.certain = c.context.certain, False
    before = c.flow.copy()
    before.forget(assigned(c, body))
    c.block(body)
    c.flow = before
    c.context.certain = certain


def deadline(c: Checker, node: nodes.Deadline) -> Type:
    """``deadline d { }``"""
    c.infer(node.duration)
    _inside(c, node.body)
    return DYNAMIC


def mutex(c: Checker, node: nodes.Mutex) -> Type:
    """``mutex { }``"""
    _inside(c, node.body)
    return DYNAMIC


def select(c: Checker, node: nodes.Select) -> Type:
    """``select { }``"""
    for case in node.cases:
        c.infer(case.channel)
        outer = c.scope
        c.open_scope()
        c.declare(case.name, DYNAMIC, "other", case.span)
        _inside(c, case.body)
        c.scope = outer
    if node.timeout is not None:
        c.infer(node.timeout)
    for body in (node.timeout_body, node.default_body):
        if body is not None:
            _inside(c, body)
    c.flow.dead = REACHED
    return DYNAMIC
