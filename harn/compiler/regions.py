"""Ways out of the middle of a function: what stands around a place, and how break, continue and return get past it.

A loop is left by a jump, a finally block through its ``PEND`` protocol: each way into it has a number, the block is compiled
once, and its end goes on as noted. On the way the operand stack is cut to what the target expects.

    0 fallen through    1 an error (the machine notes it)    2 and on: a break, continue or return from inside
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.compiler.function import FunctionCompiler

BREAK, CONTINUE, RETURN = "break", "continue", "return"


class Loop:
    """``head``: label of the back edge's target; ``end``: label behind the loop; ``depth``: operand cells at both."""

    __slots__ = ("depth", "end", "head")

    def __init__(self, head: int, end: int, depth: int) -> None:
        self.head = head
        self.end = end
        self.depth = depth


class Guarded:
    """A region with a catch: calls inside are no tail calls."""

    __slots__ = ()


class Cleanup:
    """A region with a finally block. ``slot``: the way taken, the next one its value; ``ways``: numbers from 2 on."""

    __slots__ = ("depth", "label", "slot", "ways")

    def __init__(self, slot: int, label: int, depth: int) -> None:
        self.slot = slot
        self.label = label
        self.depth = depth
        self.ways: list[tuple[str, Loop | None]] = []

    def way(self, kind: str, loop: Loop | None) -> int:
        """The number of a way out through this block."""
        if (kind, loop) not in self.ways:
            self.ways.append((kind, loop))
        return self.ways.index((kind, loop)) + 2


Region = Loop | Guarded | Cleanup


def innermost_loop(c: FunctionCompiler) -> Loop | None:
    """The loop a break or continue belongs to."""
    return next((region for region in reversed(c.regions) if isinstance(region, Loop)), None)


def protected(c: FunctionCompiler) -> bool:
    """Whether a catch or finally stands around this place."""
    return any(not isinstance(region, Loop) for region in c.regions)


def cut(c: FunctionCompiler, depth: int) -> None:
    """Drop operands down to a depth."""
    while c.asm.depth > depth:
        c.asm.emit("POP")


def leave_loop(c: FunctionCompiler, kind: str, loop: Loop) -> None:
    """Break out of a loop or continue it, through the finally blocks on the way."""
    for region in reversed(c.regions):
        if region is loop:
            break
        if isinstance(region, Cleanup):
            cut(c, region.depth)
            c.asm.emit("PEND", region.slot, region.way(kind, loop))
            c.asm.emit("JUMP", region.label)
            return
    cut(c, loop.depth)
    if kind == BREAK:
        c.asm.emit("JUMP", loop.end)
    else:
        c.asm.emit("LOOP", loop.head)


def give_back(c: FunctionCompiler) -> None:
    """Return the top of the stack from the function, through the finally blocks on the way."""
    for region in reversed(c.regions):
        if isinstance(region, Cleanup):
            c.asm.emit("PEND_VALUE", region.slot, region.way(RETURN, None))
            cut(c, region.depth)
            c.asm.emit("JUMP", region.label)
            return
    c.asm.emit("RETURN")


def with_cleanup(c: FunctionCompiler, body: Callable[[], Any], cleanup: Callable[[], Any]) -> None:
    """``body``, and ``cleanup`` on every way out of it. Both leave the operand stack as they find it."""
    asm = c.asm
    slot = asm.pair()
    start, end, label, done = asm.label(), asm.label(), asm.label(), asm.label()
    region = Cleanup(slot, label, asm.depth)
    c.regions.append(region)
    asm.mark(start)
    body()
    asm.emit("PEND", slot, 0)
    asm.mark(end)
    asm.handler(start, end, label, slot)
    c.regions.pop()
    asm.mark(label)
    cleanup()
    targets = tuple(asm.label() for _ in region.ways)
    asm.emit("END_FINALLY", slot, targets)
    asm.emit("JUMP", done)
    for target, (kind, loop) in zip(targets, region.ways):
        asm.mark(target)
        if loop is not None:
            leave_loop(c, kind, loop)
        else:
            asm.emit("PENDED", slot)
            give_back(c)
    asm.mark(done)
    asm.release(slot)
    asm.release(slot + 1)
