"""What the inputs are fed to. A target takes bytes, as they would be read from a file, and must come back: with whatever
result, but without an exception, a hang, or a Python recursion error."""

from __future__ import annotations

from collections.abc import Callable

from harn.source.file import SourceFile
from harn.syntax.parser import parse


def parse_bytes(data: bytes) -> None:
    """The parser on text: every text gives a tree or diagnostics that stand in the text."""
    text = data.decode("utf-8", "replace")
    file = SourceFile("<fuzz>", text)
    program, diagnostics = parse(file)
    assert program is not None or diagnostics
    for diagnostic in diagnostics:
        assert diagnostic.message
        _, line, column = diagnostic.place
        assert line >= 1
        assert 1 <= column <= len(file.line(line) or "") + 1


TARGETS: dict[str, Callable[[bytes], None]] = {"parse": parse_bytes}
