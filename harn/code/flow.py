"""Following the operand stack through code: which instructions can be reached, and with how many cells.

The assembler asks this of what was emitted, with labels for targets; the verifier of finished code.
"""

from __future__ import annotations

from itertools import pairwise

from harn.code.pictures import PICTURES, Fields
from harn.source.typing import NamedTuple, Sequence


class Region(NamedTuple):
    """A protected region ``start <= index < end``. Its target begins with the depth there is at ``base``, plus the error pushed.

    ``base`` is the index of an instruction, or ``-1 - depth`` where the depth itself is known.
    """

    start: int
    end: int
    target: int
    base: int
    pushed: bool


class Unbalanced(Exception):
    """The code does not hold together at instruction ``place``."""

    def __init__(self, text: str, place: int) -> None:
        super().__init__(text)
        self.place = place


def follow(
    ops: Sequence[int],
    fields: Sequence[Fields],
    places: Sequence[int],
    regions: Sequence[Region],
    blocks: Sequence[int],
) -> list[int]:
    """The operand depth before every instruction, -1 where nothing leads to it.

    ``places`` maps a target as it stands in the fields to an index. ``blocks`` are further entries, with an empty stack.
    Unbalanced where two ways disagree, too much is taken, or a way runs past the end.
    """
    size = len(ops)
    depths = [-1] * size
    waiting = _Handlers(regions, size)
    todo: list[tuple[int, int]] = [(block, 0) for block in blocks]
    todo.append((0, 0))
    while todo:
        index, depth = todo.pop()
        while True:
            if index >= size:
                raise Unbalanced("the code runs past its end", size - 1)
            known = depths[index]
            if known >= 0:
                if known != depth:
                    raise Unbalanced(f"it is reached with {known} cells and with {depth}", index)
                break
            depths[index] = depth
            if waiting.watched[index]:
                todo.extend(waiting.entered(index, depths))
            picture = PICTURES[ops[index]]
            own = fields[index]
            taken = picture.takes(own)
            if taken > depth:
                raise Unbalanced(f"it takes {taken} cells of {depth}", index)
            if picture.target >= 0:
                after = depth if picture.jumped == 0 else depth - taken
                todo.extend((places[target], after) for target in picture.targets(own))
            if picture.ends:
                break
            depth += picture.left - taken
            index += 1
    return depths


class _Handlers:
    """Which regions have not been entered: once one of their instructions can run, their targets are entries too."""

    def __init__(self, regions: Sequence[Region], size: int) -> None:
        self.regions = regions
        self.watched = bytearray(size)
        """1 where an instruction lies in a stretch whose regions have not been entered."""
        self.stretch = [0] * size if regions else []
        self.stretches: list[tuple[int, int, list[int]]] = []
        opening: dict[int, list[int]] = {}
        closing: dict[int, list[int]] = {}
        for at, region in enumerate(regions):
            if 0 <= region.start < region.end <= size:
                opening.setdefault(region.start, []).append(at)
                closing.setdefault(region.end, []).append(at)
        open_now: dict[int, None] = {}
        edges = sorted({*opening, *closing})
        for first, last in pairwise(edges):
            for at in closing.get(first, ()):
                del open_now[at]
            open_now.update(dict.fromkeys(opening.get(first, ())))
            if open_now:
                self.stretch[first:last] = [len(self.stretches)] * (last - first)
                self.stretches.append((first, last, list(open_now)))
                self.watched[first:last] = b"\x01" * (last - first)
        self.done = [False] * len(regions)

    def entered(self, index: int, depths: list[int]) -> list[tuple[int, int]]:
        """An instruction of a watched stretch can run: the targets of the regions around it, with their depths."""
        first, last, inside = self.stretches[self.stretch[index]]
        self.watched[first:last] = bytes(last - first)
        found: list[tuple[int, int]] = []
        for at in inside:
            if not self.done[at]:
                self.done[at] = True
                region = self.regions[at]
                base = depths[region.base] if region.base >= 0 else -1 - region.base
                if base < 0:
                    raise Unbalanced("a protected region is entered behind its start", index)
                found.append((region.target, base + region.pushed))
        return found
