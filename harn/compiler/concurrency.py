"""spawn, parallel, select, deadline, mutex, yield and emit.

The bodies of tasks are functions that capture by value. The blocks of select, deadline and mutex belong to the function
around them, so that break, return and assignments work through them; what they open is closed on every way out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.catalog.index import known
from harn.compiler.closures import make_function, valued
from harn.compiler.literals import entries
from harn.compiler.names import bind
from harn.compiler.regions import with_cleanup
from harn.source.span import Span
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def _call(c: FunctionCompiler, key: str, count: int, span: Span) -> None:
    """Call a builtin that the language itself needs."""
    if not known(key):
        c.module.fault("C004", f"`{key.strip('_').split('_')[0]}` is not available in this build", span)
        key = "println"
    c.asm.at(span)
    c.asm.emit("CALL_BUILTIN", key, count)


def spawn(c: FunctionCompiler, node: nodes.Spawn) -> None:
    make_function(c, node, "spawn", (), valued(node.body), flags=("task",))
    _call(c, "__spawn", 1, node.span)


def parallel(c: FunctionCompiler, node: nodes.Parallel) -> None:
    """``__parallel(mode, subject, function, options, as stream)``."""
    c.asm.emit("CONST", node.mode)
    c.value(node.subject)
    make_function(c, node, "parallel", (), valued(node.body), flags=("task",))
    entries(c, node.options, node)
    c.asm.emit("CONST", node.stream)
    _call(c, "__parallel", 5, node.span)


def select(c: FunctionCompiler, node: nodes.Select, want: bool) -> None:
    """``__select(channels, timeout, whether to wait)`` gives [number of the case, value]; -1 for timeout or default."""
    asm = c.asm
    for case in node.cases:
        c.value(case.channel)
    asm.emit("LIST", len(node.cases))
    if node.timeout is None:
        asm.emit("CONST", None)
    else:
        c.value(node.timeout)
    asm.emit("CONST", node.default_body is None)
    _call(c, "__select", 3, node.span)
    chosen = c.temporary()
    done = asm.label()
    for number, case in enumerate(node.cases):
        other = asm.label()
        asm.emit("LOAD", chosen)
        asm.emit("CONST", 0)
        asm.emit("INDEX")
        asm.emit("CONST", number)
        asm.emit("EQ")
        asm.emit("JUMP_IF_FALSE", other)
        c.open()
        asm.emit("LOAD", chosen)
        asm.emit("CONST", 1)
        asm.emit("INDEX")
        bind(c, case)
        c.block(case.body, want)
        c.close()
        asm.emit("JUMP", done)
        asm.mark(other)
    c.block(node.timeout_body or node.default_body or (), want)
    asm.mark(done)
    asm.release(chosen)


def deadline(c: FunctionCompiler, node: nodes.Deadline, want: bool) -> None:
    """``__deadline_enter(time)`` opens a region of the frame, ``__deadline_leave(region)`` closes it."""
    c.value(node.duration)
    _region(c, node, "__deadline", 1, want)


def mutex(c: FunctionCompiler, node: nodes.Mutex, want: bool) -> None:
    _region(c, node, "__mutex", 0, want)


def _region(c: FunctionCompiler, node: nodes.Deadline | nodes.Mutex, key: str, count: int, want: bool) -> None:
    asm = c.asm
    _call(c, f"{key}_enter", count, node.span)
    region = c.temporary()
    result = asm.slot() if want else -1

    def body() -> None:
        c.block(node.body, want)
        if want:
            asm.emit("STORE", result)

    def close() -> None:
        asm.emit("LOAD", region)
        _call(c, f"{key}_leave", 1, node.span)
        asm.emit("POP")

    with_cleanup(c, body, close)
    asm.release(region)
    if want:
        asm.emit("LOAD", result)
        asm.release(result)


def yield_(c: FunctionCompiler, node: nodes.Yield) -> None:
    if node.value is None:
        c.asm.emit("CONST", None)
    else:
        c.value(node.value)
    _hand_out(c, node)


def emit(c: FunctionCompiler, node: nodes.Emit) -> None:
    c.value(node.value)
    _hand_out(c, node)


def _hand_out(c: FunctionCompiler, node: nodes.Yield | nodes.Emit) -> None:
    """Outside of a generator there is nobody to hand it to: the value is dropped."""
    c.asm.at(node.span)
    flags = c.asm.flags
    if "generator" in flags or "stream" in flags:
        c.asm.emit("YIELD")
    else:
        c.asm.emit("POP")
        c.asm.emit("CONST", None)
