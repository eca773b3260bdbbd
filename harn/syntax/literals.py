"""From the text of a literal to its value: strings, numbers, durations."""

from __future__ import annotations

import re

from harn.source.span import Span

_ESCAPE = re.compile(r'\\([nt\\"$])')
_ESCAPED = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "$": "$"}
_INDENT = re.compile(r"[ \t]*")

#: Milliseconds in one unit of a duration.
UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}

MAX_INT = 2**63 - 1


def integer(digits: str) -> int | float:
    """An integer literal; beyond 64 bits it is a float (``inf`` where even that cannot hold it)."""
    if len(digits) > 400:  # Python refuses to convert thousands of digits; no float is that large
        digits = digits.lstrip("0") or "0"
        if len(digits) > 400:
            return float("inf")
    value = int(digits)
    if value <= MAX_INT:
        return value
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def duration(text: str) -> int:
    """Milliseconds of a duration literal such as ``90s``. The number may be as large as written."""
    unit = text[-2:] if text.endswith("ms") else text[-1]
    digits = text[: -len(unit)].lstrip("0") or "0"
    return int(digits[:400]) * UNITS[unit]


def unescape(body: str) -> str:
    r"""Resolve ``\n \t \\ \" \$``; any other backslash stays as written."""
    if "\\" not in body:
        return body
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1]], body)


def plain(source: str, span: Span) -> str:
    """The value of a string without interpolation, plain, raw or triple-quoted, from its place in the source."""
    text = source[span.start : span.end]
    if text.startswith("r"):
        return text[2:-1]
    if is_block(source, span.start):
        return "".join(_dedented([text[3:-3]]))
    return unescape(text[1:-1])


def is_block(source: str, offset: int) -> bool:
    """Whether the string at an offset is triple-quoted."""
    return source.startswith('"""', offset)


def segments(source: str, span: Span, holes: list[Span]) -> list[str]:
    """The texts around the expressions of an interpolated string: one more than there are holes."""
    block = is_block(source, span.start)
    quotes = 3 if block else 1
    texts: list[str] = []
    position = span.start + quotes
    for hole in holes:
        texts.append(source[position : hole.start - 2])
        position = hole.end + 1
    texts.append(source[position : span.end - quotes])
    return _dedented(texts) if block else [unescape(text) for text in texts]


def _dedented(texts: list[str]) -> list[str]:
    """The texts of a triple-quoted string without first and last line end and common indent.

    Lines are counted over all texts together; an expression between two texts makes its line a non-blank one.
    """
    if texts[0].startswith("\r\n"):
        texts[0] = texts[0][2:]
    elif texts[0].startswith("\n"):
        texts[0] = texts[0][1:]
    whole = "\0".join(texts)  # a NUL in the source itself does no harm here: it is no blank either
    lines = whole.split("\n")
    indents = [_indent(line) for line in lines if line.strip(" \t\r")]
    if not indents:
        return texts
    common = min(indents)
    if common:
        lines = [line[common:] if line.strip(" \t\r") else "" for line in lines]
    if not lines[-1].strip(" \t\r"):
        lines.pop()
    result = "\n".join(lines)
    if len(texts) == 1:
        return [result]
    return _resplit(result, texts)


def _indent(line: str) -> int:
    found = _INDENT.match(line)
    return found.end() if found else 0


def _resplit(joined: str, texts: list[str]) -> list[str]:
    """Undo the joining by NUL, minding texts that held a NUL of their own."""
    pieces = joined.split("\0")
    result: list[str] = []
    position = 0
    for text in texts:
        count = text.count("\0") + 1
        result.append("\0".join(pieces[position : position + count]))
        position += count
    return result
