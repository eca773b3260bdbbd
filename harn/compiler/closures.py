"""Function values: parameters, defaults, captures, bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harn.code.chunk import Param
from harn.compiler.types import checkable
from harn.resolve.bindings import Binding
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

Body = Callable[["FunctionCompiler"], None]


def closure(c: FunctionCompiler, node: nodes.Closure) -> None:
    make_function(c, node, "", node.params, valued(node.body), flags=("closure",))


def valued(body: nodes.Block) -> Body:
    """A body that gives its last expression."""
    return lambda inner: inner.block(body, True)


def plain(body: nodes.Block) -> Body:
    """A body that gives nil unless it returns something."""

    def compile_body(inner: FunctionCompiler) -> None:
        inner.block(body, False)
        inner.asm.emit("CONST", None)

    return compile_body


def make_function(
    c: FunctionCompiler,
    node: Any,
    name: str,
    params: tuple[nodes.Param, ...],
    body: Body,
    *,
    flags: tuple[str, ...] = (),
    part: str = "",
    type_params: frozenset[str] = frozenset(),
) -> None:
    """Compile a nested function and push its value. The names in ``type_params`` stand for any type."""
    from harn.compiler.function import FunctionCompiler

    scope = c.names.functions[id(node), part]
    stream = getattr(node, "stream", False)
    if "task" not in flags and (scope.yields or stream):
        flags = (*flags, "stream" if stream else "generator")
    for outer in scope.captures:
        if outer.own >= 0:
            c.asm.emit("SHARE", outer.own)
    declared = tuple(_parameter_binding(c, param) for param in params)
    if isinstance(node, nodes.Parallel) and node.param is not None:
        declared = c.names.declared[id(node)]
    lowered = tuple(_lower(c, param, type_params) for param in params)
    if isinstance(node, nodes.Parallel) and node.param is not None:
        lowered = (Param(node.param),)
    qualified = c.module.qualify(c.qualified if c.scope.parent is not None else "", name)
    index = c.module.reserve()
    inner = FunctionCompiler(c.module, scope, name, qualified, lowered, declared, flags, node.span)
    _defaults(inner, params)
    body(inner)
    inner.asm.at((node.span[1] - 1, node.span[1]) if node.span[1] else node.span)
    inner.asm.emit("RETURN")
    c.module.functions[index] = inner.finish()
    c.asm.emit("CLOSURE", index)


def _parameter_binding(c: FunctionCompiler, param: nodes.Param) -> Binding | None:
    return c.names.declared[id(param)][0]


def _lower(c: FunctionCompiler, param: nodes.Param, type_params: frozenset[str]) -> Param:
    if param.rest:  # its annotation may mean the list or its elements: nothing is checked
        return Param(param.name, "rest")
    kind = "optional" if param.default is not None else "required"
    return Param(param.name, kind, checkable(param.type, c.module.aliases, type_params))


def _defaults(inner: FunctionCompiler, params: tuple[nodes.Param, ...]) -> None:
    """Missing arguments are evaluated here, from left to right, each seeing the parameters before it."""
    asm = inner.asm
    for slot, param in enumerate(params):
        if param.default is None:
            continue
        given = asm.label()
        asm.at(param.span)
        asm.emit("JUMP_IF_GIVEN", given, slot)
        inner.value(param.default)
        asm.emit("STORE", slot)
        asm.mark(given)
