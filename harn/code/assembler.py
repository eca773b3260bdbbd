"""The assembler: instructions with labels go in, a chunk comes out.

    asm = Assembler("f", "f", (Param("n"),), (), (), span)
    top, end = asm.label(), asm.label()
    asm.mark(top)
    asm.emit("LOAD", 0); asm.emit("CONST", 10); asm.emit("LT"); asm.emit("JUMP_IF_FALSE", end)
    ...
    asm.emit("LOOP", top)
    asm.mark(end)
    chunk = asm.finish()

While instructions are emitted the assembler only follows the operand depth. ``finish`` then shortens the code
(``harn.code.shortening``), checks that the operand stack has one depth at every instruction that can be reached, fuses, and
writes labels and weights into the arguments. All of it is linear in the number of instructions.
"""

from __future__ import annotations

from sys import intern

from harn.code.chunk import CATCH, Capture, Chunk, Handler, Instruction, Param, ScopeName
from harn.code.flow import Region, Unbalanced, follow
from harn.code.fusing import CANDIDATES, Part
from harn.code.opcodes import NUMBER, OPS
from harn.code.pictures import PICTURES, Fields
from harn.code.shortening import Emitted, shorten, thread
from harn.code.weights import Weights
from harn.source.typing import Any

_JUMP = NUMBER["JUMP"]
_LOOP = NUMBER["LOOP"]


class AssemblyError(Exception):
    """Instructions that make no sound chunk: a defect of whoever emitted them."""


