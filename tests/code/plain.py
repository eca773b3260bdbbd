"""An assembler that changes nothing: what is emitted is what runs. The real one must give code that does the same."""

from __future__ import annotations

from typing import Any

from harn.code.chunk import CATCH, Chunk, Handler, Instruction, ModuleChunk, Param, ScopeName
from harn.code.opcodes import NUMBER
from harn.code.pictures import PICTURES
from tests.strategies.code import SLOTS, Body, emit_body

DEPTH = 60
"""More operands than any drawn body needs."""


class PlainAssembler:
    """The interface of ``Assembler`` as far as drawn bodies use it."""

    def __init__(self) -> None:
        self.slots = SLOTS
        self.emitted: list[tuple[int, tuple[Any, ...]]] = []
        self.places: list[int] = []
        self.depths: list[int] = []
        self.handlers: list[tuple[int, int, int, int]] = []
        self.depth = 0

    def slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    def release(self, slot: int) -> None:
        pass

    def at(self, span: tuple[int, int]) -> None:
        pass

    def emit(self, name: str, *fields: Any) -> None:
        number = NUMBER[name]
        self.emitted.append((number, fields))
        self.depth += PICTURES[number].change(fields)

    def label(self) -> int:
        self.places.append(-1)
        self.depths.append(0)
        return len(self.places) - 1

    def mark(self, label: int) -> None:
        self.places[label] = len(self.emitted)
        self.depths[label] = self.depth

    def handler(self, start: int, end: int, target: int) -> None:
        self.handlers.append((start, end, target, self.depths[start]))
        self.depth += 1  # the error, for the code that follows the jump over the handler

    def scope(self, name: str, slot: int, start: int, end: int) -> None:
        pass

    def finish(self) -> Chunk:
        code = tuple(self._encode(number, fields) for number, fields in self.emitted)
        handlers = tuple(
            Handler(self.places[s], self.places[e], self.places[t], d, CATCH) for s, e, t, d in self.handlers
        )
        params = tuple(Param(f"p{slot}") for slot in range(SLOTS))
        return Chunk("f", "f", params, (), self.slots, DEPTH, code, ((0, 0),) * len(code), handlers)

    def _encode(self, number: int, fields: tuple[Any, ...]) -> Instruction:
        picture = PICTURES[number]
        if picture.target >= 0:
            fields = tuple(self.places[f] if at == picture.target else f for at, f in enumerate(fields))
        return number, picture.argument(fields, 1)


def plain_chunk(body: Body) -> Chunk:
    """A drawn body as it stands."""
    asm = PlainAssembler()
    emit_body(asm, body)
    return asm.finish()


def module_of(*chunks: Chunk, names: tuple[str, ...] = ()) -> ModuleChunk:
    """A module with these functions."""
    return ModuleChunk("test.harn", True, chunks, names, (), (), (), (), "")


__all__ = ["PlainAssembler", "ScopeName", "module_of", "plain_chunk"]
