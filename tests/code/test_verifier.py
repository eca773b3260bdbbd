"""The verifier: mutants of sound code are refused or harmless, and every rule has a chunk that breaks it alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.code.assembler import Assembler
from harn.code.chunk import Capture, Chunk, Handler, ImportSpec, ModuleChunk, Param, RefusedCode, ScopeName
from harn.code.opcodes import NUMBER, OPS
from harn.code.specs import SPECS
from harn.code.verifier import verify
from harn.values.errors import LimitReached
from harn.vm.frame import Ended, Returned, Threw
from harn.vm.machine import Machine
from tests.code.plain import module_of
from tests.strategies.code import SLOTS, Body, emit_body, statements
from tests.vm.handmade import closure, finish, module


def assembled(body: Body) -> Chunk:
    asm = Assembler("f", "f", tuple(Param(f"p{slot}") for slot in range(SLOTS)))
    emit_body(asm, body)
    return asm.finish()


def sound() -> Chunk:
    """A chunk with one of everything the tables of a chunk hold."""
    asm = Assembler("f", "f", (Param("x"),))
    start, end, caught, block = (asm.label() for _ in range(4))
    number = asm.defer_block(block)
    asm.emit("DEFER", (number, (0,)))
    asm.mark(start)
    asm.emit("LOAD", 0)
    asm.emit("THROW")
    asm.mark(end)
    asm.handler(start, end, caught)
    asm.scope("y", 0, start, end)
    asm.mark(caught)
    asm.emit("CAUGHT")
    asm.emit("RETURN")
    asm.mark(block)
    asm.emit("END_DEFER")
    return asm.finish()


def code(*instructions: tuple[Any, ...], **fields: Any) -> Chunk:
    """A chunk of these instructions: (name, argument)."""
    rows = tuple((NUMBER[row[0]], row[1] if len(row) > 1 else None) for row in instructions)
    return sound()._replace(
        **{
            "code": rows,
            "spans": ((0, 0),) * len(rows),
            "handlers": (),
            "defers": (),
            "scopes": (),
            "depth": 3,
            **fields,
        }
    )


def refused(chunk: Chunk, module: ModuleChunk | None = None) -> str:
    with pytest.raises(RefusedCode) as raised:
        verify((module or module_of(chunk))._replace(functions=(chunk,)))
    return str(raised.value)


def test_sound_code_passes() -> None:
    verify(module_of(sound()))


CHANGES: dict[str, Callable[[Chunk], Chunk]] = {
    "unknown opcode": lambda c: c._replace(code=((len(OPS), None), *c.code[1:])),
    "opcode that is a bool": lambda c: c._replace(code=((True, None), *c.code[1:])),
    "instruction that is a list": lambda c: c._replace(code=([1, 2], *c.code[1:])),
    "no instructions": lambda c: c._replace(code=(), spans=()),
    "a span too few": lambda c: c._replace(spans=c.spans[1:]),
    "a span that ends before it starts": lambda c: c._replace(spans=((3, 2), *c.spans[1:])),
    "fewer slots than parameters": lambda c: c._replace(slots=0),
    "more slots than memory": lambda c: c._replace(slots=2**40),
    "too small a depth": lambda c: c._replace(depth=0),
    "handler past the end": lambda c: c._replace(handlers=(Handler(0, 99, 0, 0),)),
    "handler of nothing": lambda c: c._replace(handlers=(Handler(1, 1, 0, 0),)),
    "handler that keeps more than there is": lambda c: c._replace(handlers=(Handler(1, 3, 3, 1),)),
    "finally without room for its second slot": lambda c: c._replace(handlers=(Handler(1, 3, 3, 0, c.slots - 1),)),
    "deferred block past the end": lambda c: c._replace(defers=(99,)),
    "scope of a slot there is not": lambda c: c._replace(scopes=(ScopeName("x", 9, 0, 1),)),
    "scope past the end": lambda c: c._replace(scopes=(ScopeName("x", 0, 0, 99),)),
    "parameter of no kind": lambda c: c._replace(params=(Param("x", "odd"),)),
    "type that is an object": lambda c: c._replace(params=(Param("x", "required", ("name", object())),)),
    "name that is no text": lambda c: c._replace(name=3),
    "a table that is none": lambda c: c._replace(handlers=5),  # type: ignore[arg-type]
    "captures of another shape": lambda c: c._replace(captures=(("x", 0),)),  # type: ignore[arg-type]
    "flags that are no texts": lambda c: c._replace(flags=(1,)),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_damaged_tables_are_refused(change: Callable[[Chunk], Chunk]) -> None:
    assert refused(change(sound())).startswith("unsound code: ")


END = (("CONST", None), ("RETURN",))


@pytest.mark.parametrize(
    "instructions",
    [
        (("LOAD", 1), ("RETURN",)),
        (("LOAD", -1), ("RETURN",)),
        (("LOAD", True), ("RETURN",)),
        (("LOAD", "x"), ("RETURN",)),
        (("LOAD_SHARED", (0, -1)), ("RETURN",)),
        (("CONST", 2**63), ("RETURN",)),
        (("CONST", b"x"), ("RETURN",)),
        (("CONST", (1,)), ("RETURN",)),
        (("LOAD_MODULE", (0, "x")), ("RETURN",)),
        (("LOAD_BUILTIN", 5), ("RETURN",)),
        (("CALL", 0), *END),
        (("CALL", (0, -1)), *END),
        (("CLOSURE", 1), ("RETURN",)),
        (("IMPORT", 0), *END),
        (("PEND", (0, 0)), *END),
        (("PEND", (0, 1)), *END),
        (("DEFER", (0, ())), *END),
        (("RAISE", ("x",)),),
        (("RAISE", ("x", 1)),),
        (("SET_PATH", ("slot", 0, -1, ())), *END),
        (("SET_PATH", ("heap", 0, -1, ("x",))), *END),
        (("SET_PATH", ("module", 0, -1, ("x",))), *END),
        (("DICT", ("a", "a")), ("RETURN",)),
        (("STRUCT_TYPE", ("S", (1,))), ("RETURN",)),
        (("ENUM_TYPE", ("E", (("A", 1),))), ("RETURN",)),
        (("RANGE", 2), ("RETURN",)),
        (("END_FINALLY", (0, (9,))), *END),
        (("JUMP", 9), *END),
        (("LINK", None), *END),
        (("CALL_PLAIN", ("len", 0)), *END),
    ],
    ids=repr,
)
def test_arguments_must_fit_their_row(instructions: Any) -> None:
    refused(code(*instructions))


@pytest.mark.parametrize(
    ("instructions", "text"),
    [
        ((("LOAD", 0),), "the code runs past its end"),
        ((("ADD",), ("RETURN",)), "it takes 2 cells of 0"),
        ((("LOAD", 0), ("LOAD", 0), ("JUMP", 0)), "it is reached with 0 cells and with 2"),
        ((*(("LOAD", 0),) * 4, ("RETURN",)), "4 operands are more than its 3"),
        ((("LOAD", 0), ("TAIL_CALL", (0, 1)), ("POP",), *END), "a tail call that is not followed by RETURN"),
    ],
)
def test_the_operand_stack_must_hold_together(instructions: Any, text: str) -> None:
    assert text in refused(code(*instructions))


def test_captures_must_be_slots_of_the_enclosing_function() -> None:
    outer = code(("CLOSURE", 1), ("RETURN",))
    inner = Assembler("g", "g", (), (Capture("x", 7),))
    inner.emit("LOAD", 0)
    inner.emit("RETURN")
    with pytest.raises(RefusedCode):
        verify(module_of(outer, inner.finish()))


@pytest.mark.parametrize(
    "damage",
    [
        {"path": 1},
        {"names": ("x", 1)},
        {"exports": (("x", 3),)},
        {"private": ("x",)},
        {"imports": (ImportSpec("p", ("a",), False, (("a", 0),), (0, 0)),)},
        {"imports": (("p",),)},
        {"functions": ()},
        {"pipelines": (1,)},
        {"entry": 1},
    ],
    ids=repr,
)
def test_a_module_must_hold_together(damage: dict[str, Any]) -> None:
    with pytest.raises(RefusedCode):
        verify(module_of(sound())._replace(**damage))


def test_every_field_called_spec_has_a_test() -> None:
    assert {op.number for op in OPS if "spec" in op.arg} == set(SPECS)


@given(statements(), st.data())
def test_a_mutant_is_refused_or_stays_in_its_frame(body: Body, data: st.DataObject) -> None:
    """Whatever the verifier lets through runs without an IndexError of the machine: at worst it computes something else."""
    chunk = assembled(body)
    place = data.draw(st.integers(0, len(chunk.code) - 1))
    op, argument = chunk.code[place]
    values = st.integers(-2, len(chunk.code) + 2)
    if data.draw(st.booleans()):
        op = data.draw(st.sampled_from([NUMBER[n] for n in ("POP", "DUP", "ADD", "RETURN", "LOAD", "JUMP", "CONST")]))
    changed = tuple(data.draw(values) for _ in argument) if isinstance(argument, tuple) else data.draw(values)
    mutant = chunk._replace(code=(*chunk.code[:place], (op, changed), *chunk.code[place + 1 :]))
    try:
        verify(module_of(mutant))
    except RefusedCode:
        return
    if any(target <= pc for pc, (number, own) in enumerate(mutant.code) for target in _targets(number, own)):
        return  # it may run for ever
    ended = finish(Machine(), closure(module(mutant), 0), 1, 2, 3)
    if isinstance(ended, Ended):  # a limit, or an instruction that met a value where only an error can be
        fault = ended.completion.payload
        assert isinstance(fault, LimitReached) or not isinstance(fault.__cause__, IndexError)
    else:
        assert isinstance(ended, (Returned, Threw))


def _targets(number: int, argument: Any) -> tuple[Any, ...]:
    from harn.code.pictures import PICTURES

    return PICTURES[number].targets(PICTURES[number].split(argument))
