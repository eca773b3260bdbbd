"""Calls by name, of methods, of builtins in a namespace, and calls in tail position.

What a call by name means is settled here as far as the text tells:

    a local, captured or module variable   that value; where a builtin of the name exists too and the variable may hold
                                           something else than a function, the machine looks which one it is
    a builtin                              that builtin, by its key
    anything else                          a function found in the callers' scopes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import entry, known
from harn.compiler.access import member_span
from harn.compiler.alias_schemas import type_schema
from harn.compiler.literals import gather
from harn.compiler.names import AT_ONCE, BORROWED, ESCAPES, load, name, unbound
from harn.compiler.regions import protected
from harn.resolve.bindings import CALLABLE_KINDS, Binding
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

_DATA = (
    nodes.IntLiteral, nodes.FloatLiteral, nodes.StringLiteral, nodes.Interpolation, nodes.BoolLiteral, nodes.NilLiteral,
    nodes.ListLiteral, nodes.DictLiteral, nodes.DurationLiteral, nodes.StructLiteral,
)  # fmt: skip
"""Expressions whose value cannot be called."""


def call(c: FunctionCompiler, node: nodes.Call) -> None:
    binding = c.names.uses.get(id(node.callee))
    if binding is None:
        _unbound_call(c, node)
    elif not _is_builtin(c, node.callee.name) or _surely_callable(binding):
        _bound_call(c, node, binding)
    elif binding.kind == "let" and isinstance(binding.value, _DATA):
        _builtin_call(c, node, node.callee.name)
    else:
        _either_call(c, node, binding)


def _is_builtin(c: FunctionCompiler, name: str) -> bool:
    """Whether a name means a builtin that can be called."""
    return known(name) and not c.module.is_constant(name)


def _surely_callable(binding: Binding) -> bool:
    if binding.kind in CALLABLE_KINDS or binding.kind == "import":
        return True
    return binding.kind == "let" and isinstance(binding.value, nodes.Closure)


def _spreads(args: tuple[Any, ...]) -> bool:
    return any(isinstance(argument, nodes.Spread) for argument in args)


def _bound_call(c: FunctionCompiler, node: nodes.Call, binding: Binding) -> None:
    asm = c.asm
    if _spreads(node.args):
        load(c, binding)
        gather(c, node.args, node)
        asm.at(node.span)
        asm.emit("CALL_SPREAD")
        return
    for argument in node.args:
        c.value(argument)
    asm.at(node.span)
    call_binding(c, binding, len(node.args))


def call_binding(c: FunctionCompiler, binding: Binding, count: int) -> None:
    """Call what a binding holds; the arguments are on the stack."""
    if binding.function is None:
        c.asm.emit("CALL_MODULE", binding.slot, binding.name, count)
    elif binding.cell:
        c.asm.emit("CALL_CELL", binding.slot, binding.name, count)
    else:
        c.asm.emit("CALL_SLOT", binding.slot, count)


def _either_call(c: FunctionCompiler, node: nodes.Call, binding: Binding) -> None:
    """The variable where it holds something callable, else the builtin of its name."""
    asm = c.asm
    slot = binding.slot
    own = binding.function is None or binding.cell
    if own:
        load(c, binding)
        slot = c.temporary()
    variable, done = asm.label(), asm.label()
    if _spreads(node.args):
        gather(c, node.args, node)
        held = c.temporary()
        asm.at(node.span)
        asm.emit("JUMP_IF_CALLABLE", variable, slot)
        asm.emit("LOAD", held)
        asm.emit("CALL_BUILTIN_SPREAD", node.callee.name)
        asm.emit("JUMP", done)
        asm.mark(variable)
        asm.emit("LOAD", slot)
        asm.emit("LOAD", held)
        asm.emit("CALL_SPREAD")
        asm.release(held)
    else:
        for argument in node.args:
            c.value(argument)
        asm.at(node.span)
        asm.emit("JUMP_IF_CALLABLE", variable, slot)
        asm.emit("CALL_BUILTIN", node.callee.name, len(node.args))
        asm.emit("JUMP", done)
        asm.mark(variable)
        asm.emit("CALL_SLOT", slot, len(node.args))
    asm.mark(done)
    if own:
        asm.release(slot)


def _unbound_call(c: FunctionCompiler, node: nodes.Call) -> None:
    if _is_builtin(c, node.callee.name):
        _builtin_call(c, node, node.callee.name)
        return
    asm = c.asm
    if known(node.callee.name):
        unbound(c, node.callee.name)
        gather(c, node.args, node)
        asm.at(node.span)
        asm.emit("CALL_SPREAD")
        return
    if _spreads(node.args):
        asm.at(node.span)
        asm.emit("LOOKUP_FN", node.callee.name)
        gather(c, node.args, node)
        asm.at(node.span)
        asm.emit("CALL_SPREAD")
        return
    for argument in node.args:
        c.value(argument)
    asm.at(node.span)
    asm.emit("CALL_FOUND", node.callee.name, len(node.args))


def _builtin_call(c: FunctionCompiler, node: nodes.Call | nodes.MethodCall, key: str) -> None:
    asm = c.asm
    if _spreads(node.args):
        gather(c, node.args, node)
        asm.at(node.span)
        asm.emit("CALL_BUILTIN_SPREAD", key)
        return
    reaches = _argument_reaches(key, len(node.args))
    for place, (argument, reach) in enumerate(zip(node.args, reaches, strict=True)):
        if not (isinstance(argument, nodes.Name) and _type_argument(c, key, place, argument)):
            c.value(argument, reach)
    asm.at(node.span)
    asm.emit("CALL_BUILTIN", key, len(node.args))


def _type_argument(c: FunctionCompiler, key: str, place: int, argument: nodes.Name) -> bool:
    """Push the schema of a type given by name where a builtin expects a schema; False where it is none."""
    if id(argument) in c.names.uses:
        return False
    found = entry(key)
    assert found is not None
    params = found.signature.params
    if place >= len(params) or params[place].type[1] != "Schema":
        return False
    c.asm.at(argument.span)
    return type_schema(c, argument.name)


def _argument_reaches(key: str, count: int) -> list[int]:
    """How far each argument of a builtin goes: it escapes only where the record says that it is kept."""
    found = entry(key)
    assert found is not None
    params = found.signature.params
    if not found.keeps or not params:
        return [BORROWED] * count
    return [ESCAPES if params[min(at, len(params) - 1)].name in found.keeps else BORROWED for at in range(count)]


# --------------------------------------------------------------------------------------------- methods


def is_namespaced(c: FunctionCompiler, node: nodes.MethodCall) -> bool:
    """Whether ``name.f(..)`` calls a builtin in a namespace: the name is no variable."""
    receiver = node.receiver
    if node.optional or not isinstance(receiver, nodes.Name) or id(receiver) in c.names.uses:
        return False
    return known(f"{receiver.name}::{node.name}")


def namespaced_call(c: FunctionCompiler, node: nodes.MethodCall) -> None:
    assert isinstance(node.receiver, nodes.Name)
    _builtin_call(c, node, f"{node.receiver.name}::{node.name}")


def receiver_reach(node: nodes.MethodCall) -> int:
    """How far a receiver goes: CALL_METHOD itself clears the variable's flag where the method may keep it."""
    if _spreads(node.args):
        return ESCAPES
    return BORROWED if node.args else AT_ONCE


