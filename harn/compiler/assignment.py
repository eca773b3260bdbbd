"""Assignment: to names, to elements and properties at any depth, and in compound forms.

The right side is evaluated first, then the keys of the place, then the place is written. A compound assignment reads its place
first, and evaluates the keys once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.compiler.names import AT_ONCE, BORROWED, ESCAPES, beside, is_fresh, load, store
from harn.compiler.operators import OPCODES
from harn.resolve.bindings import Binding
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def assign(c: FunctionCompiler, node: nodes.Assign) -> None:
    root, path = _place(node.target)
    if not isinstance(root, nodes.Name):
        c.value(node.value)
        _refuse(c, node, "runtime", "Cannot assign to a part of a value that is not held by a variable")
        return
    binding = c.names.uses.get(id(root))
    if binding is None:
        _undefined(c, node, root)
    elif not binding.mutable:
        _refuse_immutable(c, node, binding, path)
    elif path:
        _assign_part(c, node, binding, path)
    else:
        _assign_name(c, node, binding)


def _place(target: nodes.Expr) -> tuple[nodes.Expr, list[Any]]:
    """The root of an assignment's target and the steps from it: a name for a property, an expression for an element."""
    path: list[Any] = []
    while isinstance(target, (nodes.Property, nodes.Index)):
        path.append(target.name if isinstance(target, nodes.Property) else target.index)
        target = target.receiver
    return target, path[::-1]


def _refuse(c: FunctionCompiler, node: nodes.Assign, kind: str, text: str) -> None:
    """An assignment that fails when it is reached, after what it would have stored was made."""
    c.asm.emit("POP")
    c.asm.at(node.span)
    c.asm.emit("RAISE", (kind, text))


def _refuse_immutable(c: FunctionCompiler, node: nodes.Assign, binding: Binding, path: list[Any]) -> None:
    if node.op == "=":
        c.value(node.value)
    elif path:
        for key in _combined_part(c, node, binding, path):
            c.asm.release(key)
    else:
        _combined_name(c, node, binding)
    _refuse(c, node, "bare", f"Cannot assign to immutable binding: {binding.name}")


def _undefined(c: FunctionCompiler, node: nodes.Assign, root: nodes.Name) -> None:
    """A compound form reads its place first, so that it gets no further."""
    if node.op == "=":
        c.value(node.value)
        c.asm.emit("POP")
    c.asm.at(node.span)
    c.asm.emit("UNDEFINED", root.name)


# --------------------------------------------------------------------------------------------- names


def _assign_name(c: FunctionCompiler, node: nodes.Assign, binding: Binding) -> None:
    if _lengthens(c, node, binding):
        return
    if node.op == "=":
        c.value(node.value)
        c.asm.at(node.span)
        store(c, binding, is_fresh(node.value))
        return
    _combined_name(c, node, binding)
    store(c, binding, fresh=node.op == "+=")


def _combined_name(c: FunctionCompiler, node: nodes.Assign, binding: Binding) -> None:
    """What ``x op= v`` stores."""
    load(c, binding, beside(node.value))
    c.value(node.value, AT_ONCE)
    c.asm.at(node.span)
    c.asm.emit(OPCODES[node.op[:-1]])


def _lengthens(c: FunctionCompiler, node: nodes.Assign, binding: Binding) -> bool:
    """``x = x + [v]``, ``x += ..``, ``x = x.push(v)`` of a variable that owns what it holds: done in place."""
    if binding.fickle or binding.cell or not binding.grows:
        return False
    value = node.value
    added: Any = None
    if node.op == "+=":
        added = value
    elif node.op == "=" and isinstance(value, nodes.Binary) and value.op == "+" and _is_use(c, value.left, binding):
        added = value.right
    elif node.op == "=" and isinstance(value, nodes.MethodCall) and value.name == "push" and not value.optional:
        return _is_use(c, value.receiver, binding) and _push(c, value, binding)
    if added is None or not (isinstance(added, (nodes.ListLiteral, nodes.DictLiteral)) or _holds_collection(binding)):
        return False
    return _extend(c, node, binding, added)


def _is_use(c: FunctionCompiler, node: Any, binding: Binding) -> bool:
    return isinstance(node, nodes.Name) and c.names.uses.get(id(node)) is binding


