"""Checking small programs in tests."""

from __future__ import annotations

from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.syntax.parser import parse
from harn.types.checker import check


def findings(text: str) -> list[Diagnostic]:
    """What the checker says of a program, which must parse."""
    file = SourceFile("test.harn", text)
    result = parse(file)
    assert not result.diagnostics, result.diagnostics[0].short
    assert result.program is not None
    return check(result.program, file)


def told(text: str) -> list[str]:
    """The same as texts: severity, line and message."""
    return [f"{d.severity} {d.place[1]}: {d.message}" for d in findings(text)]


def in_function(body: str, params: str = "", before: str = "") -> list[str]:
    """What is said of a function body; its first line is line 2 where nothing stands before."""
    return told(f"{before}fn f({params}) {{\n{body}\n}}\n")
