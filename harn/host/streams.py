"""Standard output, standard error and standard input."""

from __future__ import annotations

import sys

from harn.source.typing import Protocol


class Sink(Protocol):
    """Where text goes."""

    def write(self, text: str) -> object:
        """Take a text."""
        ...

    def flush(self) -> object:
        """See to it that what was written arrives."""
        ...


class Source(Protocol):
    """Where text comes from."""

    def line(self) -> str | None:
        """The next line without its line break, None at the end."""
        ...

    def rest(self) -> str:
        """Everything up to the end."""
        ...


class OutputLost(OSError):
    """What a program prints can not be written, on a full disk for instance."""


class StandardOutput:
    """The process's own stream, looked up at each write so that a replaced ``sys.stdout`` counts."""

    of_process = True
    """Whether it is a stream of the process, which may be a terminal."""

    def write(self, text: str) -> None:
        """Write to ``sys.stdout``."""
        if sys.stdout is not None:
            try:
                sys.stdout.write(text)
            except OSError as error:
                raise _lost(error) from None

    def flush(self) -> None:
        """Flush ``sys.stdout``."""
        if sys.stdout is not None:
            try:
                sys.stdout.flush()
            except OSError as error:
                raise _lost(error) from None


def _lost(error: OSError) -> OSError:
    return error if isinstance(error, BrokenPipeError) else OutputLost(error.errno, error.strerror)


class StandardError:
    """The process's standard error."""

    def write(self, text: str) -> None:
        """Write to ``sys.stderr``."""
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()

    def flush(self) -> None:
        """Nothing is kept back."""


class StandardInput:
    """The process's standard input."""

    def line(self) -> str | None:
        """The next line without its line break, None at the end."""
        found = sys.stdin.readline() if sys.stdin is not None else ""
        return found.rstrip("\n").removesuffix("\r") if found else None

    def rest(self) -> str:
        """Everything up to the end."""
        return sys.stdin.read() if sys.stdin is not None else ""


class Discard:
    """Drops what is written."""

    def write(self, text: str) -> None:
        """Drop it."""

    def flush(self) -> None:
        """Nothing to do."""


class Nothing:
    """An input that is at its end."""

    def line(self) -> str | None:
        """None."""
        return None

    def rest(self) -> str:
        """The empty text."""
        return ""
