"""Functions as an assembler gets them: nested statements over a few slots, emitted as a compiler would.

``statements()`` draws the body of a function as nested tuples; ``emit_body`` feeds it to an assembler (anything with ``emit``,
``label``, ``mark`` and ``handler``). Loops are bounded, so every body ends.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

SLOTS = 3
"""Slots the bodies use; all hold a value from the start."""

Body = tuple[Any, ...]

_constants = st.one_of(
    st.integers(-3, 3), st.sampled_from([None, True, False, 2**63 - 1, -(2**63), 1.5, -0.0, "", "a"])
)
_slots = st.integers(0, SLOTS - 1)
_leaves = st.one_of(st.tuples(st.just("const"), _constants), st.tuples(st.just("slot"), _slots))


def _operations(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arithmetic = st.sampled_from(["ADD", "SUB", "MUL", "MOD", "EQ", "NE", "LT", "GT", "LE", "GE", "IN"])
    return st.one_of(
        st.tuples(st.just("binary"), arithmetic, inner, inner),
        st.tuples(st.just("unary"), st.sampled_from(["NOT", "TRUTH"]), inner),
        st.tuples(st.just("logic"), st.sampled_from(["JUMP_IF_FALSE", "JUMP_IF_TRUE"]), inner, inner),
        st.tuples(st.just("else"), inner, inner),
    )


expressions = st.recursive(_leaves, _operations, max_leaves=6)


def _blocks(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    block = st.lists(inner, max_size=3).map(tuple)
    return st.one_of(
        st.tuples(st.just("if"), expressions, block, block),
        st.tuples(st.just("loop"), st.integers(0, 3), block),
        st.tuples(st.just("for"), st.integers(0, 3), _slots, block),
        st.tuples(st.just("try"), block, _slots),
        st.tuples(st.just("scope"), _slots, block),
    )


_simple = st.one_of(
    st.tuples(st.just("set"), _slots, expressions),
    st.tuples(st.just("drop"), expressions),
    st.tuples(st.just("throw"), expressions),
    st.tuples(st.just("return"), expressions),
    st.sampled_from([("break",), ("continue",)]),
)


def statements() -> st.SearchStrategy[Body]:
    """Bodies of functions."""
    return st.lists(st.recursive(_simple, _blocks, max_leaves=8), max_size=5).map(tuple)


def emit_body(asm: Any, body: Body) -> None:
    """Emit a whole function: the body, then the sum of what the slots hold as text."""
    _Emitter(asm).block(body)
    for slot in range(SLOTS):
        asm.emit("LOAD", slot)
    asm.emit("INTERPOLATE", SLOTS)
    asm.emit("RETURN")


class _Emitter:
    """Emits statements; ``loops`` holds (where continue goes, where break goes) of the loops around."""

    def __init__(self, asm: Any) -> None:
        self.asm = asm
        self.loops: list[tuple[int, int]] = []
        self.place = 0

    def block(self, body: Body) -> None:
        for statement in body:
            self.place += 10
            self.asm.at((self.place, self.place + 5))
            getattr(self, f"{statement[0]}_")(*statement[1:])

    def set_(self, slot: int, value: Any) -> None:
        self.expression(value)
        self.asm.emit("STORE", slot)

    def drop_(self, value: Any) -> None:
        self.expression(value)
        self.asm.emit("POP")

    def throw_(self, value: Any) -> None:
        self.expression(value)
        self.asm.emit("THROW")

    def return_(self, value: Any) -> None:
        self.expression(value)
        self.asm.emit("RETURN")

    def break_(self) -> None:
        if self.loops:
            self.asm.emit("JUMP", self.loops[-1][1])

    def continue_(self) -> None:
        if self.loops:
            self.asm.emit("JUMP", self.loops[-1][0])

    def if_(self, condition: Any, then: Body, other: Body) -> None:
        asm = self.asm
        otherwise, end = asm.label(), asm.label()
        self.expression(condition)
        asm.emit("JUMP_IF_FALSE", otherwise)
        self.block(then)
        if other:
            asm.emit("JUMP", end)
        asm.mark(otherwise)
        self.block(other)
        asm.mark(end)

    def loop_(self, count: int, body: Body) -> None:
        asm = self.asm
        counter = asm.slot()
        head, latch, end = asm.label(), asm.label(), asm.label()
        asm.emit("CONST", 0)
        asm.emit("STORE", counter)
        asm.mark(head)
        self.expression(("binary", "LT", ("slot", counter), ("const", count)))
        asm.emit("JUMP_IF_FALSE", end)
        self.loops.append((latch, end))
        self.block(body)
        self.loops.pop()
        asm.mark(latch)
        self.expression(("binary", "ADD", ("slot", counter), ("const", 1)))
        asm.emit("STORE", counter)
        asm.emit("LOOP", head)
        asm.mark(end)
        asm.release(counter)

    def for_(self, count: int, slot: int, body: Body) -> None:
        asm = self.asm
        head, end = asm.label(), asm.label()
        for number in range(count):
            asm.emit("CONST", number)
        asm.emit("LIST", count)
        asm.emit("ITER")
        asm.mark(head)
        asm.emit("FOR", end)
        asm.emit("STORE", slot)
        self.loops.append((head, end))
        self.block(body)
        self.loops.pop()
        asm.emit("LOOP", head)
        asm.mark(end)
        asm.emit("END_FOR")

    def try_(self, body: Body, slot: int) -> None:
        asm = self.asm
        start, end, caught, after = (asm.label() for _ in range(4))
        asm.mark(start)
        self.block(body)
        asm.mark(end)
        asm.handler(start, end, caught)
        asm.emit("JUMP", after)
        asm.mark(caught)
        asm.emit("CAUGHT")
        asm.emit("STORE", slot)
        asm.mark(after)

    def scope_(self, slot: int, body: Body) -> None:
        asm = self.asm
        start, end = asm.label(), asm.label()
        asm.mark(start)
        self.block(body)
        asm.mark(end)
        asm.scope("name", slot, start, end)

    def expression(self, expression: Any) -> None:
        asm = self.asm
        kind, *parts = expression
        if kind == "const":
            asm.emit("CONST", parts[0])
        elif kind == "slot":
            asm.emit("LOAD", parts[0])
        elif kind == "unary":
            self.expression(parts[1])
            asm.emit(parts[0])
        elif kind == "binary":
            self.expression(parts[1])
            self.expression(parts[2])
            asm.emit(parts[0])
        elif kind == "logic":
            end = asm.label()
            self.expression(parts[1])
            asm.emit("TRUTH")
            asm.emit("DUP")
            asm.emit(parts[0], end)
            asm.emit("POP")
            self.expression(parts[2])
            asm.emit("TRUTH")
            asm.mark(end)
        else:
            end = asm.label()
            self.expression(parts[0])
            asm.emit("JUMP_IF_SOME", end)
            self.expression(parts[1])
            asm.mark(end)
