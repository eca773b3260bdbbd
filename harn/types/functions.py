"""Functions of all kinds, and what stands in their bodies only: return, yield, emit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.resolve.tree import walk
from harn.source.diagnostic import ERROR, WARNING, Note
from harn.source.span import NOWHERE
from harn.syntax import nodes
from harn.types.assignability import expand
from harn.types.context import Context
from harn.types.declarations import callable_of, own_type
from harn.types.evidence import enforced
from harn.types.fitting import misfit, value_fits
from harn.types.scope import LEFT, REACHED, Local
from harn.types.statements import assigned
from harn.types.values import CLOSURE, DYNAMIC, NEVER, Dynamic, Function, Named, Type, show

if TYPE_CHECKING:
    from harn.types.checker import Checker


def hoist(c: Checker, body: nodes.Block) -> None:
    """Functions of a block are known in all of it."""
    for statement in body:
        if isinstance(statement, nodes.Fn):
            outer = c.context.variables
            c.scope.functions[statement.name] = callable_of(statement, c.declarations, outer)
        elif isinstance(statement, nodes.Tool) and not isinstance(c.scope.find(statement.name), Local):
            # What a tool's name stands for is a registry; calls of it are not judged.
            c.scope.names[statement.name] = Local(statement.name, DYNAMIC, "other", statement.span)


def body(c: Checker, context: Context, params: tuple[tuple[str | None, Type, Any], ...], block: nodes.Block) -> Type:
    """Check the body of a function; the type of its value."""
    saved = (c.context, c.scope, c.flow)
    c.context = context
    c.flow = c.flow.copy()
    c.flow.dead = REACHED
    c.open_scope()
    for name, type, node in params:
        if name:
            local = c.declare(name, type, "param", node.span if node is not None else NOWHERE)
            if local is not None:
                local.proven = isinstance(node, nodes.Param) and node.type is not None and enforced(type)
    value = c.block(block)
    c.context, c.scope, c.flow = saved
    return value


def nested(c: Checker, block: nodes.Block, names: tuple[tuple[str | None, Type], ...], node: Any) -> Type:
    """The body of a closure or task, which sees what is known here; what it may change is not certain after it."""
    changed = assigned(c, block)
    c.later += 1
    value = body(c, Context("closure", None, c.context.variables), tuple((n, t, node) for n, t in names), block)
    c.later -= 1
    c.captured(changed)
    return value


def _params(c: Checker, params: tuple[nodes.Param, ...]) -> tuple[tuple[str | None, Type, Any], ...]:
    found = []
    for param in params:
        type = DYNAMIC if param.rest else c.annotation(param.type)
        if param.default is not None:
            _default(c, param, type)
        found.append((param.name, type, param))
    return tuple(found)


def _default(c: Checker, param: nodes.Param, type: Type) -> None:
    """The default of a parameter is held against its type like an argument, by each call that leaves it out."""
    actual = c.infer(param.default)
    if param.default is not None and param.type is not None and not value_fits(c, param.default, actual, type):
        message = f"'{param.name}' declared as {show(type)}, but assigned {show(actual)}"
        note = Note(f"expected {show(type)} because `{param.name}` is declared so here", c.file, param.type.span)
        c.warn("T001", message, param.default.span, f"this is {show(actual)}", notes=[note])


def fn(c: Checker, node: nodes.Fn) -> Type:
    """``fn name(params) -> R { }``"""
    changed = assigned(c, node.body) if c.scope.parent is not None else ()
    _function(c, node, ())
    c.captured(changed)
    return DYNAMIC


def _function(c: Checker, node: nodes.Fn, outer: tuple[str, ...], receiver: Type | None = None) -> None:
    from harn.types.variance import function_variance

    variables = (*c.context.variables, *outer, *(p.name for p in node.type_params))
    context = Context("fn", None, variables)
    saved, c.context = c.context, context
    params = list(_params(c, node.params))
    result = None if node.result is None else c.annotation(node.result)
    c.context = saved
    if receiver is not None and params and params[0][0] == "self":
        params[0] = ("self", receiver, params[0][2])
    if c.scope.parent is not None:
        function_variance(c, node)
    context.where = {w.param: w.bound for w in node.where}
    if node.stream:
        context.kind = "gen"
        context.emits = _emitted(c, node, result)
    elif not _yields(node.body):
        context.result = result
        context.result_span = node.result.span if node.result is not None else None
        context.name = node.name
    body(c, context, tuple(params), node.body)


def _emitted(c: Checker, node: nodes.Fn, result: Type | None) -> Type:
    """What a ``gen fn`` may emit."""
    if result is None:
        return DYNAMIC
    opened = expand(result)
    if isinstance(opened, Dynamic):
        return DYNAMIC
    if not isinstance(opened, Named) or opened.name != "Stream":
        assert node.result is not None
        help = f"write `-> Stream<{show(result)}>`"
        c.report(
            "T021",
            f"`gen fn` must return Stream<T>, got {show(result)}",
            node.result.span,
            label="not a stream",
            help=help,
        )
        return DYNAMIC
    return opened.args[0] if opened.args else DYNAMIC


def _yields(block: nodes.Block) -> bool:
    """Whether a body makes its function a generator."""
    return any(isinstance(node, nodes.Yield) for statement in block for node in walk(statement))


def impl(c: Checker, node: nodes.Impl) -> Type:
    """``impl P { fn ... }``"""
    declared = c.declarations.types.get(node.type_name)
    for method in node.methods:
        receiver = own_type(declared) if declared is not None and declared.kind == "struct" else None
        _function(c, method, declared.variables if declared is not None else (), receiver)
    return DYNAMIC


def pipeline(c: Checker, node: nodes.Pipeline) -> Type:
    """``pipeline name(params) -> R { }``"""
    context = Context("pipeline", None if node.result is None else c.annotation(node.result))
    context.result_span = node.result.span if node.result is not None else None
    context.name = node.name
    body(c, context, tuple((name, DYNAMIC, None) for name in node.params), node.body)
    return DYNAMIC


def override(c: Checker, node: nodes.Override) -> Type:
    """``override name(params) { }``"""
    body(c, Context("pipeline", None), tuple((name, DYNAMIC, None) for name in node.params), node.body)
    return DYNAMIC


def tool(c: Checker, node: nodes.Tool) -> Type:
    """``tool name(params) -> R { }``"""
    body(c, Context("fn", None), _params(c, node.params), node.body)
    return DYNAMIC


def configured(c: Checker, node: nodes.Skill | nodes.EvalPack) -> Type:
    """The fields and blocks of a skill or eval pack."""
    for field in node.fields:
        c.infer(field.value)
    if isinstance(node, nodes.EvalPack):
        for block in (node.body, node.summarize):
            if block is not None:
                body(c, Context("closure", None), (), block)
    return DYNAMIC


def closure(c: Checker, node: nodes.Closure) -> Type:
    """``{ a -> body }`` and ``fn(a) { body }``: a function type where all of it is written or plain."""
    params = _params(c, node.params)
    changed = assigned(c, node.body)
    context = Context("closure", None if node.result is None else c.annotation(node.result), c.context.variables)
    context.certain = False
    context.result_span = node.result.span if node.result is not None else None
    c.later += 1
    value = body(c, context, params, node.body)
    c.later -= 1
    c.captured(changed)
    if any(p.type is None or p.rest for p in node.params):
        return CLOSURE
    if node.result is not None:
        value = c.annotation(node.result)
    elif any(isinstance(part, (nodes.Return, nodes.Yield)) for s in node.body for part in walk(s)) or value == NEVER:
        value = DYNAMIC
    if not node.params and isinstance(value, Dynamic):
        return CLOSURE
    least = sum(p.default is None for p in node.params)
    return Function(tuple(type for _, type, _ in params), value, least)


# --------------------------------------------------------------------------------------------- return, yield, emit


def return_(c: Checker, node: nodes.Return) -> Type:
    """``return value``. Results are not enforced: where the value rests on what only the checker follows, it warns."""
    actual = c.infer(node.value) if node.value is not None else DYNAMIC
    context = c.context
    fault = None
    if context.result is not None and node.value is not None:
        fault = misfit(c, node.value, actual, context.result)
    if fault is not None and context.result is not None and node.value is not None:
        actual, severity = fault
        message = f"return type doesn't match: expected {show(context.result)}, got {show(actual)}"
        place = f"`{context.name}`" if context.name else "the function"
        note = Note(
            f"expected {show(context.result)} because {place} returns it, declared here", c.file, context.result_span
        )
        label = f"this is {show(actual)}"
        if severity == ERROR and context.certain and not _mentions_locals(c, node.value):
            c.report("T003", message, node.value.span, label=label, notes=[note], actual=actual)
        else:
            c.report("T003", message, node.value.span, severity=WARNING, label=label, notes=[note])
    c.flow.dead = LEFT
    return NEVER


def _mentions_locals(c: Checker, value: Any) -> bool:
    for node in walk(value):
        if isinstance(node, nodes.Name):
            local = c.local(node.name)
            if local is not None and local.kind != "param":
                return True
    return False


def yield_(c: Checker, node: nodes.Yield) -> Type:
    """``yield value``"""
    if node.value is not None:
        c.infer(node.value)
    if c.context.kind == "gen":
        message = "`yield` is not a stream emit; use `emit` inside `gen fn`"
        c.report("T021", message, node.span, label="yields nothing to the stream", help="write `emit` instead")
    return DYNAMIC


def emit(c: Checker, node: nodes.Emit) -> Type:
    """``emit value``"""
    actual = c.infer(node.value)
    context = c.context
    if context.emits is not None:
        if not value_fits(c, node.value, actual, context.emits):
            message = f"emit type doesn't match: expected {show(context.emits)}, got {show(actual)}"
            c.report("T021", message, node.value.span, label=f"this is {show(actual)}", actual=actual)
    elif context.kind != "closure":
        c.report("T021", "`emit` can only be used inside a `gen fn`", node.span, label="no stream here")
    return DYNAMIC
