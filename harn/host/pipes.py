"""Talking with a program that runs: its input is written and both outputs are read at once, no more of them than is wanted."""

from __future__ import annotations

import os
import selectors
import sys
import time

from harn.source.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

_PIECE = 65_536


class TimeIsUp(Exception):
    """The program did not end in its time."""


class TooMuch(Exception):
    """The program wrote more than there is room for."""


class Talk:
    """One conversation. ``out`` and ``err`` hold what was read so far, also where it ended before the program did."""

    def __init__(self, child: subprocess.Popen[bytes], stdin: bytes | None, room: int) -> None:
        self._child = child
        self._left = memoryview(stdin or b"")
        self._room = room
        self.out = bytearray()
        self.err = bytearray()

    def go_on(self, seconds: float | None) -> None:
        """Talk until the program has ended and nobody holds its outputs any more. TimeIsUp, TooMuch."""
        end = None if seconds is None else time.monotonic() + seconds
        child = self._child
        if sys.platform == "win32":  # where pipes cannot be waited for
            self._all_at_once(seconds)
            return
        with selectors.DefaultSelector() as waiting:
            for pipe, kept in ((child.stdout, self.out), (child.stderr, self.err)):
                if pipe is not None and not pipe.closed:
                    waiting.register(pipe, selectors.EVENT_READ, kept)
            if child.stdin is not None and not child.stdin.closed:
                os.set_blocking(child.stdin.fileno(), False)
                waiting.register(child.stdin, selectors.EVENT_WRITE)
            while waiting.get_map():
                for key, _ in waiting.select(_rest(end)):
                    ready: Any = key.fileobj
                    if self._say(ready) if key.data is None else self._hear(ready, key.data):
                        waiting.unregister(ready)
                        ready.close()
        self._ended(end)

    def _say(self, pipe: Any) -> bool:
        """Write some of the input; whether that is over."""
        try:
            if self._left:
                self._left = self._left[os.write(pipe.fileno(), self._left[:_PIECE]) :]
        except BlockingIOError:
            return False
        except OSError:  # the program does not want any more
            return True
        return not self._left

    def _hear(self, pipe: Any, kept: bytearray) -> bool:
        """Read some of an output; whether that is over."""
        piece = os.read(pipe.fileno(), _PIECE)
        kept += piece
        if len(self.out) + len(self.err) > self._room:
            raise TooMuch
        return not piece

    def _all_at_once(self, seconds: float | None) -> None:
        import subprocess

        try:
            out, err = self._child.communicate(bytes(self._left) or None, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimeIsUp from None
        self.out += out
        self.err += err
        if len(out) + len(err) > self._room:
            raise TooMuch

    def _ended(self, end: float | None) -> None:
        import subprocess

        try:
            self._child.wait(_rest(end))
        except subprocess.TimeoutExpired:
            raise TimeIsUp from None


def _rest(end: float | None) -> float | None:
    if end is None:
        return None
    rest = end - time.monotonic()
    if rest <= 0:
        raise TimeIsUp
    return rest
