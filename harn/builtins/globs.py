"""Patterns of paths: ``*`` and ``?`` (which also take ``/``), ``**/``, ``[a-z]``, ``[!ab]``, ``{a,b}``, ``\\*``.

A pattern is written out, first its alternatives, then each ``**/`` as nothing or a star with a slash, until single characters
and stars are left. Such a piece needs no backtracking: wherever the text behind a star is found first will do. So a pattern of
n characters takes about n times the length of a path, whoever wrote it.
"""

from __future__ import annotations

import re

from harn.source.typing import Callable
from harn.values.errors import thrown

_MOST = 1_000
"""Pieces a pattern may be written out to."""

_STAR = ".*"


def matcher(pattern: str) -> Callable[[str], bool]:
    """What tells whether a path fits the pattern. A thrown text for a pattern that is not well formed."""
    pieces = [re.compile(_expression(piece), re.DOTALL) for piece in _written_out(pattern)]

    def fits(path: str) -> bool:
        return any(piece.fullmatch(path) for piece in pieces)

    return fits


def _bad(pattern: str, why: str) -> Exception:
    return thrown(f"glob: bad pattern '{pattern}': {why}")


def _written_out(pattern: str) -> list[list[str]]:
    """The pieces of a pattern, each a list of one-character expressions and stars."""
    done: list[list[str]] = [[]]
    opened: list[tuple[list[list[str]], list[list[str]]]] = []  # pieces before a brace, and its alternatives so far
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        added: list[list[str]] = []
        if char == "{":
            opened.append((done, []))
            done = [[]]
        elif char == "}":
            if not opened:
                raise _bad(pattern, "a '}' without '{'")
            before, ways = opened.pop()
            done, added = before, [*ways, *done]
        elif char == "," and opened:
            opened[-1][1].extend(done)
            done = [[]]
        elif char == "*":
            end = at
            while pattern[end : end + 1] == "*":
                end += 1
            folders = end - at == 1 and pattern[end : end + 1] == "/" and (at == 1 or pattern[at - 2] in "/{,")
            added = [[], [_STAR, "/"]] if folders else [[_STAR]]
            at = end + folders
        else:
            one, at = _single(pattern, char, at)
            added = [[one]]
        if added:
            if len(done) * len(added) > _MOST:
                raise _bad(pattern, f"it stands for more than {_MOST} simpler ones")
            done = [piece + more for piece in done for more in added]
    if opened:
        raise _bad(pattern, "a '{' without '}'")
    return done


def _single(pattern: str, char: str, at: int) -> tuple[str, int]:
    """The expression of one character, and where the pattern goes on."""
    if char == "?":
        return ".", at
    if char == "\\":
        if at == len(pattern):
            raise _bad(pattern, "a '\\' at its end")
        return re.escape(pattern[at]), at + 1
    if char != "[":
        return re.escape(char), at
    end = at + (pattern[at : at + 1] in ("!", "^"))
    inverted, first = end > at, end
    chars: list[str] = []
    while pattern[end : end + 1] != "]" or end == first:
        if end >= len(pattern):
            raise _bad(pattern, "a '[' without ']'")
        chars.append(pattern[end])
        end += 1
    return _class(pattern, chars, inverted), end + 1


def _class(pattern: str, chars: list[str], inverted: bool) -> str:
    """The expression of a class: single characters and ranges."""
    inside, at = "", 0
    while at < len(chars):
        low = high = chars[at]
        if at + 2 < len(chars) and chars[at + 1] == "-":
            high = chars[at + 2]
            at += 2
        if high < low:
            raise _bad(pattern, f"the range {low}-{high} runs backwards")
        inside += re.escape(low) if low == high else f"{re.escape(low)}-{re.escape(high)}"
        at += 1
    return f"[{'^' if inverted else ''}{inside}]"


def _expression(piece: list[str]) -> str:
    """A regular expression for a piece; a star is bound to the first place where what follows it is found."""
    runs: list[str] = [""]
    for one in piece:
        if one == _STAR:
            runs.append("")
        else:
            runs[-1] += one
    if len(runs) == 1:
        return runs[0]
    first, *middle, last = runs
    return first + "".join(f"(?>.*?{run})" for run in middle if run) + _STAR + last
