"""What happens while a program is worked out: throws, ends, records, tasks, deadlines, generators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.steps.model import Live

Stages = tuple[str, tuple[str, ...] | None]
"""What a step's stage allows: a level, empty for any, and tools, None for all."""


class Unmodelled(Exception):
    """Where the order of tasks would decide; such programs are left out."""


class Fault(Exception):
    """A throw: a text, or the four fields of a dict the programs print. ``owner``: whose meter it is about."""

    def __init__(
        self, text: str = "", *, category: str = "", step: str | None = None, limit: str | None = None,
        escalated: bool = False, owner: Live | None = None, ending: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(text or category)
        self.text = text
        self.category = category
        self.step = step
        self.limit = limit
        self.escalated = escalated
        self.owner = owner
        self.ending = ending

    @property
    def told(self) -> str:
        """As the programs print it."""
        if self.text:
            return self.text
        mark = "true" if self.escalated else "nil"
        return f"{self.category} {self.step or 'nil'} {mark} {self.limit or 'nil'}"

    @property
    def budget(self) -> bool:
        """Whether a boundary takes it for an exhausted budget."""
        return self.category == "budget_exceeded" or (self.escalated and self.category == "handoff_escalation")


class Cancelled(Exception):
    """The task is being left."""


class Logged(NamedTuple):
    """A record of the completed log, amounts in units."""

    name: str
    status: str
    units: int
    calls: int
    model: str | None
    persona: str


class Region:
    """A deadline in force."""

    def __init__(self, ends: float) -> None:
        self.ends = ends
        self.fired = False


class Segment:
    """A generator: its entries and policies are off the task while it rests."""

    def __init__(self, number: int, body: Iterator[str]) -> None:
        self.number = number
        self.body = body
        self.entries: list[Live] = []
        self.policies: list[Stages] = []


class Branch:
    """A task: what is live in it, innermost last."""

    def __init__(self, parent: Branch | None = None, *, cancelled: bool = False, alone: bool = True) -> None:
        self.parent = parent
        self.live: list[Live] = [entry.inherited() for entry in parent.live] if parent is not None else []
        self.policies: list[Stages] = list(parent.policies) if parent is not None else []
        self.printed: list[str] = []
        self.resting: list[Segment] = []
        self.regions: list[Region] = []
        self.cancelled = cancelled
        self.alone = alone
