"""The one renderer: diagnostics and run-time errors as text for people.

    error: expected expression, found )
      --> bad.harn:2:11
       |
     2 |   let x = )
       |           ^ unexpected token

Nothing here asks what standard error is: the caller says whether to colour (a terminal, and NO_COLOR unset).
"""

from __future__ import annotations

from harn.source.diagnostic import ERROR, WARNING, Diagnostic, Excerpt
from harn.source.file import SourceFile
from harn.source.typing import Protocol, Sequence

#: Columns of a source line that are shown; of a longer one the part around the caret.
LINE_WIDTH = 120
_TAB = "    "
_CUT = "..."

_BOLD = {ERROR: "\x1b[1;31m", WARNING: "\x1b[1;33m", "help": "\x1b[1;36m", "note": "\x1b[1;35m", "-->": "\x1b[1;34m"}
_BLUE = "\x1b[34m"
_PLAIN = "\x1b[0m"


class Call(Protocol):
    """A frame of a stack: the name of its function (empty for the entry) and where it stood.

    Line and column count from 1; 0 is unknown. ``length``: how many characters to mark, 0 for the word that begins there.
    """

    @property
    def function(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...

    @property
    def length(self) -> int: ...


def render(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """A diagnostic with its source line, carets, label, notes and help, ending in a line end."""
    paint = _Paint(colour)
    severity, label = diagnostic.severity, _one_line(diagnostic.label)
    head = f"{paint.bold(severity, severity)}: {_printable(diagnostic.message)}"
    path, line, column = diagnostic.place
    gutter = len(str(line)) + 1
    out = [head]
    if line and diagnostic.file is not None and diagnostic.span is not None:
        length = diagnostic.span.end - diagnostic.span.start
        out += _excerpt(paint, severity, diagnostic.file, (path, line, column), length, label)
    for note in diagnostic.notes:
        where = ""
        if note.file is not None and note.span is not None:
            note_line, note_column = note.file.position(note.span.start)
            where = f" ({_one_line(note.file.path)}:{note_line}:{note_column})"
        out.append(f"{'':{gutter}} = {paint.bold('note', 'note')}: {_printable(note.text)}{where}")
    if diagnostic.help:
        out.append(f"{'':{gutter}} = {paint.bold('help', 'help')}: {_printable(diagnostic.help)}")
    return "\n".join(out) + "\n"


def render_failure(
    message: str,
    calls: Sequence[Call],
    source: SourceFile | None = None,
    *,
    about: Excerpt | None = None,
    colour: bool = False,
) -> str:
    """A run-time error with the place where it arose and the calls on the way there, innermost first.

    ``source``: the file of the innermost call, where it can be read. Calls whose line is unknown are left out. ``about``: the
    line of another text in which the mistake stands.
    """
    paint = _Paint(colour)
    out = [f"{paint.bold(ERROR, ERROR)}: {_printable(message)}"]
    if about is not None:
        out += _quoted(paint, ERROR, about)
    if calls and calls[0].line:
        out += _origin(paint, calls[0], source)
    for call in calls[1:]:
        if call.line:
            caller = _one_line(call.function) or "pipeline"
            out.append(f"  = {paint.bold('note', 'note')}: called from {caller} at {_one_line(call.path)}:{call.line}")
    return "\n".join(out) + "\n"


def _origin(paint: _Paint, call: Call, source: SourceFile | None) -> list[str]:
    """The excerpt for the innermost call; without a column the whole line is marked."""
    text = source.line(call.line) if source else None
    if source is None or text is None:
        return [f"{'':{len(str(call.line)) + 1}}{paint.bold('-->', '-->')} {_one_line(call.path)}:{call.line}:1"]
    if call.column:
        column, length = call.column, call.length or _word(text, call.column - 1)
        return _excerpt(paint, ERROR, source, (call.path, call.line, column), length, "", marked=True)
    column = len(text) - len(text.lstrip()) + 1
    length = max(1, len(text.strip()))
    lines = _excerpt(paint, ERROR, source, (call.path, call.line, column), length, "", marked=True)
    return [lines[0].removesuffix(f":{column}") + ":1", *lines[1:]]


def _word(text: str, start: int) -> int:
    """The length of the name or number that begins at an offset of a line, 1 for anything else."""
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return max(1, end - start)


def _excerpt(
    paint: _Paint,
    severity: str,
    file: SourceFile,
    place: tuple[str, int, int],
    length: int,
    label: str,
    marked: bool = False,
) -> list[str]:
    """Arrow, source line and, with a label or where ``marked``, carets under ``length`` characters."""
    path, line, column = place
    text = file.line(line)
    if text is None or (not text and line == len(file.starts) and file.starts[-1] == len(file.text)):
        return _arrow(paint, place)  # behind the last line end there is no line
    return _quoted(paint, severity, Excerpt(path, line, column, text, column - 1, length, label), marked)


def _arrow(paint: _Paint, place: tuple[str, int, int]) -> list[str]:
    path, line, column = place
    gutter = len(str(line)) + 1
    head = f"{'':{gutter}}{paint.bold('-->', '-->')} {_one_line(path)}:{line}:{column}"
    return [head, f"{'':{gutter}} {paint.blue('|')}"]


def _quoted(paint: _Paint, severity: str, about: Excerpt, marked: bool = True) -> list[str]:
    """Arrow, line and carets of an excerpt."""
    out = _arrow(paint, (about.path, about.line, about.column))
    gutter, bar, label = len(str(about.line)) + 1, paint.blue("|"), _one_line(about.label)
    shown, padding, carets = _window(about.text, about.offset, about.length)
    out.append(f"{about.line:>{gutter}} {bar} {shown}".rstrip())
    if label or marked:
        mark = paint.bold(severity, "^" * carets)
        out.append(f"{'':{gutter}} {bar} {' ' * padding}{mark} {label}".rstrip())
    return out


def _window(text: str, start: int, length: int) -> tuple[str, int, int]:
    """What is shown of a line: its text, the columns before the carets, the number of carets."""
    start = min(start, len(text))
    end = max(start, min(start + length, len(text)))
    before, inside, after = _visible(text[:start]), _visible(text[start:end]), _visible(text[end:])
    width = _columns(before) + _columns(inside) + _columns(after)
    if width > LINE_WIDTH:
        inside = _fitting(inside, LINE_WIDTH // 2)
        room = LINE_WIDTH - _columns(inside)
        whole_after = _columns(after) <= room // 2
        kept_after = after if whole_after else _fitting(after, room - min(_columns(before), room // 2))
        kept_before = _fitting(before[::-1], room - _columns(kept_after))[::-1]
        before = kept_before if len(kept_before) == len(before) else _CUT + kept_before
        after = kept_after if len(kept_after) == len(after) else kept_after + _CUT
    return before + inside + after, _columns(before), max(1, _columns(inside))


def _fitting(text: str, columns: int) -> str:
    """The longest beginning of a text that takes no more than some columns."""
    taken = 0
    for index, character in enumerate(text):
        taken += _columns(character)
        if taken > columns:
            return text[:index]
    return text


def _visible(text: str) -> str:
    """A line with tabs as blanks and a sign for each character that would move the cursor or not print."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character == "\t":
        return _TAB
    if character.isprintable():
        return character
    import unicodedata

    return character if unicodedata.category(character) in ("Mn", "Me", "Zs") else "\ufffd"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0 if category(character) in ("Mn", "Me") else 2 if east_asian_width(character) in "WF" else 1
        for character in text
    )


def _printable(text: str) -> str:
    """A message that may hold parts of a program: its line ends stay, all else that does not print is made visible."""
    if text.isprintable():
        return text
    return "\n".join(_visible(line) for line in text.split("\n"))


def _one_line(text: str) -> str:
    return text if text.isprintable() else _visible(text)


class _Paint:
    """Terminal colours, or none."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def bold(self, style: str, text: str) -> str:
        return f"{_BOLD.get(style, _BOLD['help'])}{text}{_PLAIN}" if self.colour else text

    def blue(self, text: str) -> str:
        return f"{_BLUE}{text}{_PLAIN}" if self.colour else text
