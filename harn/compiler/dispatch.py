"""From a node's class to the code that compiles it.

An expression whose first operand is itself an operator or an access (``a + b + c``, ``x.f().g()``, ``v |> f |> g``) is compiled
from the innermost one outwards by a loop, so that long chains need no deep recursion. Such nodes have an entry in ``FIRST``
(which field is evaluated first) and in ``AFTER`` (what to do with it on the stack). All others have one in ``VALUES``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harn.compiler import (
    access,
    assignment,
    bindings,
    branches,
    calls,
    closures,
    concurrency,
    declarations,
    errors,
    literals,
    loops,
    matching,
    operators,
    pipes,
)  # fmt: skip
from harn.compiler.names import ESCAPES, name
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

FIRST: dict[type, str] = {
    nodes.Binary: "left",
    nodes.Unary: "operand",
    nodes.Pipe: "value",
    nodes.MethodCall: "receiver",
    nodes.Property: "receiver",
    nodes.Index: "receiver",
    nodes.Slice: "receiver",
    nodes.Propagate: "operand",
    nodes.TryStar: "operand",
}

AFTER: dict[type, Callable[[FunctionCompiler, Any], None]] = {
    nodes.Binary: operators.binary,
    nodes.Unary: operators.unary,
    nodes.Pipe: pipes.pipe,
    nodes.MethodCall: calls.method_call,
    nodes.Property: access.property_,
    nodes.Index: access.index,
    nodes.Slice: access.slice_,
    nodes.Propagate: errors.propagate,
    nodes.TryStar: errors.try_star,
}

REACH: dict[type, Callable[[Any], int]] = {
    nodes.Binary: operators.reach,
    nodes.Unary: operators.reach,
    nodes.MethodCall: calls.receiver_reach,
    nodes.Property: access.reach,
    nodes.Index: access.reach,
    nodes.Slice: access.reach,
}
"""How far the first operand goes; one that is not here may be kept."""

VALUES: dict[type, Callable[[FunctionCompiler, Any], None]] = {
    nodes.IntLiteral: literals.constant,
    nodes.FloatLiteral: literals.constant,
    nodes.StringLiteral: literals.constant,
    nodes.BoolLiteral: literals.constant,
    nodes.NilLiteral: literals.nil,
    nodes.DurationLiteral: literals.duration,
    nodes.Interpolation: literals.interpolation,
    nodes.ListLiteral: literals.list_,
    nodes.DictLiteral: literals.dict_,
    nodes.StructLiteral: literals.struct,
    nodes.Range: operators.range_,
    nodes.Ternary: branches.ternary,
    nodes.Call: calls.call,
    nodes.Closure: closures.closure,
    nodes.Spawn: concurrency.spawn,
    nodes.Parallel: concurrency.parallel,
    nodes.Yield: concurrency.yield_,
    nodes.Emit: concurrency.emit,
}

BLOCKS: dict[type, Callable[[FunctionCompiler, Any, bool], None]] = {
    nodes.If: branches.if_,
    nodes.Match: matching.match,
    nodes.Try: errors.try_,
    nodes.Retry: errors.retry,
    nodes.Deadline: concurrency.deadline,
    nodes.Mutex: concurrency.mutex,
    nodes.Select: concurrency.select,
}
"""Expressions made of blocks, which need not leave a value."""

STATEMENTS: dict[type, Callable[[FunctionCompiler, Any], None]] = {
    nodes.Let: bindings.let,
    nodes.Assign: assignment.assign,
    nodes.For: loops.for_,
    nodes.While: loops.while_,
    nodes.Break: loops.break_,
    nodes.Continue: loops.continue_,
    nodes.Return: errors.return_,
    nodes.Throw: errors.throw,
    nodes.Guard: branches.guard,
    nodes.Require: branches.require,
    nodes.Defer: errors.defer,
    nodes.Fn: declarations.fn,
    nodes.Struct: declarations.struct,
    nodes.Enum: declarations.enum,
    nodes.Impl: declarations.impl,
    nodes.Tool: declarations.tool,
    nodes.Skill: declarations.skill,
    nodes.EvalPack: declarations.eval_pack,
    nodes.Pipeline: declarations.nothing,
    nodes.Override: declarations.nothing,
    nodes.Interface: declarations.alias,
    nodes.TypeAlias: declarations.alias,
    nodes.Import: declarations.nothing,
}


def is_statement(node: Any) -> bool:
    """Whether a node has no value."""
    return node.__class__ in STATEMENTS


def execute(c: FunctionCompiler, node: Any) -> None:
    """Compile a statement, or an expression for what it does."""
    c.asm.at(node.span)
    kind = node.__class__
    statement = STATEMENTS.get(kind)
    if statement is not None:
        statement(c, node)
        return
    block = BLOCKS.get(kind)
    if block is not None:
        block(c, node, False)
        return
    push(c, node, ESCAPES)
    c.asm.emit("POP")


def push(c: FunctionCompiler, node: Any, reach: int) -> None:
    """Compile an expression for its value."""
    outer: list[Any] = []
    kind = node.__class__
    while kind in FIRST and not (kind is nodes.MethodCall and calls.is_namespaced(c, node)):
        outer.append(node)
        node = getattr(node, FIRST[kind])
        kind = node.__class__
    if outer:
        of = REACH.get(outer[-1].__class__)
        reach = ESCAPES if of is None else of(outer[-1])
    if kind is nodes.Name:
        name(c, node, reach)
    elif kind in BLOCKS:
        c.asm.at(node.span)
        BLOCKS[kind](c, node, True)
    elif kind is nodes.MethodCall:
        calls.namespaced_call(c, node)
    else:
        c.asm.at(node.span)
        VALUES[kind](c, node)
    while outer:
        node = outer.pop()
        AFTER[node.__class__](c, node)
