"""What the compiler has to say about a program: static errors, each with its code."""

from __future__ import annotations

from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span


class CompileFault(Exception):
    """A program that cannot be compiled: ``diagnostics`` says why, in order of place."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics[0].message if diagnostics else "nothing")
        self.diagnostics = diagnostics


def compile_error(code: str, message: str, file: SourceFile, span: Span, help: str = "") -> Diagnostic:
    """A static error whose bare text names its line, as the suite compares it."""
    line = file.position(span.start)[0]
    return Diagnostic(
        ERROR,
        code,
        message,
        file,
        span,
        label=f"here (line {line})",
        help=help,
        bare=f"Compile error at line {line}: {message}",
    )
