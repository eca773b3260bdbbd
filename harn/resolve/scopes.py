"""Lexical scopes, and how a name is looked up through them.

A name means, in this order:

    1. what the scopes around it have declared so far, in the order of the statements; a name of an enclosing function is
       captured by value, through every function between
    2. a module variable: a top-level function or type, an imported name
    3. inside a nested function, a local ``fn`` that one of the scopes around it declares further down; it lives in a cell
    4. nothing: a builtin, or a function found on the stack at run time
"""

from __future__ import annotations

from harn.resolve.bindings import Binding, FunctionScope


class Scope:
    """One block. ``hoisted``: the functions its statements define, whether reached yet or not."""

    __slots__ = ("function", "hoisted", "names", "parent")

    def __init__(self, parent: Scope | None, function: FunctionScope) -> None:
        self.parent = parent
        self.function = function
        self.names: dict[str, Binding] = {}
        self.hoisted: dict[str, Binding] = {}


def find(scope: Scope, name: str, module: dict[str, Binding]) -> Binding | None:
    """What a name means in a scope: a binding of the scope's own function or of the module, captured on the way if need be."""
    found = _declared(scope, name)
    if found is None:
        found = module.get(name) or _hoisted(scope, name)
    if found is None or found.function is None:
        return found
    return _captured(found, scope.function)


def _declared(scope: Scope | None, name: str) -> Binding | None:
    while scope is not None:
        found = scope.names.get(name)
        if found is not None:
            return found
        scope = scope.parent
    return None


def _hoisted(scope: Scope | None, name: str) -> Binding | None:
    """A local function defined further down, seen from a function nested in its scope."""
    assert scope is not None
    here = scope.function
    while scope is not None:
        if scope.function is not here:
            found = scope.hoisted.get(name)
            if found is not None:
                found.late = True
                return found
        scope = scope.parent
    return None


def _captured(found: Binding, function: FunctionScope) -> Binding:
    """The copy of a binding that a function nested in the binding's own one has."""
    if found.function is function:
        return found
    between: list[FunctionScope] = []
    at: FunctionScope | None = function
    while at is not None and at is not found.function:
        between.append(at)
        at = at.parent
    for inner in reversed(between):
        copy = inner.captures.get(found)
        if copy is None:
            copy = Binding(found.name, found.kind, inner, 0)
            copy.source = found
            copy.value = found.value
            inner.captures[found] = copy
            inner.names.add(found.name)
        note_use(found)
        found = copy
    return found


def note_use(binding: Binding) -> None:
    """A use of a binding in its own function: inside a deferred block it keeps the slot, and the value of a loop's round."""
    function = binding.function
    if function is None or not function.blocks:
        return
    binding.deferred = True
    if binding.looped:
        for start, kept in function.blocks:
            if binding.order < start:
                kept[binding] = None