class Assembler:
    """Collects the instructions of one function.

    ``depth`` is the number of cells on the operand stack at this point; it means nothing after an instruction that never falls
    through, until the next label that something jumps to.
    """

    def __init__(
        self,
        name: str,
        qualified: str,
        params: tuple[Param, ...] = (),
        captures: tuple[Capture, ...] = (),
        flags: tuple[str, ...] = (),
        span: tuple[int, int] = (0, 0),
    ) -> None:
        self.name = name
        self.qualified = qualified
        self.params = params
        self.captures = captures
        self.flags = flags
        self.span = (span[0], span[1])
        self.depth = 0
        self._live = True
        self._next_slot = len(params) + len(captures)
        self._free: list[int] = []
        self._ops: list[int] = []
        self._fields: list[Fields] = []
        self._spans: list[tuple[int, int]] = []
        self._at = self.span
        self._places: list[int] = []  # label -> index of the instruction it stands before, -1 until marked
        self._depths: list[int] = []  # label -> operand depth, -1 while unknown
        self._handlers: list[tuple[int, int, int, int]] = []
        self._scopes: list[tuple[str, int, int, int, bool]] = []
        self._defers: list[int] = []

    # ------------------------------------------------------------------------------------------------- slots

    def slot(self) -> int:
        """A local slot that nobody uses."""
        if self._free:
            return self._free.pop()
        self._next_slot += 1
        return self._next_slot - 1

    def pair(self) -> int:
        """The first of two neighbouring slots that nobody uses; each is released by itself."""
        self._next_slot += 2
        return self._next_slot - 2

    def release(self, slot: int) -> None:
        """Give a slot back: nothing emitted from here on relies on what it holds."""
        self._free.append(slot)

    # ------------------------------------------------------------------------------------------------- instructions

    def at(self, span: tuple[int, int]) -> None:
        """The instructions from here on come from these characters."""
        self._at = (span[0], span[1])

    def emit(self, name: str, *fields: Any) -> None:
        """One instruction: the fields of its row without the weight, labels for targets."""
        number = NUMBER.get(name)
        if number is None:
            raise self._error(f"there is no opcode {name!r}")
        picture = PICTURES[number]
        if len(fields) != len(picture.fields):
            raise self._error(f"{name} has the fields ({', '.join(picture.fields)}), got {fields!r}")
        taken = picture.takes(fields)
        if self._live:
            if taken > self.depth:
                raise self._error(f"{name} takes {taken} cells of {self.depth}")
            if picture.target >= 0:
                after = self.depth if picture.jumped == 0 else self.depth - taken
                for label in picture.targets(fields):
                    self._meet(label, after)
        self.depth = max(0, self.depth - taken) + picture.left
        if picture.ends:
            self._live = False
        self._ops.append(number)
        self._fields.append(fields)
        self._spans.append(self._at)

    def label(self) -> int:
        """A new label, not yet marked."""
        self._places.append(-1)
        self._depths.append(-1)
        return len(self._places) - 1

    def mark(self, label: int) -> None:
        """The label stands here."""
        if self._places[label] >= 0:
            raise self._error(f"label {label} is marked twice")
        self._places[label] = len(self._ops)
        known = self._depths[label]
        if known >= 0:
            if self._live and known != self.depth:
                raise self._error(f"label {label} is reached with {known} cells and with {self.depth}")
            self.depth = known
            self._live = True
        elif self._live:
            self._depths[label] = self.depth

    def _meet(self, label: int, depth: int) -> None:
        known = self._depths[label]
        if known < 0 and self._places[label] < 0:
            self._depths[label] = depth
        elif known >= 0 and known != depth:
            raise self._error(f"label {label} is reached with {known} cells and with {depth}")

    # ------------------------------------------------------------------------------------------------- tables

    def handler(self, start: int, end: int, target: int, slot: int = CATCH) -> None:
        """Errors between two labels go to ``target``: with the error on the stack, or for a finally block noted in ``slot``.

        Innermost first. To be called after ``start`` and before ``target`` is marked: the depth there is the depth at ``start``.
        """
        if self._places[start] < 0:
            raise self._error("a handler is registered before its start is marked")
        self._handlers.append((start, end, target, slot))
        depth = self._depths[start]
        if depth >= 0:
            self._meet(target, depth + (slot == CATCH))

    def scope(self, name: str, slot: int, start: int, end: int, cell: bool = False) -> None:
        """A name is visible between two labels, held in a slot or in the cell a slot holds."""
        self._scopes.append((name, slot, start, end, cell))

    def defer_block(self, label: int) -> int:
        """The number of the deferred block that begins at ``label``, for DEFER."""
        self._defers.append(label)
        self._meet(label, 0)
        return len(self._defers) - 1

    # ------------------------------------------------------------------------------------------------- finish

    def finish(self) -> Chunk:
        """The chunk. AssemblyError where the code is not sound."""
        labels = self._resolve()
        code = Emitted(self._ops, self._fields, self._spans, labels)
        thread(code, bool(self._handlers))
        shorten(code, self._pinned())
        regions = [
            Region(labels[start], labels[end], labels[target], self._base(start, labels), slot == CATCH)
            for start, end, target, slot in self._handlers
        ]
        try:
            depths = follow(self._ops, self._fields, labels, regions, [labels[label] for label in self._defers])
        except Unbalanced as problem:
            raise self._error(str(problem), problem.place) from None
        return self._write(labels, depths)

    def _base(self, start: int, labels: list[int]) -> int:
        """Where a region's operand depth comes from (see ``Region``): what was known at its start, else its first instruction."""
        known = self._depths[start]
        return -1 - known if known >= 0 else labels[start]

    def _resolve(self) -> list[int]:
        """Index of the instruction each label stands before; unmarked labels that something uses are an error."""
        used: set[int] = set(self._defers)
        for number, fields in zip(self._ops, self._fields, strict=True):
            if PICTURES[number].target >= 0:
                used.update(PICTURES[number].targets(fields))
        for start, end, target, _ in self._handlers:
            used.update((start, end, target))
        for _, _, start, end, _ in self._scopes:
            used.update((start, end))
        missing = sorted(label for label in used if self._places[label] < 0)
        if missing:
            raise self._error(f"labels that were never marked: {missing}")
        return list(self._places)

    def _pinned(self) -> set[int]:
        """Labels that stand for a place, not for a jump: edges of regions and scopes, blocks entered by the machine."""
        pinned = set(self._defers)
        for start, end, target, _ in self._handlers:
            pinned.update((start, end, target))
        for _, _, start, end, _ in self._scopes:
            pinned.update((start, end))
        return pinned

    def _write(self, labels: list[int], depths: list[int]) -> Chunk:
        """Fuse, number the instructions and put everything into a chunk. ``depths``: -1 where nothing leads to."""
        out = _Writer(self._ops, self._fields, self._spans, labels, depths)
        out.run(self._pinned())
        place = out.place
        handlers = []
        for start, end, target, slot in self._handlers:
            if place[labels[start]] < place[labels[end]]:
                base = depths[labels[target]] - (slot == CATCH)
                handlers.append(Handler(place[labels[start]], place[labels[end]], place[labels[target]], base, slot))
        return Chunk(
            name=self.name,
            qualified=self.qualified,
            params=self.params,
            captures=self.captures,
            slots=self._next_slot,
            depth=max((depths[index] for index in out.taken), default=0),
            code=tuple(out.code),
            spans=tuple(out.code_spans),
            handlers=tuple(handlers),
            defers=tuple(place[labels[label]] for label in self._defers),
            scopes=tuple(
                ScopeName(name, slot, place[labels[start]], place[labels[end]], cell)
                for name, slot, start, end, cell in self._scopes
                if place[labels[start]] < place[labels[end]]
            ),
            flags=self.flags,
            span=self.span,
        )

    def _error(self, text: str, index: int = -1) -> AssemblyError:
        where = f" at instruction {index} ({OPS[self._ops[index]].name})" if 0 <= index < len(self._ops) else ""
        return AssemblyError(f"function {self.qualified or self.name or '<closure>'}{where}: {text}")