def method_call(c: FunctionCompiler, node: nodes.MethodCall) -> None:
    """The receiver is on the stack."""
    asm = c.asm
    if _spreads(node.args):
        gather(c, node.args, node)
        asm.at(member_span(node))
        asm.emit("CALL_METHOD_SPREAD", node.name, node.optional)
        return
    for argument in node.args:
        c.value(argument)
    asm.at(member_span(node))
    asm.emit(
        "CALL_METHOD_OPT" if node.optional else "CALL_METHOD", node.name, len(node.args), _flag_of(c, node.receiver)
    )


def _flag_of(c: FunctionCompiler, receiver: Any) -> int:
    """The slot of the ownership flag of the variable a receiver was read from, -1 where there is none."""
    if isinstance(receiver, nodes.Name):
        binding = c.names.uses.get(id(receiver))
        if binding is not None and binding.function is not None and not binding.cell and not binding.fickle:
            return binding.own
    return -1


# --------------------------------------------------------------------------------------------- tail position


def may_tail_call(c: FunctionCompiler) -> bool:
    """Whether the frame can be given up: nothing is to run after the call, nothing looks for names in the frame."""
    scope = c.scope
    return scope.parent is not None and not (scope.defers or scope.visible or scope.yields) and not protected(c)


def tail_call(c: FunctionCompiler, node: Any) -> bool:
    """``return f(x)`` and ``return v |> f`` as a tail call, its value left on the stack; False where it is not one."""
    if not may_tail_call(c):
        return False
    if isinstance(node, nodes.Call):
        return _tail_call_by_name(c, node)
    if isinstance(node, nodes.Pipe) and id(node) not in c.names.pipes:
        return _tail_pipe(c, node)
    return False


def _tail_call_by_name(c: FunctionCompiler, node: nodes.Call) -> bool:
    binding = c.names.uses.get(id(node.callee))
    if _spreads(node.args):
        return False
    if binding is None and known(node.callee.name):
        return False
    if binding is not None and known(node.callee.name) and not _surely_callable(binding):
        return False
    by_name = binding is not None and (binding.function is None or binding.cell)
    if not by_name:
        name(c, node.callee)
    for argument in node.args:
        c.value(argument)
    c.asm.at(node.span)
    if binding is None or not by_name:
        c.asm.emit("TAIL_CALL", len(node.args))
    else:
        op = "TAIL_CALL_MODULE" if binding.function is None else "TAIL_CALL_CELL"
        c.asm.emit(op, binding.slot, binding.name, len(node.args))
    return True


def _tail_pipe(c: FunctionCompiler, node: nodes.Pipe) -> bool:
    target = node.target
    if isinstance(target, nodes.Name) and id(target) not in c.names.uses and known(target.name):
        return False
    c.value(node.value)
    held = c.temporary()
    c.value(target)
    c.asm.emit("LOAD", held)
    c.asm.release(held)
    c.asm.at(node.span)
    c.asm.emit("TAIL_CALL", 1)
    return True
