"""What a recorded run prints: written down first, then printed, and never printed twice.

Texts are counted in bytes of UTF-8 from the beginning of the run. A run that repeats itself says again what it has said
before: that is compared by its place and dropped. What a dead process had really printed is known where standard output is a
regular file: its length tells. Elsewhere all but the last recorded text certainly arrived; that one is printed again.
"""

from __future__ import annotations

import os
import stat
import sys

from harn.source.typing import TYPE_CHECKING, Callable, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 8_192
"""Bytes that are kept back at most until they are written down and printed."""


class Target(Protocol):
    """Where bytes are printed."""

    def write(self, data: bytes) -> None:
        """Print them now."""
        ...

    def file(self) -> tuple[tuple[int, int], int] | None:
        """(device, inode) and length of the regular file behind it, None where it is none or others write to it too."""
        ...


class StandardOutput:
    """The standard output of the process, without a buffer between."""

    of_process = True

    def write(self, data: bytes) -> None:
        """Print them now. OSError where nobody takes them."""
        handle = _handle(sys.stdout)
        if handle is None:
            if sys.stdout is not None:
                sys.stdout.write(data.decode("utf-8", "replace"))
                sys.stdout.flush()
            return
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]

    def file(self) -> tuple[tuple[int, int], int] | None:
        """See ``Target``. What goes to standard error must not go to the same file."""
        handle = _handle(sys.stdout)
        found = None if handle is None else os.fstat(handle)
        if found is None or not stat.S_ISREG(found.st_mode):
            return None
        errors = _handle(sys.stderr)
        if errors is not None and os.path.samestat(found, os.fstat(errors)):
            return None
        assert handle is not None
        os.lseek(handle, 0, os.SEEK_END)
        return (found.st_dev, found.st_ino), found.st_size


def _handle(stream: object) -> int | None:
    """The descriptor behind a stream, where there is one."""
    try:
        return stream.fileno()  # type: ignore[attr-defined,no-any-return]
    except (AttributeError, OSError, ValueError):
        return None


class RecordedOutput:
    """The output of a machine whose run is recorded. See ``harn.vm.world.Output``.

    ``said`` counts what the run has printed, ``recorded`` what is written down, ``printed`` what has gone out. When it is
    ``halted`` it drops what is said: the run will say it again.
    """

    __slots__ = ("_parts", "_record", "_target", "_waiting", "halted", "printed", "recorded", "said")

    def __init__(self, target: Target, record: Callable[[int, bytes], None]) -> None:
        self.said = self.recorded = self.printed = 0
        self.halted = False
        self._target = target
        self._record = record
        self._parts: list[bytes] = []
        self._waiting = 0

    @property
    def of_process(self) -> bool:
        """Whether it is a stream of the process, which may be a terminal."""
        return getattr(self._target, "of_process", False)

    def resume(self, said: int, recorded: int, printed: int) -> None:
        """Go on where the run has said so much, of which so much is written down and has gone out."""
        self.said, self.recorded, self.printed = said, recorded, printed

    def catch_up(self, texts: Iterable[tuple[int, bytes]]) -> None:
        """Print of recorded texts what lies before ``said`` and has not gone out: the run will not say it again."""
        for offset, text in texts:
            if offset <= self.printed < min(self.said, offset + len(text)):
                missing = text[self.printed - offset : self.said - offset]
                self._target.write(missing)
                self.printed += len(missing)

    def write(self, text: str) -> None:
        """Take a text."""
        data = text.encode("utf-8", "backslashreplace")
        self._parts.append(data)
        self._waiting += len(data)
        if self._waiting >= _MOST:
            self.flush()

    def flush(self) -> None:
        """Write down and print what was said and has not been yet."""
        if not self._parts or self.halted:
            return
        data = b"".join(self._parts)
        self._parts = []
        self._waiting = 0
        start, self.said = self.said, self.said + len(data)
        if self.said > self.recorded:
            fresh = max(self.recorded, start)
            self._record(fresh, data[fresh - start :])
            self.recorded = self.said
        if self.said > self.printed:
            self._target.write(data[max(self.printed, start) - start :])
            self.printed = self.said
