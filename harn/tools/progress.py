"""A line on the terminal that tells how far a long job is; nothing where stderr is no terminal."""

from __future__ import annotations

import sys
import time
from typing import Protocol


class Counted(Protocol):
    """Something with counts."""

    @property
    def done(self) -> int:
        """How many are done."""
        ...

    @property
    def failed(self) -> dict[str, str]:
        """Those that failed."""
        ...


class Progress:
    """The line. ``total``: how many steps there will be."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.visible = sys.stderr is not None and sys.stderr.isatty()
        self.last = 0.0

    def step(self, counted: Counted, name: str) -> None:
        """Show a step that is done, at most twenty times a second."""
        now = time.monotonic()
        if not self.visible or (now - self.last < 0.05 and counted.done < self.total):
            return
        self.last = now
        failed = f", {len(counted.failed)} failed" if counted.failed else ""
        sys.stderr.write(f"\r\x1b[K{counted.done}/{self.total}{failed}  {name[:60]}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self.visible:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