class _Writer:
    """The last pass: reachable instructions, fused, with numbers for labels and with weights."""

    def __init__(
        self, ops: list[int], fields: list[Fields], spans: list[tuple[int, int]], labels: list[int], depths: list[int]
    ) -> None:
        self.ops = ops
        self.fields = fields
        self.spans = spans
        self.labels = labels
        self.depths = depths
        self.live = [index for index, depth in enumerate(depths) if depth >= 0]
        self.place: list[int] = [0] * (len(ops) + 1)
        """Index among what was emitted -> index in the code, of the next instruction that is left."""
        self.parts: list[Part] = []
        self.taken: list[int] = []
        """Index among what was emitted of each instruction of the code."""
        self.code: list[Instruction] = []
        self.code_spans: list[tuple[int, int]] = []

    def run(self, pinned: set[int]) -> None:
        """Fill ``code``, ``code_spans`` and ``place``."""
        barriers = {self.labels[label] for label in pinned}
        for index in self.live:
            for label in PICTURES[self.ops[index]].targets(self.fields[index]):
                barriers.add(self.labels[label])
        at = 0
        while at < len(self.live):
            at += self._fuse(at, barriers)
        self._number()
        self._encode()

    def _fuse(self, at: int, barriers: set[int]) -> int:
        """Write the instruction at ``live[at]``, fused with those behind it where a row allows; how many were used up."""
        live, ops, fields = self.live, self.ops, self.fields
        index = live[at]
        if ops[index] == _JUMP and at + 1 < len(live) and index < self.labels[fields[index][0]] <= live[at + 1]:
            return 1  # it would only go on
        self.taken.append(index)
        for fusion in CANDIDATES.get(ops[index], ()):
            size = len(fusion.parts)
            if tuple(ops[index : index + size]) != fusion.parts:
                continue
            if any(i in barriers for i in range(index + 1, index + size)):
                continue
            merged = fusion.fused([(ops[i], fields[i]) for i in range(index, index + size)])
            if merged is not None:
                self.parts.append((fusion.number, merged))
                self.code_spans.append(self.spans[index + fusion.span])
                return size
        self.parts.append((ops[index], fields[index]))
        self.code_spans.append(self.spans[index])
        return 1

    def _number(self) -> None:
        """Fill ``place``: what is not in the code any more stands for the instruction after it."""
        edge = len(self.ops)
        self.place[edge] = len(self.taken)
        for number in range(len(self.taken) - 1, -1, -1):
            first = self.taken[number]
            for index in range(first + 1, edge):
                self.place[index] = number + 1
            self.place[first] = number
            edge = first

    def _encode(self) -> None:
        weights = Weights()
        place, labels = self.place, self.labels
        for pc, (number, fields) in enumerate(self.parts):
            picture = PICTURES[number]
            if picture.target >= 0:
                value = fields[picture.target]
                new: Any = tuple(place[labels[t]] for t in value) if value.__class__ is tuple else place[labels[value]]
                fields = (*fields[: picture.target], new, *fields[picture.target + 1 :])
            weight = 0
            if picture.weight:
                weight = weights.at(pc, fields[0] if number == _LOOP else -1)
            self.code.append((number, picture.argument(_interned(fields), weight)))


def _interned(fields: Fields) -> Fields:
    """The same with texts interned: dicts compare keys by identity first, and marshal keeps them so."""
    return tuple(
        intern(value) if value.__class__ is str else _interned(value) if value.__class__ is tuple else value
        for value in fields
    )


__all__ = ["Assembler", "AssemblyError"]
