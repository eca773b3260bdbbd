"""The masked text: what the parser reads instead of the source.

It has the length of the source, so that every offset stays true, but comments, the shebang line and backslash continuations are
blank and the body of each string is filler. After this, brackets, arrows and quotes in the text are really code, which makes
every look-ahead of the grammar a plain pattern. One pass over the text, in time linear in its length.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from harn.source.span import Span

#: What can begin something to be masked. A quote after a letter is never a raw string: the letter belongs to a name.
_BEGIN = re.compile(r'"""|"|(?<!\w)r"|//|/\*|\\\r?\n')
_PLAIN_STOP = re.compile(r'["\\\n]|\$\{')
_BLOCK_STOP = re.compile(r'"""|\$\{')
_RAW_STOP = re.compile(r'["\n]')
_BRACE = re.compile(r"[{}]")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_NOT_LINE_END = re.compile(r"[^\n]")
#: Characters that are in no token outside of strings and comments.
_FOREIGN = re.compile(r'[^\w \t\r\n{}()\[\],:;.=!+\-*/%<>?|@"&]|(?<!&)&(?!&)')
#: Characters of words beyond ASCII that begin one; only letters may.
_WORD_BEGIN = re.compile(r"(?<!\w)[^\W\x00-\x7f]")
_BLANK = " \t\r\n"

#: The first filler character tells an interpolated string from a plain one; the grammar's STRING and ISTRING know it.
PLAIN, INTERPOLATED = "s", "i"


class Fault(NamedTuple):
    """Text that is no token: ``kind`` is ``string`` or ``comment`` (not closed), ``character`` (foreign) or ``encoding``."""

    kind: str
    span: Span


class Masked(NamedTuple):
    """A masked text.

    ``text``: as long as the source. ``comments``: their spans in order. ``holes``: for the offset of each interpolated string the
    spans of what stands inside its ``${...}``. ``faults``: in order.
    """

    text: str
    comments: list[Span]
    holes: dict[int, list[Span]]
    faults: list[Fault]


def mask(source: str) -> Masked:
    """Mask a source text. Offsets count from its first character."""
    pieces: list[str] = []
    masked = Masked("", [], {}, [])
    position = 0
    if source.startswith("#!"):
        position = _line_end(source, 0)
        pieces.append(" " * position)
    while found := _BEGIN.search(source, position):
        begin = found.start()
        pieces.append(source[position:begin])
        opener = found.group()
        if opener == "//":
            position = _line_end(source, begin)
            pieces.append(" " * (position - begin))
            masked.comments.append(Span(begin, position))
        elif opener == "/*":
            position = _block_comment(source, begin, masked)
            pieces.append(_NOT_LINE_END.sub(" ", source[begin:position]))
        elif opener[0] == "\\":
            position = found.end()
            pieces.append(" " * (position - begin))
        else:
            position = _string(source, begin, opener, masked)
            pieces.append(_filler(begin, position, opener, masked))
    pieces.append(source[position:])
    return masked._replace(text=_without_foreign(source, "".join(pieces), masked.faults))


def _without_foreign(source: str, text: str, faults: list[Fault]) -> str:
    """The text with a blank for each foreign character, all of which become faults."""
    try:
        source.encode()
    except UnicodeEncodeError as error:
        faults.append(Fault("encoding", Span(error.start, error.end)))
    if _FOREIGN.search(text):
        faults.extend(Fault("character", Span(*found.span())) for found in _FOREIGN.finditer(text))
        text = _FOREIGN.sub(" ", text)
    if not text.isascii():
        begins = (found for found in _WORD_BEGIN.finditer(text) if not found.group().isalpha())
        faults.extend(Fault("character", Span(*found.span())) for found in begins)
    faults.sort(key=lambda fault: fault.span)
    return text


def _line_end(source: str, position: int) -> int:
    end = source.find("\n", position)
    return len(source) if end < 0 else end


def _block_comment(source: str, begin: int, masked: Masked) -> int:
    """The offset behind a block comment; such comments nest."""
    depth, position = 1, begin + 2
    while depth:
        edge = _COMMENT_EDGE.search(source, position)
        if edge is None:
            masked.faults.append(Fault("comment", Span(begin, begin + 2)))
            position = len(source)
            break
        depth += 1 if edge.group() == "/*" else -1
        position = edge.end()
    masked.comments.append(Span(begin, position))
    return position


def _string(source: str, begin: int, opener: str, masked: Masked) -> int:
    """The offset behind a string that begins at ``begin``; an unclosed one ends with its line or the text."""
    position = begin + len(opener)
    stops = _BLOCK_STOP if opener == '"""' else _RAW_STOP if opener == 'r"' else _PLAIN_STOP
    holes: list[Span] = []
    while stop := stops.search(source, position):
        position = stop.end()
        text = stop.group()
        if text == "${":
            end = _hole_end(source, position)
            if end is None:
                break
            if not source[position:end].strip(_BLANK):
                masked.faults.append(Fault("character", Span(end, end + 1)))
            holes.append(Span(position, end))
            position = end + 1
        elif text == "\\":
            position += 1
        elif text == "\n":
            masked.faults.append(Fault("string", Span(begin, begin + 1)))
            return position - 1
        else:
            if holes:
                masked.holes[begin] = holes
            return position
    masked.faults.append(Fault("string", Span(begin, begin + 1)))
    return len(source)


def _hole_end(source: str, position: int) -> int | None:
    """The offset of the brace that closes ``${``: braces are counted wherever they stand, in nested strings too."""
    depth = 1
    for brace in _BRACE.finditer(source, position):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            return brace.start()
    return None


def _filler(begin: int, end: int, opener: str, masked: Masked) -> str:
    """What stands for a string: quotes around filler.

    For an unclosed one stands a string as well, or a number where there is no room: it should not cause a second error.
    """
    size = end - begin
    if size < 2:
        return "0"
    if opener == 'r"' and size > 2:
        return 'r"' + PLAIN * (size - 3) + '"'
    return '"' + (INTERPOLATED if begin in masked.holes else PLAIN) * (size - 2) + '"'
