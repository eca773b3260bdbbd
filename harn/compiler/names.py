"""Reading and writing names.

A read says how far its value goes, which decides whether the variable goes on owning its list, dict or struct:

    ESCAPES    it may be kept: the variable owns it no longer
    BORROWED   it is looked at before the statement ends, but other operands are evaluated first
    AT_ONCE    it is looked at by the next instruction, or nothing between can run code

A local may be borrowed unless one of its changes in place stands inside an operand (``Binding.fickle``); a module variable only
at once, since any call may change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.catalog.index import known
from harn.compiler.alias_schemas import alias_schema
from harn.resolve.bindings import Binding
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

ESCAPES, BORROWED, AT_ONCE = 0, 1, 2
RESULT = "Result"

_QUIET = (nodes.Name, nodes.IntLiteral, nodes.StringLiteral, nodes.FloatLiteral, nodes.BoolLiteral, nodes.NilLiteral)


def beside(node: Any) -> int:
    """How far an operand goes that waits for ``node`` to be evaluated."""
    return AT_ONCE if isinstance(node, _QUIET) else BORROWED


def name(c: FunctionCompiler, node: nodes.Name, reach: int = ESCAPES) -> None:
    """Push the value of a name."""
    binding = c.names.uses.get(id(node))
    c.asm.at(node.span)
    if binding is None or (binding.kind in ("import", "type") and node.name in c.module.aliases):
        unbound(c, node.name)
    else:
        load(c, binding, reach)


def unbound(c: FunctionCompiler, name: str) -> None:
    """Push what a name means that resolves nowhere lexically."""
    if c.module.is_constant(name):
        c.asm.emit("CALL_BUILTIN", name, 0)
    elif name in c.module.aliases:
        alias_schema(c, name)
    elif known(name):
        c.asm.emit("LOAD_BUILTIN", name)
    elif name == RESULT:
        c.asm.emit("RESULT_TYPE")
    else:
        c.asm.emit("LOOKUP_FN", name)


def load(c: FunctionCompiler, binding: Binding, reach: int = ESCAPES) -> None:
    """Push the value of a binding."""
    emit = c.asm.emit
    if binding.function is None:
        if binding.own >= 0 and reach != AT_ONCE:
            emit("LOAD_MODULE_SHARED", binding.slot, binding.name, binding.own)
        else:
            emit("LOAD_MODULE", binding.slot, binding.name)
    elif binding.cell:
        emit("LOAD_CELL", binding.slot, binding.name)
    elif binding.own >= 0 and (reach == ESCAPES or binding.fickle):
        emit("LOAD_SHARED", binding.slot, binding.own)
    else:
        emit("LOAD", binding.slot)


def store(c: FunctionCompiler, binding: Binding, fresh: bool = False) -> None:
    """Pop into a binding. ``fresh``: nobody else holds the value."""
    emit = c.asm.emit
    if binding.function is None:
        emit("STORE_MODULE", binding.slot, binding.own)
    elif binding.cell:
        emit("STORE_CELL", binding.slot)
    elif binding.own >= 0:
        emit("STORE_OWNED" if fresh else "STORE_SHARED", binding.slot, binding.own)
    else:
        emit("STORE", binding.slot)


def bind(c: FunctionCompiler, node: Any, place: int = 0, fresh: bool = False) -> None:
    """Pop into what a node declares; from here on the name is visible. A second declaration fails when it is reached."""
    binding = c.names.declared[id(node)][place]
    if binding is None:
        c.asm.emit("POP")
        return
    again = c.names.redeclared.get(id(node))
    if again is not None:
        c.asm.emit("POP")
        text = f"Cannot redeclare immutable variable '{again}' in the same scope (use 'var' for mutable bindings)"
        c.asm.emit("RAISE", ("runtime", text))
    if binding.function is not None:
        c.allot(binding)
    store(c, binding, fresh)
    if binding.function is not None:
        c.show(binding)


def is_fresh(node: Any) -> bool:
    """Whether an expression makes a list, dict or struct that nobody else can hold."""
    if isinstance(node, nodes.Binary):
        return node.op == "+"
    return isinstance(node, (nodes.ListLiteral, nodes.DictLiteral, nodes.StructLiteral, nodes.Slice))
