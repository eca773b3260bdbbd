"""From the bytes of a file to its text."""

from __future__ import annotations

from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span


def decode(path: str, data: bytes) -> tuple[SourceFile, Diagnostic | None]:
    """The source file in some bytes, and what is wrong where they are not UTF-8.

    Bytes that cannot be decoded then stand as U+FFFD in the text; a program must not be run from it.
    """
    try:
        return SourceFile(path, data.decode("utf-8")), None
    except UnicodeDecodeError as error:
        before = len(data[: error.start].decode("utf-8"))
        file = SourceFile(path, data.decode("utf-8", "replace"))
        shown = " ".join(f"{byte:02x}" for byte in data[error.start : error.end])
        line, column = file.position(before)
        message = f"the file is not UTF-8: unexpected {shown} at {line}:{column}"
        return file, Diagnostic(ERROR, "S012", message, file, Span(before, before + 1), "here")
