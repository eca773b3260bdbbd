"""Imports that cannot be followed: an error where a program is checked. When it runs, they fail with the same words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span


class Imported(Protocol):
    """An import as it was compiled: the path as written, where it stands, and why it fails (empty where it does not)."""

    @property
    def path(self) -> str: ...

    @property
    def span(self) -> tuple[int, int]: ...

    @property
    def problem(self) -> str: ...


def failing_imports(imports: Iterable[Imported], file: SourceFile) -> list[Diagnostic]:
    """An error for each import of a file that leads to no module that can be used."""
    label = "this module cannot be used"
    return [Diagnostic(ERROR, "T032", one.problem, file, Span(*one.span), label) for one in imports if one.problem]
