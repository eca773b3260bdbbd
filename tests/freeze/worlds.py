"""A host whose state is a few numbers and a folder, so that another process can go on with it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from harn.host.clock import VirtualClock
from harn.host.host import Host
from harn.vm.frame import Effect
from harn.vm.machine import Task


class CountedChance:
    """Reproducible bytes; how often some were drawn is all its state."""

    def __init__(self, drawn: int = 0) -> None:
        self.drawn = drawn

    def bytes(self, count: int) -> bytes:
        """The next bytes."""
        self.drawn += 1
        return hashlib.shake_256(b"%d" % self.drawn).digest(count)


class Standing(NamedTuple):
    """Where a world stands: seconds passed, draws made, and the folder with its files.

    ``home`` is where these were when the program learned their paths; empty where they still are.
    """

    passed: float
    drawn: int
    folder: str
    home: str = ""


TURN = 2.0**-13
"""Seconds that a turn takes: a power of two, so that no sum of times is ever rounded."""


class Writes(BaseException):
    """A program wants to change files: it needs a copy of its folder."""


class FrozenWorld:
    """A sandboxed host below a folder, with a clock that moves where somebody sleeps and a little with every turn.

    ``own``: the folder is a copy that the program may change (``written``: it has); in any other Writes is raised then.
    """

    def __init__(self, standing: Standing, own: bool = False) -> None:
        self.own = own
        self.clock = VirtualClock(1_750_000_000.0)
        self.clock.passed = standing.passed
        self.chance = CountedChance(standing.drawn)
        self.folder = standing.folder
        self.host = Host.sandbox(root=standing.folder, clock=self.clock, random=self.chance)
        self.written = False

    def standing(self, copy: Path) -> Standing:
        """Where it stands now; the files are copied to ``copy`` if the program has changed any."""
        if not self.written:
            return Standing(self.clock.passed, self.chance.drawn, self.folder)
        shutil.copytree(self.folder, copy)
        return Standing(self.clock.passed, self.chance.drawn, str(copy), self.folder)

    def waits(self, effect: Effect) -> bool:
        """As the host says."""
        return self.host.waits(effect)

    def perform(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """As the host does."""
        if effect.kind == "fs.write":
            if not self.own:
                raise Writes
            self.written = True
        return self.host.perform(task, effect, patience)

    async def perform_async(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """Not needed: nothing waits for real time."""
        raise NotImplementedError

    def turn(self) -> None:
        """A turn has been made."""
        self.clock.advance(TURN)

    def now(self) -> float:
        """As the host says."""
        return self.host.now()

    def virtual(self) -> bool:
        """Time is nobody's but the program's."""
        return True
