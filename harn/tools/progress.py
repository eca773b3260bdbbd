"""A line on the terminal that tells how far a long job is; nothing where stderr is no terminal."""

from __future__ import annotations

import sys
import time


class Progress:
    """The line. ``total``: how many steps there will be."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.visible = sys.stderr is not None and sys.stderr.isatty()
        self.last = 0.0

    def step(self, done: int, failed: int, name: str) -> None:
        """Show how many are done and that ``name`` was the last, at most twenty times a second."""
        now = time.monotonic()
        if not self.visible or (now - self.last < 0.05 and done < self.total):
            return
        self.last = now
        bad = f", {failed} failed" if failed else ""
        sys.stderr.write(f"\r\x1b[K{done}/{self.total}{bad}  {name[:60]}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self.visible:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
