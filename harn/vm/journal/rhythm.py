"""When the state of a run is written: often enough that a resume is quick, seldom enough that the journal stays small."""

from __future__ import annotations

import time

LEAST = 256 * 1024
"""Bytes of records behind a state before the next one is written."""

SHARE = 10
"""The next state is written when the run has computed so many times as long as it took to write the last."""

PAUSE = 1.0
"""Seconds of computing between two states at least, where few records ask for one. Waiting is not computing."""


class Rhythm:
    """``place`` is where the last state ended in the file, ``most`` how many bytes may follow it."""

    __slots__ = ("_began", "_last", "_pause", "most", "place")

    def __init__(self, place: int, size: int) -> None:
        self.place = place
        self.most = max(LEAST, size)
        self._pause = PAUSE
        self._last = time.process_time()
        self._began = 0.0

    def due(self, size: int) -> bool:
        """Whether a state should be written, now that the file has that size."""
        return size - self.place >= self.most or time.process_time() - self._last >= self._pause

    def begin(self) -> None:
        """A state is about to be written."""
        self._began = time.process_time()

    def written(self, place: int, size: int) -> None:
        """A state of that size was written, and the file ends at ``place``."""
        self._last = time.process_time()
        self.place = place
        self.most = max(LEAST, size)
        self._pause = max(PAUSE, SHARE * (self._last - self._began))

    def postpone(self, place: int) -> None:
        """The run could not be written down now; it is tried again when twice as much has happened."""
        self._last = time.process_time()
        self.place = place
        self.most *= 2
        self._pause *= 2
