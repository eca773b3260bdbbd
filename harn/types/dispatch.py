"""Which function checks which construct."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harn.syntax import nodes
from harn.types import access, blocks, branches, calls, functions, literals, matching, operators, statements, structs
from harn.types.values import Type

Handler = Callable[[Any, Any], Type]

EXPRESSIONS: dict[type, Handler] = {
    nodes.IntLiteral: literals.int_literal,
    nodes.FloatLiteral: literals.float_literal,
    nodes.StringLiteral: literals.string_literal,
    nodes.Interpolation: literals.interpolation,
    nodes.BoolLiteral: literals.bool_literal,
    nodes.NilLiteral: literals.nil_literal,
    nodes.DurationLiteral: literals.duration_literal,
    nodes.ListLiteral: literals.list_literal,
    nodes.DictLiteral: literals.dict_literal,
    nodes.StructLiteral: structs.struct_literal,
    nodes.Name: access.name,
    nodes.Property: access.property,
    nodes.Index: access.index,
    nodes.Slice: access.slice,
    nodes.MethodCall: calls.method_call,
    nodes.Call: calls.call,
    nodes.Pipe: calls.pipe,
    nodes.Unary: operators.unary,
    nodes.Binary: operators.binary,
    nodes.Range: operators.range,
    nodes.Ternary: branches.ternary,
    nodes.If: branches.if_,
    nodes.Propagate: operators.propagate,
    nodes.TryStar: operators.try_star,
    nodes.Closure: functions.closure,
    nodes.Match: matching.match,
    nodes.Try: blocks.try_,
    nodes.Retry: blocks.retry,
    nodes.Parallel: blocks.parallel,
    nodes.Spawn: blocks.spawn,
    nodes.Select: blocks.select,
    nodes.Deadline: blocks.deadline,
    nodes.Mutex: blocks.mutex,
    nodes.Yield: functions.yield_,
    nodes.Emit: functions.emit,
}

STATEMENTS: dict[type, Handler] = {
    nodes.Let: statements.let,
    nodes.Assign: statements.assign,
    nodes.For: branches.for_,
    nodes.While: branches.while_,
    nodes.Return: functions.return_,
    nodes.Throw: statements.throw,
    nodes.Break: statements.leave,
    nodes.Continue: statements.leave,
    nodes.Guard: branches.guard,
    nodes.Require: branches.require,
    nodes.Defer: blocks.defer,
    nodes.Fn: functions.fn,
    nodes.Tool: functions.tool,
    nodes.Pipeline: functions.pipeline,
    nodes.Override: functions.override,
    nodes.Impl: functions.impl,
    nodes.Skill: functions.configured,
    nodes.EvalPack: functions.configured,
}
