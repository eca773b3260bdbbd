"""Feeding tokens to the parser: layout, braces, reserved words, nesting, and getting on after an error.

Lark's contextual lexer yields tokens for the state the parser is in; before a token is fed, three questions are put to the
parser's own tables (``accepts``): whether a line end separates anything here, which kind of brace may stand here, and what was
expected where nothing fits.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lark import Token, UnexpectedCharacters, UnexpectedToken
from lark.parsers.lalr_analysis import Shift

from harn.source.span import Span
from harn.syntax.tree.common import Complaint
from harn.syntax.tree.builder import TreeBuilder
from harn.syntax.tables import Tables

#: How many brackets may be open at once. Upstream programs stay below 20; every later pass may recurse this deep.
MAX_NESTING = 200

_OPENERS = frozenset({"LPAR", "LSQB", "OPT_INDEX", "LBRACE"})
_CLOSERS = frozenset({"RPAR", "RSQB", "RBRACE"})
_ARROWS = re.compile(r"->|[{}()\[\]]")
_STRUCT_AHEAD = re.compile(r'\s*(?:\}|[^\W\d]\w*\s*:|"[^"$]*"\s*:)')
_SKIPPED = re.compile(r"[{}()\[\];]|\n")
_OPENING = {"{": "}", "(": ")", "[": "]"}


class Problem(NamedTuple):
    """A syntax error before it is worded.

    ``found``: the text of the offending token as written, empty at the end; ``terminals``: what could have stood there;
    ``after``: the terminal before it; ``words``: the expected words where the builder knows them.
    """

    span: Span
    found: str
    type: str
    terminals: frozenset[str]
    after: str
    words: str = ""
    in_block: bool = False


class TooDeep(Exception):
    """More brackets are open than ``MAX_NESTING``."""


class Feeder:
    """One parse of one masked text. ``base`` is added to every offset (the place of an interpolated expression)."""

    def __init__(self, tables: Tables, builder: TreeBuilder, text: str, start: str, base: int = 0, depth: int = 0) -> None:
        interactive = tables.grammar.parse_interactive(text, start=start)
        self.lexing = interactive.lexer_thread
        self.state = interactive.parser_state
        self.state.parse_conf.callbacks = builder.callbacks(tables.grammar)  # type: ignore[assignment]
        self.states = self.state.parse_conf.states
        self.end_state = self.state.parse_conf.end_state
        self.reserved = tables.reserved
        self.text = text
        self.base = base
        self.depth = depth
        self.previous = ""
        self.previous_end = 0
        self.closures: dict[int, bool] = {}
        self.problems: list[Problem] = []

    # ------------------------------------------------------------------------------------------ the loop

    def parse(self, limit: int = 100) -> Any:
        """The value of the start rule; ``problems`` says what was wrong, at most ``limit`` of it."""
        while True:
            try:
                for token in self.lexing.lex(self.state):
                    self.take(token)
                return self.finish()
            except UnexpectedToken as error:
                problem = self.unexpected(error.token)
            except UnexpectedCharacters as error:
                problem = self.no_token(error.pos_in_stream)
            except Complaint as complaint:
                problem = self.complained(complaint)
            self.problems.append(problem)
            if problem.type == "$END" or len(self.problems) >= limit:
                return self.remains()
            self.skip(problem.span.start - self.base)

    def take(self, token: Token) -> None:
        """Decide what a token is here and feed it."""
        kind = token.type
        if kind == "NEWLINE":
            if not self.accepts("NEWLINE"):
                return
        elif kind == "LBRACE":
            token.type = self.brace(token)
            self.depth += 1
        elif kind == "NAME":
            if token in self.reserved:
                raise UnexpectedToken(token, set())
        elif kind in _OPENERS:
            self.depth += 1
        elif kind in _CLOSERS:
            self.depth -= 1
        if self.depth > MAX_NESTING:
            raise TooDeep(token.start_pos + self.base)
        self.feed(token)
        self.previous = kind
        self.previous_end = token.end_pos - self.base

    def feed(self, token: Token) -> None:
        if self.base:
            token.start_pos += self.base
            token.end_pos += self.base
        self.state.feed_token(token)

    def finish(self) -> Any:
        end = len(self.text) + self.base
        return self.state.feed_token(Token("$END", "", end, end_pos=end), True)

    def remains(self) -> list[Any]:
        """The top-level items that were complete when the parse was given up."""
        values = self.state.value_stack
        return values[0] if values and isinstance(values[0], list) else []

    # ------------------------------------------------------------------------------------------ questions to the tables

    def accepts(self, terminal: str) -> bool:
        """Whether the parser could take a terminal now. Nothing is changed."""
        states = self.states
        stack = self.state.state_stack
        entry = states[stack[-1]].get(terminal)
        if entry is None or entry[0] is Shift:
            return entry is not None
        stack = stack[:]
        while True:
            rule = entry[1]
            if rule.expansion:
                del stack[-len(rule.expansion) :]
            stack.append(states[stack[-1]][rule.origin.name][1])
            if terminal == "$END" and stack[-1] == self.end_state:
                return True
            entry = states[stack[-1]].get(terminal)
            if entry is None or entry[0] is Shift:
                return entry is not None

    def acceptable(self) -> frozenset[str]:
        """All terminals the parser could take now."""
        actions = self.states[self.state.state_stack[-1]]
        return frozenset(name for name in actions if name[0] in "$ABCDEFGHIJKLMNOPQRSTUVWXYZ_" and self.accepts(name))

    def brace(self, token: Token) -> str:
        """Which kind of brace a ``{`` is: the parser says what may stand here, the text what the rest looks like."""
        position = token.start_pos
        if self.previous == "NAME" and self.accepts("STRUCT") and self.struct_ahead(position):
            return "STRUCT"
        if self.accepts("BLOCK"):
            return "BLOCK"
        if self.accepts("CLOSURE") and self.closure_ahead(position):
            return "CLOSURE"
        return "DICT" if self.accepts("DICT") else "BLOCK"

    def struct_ahead(self, position: int) -> bool:
        """Whether fields of a struct follow a capitalised name on the same line."""
        name_end = self.previous_end
        name_start = name_end - 1
        text = self.text
        while name_start > 0 and (text[name_start - 1].isalnum() or text[name_start - 1] == "_"):
            name_start -= 1
        if not text[name_start].isupper() or "\n" in text[name_end:position]:
            return False
        return _STRUCT_AHEAD.match(text, position + 1) is not None

    def closure_ahead(self, position: int) -> bool:
        """Whether an arrow stands between a ``{`` and its ``}`` outside of all brackets in between.

        One look answers for all braces inside as well, which keeps the whole linear.
        """
        if position not in self.closures:
            self.closures[position] = False
            stack = [position]  # offsets of open braces, -1 for other brackets
            for found in _ARROWS.finditer(self.text, position + 1):
                mark = found.group()
                if mark == "->":
                    if stack[-1] >= 0:
                        self.closures[stack[-1]] = True
                elif mark == "{":
                    stack.append(found.start())
                    self.closures.setdefault(found.start(), False)
                elif mark == "}":
                    while stack.pop() < 0:
                        pass
                    if not stack:
                        break
                elif mark in "([":
                    stack.append(-1)
                elif stack[-1] < 0:
                    stack.pop()
        return self.closures[position]

    # ------------------------------------------------------------------------------------------ errors

    def in_block(self) -> bool:
        return any(isinstance(value, Token) and value.type == "BLOCK" for value in self.state.value_stack)

    def unexpected(self, token: Token) -> Problem:
        """A token that does not fit. At a dropped line end the table may know less than the state: ask anew."""
        if token.type == "$END":
            end = len(self.text) + self.base
            return Problem(Span(end, end), "", "$END", self.acceptable(), self.previous, in_block=self.in_block())
        start = token.start_pos if token.start_pos >= self.base else token.start_pos + self.base
        span = Span(start, start + len(token))
        return Problem(span, str(token), token.type, self.acceptable(), self.previous, in_block=self.in_block())

    def no_token(self, position: int) -> Problem:
        span = Span(position + self.base, position + self.base + 1)
        return Problem(span, self.text[position], "", frozenset(), self.previous)

    def complained(self, complaint: Complaint) -> Problem:
        text, position = self.text, complaint.offset - self.base
        while position < len(text) and text[position] in " \t\r\n":
            position += 1
        root = self.lexing.lexer
        span = Span(position + self.base, position + self.base + 1)
        del root
        return Problem(span, complaint.found or text[position : position + 1], "", frozenset(), "", complaint.expected)

    # ------------------------------------------------------------------------------------------ recovery

    def skip(self, position: int) -> None:
        """Go back to the statement list the error is in and on to the next separator at its bracket depth."""
        states, stack, values = self.states, self.state.state_stack, self.state.value_stack
        index = len(stack) - 1
        while index > 0 and not {"separator", "stmt", "top_item"} & states[stack[index]].keys():
            index -= 1
        open_brackets = self._open(values[index:])
        del stack[index + 1 :]
        del values[index:]
        in_block = self.in_block()
        between = "separator" in states[stack[index]]
        for found in _SKIPPED.finditer(self.text, position):
            mark = found.group()
            if mark in "{([":
                open_brackets.append(_OPENING[mark])
            elif mark == "}":
                if "}" in open_brackets:
                    while open_brackets.pop() != "}":
                        pass
                elif in_block:
                    return self._resume(found.start(), values)
            elif mark in ")]":
                if open_brackets and open_brackets[-1] == mark:
                    open_brackets.pop()
            elif not open_brackets:
                return self._resume(found.start() if between else found.end(), values)
        return self._resume(len(self.text), values)

    def _open(self, values: list[Any]) -> list[str]:
        """The closers of the brackets that are open in a part of the value stack."""
        closers = {"LPAR": ")", "LSQB": "]", "OPT_INDEX": "]"}
        braces = {"BLOCK", "DICT", "CLOSURE", "STRUCT"}
        return [
            "}" if value.type in braces else closers[value.type]
            for value in values
            if isinstance(value, Token) and (value.type in braces or value.type in closers)
        ]

    def _resume(self, position: int, values: list[Any]) -> None:
        counter = self.lexing.state.line_ctr
        counter.char_pos = position
        self.depth = len(self._open(values))
        self.previous = ""
