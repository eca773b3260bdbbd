"""The assembler: depths, labels, weights, shortening, fusing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from harn.code.assembler import Assembler, AssemblyError
from harn.code.chunk import Chunk, Handler, Param
from harn.code.opcodes import OPS
from harn.code.verifier import verify
from harn.values.display import display
from harn.vm.frame import Ended, Returned, Threw
from harn.vm.machine import Machine
from tests.code.plain import module_of, plain_chunk
from tests.strategies.code import SLOTS, Body, emit_body, statements
from tests.vm.handmade import closure, finish, module


def assembler(params: int = SLOTS) -> Assembler:
    return Assembler("f", "f", tuple(Param(f"p{slot}") for slot in range(params)))


def assembled(body: Body) -> Chunk:
    asm = assembler()
    emit_body(asm, body)
    return asm.finish()


def shown(chunk: Chunk) -> list[tuple[Any, ...]]:
    """The instructions with their names."""
    return [(OPS[op].name, argument) for op, argument in chunk.code]


def emitted(*lines: tuple[Any, ...], params: int = SLOTS) -> list[tuple[Any, ...]]:
    """What becomes of these instructions; an int alone marks the label of that number."""
    asm = assembler(params)
    labels = [asm.label() for _ in range(4)]
    for line in lines:
        if isinstance(line[0], int):
            asm.mark(labels[line[0]])
        else:
            asm.emit(*line)
    return shown(asm.finish())


def outcome(chunk: Chunk) -> str:
    """What a call gives: the text it returns, or the error."""
    machine = Machine()
    end = finish(machine, closure(module(chunk), 0), 1, 2, 3)
    if isinstance(end, Returned):
        return f"returned {display(end.value)}"
    if isinstance(end, Threw):
        return f"threw {end.error}"
    assert isinstance(end, Ended)
    return f"ended {end.completion.payload}"


@given(statements())
def test_shortened_and_fused_code_does_the_same(body: Body) -> None:
    assert outcome(assembled(body)) == outcome(plain_chunk(body))


@given(statements())
def test_the_verifier_accepts_what_is_assembled(body: Body) -> None:
    verify(module_of(assembled(body)))


@given(statements())
def test_places_point_at_what_was_emitted_there(body: Body) -> None:
    chunk = assembled(body)
    assert len(chunk.spans) == len(chunk.code)
    assert all(end - start in (0, 5) for start, end in chunk.spans)


def test_comparisons_and_arithmetic_fuse() -> None:
    loop = emitted(
        (0,),
        ("LOAD", 0), ("CONST", 10), ("LT",), ("JUMP_IF_FALSE", 1),
        ("LOAD", 1), ("LOAD", 0), ("ADD",), ("STORE", 1),
        ("LOAD", 0), ("CONST", 1), ("ADD",), ("STORE", 0),
        ("LOOP", 0),
        (1,),
        ("LOAD", 1), ("RETURN",),
    )  # fmt: skip
    assert loop == [
        ("UNLESS_SLOT_LT_CONST", (4, 0, 10)), ("ACCUMULATE", (1, 0)), ("INCREMENT", (0, 1)), ("LOOP", (0, 4)),
        ("RETURN_SLOT", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("constant", [True, 1.0, "1", None])
def test_only_int_constants_fuse(constant: Any) -> None:
    assert emitted(("LOAD", 0), ("CONST", constant), ("ADD",), ("RETURN",))[0][0] == "LOAD"


def test_a_stored_result_fuses_only_into_its_own_operand() -> None:
    code = emitted(("LOAD", 0), ("CONST", 1), ("ADD",), ("STORE", 1), ("LOAD", 1), ("RETURN",))
    assert code[:2] == [("SLOT_ADD_CONST", (0, 1)), ("STORE", 1)]


def test_nothing_fuses_across_a_label_that_is_used() -> None:
    code = emitted(("LOAD", 0), (0,), ("CONST", 1), ("ADD",), ("DUP",), ("JUMP_IF_TRUE", 0), ("RETURN",))
    assert code[0] == ("LOAD", 0)
    assert emitted(("LOAD", 0), (0,), ("CONST", 1), ("ADD",), ("RETURN",))[0] == ("SLOT_ADD_CONST", (0, 1))


def test_a_jump_over_a_jump_becomes_the_contrary() -> None:
    code = emitted(
        (0,),
        ("LOAD", 0),
        ("LOAD", 1),
        ("EQ",),
        ("JUMP_IF_FALSE", 1),
        ("JUMP", 2),
        (1,),
        ("LOOP", 0),
        (2,),
        ("CONST", 1),
        ("RETURN",),
    )
    assert [name for name, _ in code] == ["LOAD", "LOAD", "UNLESS_NE", "LOOP", "CONST", "RETURN"]


def test_constant_conditions_and_dead_code_vanish() -> None:
    code = emitted(
        (0,),
        ("CONST", True),
        ("JUMP_IF_FALSE", 1),
        ("LOAD", 0),
        ("RETURN",),
        ("LOOP", 0),
        (1,),
        ("CONST", 2),
        ("RETURN",),
    )
    assert code == [("RETURN_SLOT", 0)]


def test_weights_count_what_runs_before_a_charged_instruction_once() -> None:
    asm = assembler(1)
    head, end = asm.label(), asm.label()
    asm.emit("LOAD", 0)
    asm.emit("POP")
    asm.emit("NEW_CELL", 0)
    asm.emit("NEW_CELL", 0)
    asm.mark(head)
    asm.emit("LOAD_CELL", 0, "x")
    asm.emit("JUMP_IF_FALSE", end)
    asm.emit("LOOP", head)
    asm.mark(end)
    asm.emit("LOAD", 0)
    asm.emit("CALL", 0)
    asm.emit("RETURN")
    weights = [argument for name, argument in shown(asm.finish()) if name in ("LOOP", "CALL")]
    assert weights == [(2, 3), (0, 2 + 2)]


def test_regions_cover_their_instructions_and_know_their_depth() -> None:
    asm = assembler(1)
    start, end, caught, after = (asm.label() for _ in range(4))
    asm.emit("LOAD", 0)
    asm.mark(start)
    asm.emit("LOAD", 0)
    asm.emit("THROW")
    asm.mark(end)
    asm.handler(start, end, caught)
    asm.emit("JUMP", after)
    asm.mark(caught)
    asm.emit("POP")
    asm.mark(after)
    asm.emit("RETURN")
    chunk = asm.finish()
    assert chunk.handlers == (Handler(1, 3, 3, 1),)
    assert chunk.depth == 2


def test_a_region_of_dead_code_is_dropped() -> None:
    asm = assembler(1)
    start, end, caught = (asm.label() for _ in range(3))
    asm.emit("LOAD", 0)
    asm.emit("RETURN")
    asm.mark(start)
    asm.emit("LOAD", 0)
    asm.emit("THROW")
    asm.mark(end)
    asm.handler(start, end, caught)
    asm.mark(caught)
    asm.emit("RETURN")
    assert asm.finish().handlers == ()


def test_slots_are_used_again() -> None:
    asm = assembler(1)
    first = asm.slot()
    asm.release(first)
    assert asm.slot() == first
    assert asm.slot() == first + 1


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ([("ADD",)], "ADD takes 2 cells of 0"),
        ([("LOAD",)], "LOAD has the fields (slot), got ()"),
        ([("JUNK",)], "there is no opcode 'JUNK'"),
        ([("CONST", 1)], "runs past its end"),
        ([("JUMP", 0)], "never marked: [0]"),
        ([("LOAD", 0), ("JUMP_IF_FALSE", 0), ("LOAD", 0), (0,), ("CONST", 1), ("RETURN",)], "is reached with 0 cells and with 1"),
        ([(0,), ("LOAD", 0), ("LOOP", 0)], "is reached with 0 cells and with 1"),
    ],
)  # fmt: skip
def test_unsound_code_is_a_defect_with_a_name(lines: list[tuple[Any, ...]], text: str) -> None:
    with pytest.raises(AssemblyError, match="function f") as raised:
        emitted(*lines)
    assert text in str(raised.value)