def _holds_collection(binding: Binding) -> bool:
    """Whether a variable began as a list or dict, so that adding to it is worth a look at its owner."""
    return isinstance(binding.value, (nodes.ListLiteral, nodes.DictLiteral))


def _extend(c: FunctionCompiler, node: nodes.Assign, binding: Binding, added: Any) -> bool:
    single = (
        isinstance(added, nodes.ListLiteral) and len(added.items) == 1 and not isinstance(added.items[0], nodes.Spread)
    )
    if binding.function is None:
        c.value(added, BORROWED)
        c.asm.at(node.value.span)
        c.asm.emit("EXTEND_MODULE", binding.slot, binding.own, binding.name)
    elif single:
        c.value(added.items[0])
        c.asm.at(node.value.span)
        c.asm.emit("APPEND", binding.slot, binding.own)
    else:
        c.value(added, BORROWED)
        c.asm.at(node.value.span)
        c.asm.emit("EXTEND", binding.slot, binding.own)
    return True


def _push(c: FunctionCompiler, call: nodes.MethodCall, binding: Binding) -> bool:
    """``x = x.push(v)``: in place where x is a list when the call is reached, else whatever its method does."""
    if binding.function is None or len(call.args) != 1 or isinstance(call.args[0], nodes.Spread):
        return False
    asm = c.asm
    is_list, done = asm.label(), asm.label()
    c.value(call.args[0])
    asm.at(call.span)
    asm.emit("JUMP_IF_LIST", is_list, binding.slot)
    held = c.temporary()
    load(c, binding, ESCAPES)
    asm.emit("LOAD", held)
    asm.release(held)
    asm.emit("CALL_METHOD", "push", 1, -1)
    store(c, binding)
    asm.emit("JUMP", done)
    asm.mark(is_list)
    asm.emit("APPEND", binding.slot, binding.own)
    asm.mark(done)
    return True


# --------------------------------------------------------------------------------------------- elements and properties


def _assign_part(c: FunctionCompiler, node: nodes.Assign, binding: Binding, path: list[Any]) -> None:
    if node.op != "=":
        _compound_part(c, node, binding, path)
        return
    c.value(node.value)
    for step in path:
        if not isinstance(step, str):
            c.value(step, ESCAPES)
    c.asm.at(node.target.span)
    _write(c, binding, path)


def _write(c: FunctionCompiler, binding: Binding, path: list[Any]) -> None:
    """Write a place; the value and the computed keys are on the stack."""
    step = path[0]
    if binding.function is None:
        spec = ("module", binding.slot, binding.own, tuple(s if isinstance(s, str) else None for s in path))
        c.asm.emit("SET_PATH", spec)
    elif len(path) > 1:
        spec = ("slot", binding.slot, binding.own, tuple(s if isinstance(s, str) else None for s in path))
        c.asm.emit("SET_PATH", spec)
    elif isinstance(step, str):
        c.asm.emit("SET_FIELD", binding.slot, binding.own, step)
    else:
        c.asm.emit("SET_INDEX", binding.slot, binding.own)


def _compound_part(c: FunctionCompiler, node: nodes.Assign, binding: Binding, path: list[Any]) -> None:
    """``place op= v``: keys, then the place is read, then v, then it is written."""
    asm = c.asm
    for key in _combined_part(c, node, binding, path):
        asm.emit("LOAD", key)
        asm.release(key)
    asm.at(node.target.span)
    _write(c, binding, path)


def _combined_part(c: FunctionCompiler, node: nodes.Assign, binding: Binding, path: list[Any]) -> list[int]:
    """What ``place op= v`` stores; the slots in which the keys of the place wait."""
    asm = c.asm
    keys: list[int] = []
    for step in path:
        if not isinstance(step, str):
            c.value(step)
            keys.append(c.temporary())
    asm.at(node.target.span)
    load(c, binding, AT_ONCE)
    waiting = iter(keys)
    for step in path:
        if isinstance(step, str):
            asm.emit("GET", step)
        else:
            asm.emit("LOAD", next(waiting))
            asm.emit("INDEX")
    c.value(node.value, AT_ONCE)
    asm.at(node.span)
    asm.emit(OPCODES[node.op[:-1]])
    return keys
