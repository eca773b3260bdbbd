"""``harn fmt``: the one layout of the language, for a text; files are read and written by the command.

The layout: two blanks of indentation, one statement a line, one blank line between the items of a file and none inside them,
lines of up to 100 columns; arguments, elements and parameters that would pass them stand one a line with a comma behind each, a
chain of operators breaks before its operators. What the tree does not say is left as written: comments, the spelling of literals,
line breaks before ``.method(...)`` and inside chains of operators.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import attrs

from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.syntax.parser import parse
from harn.syntax.printer import LINE_WIDTH, layout


class Formatted(NamedTuple):
    """``text``: the text in the language's layout; None where ``diagnostics`` say why the file is no program."""

    text: str | None
    diagnostics: list[Diagnostic]


class LayoutDefect(Exception):
    """A laid out text that would not read back as the same program: a defect of the printer. The file must stay as it is."""

    def __init__(self, file: SourceFile) -> None:
        super().__init__(f"{file.path}: formatting would change the program, the file was left as it is")


def format_file(file: SourceFile, width: int = LINE_WIDTH) -> Formatted:
    """Lay a file out; formatting the result again changes nothing. Raises LayoutDefect."""
    program, diagnostics = parse(file)
    if diagnostics or program is None:
        return Formatted(None, diagnostics)
    text = layout(program, file, width)
    if text != file.text:
        again, found = parse(SourceFile(file.path, text))
        if found or again is None or not same_tree(again, program):
            raise LayoutDefect(file)
    return Formatted(text, [])


def same_tree(left: Any, right: Any) -> bool:
    """Whether two trees are equal but for spans and spelling, however deep they are."""
    pairs = [(left, right)]
    while pairs:
        one, other = pairs.pop()
        if type(one) is not type(other):
            return False
        if attrs.has(type(one)):
            names = [field.name for field in attrs.fields(type(one)) if field.eq]
            pairs += [(getattr(one, name), getattr(other, name)) for name in names]
        elif isinstance(one, tuple):
            if len(one) != len(other):
                return False
            pairs += zip(one, other, strict=True)
        elif one != other:
            return False
    return True
