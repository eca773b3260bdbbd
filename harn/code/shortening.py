"""Shortening of emitted code before it is fused: jumps to jumps, constant conditions, negations, values pushed to be dropped.

One pass from left to right that looks at the end of what it has kept; nothing is changed across a label that something uses.
"""

from __future__ import annotations

from harn.code.fusing import OPPOSITE
from harn.code.opcodes import NUMBER
from harn.code.pictures import PICTURES, Fields
from harn.source.typing import Collection

_CONST, _NOT, _TRUTH, _POP, _DUP = (NUMBER[name] for name in ("CONST", "NOT", "TRUTH", "POP", "DUP"))
_JUMP, _LOOP, _RETURN = NUMBER["JUMP"], NUMBER["LOOP"], NUMBER["RETURN"]
_IF_FALSE, _IF_TRUE = NUMBER["JUMP_IF_FALSE"], NUMBER["JUMP_IF_TRUE"]
_CONDITIONAL = (_IF_FALSE, _IF_TRUE)
_HARMLESS = frozenset((_CONST, _DUP, NUMBER["LOAD"]))
"""Instructions that only push."""
_BOOLEAN = frozenset(set(OPPOSITE) - set(_CONDITIONAL)) | {_NOT, _TRUTH}
"""Instructions that leave a bool."""


class Emitted:
    """What an assembler collected: opcodes, fields, places in the text; ``labels`` maps a label to an index."""

    def __init__(self, ops: list[int], fields: list[Fields], spans: list[tuple[int, int]], labels: list[int]) -> None:
        self.ops = ops
        self.fields = fields
        self.spans = spans
        self.labels = labels

    def targets(self, index: int) -> tuple[int, ...]:
        """Labels an instruction may jump to."""
        return PICTURES[self.ops[index]].targets(self.fields[index])


def thread(code: Emitted, regions: bool) -> None:
    """Let jumps to jumps go where those go. Without protected regions a jump to a back edge or return becomes one."""
    ops, fields, labels = code.ops, code.fields, code.labels
    size = len(ops)
    final: dict[int, int] = {}

    def end_of(label: int) -> int:
        seen = [label]
        while label not in final and labels[label] < size and ops[labels[label]] == _JUMP:
            label = fields[labels[label]][0]
            if label in seen:  # a ring of jumps leads nowhere else
                break
            seen.append(label)
        label = final.get(label, label)
        final.update(dict.fromkeys(seen, label))
        return label

    for index, number in enumerate(ops):
        at = PICTURES[number].target
        if at < 0:
            continue
        own = fields[index]
        value = own[at]
        new = tuple(end_of(label) for label in value) if value.__class__ is tuple else end_of(value)
        if new != value:
            fields[index] = (*own[:at], new, *own[at + 1 :])
            if number == _LOOP and labels[fields[index][0]] > index:
                number = ops[index] = _JUMP  # the head jumps out of the loop, which never goes round
        goal = labels[fields[index][0]] if number == _JUMP else size
        if goal == size or regions:
            continue
        if ops[goal] == _RETURN or (ops[goal] == _LOOP and labels[fields[goal][0]] <= index):
            ops[index], fields[index] = ops[goal], fields[goal]


def shorten(code: Emitted, pinned: Collection[int]) -> None:
    """Shorten the code in place; ``pinned`` are labels that something besides jumps uses."""
    used = {code.labels[label] for label in pinned}
    for index in range(len(code.ops)):
        used.update(code.labels[label] for label in code.targets(index))
    kept = _Kept(code)
    moved: list[int] = []
    for index in range(len(code.ops)):
        moved.append(len(kept.ops))
        kept.take(index, index in used)
    moved.append(len(kept.ops))
    code.ops[:], code.fields[:], code.spans[:] = kept.ops, kept.fields, kept.spans
    code.labels[:] = [moved[place] if place >= 0 else place for place in code.labels]


class _Kept:
    """The shortened code so far. ``starts``: whether a label stands before the instruction.

    ``begun``: whether a label stood before an instruction that was dropped, and so stands before the next one.
    """

    def __init__(self, code: Emitted) -> None:
        self.code = code
        self.ops: list[int] = []
        self.fields: list[Fields] = []
        self.spans: list[tuple[int, int]] = []
        self.starts: list[bool] = []
        self.begun = False

    def take(self, index: int, start: bool) -> None:
        """The next instruction; ``start`` where a label stands before it."""
        number = self.code.ops[index]
        fields = self.code.fields[index]
        if self.ops and not start and not self.begun:
            if number == _POP and self.ops[-1] in _HARMLESS:
                self._drop()
                return
            if number == _TRUTH and self.ops[-1] in _BOOLEAN:
                return
            if number == _NOT and self.ops[-1] in OPPOSITE and self.ops[-1] in _BOOLEAN:
                self.ops[-1] = OPPOSITE[self.ops[-1]]
                return
            if number == _JUMP and self._invert(index, fields):
                return
            if number in _CONDITIONAL:
                found = self._condition(number)
                if found < 0:
                    return
                number = found
        self.ops.append(number)
        self.fields.append(fields)
        self.spans.append(self.code.spans[index])
        self.starts.append(start or self.begun)
        self.begun = False

    def _drop(self) -> None:
        self.begun = self.starts.pop()
        for items in (self.ops, self.fields, self.spans):
            items.pop()

    def _condition(self, number: int) -> int:
        """A conditional jump behind what computes its condition: the number to use, -1 where it never jumps."""
        while self.ops[-1] == _TRUTH or self.ops[-1] == _NOT:
            if self.ops[-1] == _NOT:
                number = OPPOSITE[number]
            self._drop()
            if self.begun or not self.ops:
                return number
        last = self.ops[-1]
        if last == _CONST:
            jumps = bool(self.fields[-1][0]) == (number == _IF_TRUE)
            self._drop()
            return _JUMP if jumps else -1
        if number == _IF_TRUE and last in OPPOSITE and last in _BOOLEAN:
            self.ops[-1] = OPPOSITE[last]  # only the negative forms fuse
            return _IF_FALSE
        return number

    def _invert(self, index: int, fields: Fields) -> bool:
        """A conditional jump over this jump: one with the contrary condition to where this one goes."""
        if self.ops[-1] not in _CONDITIONAL or self.code.labels[self.fields[-1][0]] != index + 1:
            return False
        number = OPPOSITE[self.ops[-1]]
        if not self.starts[-1] and len(self.ops) > 1 and self.ops[-2] in OPPOSITE and self.ops[-2] in _BOOLEAN:
            self.ops[-2] = OPPOSITE[self.ops[-2]]
            number = self.ops[-1]
        self.ops[-1] = number
        self.fields[-1] = fields
        return True
