"""What can go wrong for an embedding program.

HarnError
  CompileError      static errors; ``diagnostics``
  ThrownError       an error no handler of the program took; ``value``, ``trace``
  LimitError        a limit of the run was reached; ``kind``, ``limit``
  CancelledError    the run was interrupted or cancelled
  SnapshotError     a snapshot cannot be made or restored
  InternalError     a defect of Harn
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.embed.diagnostics import Diagnostic
    from harn.embed.result import Usage
    from harn.values.errors import HarnError as ProgramError
    from harn.values.errors import TraceEntry


class HarnError(Exception):
    """The base of all errors of this package.

    Of a run that ended so ``stdout`` holds what it had printed; ``steps`` and ``usage`` are those of a ``Result``.
    """

    stdout: str = ""
    steps: Sequence[dict[str, Any]] = ()
    usage: Usage | None = None


class CompileError(HarnError):
    """The program has static errors. ``diagnostics``: all of them, warnings too, in the order of the text."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        self.diagnostics = diagnostics
        errors = [d for d in diagnostics if d.severity == "error"]
        first = errors[0] if errors else diagnostics[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        where = f"{first.path}:{first.span.line}:{first.span.column}: " if first.span is not None else ""
        super().__init__(f"{where}{first.message}{more}")


class ThrownError(HarnError):
    """An error that left the program.

    ``value`` is what a ``catch`` would have bound, as a Python value; ``trace`` the frames it passed, innermost first.
    ``str()`` is the one-line message. Where a function of the embedding program raised an exception, that is the ``__cause__``.
    """

    def __init__(self, error: ProgramError, value: Any, trace: list[TraceEntry]) -> None:
        super().__init__(error.text())
        self.error = error
        self.value = value
        self.trace = trace
        self.__cause__ = error.__cause__


class LimitError(HarnError):
    """A limit of the run was reached. ``kind`` is a field of ``Limits``, ``limit`` its value."""

    def __init__(self, kind: str, limit: float, text: str) -> None:
        super().__init__(text)
        self.kind = kind
        self.limit = limit


class CancelledError(HarnError):
    """The run was interrupted or cancelled from outside."""


class SnapshotError(HarnError):
    """A run cannot be written to bytes or restored from them."""


class InternalError(HarnError):
    """A defect of Harn, not of the program. ``__cause__`` is the exception behind it."""
