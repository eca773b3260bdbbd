"""throw, try, retry, the ? operator, return and defer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.compiler.calls import tail_call
from harn.compiler.names import bind
from harn.compiler.regions import Guarded, give_back, with_cleanup
from harn.syntax import nodes

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler


def return_(c: FunctionCompiler, node: nodes.Return) -> None:
    if node.value is None:
        c.asm.emit("CONST", None)
    elif not tail_call(c, node.value):
        c.value(node.value)
    c.asm.at(node.span)
    give_back(c)


def throw(c: FunctionCompiler, node: nodes.Throw) -> None:
    c.value(node.value)
    c.asm.at(node.span)
    c.asm.emit("THROW")


def propagate(c: FunctionCompiler, node: nodes.Propagate) -> None:
    """``r?``: the payload of an Ok; an Err is returned from the function. The Result is on the stack."""
    ok = c.asm.label()
    c.asm.at(node.span)
    c.asm.emit("JUMP_IF_OK", ok)
    give_back(c)
    c.asm.mark(ok)


def try_star(c: FunctionCompiler, node: nodes.TryStar) -> None:
    """``try* e`` is ``e`` with its errors going on, which is what errors do; the operand is on the stack."""
    if c.scope.parent is None and c.module.top:
        text = "try* requires an enclosing function (fn, tool, or pipeline) so the rethrow has a target"
        c.module.fault("C002", text, node.span, bare=text)


def try_(c: FunctionCompiler, node: nodes.Try, want: bool) -> None:
    """All forms of try. With ``want`` the value is that of the body or the catch; a bare try always makes a Result."""
    if node.catch is None and node.cleanup is None:
        _try_result(c, node, want)
    elif node.cleanup is None:
        _try_catch(c, node, want)
    else:
        _try_finally(c, node, want)


def _try_result(c: FunctionCompiler, node: nodes.Try, want: bool) -> None:
    asm = c.asm
    start, end, caught, done = asm.label(), asm.label(), asm.label(), asm.label()
    c.regions.append(Guarded())
    asm.mark(start)
    c.block(node.body, True)
    asm.at(node.span)
    asm.emit("WRAP_OK")
    asm.emit("JUMP", done)
    asm.mark(end)
    c.regions.pop()
    asm.handler(start, end, caught)
    asm.mark(caught)
    asm.emit("WRAP_ERR")
    asm.mark(done)
    if not want:
        asm.emit("POP")


def _try_catch(c: FunctionCompiler, node: nodes.Try, want: bool) -> None:
    asm = c.asm
    catch = node.catch
    assert catch is not None
    start, end, caught, done = asm.label(), asm.label(), asm.label(), asm.label()
    c.regions.append(Guarded())
    asm.mark(start)
    c.block(node.body, want)
    asm.emit("JUMP", done)
    asm.mark(end)
    c.regions.pop()
    asm.handler(start, end, caught)
    asm.mark(caught)
    asm.at(catch.span)
    if catch.type is not None:
        _only(c, catch.type)
    c.open()
    if catch.name is None:
        asm.emit("POP")
    else:
        asm.emit("CAUGHT")
        bind(c, catch)
    c.block(catch.body, want)
    c.close()
    asm.mark(done)


def _only(c: FunctionCompiler, wanted: nodes.Type) -> None:
    """Let an error go on unless it is a thrown variant of the enum of that name; it is on the stack and stays there."""
    asm = c.asm
    matches = asm.label()
    asm.emit("CAUGHT_ENUM", wanted.name if isinstance(wanted, nodes.NamedType) else "")
    asm.emit("JUMP_IF_TRUE", matches)
    asm.emit("RETHROW")
    asm.mark(matches)


def _try_finally(c: FunctionCompiler, node: nodes.Try, want: bool) -> None:
    """The value waits in a slot while the finally block runs."""
    asm = c.asm
    cleanup = node.cleanup
    assert cleanup is not None
    result = asm.slot() if want else -1

    def body() -> None:
        if node.catch is None:
            c.block(node.body, want)
        else:
            _try_catch(c, node, want)
        if want:
            asm.emit("STORE", result)

    with_cleanup(c, body, lambda: c.block(cleanup, False))
    if want:
        asm.emit("LOAD", result)
        asm.release(result)


def retry(c: FunctionCompiler, node: nodes.Retry, want: bool) -> None:
    """The body again after an error, as long as attempts are left; then the error goes on. Its value is nil."""
    asm = c.asm
    again, start, end, failed, done = (asm.label() for _ in range(5))
    c.value(node.count)
    left = c.temporary()
    asm.mark(again)
    c.regions.append(Guarded())
    asm.mark(start)
    c.block(node.body, False)
    asm.emit("JUMP", done)
    asm.mark(end)
    c.regions.pop()
    asm.handler(start, end, failed)
    asm.mark(failed)
    asm.at(node.span)
    for name, *fields in (
        ("LOAD", left),
        ("CONST", 1),
        ("SUB",),
        ("STORE", left),
        ("LOAD", left),
        ("CONST", 0),
        ("GT",),
    ):
        asm.emit(name, *fields)
    more = asm.label()
    asm.emit("JUMP_IF_TRUE", more)
    asm.emit("RETHROW")
    asm.mark(more)
    asm.emit("POP")
    asm.emit("LOOP", again)
    asm.mark(done)
    asm.release(left)
    if want:
        asm.emit("CONST", None)


def defer(c: FunctionCompiler, node: nodes.Defer) -> None:
    """Register a block to run when the function is left; what belongs to a round of a loop is kept as it is now."""
    kept: list[int] = []
    for binding in c.names.deferred[id(node)]:
        kept.append(binding.slot)
        if binding.own >= 0:
            c.asm.emit("SHARE", binding.own)
            kept.append(binding.own)
    label = c.asm.label()
    c.asm.emit("DEFER", (c.asm.defer_block(label), tuple(kept)))
    c.deferred.append((label, node))
