"""What was told of a program when it was compiled, kept with its code as plain tuples, so that it is told at every run.

Only warnings are kept: a program with errors is not. The file of a place is kept as the key of its module.
"""

from __future__ import annotations

from harn.source.diagnostic import Diagnostic, Note
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.source.typing import Any, Mapping

Plain = tuple[Any, ...]


def plain(found: list[Diagnostic], files: Mapping[str, SourceFile]) -> Plain:
    """Diagnostics as tuples. ``files``: the text of each module by its key."""
    keys = {id(file): key for key, file in files.items()}
    return tuple(_plain(one, keys) for one in found)


def _plain(one: Diagnostic, keys: dict[int, str]) -> Plain:
    notes = tuple((note.text, *_where(note, keys)) for note in one.notes)
    return (one.severity, one.code, one.message, *_where(one, keys), one.label, one.help, one.bare, notes)


def _where(place: Diagnostic | Note, keys: dict[int, str]) -> Plain:
    if place.file is None or place.span is None or id(place.file) not in keys:
        return None, 0, 0
    return keys[id(place.file)], place.span.start, place.span.end


def diagnostics(kept: Plain, files: Mapping[str, SourceFile]) -> list[Diagnostic]:
    """The diagnostics that were kept as tuples."""
    found = []
    for severity, code, message, key, start, end, label, help, bare, notes in kept:
        told = tuple(Note(text, *_found(files, *place)) for text, *place in notes)
        found.append(
            Diagnostic(severity, code, message, *_found(files, key, start, end), label, told, help, bare),
        )
    return found


def _found(files: Mapping[str, SourceFile], key: str | None, start: int, end: int) -> tuple[Any, Any]:
    file = None if key is None else files.get(key)
    return (None, None) if file is None else (file, Span(start, end))
