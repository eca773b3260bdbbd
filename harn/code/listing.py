"""Listings: what a chunk does, for people. Source lines stand above the instructions that came from them.

    fn fib(n)  slots 1, operands 2
       2 |   if n < 2 { return n }
           0   LOAD           n
           |   CONST          2
           |   LT
           |   JUMP_IF_FALSE  -> 3          fused: UNLESS_SLOT_LT_CONST
           1   LOAD           n
           2   RETURN

A fused instruction is printed as its parts, one bar for each that has no number of its own.
"""

from __future__ import annotations

import json

from harn.code.chunk import CATCH, Chunk, ModuleChunk, Param
from harn.code.fusing import FUSIONS
from harn.code.opcodes import OPS
from harn.code.pictures import PICTURES, Fields
from harn.source.file import SourceFile
from harn.source.typing import Any, Iterator

_WIDTH = 20


def listing(module: ModuleChunk, file: SourceFile | None = None, function: str | None = None) -> str:
    """The listing of a module, or of its functions of one name (as declared, or qualified)."""
    chosen = [c for c in module.functions if function is None or function in (c.name, c.qualified)]
    return "\n\n".join("\n".join(_Function(module, chunk, file).lines()) for chunk in chosen)


def names(module: ModuleChunk) -> list[str]:
    """The names ``listing`` can be asked for."""
    return [chunk.qualified or chunk.name for chunk in module.functions]


class _Function:
    """One function being listed."""

    def __init__(self, module: ModuleChunk, chunk: Chunk, file: SourceFile | None) -> None:
        self.module = module
        self.chunk = chunk
        self.file = file
        self.line = 0
        self.named = {slot: param.name for slot, param in enumerate(chunk.params)}
        self.named |= {slot: c.name for slot, c in enumerate(chunk.captures, len(chunk.params))}

    def lines(self) -> Iterator[str]:
        """The lines of its listing."""
        chunk = self.chunk
        captured = f", captures {', '.join(c.name for c in chunk.captures)}" if chunk.captures else ""
        flags = f", {' '.join(chunk.flags)}" if chunk.flags else ""
        params = ", ".join(_parameter(param) for param in chunk.params)
        name = chunk.qualified or chunk.name or "<closure>"
        yield f"fn {name}({params})  slots {chunk.slots}, operands {chunk.depth}{captured}{flags}"
        for pc in range(len(chunk.code)):
            yield from self.source(pc)
            yield from self.instruction(pc)
        for start, end, target, depth, slot in chunk.handlers:
            kind = "catch" if slot == CATCH else f"finally, pending in slot {slot}"
            yield f"    errors in {start}..{end - 1} -> {target}, {depth} operands kept: {kind}"
        for number, block in enumerate(chunk.defers):
            yield f"    deferred block {number} -> {block}"

    def source(self, pc: int) -> Iterator[str]:
        """The source line of an instruction, where it is another one than that of the instruction before."""
        if self.file is None or self.chunk.spans[pc][1] == 0:
            return
        line = self.file.position(self.chunk.spans[pc][0])[0]
        text = self.file.line(line)
        if line != self.line and text is not None:
            self.line = line
            yield f"{line:5} | {text}"

    def instruction(self, pc: int) -> Iterator[str]:
        """An instruction's line, or lines where it is fused."""
        op, argument = self.chunk.code[pc]
        fields = PICTURES[op].split(argument)
        if op not in FUSIONS:
            weight = argument if len(OPS[op].arg) == 1 else argument[-1] if PICTURES[op].weight else 0
            yield self.part(f"{pc:8}", op, fields, pc, f"fuel {weight}" if PICTURES[op].weight else "")
            return
        parts = FUSIONS[op].unfused(fields)
        for number, (part, own) in enumerate(parts):
            note = f"fused: {OPS[op].name}" if number == len(parts) - 1 else ""
            yield self.part(f"{pc:8}" if number == 0 else f"{'|':>8}", part, own, pc, note)

    def part(self, margin: str, op: int, fields: Fields, pc: int, note: str) -> str:
        """One line: margin, name, operands, a note."""
        operands = ", ".join(
            self.operand(kind, value, pc) for kind, value in zip(PICTURES[op].fields, fields, strict=True)
        )
        text = f"{margin}   {OPS[op].name:<{_WIDTH}}{operands}"
        return f"{text:<{_WIDTH + 33}} {note}".rstrip() if note else text.rstrip()

    def operand(self, kind: str, value: Any, pc: int) -> str:
        """An operand as its kind is read."""
        if kind == "slot":
            return self.slot(value, pc)
        if kind in ("own", "flag", "owner"):
            return "no flag" if value < 0 else f"flag {value}"
        if kind == "global":
            return f"global {self.module.names[value]}"
        if kind == "target":
            return f"-> {value}"
        if kind == "targets":
            return "-> " + "/".join(map(str, value))
        if kind == "code":
            inner = self.module.functions[value]
            return f"fn {inner.qualified or inner.name or '<closure>'}"
        if kind == "const":
            return json.dumps(value, ensure_ascii=False)
        return str(value) if kind in ("name", "count") else repr(value)

    def slot(self, slot: int, pc: int) -> str:
        """A slot by the name it has at an instruction, or just before one that fills it."""
        for name, where, start, end, _ in self.chunk.scopes:
            if where == slot and start - 1 <= pc < end:
                return name
        return self.named.get(slot, f"slot {slot}")


def _parameter(param: Param) -> str:
    return f"...{param.name}" if param.kind == "rest" else f"{param.name}?" if param.kind == "optional" else param.name
