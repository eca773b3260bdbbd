"""What the machine must know of the world outside: one protocol, so that host, recording and embedding stand behind one gate.

Every effect passes ``perform``; policy has been checked before. Wrappers (recording, replay, a journal, mocks, the functions
of an embedding program) are worlds that hold another one.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from harn.vm.frame import Effect
    from harn.vm.machine import Task


class World(Protocol):
    """Where effects happen. ``patience``: the seconds after which an answer is no longer wanted, None for ever."""

    def waits(self, effect: Effect) -> bool:
        """Whether performing it may take so long that the machine should not stand still meanwhile."""
        ...

    def perform(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """Perform it, blocking; its value. HarnError where it fails."""
        ...

    def now(self) -> float:
        """Seconds on a clock that is never set back: timers, deadlines and limits go by it."""
        ...

    def virtual(self) -> bool:
        """Whether that clock moves only where somebody sleeps on it."""
        ...

    async def perform_async(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """The same without blocking the thread."""
        ...


class Output(Protocol):
    """Where a run's output goes."""

    def write(self, text: str) -> object:
        """Take a text."""
        ...

    def flush(self) -> object:
        """See to it that what was written arrives."""
        ...
