"""From the text of a template to tokens.

    Dear {{ name }},{{# greet #}}{{- if late }} sorry!{{ end }}
    TEXT OPEN BARE CLOSE TEXT    IF NAME CLOSE  TEXT  END CLOSE

Finds the tags (``}}`` inside of quotes ends none), drops comments, takes ``raw`` blocks as text and does what trim marks ask:
``{{-`` takes away the blanks and tabs before a tag and then one line end, ``-}}`` those behind it. Time is linear in the text.
"""

from __future__ import annotations

import re

from harn.prompt.fault import Fault, Place
from harn.prompt.tables import Tables
from harn.source.span import Span

_NOTABLE = re.compile(r"""["']|\}\}|[{}]""")
_QUOTED = {
    '"': re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL),
    "'": re.compile(r"'[^'\\]*(?:\\.[^'\\]*)*'", re.DOTALL),
}
_RAW = re.compile(r"\{\{-?\s*raw\s*(-?)\}\}")
_END_RAW = re.compile(r"\{\{(-?)\s*endraw\s*(-?)\}\}")
#: The first word of a tag, where it says what the tag does. In `{{ if.x }}` it is a name.
_HEAD = re.compile(r"\s*(if|elif|else|end|for|include)(?![\w.\[])")
_WORD = re.compile(r"\s*([^\W\d]\w*)\s*\Z")
_BLANK = re.compile(r"\s*")
#: The most tokens of one template, which take some 4 seconds to parse; nothing can interrupt that. Long prompts have hundreds.
MAX_TOKENS = 500_000
_FOREIGN = {"=": "unexpected `=` (use `==`)", "&": "unexpected `&`"}


class Token:
    """``type``: the name of a terminal. ``value``: the text of a TEXT token after trimming, else what was written."""

    __slots__ = ("end_pos", "start_pos", "type", "value")

    def __init__(self, type: str, value: str, start: int, end: int) -> None:
        self.type = type
        self.value = value
        self.start_pos = start
        self.end_pos = end

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start_pos, self.end_pos)

    def __repr__(self) -> str:
        return f"{self.type}({self.value!r})"


def scan(text: str, tables: Tables) -> list[Token]:
    """The tokens of a template. Faults: what is not closed, and characters that are in no token."""
    tokens: list[Token] = []
    position = 0
    trimming = False  # the tag before ends in `-}}`
    while True:
        begin = text.find("{{", position)
        end = begin if begin >= 0 else len(text)
        trims = text.startswith("-", end + 2)
        _add_text(tokens, text[position:end], position, trimming, trims)
        if begin < 0:
            return tokens
        inside = begin + 2 + trims
        if text.startswith("#", inside):
            position, trimming = _behind_comment(text, begin, inside), False
        elif (raw := _RAW.match(text, begin)) is not None:
            closing = _END_RAW.search(text, raw.end())
            if closing is None:
                raise Fault("unterminated `{{ raw }}` block", Place(begin, Span(begin, raw.end())))
            _add_text(tokens, text[raw.end() : closing.start()], raw.end(), raw[1] != "", closing[1] != "")
            position, trimming = closing.end(), closing[2] != ""
        else:
            close = _find_close(text, begin, inside)
            trimming = close > inside and text[close - 1] == "-"
            _add_tag(tokens, text, begin, inside, close - trimming, tables)
            position = close + 2
            tokens.append(Token("CLOSE", text[close - trimming : position], close - trimming, position))
            if len(tokens) > MAX_TOKENS:
                raise Fault(f"template has more than {MAX_TOKENS:,} parts", Place(begin, Span(begin, position)))


def _add_text(tokens: list[Token], text: str, start: int, after_mark: bool, before_mark: bool) -> None:
    end = start + len(text)
    if after_mark:
        text = _without_line_start(text)
    if before_mark:
        text = _without_line_end(text)
    if text:
        tokens.append(Token("TEXT", text, start, end))


def _without_line_start(text: str) -> str:
    """Without the blanks and tabs it begins with, and the line end behind them."""
    text = text.lstrip(" \t")
    for line_end in ("\r\n", "\n", "\r"):
        if text.startswith(line_end):
            return text[len(line_end) :]
    return text


def _without_line_end(text: str) -> str:
    """Without the blanks and tabs it ends with, and the line end before them."""
    text = text.rstrip(" \t")
    return text[:-1].removesuffix("\r") if text.endswith("\n") else text


def _behind_comment(text: str, begin: int, inside: int) -> int:
    close = text.find("#}}", inside + 1)
    if close < 0:
        raise Fault("unterminated comment", Place(begin, Span(begin, inside + 1)))
    return close + 3


def _find_close(text: str, begin: int, inside: int) -> int:
    """The offset of the ``}}`` that ends a tag: of ``}}}`` the last two, where a brace is open in the tag."""
    position, braces = inside, 0
    while (found := _NOTABLE.search(text, position)) is not None:
        sign = found[0]
        if sign == "}}" and not (braces > 0 and text.startswith("}", found.end())):
            return found.start()
        if sign[0] in "{}":
            braces += 1 if sign == "{" else -1
            position = found.start() + 1
            continue
        quoted = _QUOTED[sign].match(text, found.start())
        if quoted is None:
            break
        position = quoted.end()
    quote = found.start() if found is not None else begin
    help = "a quote is opened in it that nothing closes" if found is not None else ""
    raise Fault("unterminated directive", Place(begin, Span(quote, quote + (1 if help else 2))), help)


def _add_tag(tokens: list[Token], text: str, begin: int, inside: int, end: int, tables: Tables) -> None:
    """The tokens of the tag from ``begin``, whose inside reaches from ``inside`` to ``end``."""
    first = len(tokens)
    word = _WORD.match(text, inside, end)
    head = _HEAD.match(text, inside, end)
    if head is not None:
        position = head.end()
        tokens.append(Token(head[1].upper(), text[begin:position], begin, position))
    else:
        position = inside
        tokens.append(Token("OPEN", text[begin:inside], begin, inside))
        if word is not None:
            if word[1] == "endraw":
                raise Fault("unexpected `{{ endraw }}`", Place(begin, Span(begin, end + 2)))
            tokens.append(Token("BARE", word[1], word.start(1), word.end(1)))
            return
    while (position := _behind_blanks(text, position, end)) < end:
        found = tables.token.match(text, position, end)
        if found is None or (found[0] in "{}" and tokens[first].type != "INCLUDE"):
            raise _foreign(text, begin, position)
        kind = found.lastgroup or ""
        if kind == "NAME":
            kind = tables.words.get(found[0], kind)
        tokens.append(Token(kind, found[0], position, found.end()))
        position = found.end()


def _behind_blanks(text: str, position: int, end: int) -> int:
    blanks = _BLANK.match(text, position, end)
    return blanks.end() if blanks is not None else position


def _foreign(text: str, begin: int, position: int) -> Fault:
    character = text[position]
    message = _FOREIGN.get(character, f"unexpected character `{character}` in expression")
    return Fault(message, Place(begin, Span(position, position + 1)))
