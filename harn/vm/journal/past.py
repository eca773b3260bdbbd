"""What a journal tells of a run: where it can be taken up, and what happened since."""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.inputs import TIME
from harn.vm.journal.file import JournalError
from harn.vm.journal.records import (
    CLOCK,
    END,
    FORMAT,
    HEADER,
    INPUT,
    INTENT,
    OPENED,
    OUTPUT,
    READ,
    STATE,
    Header,
    Intent,
    Opened,
    State,
    unpacked,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harn.vm.journal.file import JournalFile

_TAPE = frozenset((READ, INPUT))


ELAPSED = "monotonic_ms"
"""The operation of the clock that is never set back, not even by a new start of the machine."""


class Past:
    """A journal, read whole. What came before the last state is forgotten, but for effects whose answer is still missing.

    ``tape``       reads and inputs since the state, in order
    ``begun``      the intents since the state, by number, and of those ``missing`` an answer also the older ones
    ``recorded``   bytes of output written down; ``certain``: how many of them surely went out
    ``drawn``      how many random bytes were asked for, each time
    ``elapsed``    the latest time that the program was shown on the clock that is never set back, in milliseconds
    ``clock``      the latest time of the run that was written down, in seconds
    ``exit_code``  None while the run has not ended
    """

    def __init__(self, file: JournalFile) -> None:
        self.path = file.path
        self.header: Header | None = None
        self.opened: Opened | None = None
        self.state: State | None = None
        self.tape: list[Any] = []
        self.begun: dict[int, Intent] = {}
        self.missing: dict[int, Intent] = {}
        self.recorded = 0
        self.certain = 0
        self.drawn: list[int] = []
        self.elapsed = 0
        self.clock = 0.0
        self.exit_code: int | None = None
        self.states = self.state_size = 0
        for record in file.records():
            self._add(record.kind, unpacked(record, self.path))
        if self.header is None:
            raise JournalError(f"{self.path} holds no run: its process died before the run began")

    def _add(self, kind: int, entry: Any) -> None:
        if (kind == HEADER) != (self.header is None):
            raise JournalError(f"{self.path} is damaged: it does not begin with what is run")
        if kind != OUTPUT:  # a text is printed before anything else is written down
            self.certain = self.recorded
        if kind in _TAPE:
            self.tape.append(entry)
        if kind == INTENT:
            self.begun[entry.number] = self.missing[entry.number] = entry
        elif kind == INPUT:
            self.missing.pop(entry.number, None)
            if entry.what == TIME:
                self.clock = entry.value
        elif kind == READ:
            self.missing.pop(entry.number, None)
            if entry.kind == CLOCK:
                self.clock = entry.value
            elif entry.operation == ELAPSED and isinstance(entry.value, int):
                self.elapsed = entry.value
            elif entry.kind == "random" and entry.ok:
                self.drawn.append(len(entry.value))
        elif kind == OUTPUT:
            self.recorded = max(self.recorded, entry.offset + len(entry.text))
        elif kind == STATE:
            self.state = entry
            self.tape = []
            self.begun = {}
            self.clock = entry.clock
            self.states += 1
            self.state_size = len(entry.taken)
        elif kind == OPENED:
            self.opened = entry
        elif kind == HEADER:
            if entry.format != FORMAT:
                raise JournalError(
                    f"{self.path} was written in format {entry.format}; this version of Harn reads format {FORMAT}"
                )
            self.header = entry
        elif kind == END:
            self.exit_code = entry.code

    def printed(self, target: tuple[tuple[int, int], int] | None) -> tuple[int, int]:
        """How much of the output is in ``target`` (a regular file and its length), and where in it the run's part begins.

        A regular file tells by its length: one that was begun anew, or is another one, holds nothing of the run yet.
        """
        if target is None:
            return self.certain, 0
        identity, length = target
        known = self.opened
        if known is None or known.target != identity or length < known.base:
            return 0, length
        return min(length - known.base, self.recorded), known.base


def texts(file: JournalFile) -> Iterator[tuple[int, bytes]]:
    """Every recorded text with the number of bytes before it."""
    for record in file.records():
        if record.kind == OUTPUT:
            entry = unpacked(record, file.path)
            yield entry.offset, entry.text
