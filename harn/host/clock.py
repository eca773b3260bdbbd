"""Time: what the clock says, and waiting for it to pass."""

from __future__ import annotations

import time
from math import inf, nextafter

from harn.source.typing import Protocol


class Clock(Protocol):
    """A clock. Walls tell the date and may be set back; the monotonic time only grows. Both in seconds."""

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        ...

    def now_ms(self) -> int:
        """The same in whole milliseconds."""
        ...

    def monotonic_ms(self) -> int:
        """The same in whole milliseconds."""
        ...

    def sleep(self, seconds: float, most: float | None = None) -> None:
        """Block until that much time has passed, or ``most``."""
        ...


class InMilliseconds:
    """Both times of a clock in milliseconds, as ints."""

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        raise NotImplementedError

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        raise NotImplementedError

    def now_ms(self) -> int:
        """Milliseconds since 1970-01-01 UTC."""
        return int(self.now() * 1000)

    def monotonic_ms(self) -> int:
        """Milliseconds since some fixed moment."""
        return int(self.monotonic() * 1000)


class SystemClock(InMilliseconds):
    """The clock of this machine. The monotonic time is counted from when the clock was made, which is when a run begins."""

    def __init__(self) -> None:
        self.made = time.monotonic()

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return time.monotonic() - self.made

    def sleep(self, seconds: float, most: float | None = None) -> None:
        """Block the thread."""
        time.sleep(max(0.0, seconds if most is None else min(seconds, most)))


DAWN = 1_735_689_600.0
"""Where a virtual clock of a whole run begins: 2025-01-01 00:00 UTC."""


class VirtualClock(InMilliseconds):
    """A clock that moves only when it is told to, or when somebody sleeps on it. ``start`` in seconds since 1970."""

    virtual = True

    def __init__(self, start: float = 0.0) -> None:
        self.start = start
        self.passed = 0.0

    def now(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return self.start + self.passed

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self.passed

    def sleep(self, seconds: float, most: float | None = None) -> None:
        """Let the time pass at once."""
        self.advance(max(0.0, seconds if most is None else min(seconds, most)))

    def advance(self, seconds: float) -> None:
        """Move the clock on: if only by the least step there is, so that waiting for what is left of a time comes to an end."""
        if seconds > 0:
            self.passed = max(self.passed + seconds, nextafter(self.passed, inf))
