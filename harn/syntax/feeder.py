"""Feeding tokens to the automaton: line ends, braces, reserved words, nesting, and getting on after an error.

Lark's contextual lexer yields tokens for the state on top of the stack. Before a token is fed, the tables are asked what only
they know: whether a line end separates anything here, which kind of brace may stand here. After an error the feeder goes back to
the statement list around it and on to the next separator at that list's bracket depth.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from lark import Token, UnexpectedCharacters, UnexpectedToken

from harn.source.span import Span
from harn.syntax.automaton import END, Stack
from harn.syntax.depth import MAX_DEPTH
from harn.syntax.tables import Tables
from harn.syntax.tree.builder import TreeBuilder
from harn.syntax.tree.common import Complaint

#: A tree within the depth bound needs no more states than this: no rule is longer than twelve.
_MAX_STATES = 12 * MAX_DEPTH

_BRACES = frozenset({"BLOCK", "DICT", "CLOSURE", "STRUCT"})
_OPENERS = {"LPAR": ")", "LSQB": "]", "OPT_INDEX": "]", **dict.fromkeys(_BRACES, "}")}
_CLOSERS = frozenset({"RPAR", "RSQB", "RBRACE"})
_SEPARATORS = frozenset({"NEWLINE", "SEMICOLON", "COMMA"})
_LISTS = frozenset({"separator", "stmt", "top_item"})
_OPERATORS = frozenset(
    {"OP", "MINUS", "IN", "NOT_IN", "PIPE", "TO", "TERNARY", "QUESTION", "DOT", "OPT_DOT", "OPT_INDEX"}
)
_ON_ONE_LINE = frozenset({"BANG", "TRY_STAR", "PUB", "IMPORT", "FROM"})
_ARROWS = re.compile(r"->|[{}()\[\]]")
_STRUCT_AHEAD = re.compile(r'\s*(?:\}|[^\W\d]\w*\s*:|"s*"\s*:)')
_SKIPPED = re.compile(r"[{}()\[\];\n]")
_WORD = re.compile(r"\w+")
_CLOSING = {"{": "}", "(": ")", "[": "]"}


class Problem(NamedTuple):
    """A syntax error before it is worded.

    ``found``: the token, None where the text ends. ``terminals``: what fits instead; ``starts``: the grammar rules that may
    begin or go on there. ``before``: the kind of the token before, ``after_line``: whether that stands on an earlier line.
    ``words``: what was expected, and ``got`` what was found, where the builder says so. ``in_block``: whether a ``{`` is open.
    """

    span: Span
    found: Token | None
    terminals: frozenset[str] = frozenset()
    starts: frozenset[str] = frozenset()
    before: str = ""
    after_line: bool = False
    words: str = ""
    got: str = ""
    in_block: bool = False


class TooDeep(Exception):
    """More than ``MAX_DEPTH`` brackets are open, the last one at ``span``."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class Feeder:
    """One parse of one masked text. ``base`` is added to all offsets: the place of the text in its file."""

    def __init__(self, tables: Tables, builder: TreeBuilder, text: str, start: str, base: int = 0) -> None:
        self.lexing = tables.grammar.parse_interactive(text, start=start).lexer_thread
        assert self.lexing.state is not None
        self.counter = self.lexing.state.line_ctr
        self.stack = Stack(tables.automaton, start, builder.methods)
        self.tables = tables
        self.text = text
        self.base = base
        self.previous = ""
        self.previous_end = 0
        self.closures: dict[int, bool] = {}
        self.problems: list[Problem] = []
        # For each open bracket, and the text itself, how deep the tree can be inside: the tokens of the element that is being
        # read, the depth of brackets closed in it, and the depth of the elements before it.
        self.levels: list[list[int]] = [[0, 0, 0]]

    # ------------------------------------------------------------------------------------------ the loop

    def parse(self, limit: int) -> Any:
        """The value of the start rule, or what there is of it; ``problems`` says what is wrong, at most ``limit`` of it."""
        while True:
            try:
                for token in self.lexing.lex(self.stack):  # type: ignore[no-untyped-call]
                    if not self.take(token):
                        problem = self.misfit(token)
                        break
                else:
                    if self.stack.finish():
                        return self.stack.values[0]
                    problem = self.misfit(None)
            except UnexpectedToken as error:  # a token of another state: it has not been taken yet
                error.token.start_pos += self.base
                problem = self.misfit(error.token)
            except UnexpectedCharacters as error:
                problem = self.no_token(error.pos_in_stream or 0)
            except Complaint as complaint:
                problem = self.complained(complaint)
            self.problems.append(problem)
            if problem.found is None or len(self.problems) >= limit:
                return self.remains()
            self.skip(problem.span.start - self.base)

    def take(self, token: Token) -> bool:
        """Decide what a token is here and feed it. False where it does not fit."""
        kind = token.type
        start, end = token.start_pos, token.end_pos
        assert start is not None
        assert end is not None
        if self.base:
            token.start_pos, token.end_pos = start + self.base, end + self.base
        if kind == "NEWLINE":
            if not self.stack.accepts(kind):
                return not self.on_one_line()
        elif kind == "LBRACE":
            kind = token.type = self.brace(start)
        elif kind == "NAME" and token.value in self.tables.reserved:
            return False
        self.measure(kind, start)
        if len(self.stack.states) > _MAX_STATES:
            raise TooDeep(Span(start + self.base, end + self.base))
        if not self.stack.feed(token):
            return False
        self.previous, self.previous_end = kind, end
        return True

    def on_one_line(self) -> bool:
        """Whether what comes next must stand on the line of the token before: an operand, what is public, a path."""
        if self.previous != "MINUS":
            return self.previous in _ON_ONE_LINE
        return "unary" in self.stack.automaton.row(self.stack.states[-2])  # else it is the operator with two sides

    def measure(self, kind: str, offset: int) -> None:
        """Keep count of open brackets and of how deep the tree may get."""
        levels = self.levels
        if kind in _OPENERS:
            if len(levels) > MAX_DEPTH:
                raise TooDeep(Span(offset + self.base, offset + self.base + 1))
            levels.append([0, 0, 0])
        elif kind in _CLOSERS and len(levels) > 1:
            count, inside, deepest = levels.pop()
            level = levels[-1]
            level[0] += 1
            level[1] = max(level[1], deepest, count + inside)
        else:
            level = levels[-1]
            if kind in _SEPARATORS:
                level[2] = max(level[2], level[0] + level[1])
                level[0] = level[1] = 0
            else:
                level[0] += 1

    @property
    def deepest(self) -> int:
        """An upper bound of the depth of the tree, after a parse without problems."""
        count, inside, deepest = self.levels[0]
        return max(deepest, count + inside)

    def remains(self) -> Any:
        """The top-level items that were complete when the parse was given up."""
        values = self.stack.values
        return values[0] if values and isinstance(values[0], list) else []

    # ------------------------------------------------------------------------------------------ braces

    def brace(self, position: int) -> str:
        """Which kind of brace a ``{`` is: the tables say what may stand here, the text what the rest looks like."""
        accepts = self.stack.accepts
        if self.previous == "NAME" and self.struct_ahead(position) and accepts("STRUCT"):
            return "STRUCT"
        if accepts("BLOCK"):
            return "BLOCK"
        if accepts("CLOSURE") and self.closure_ahead(position):
            return "CLOSURE"
        return "DICT" if accepts("DICT") else "BLOCK"

    def struct_ahead(self, position: int) -> bool:
        """Whether the name before a ``{`` is capitalised, on the same line, and fields or ``}`` follow."""
        name = self.stack.values[-1]
        if not name[0].isupper() or "\n" in self.text[self.previous_end : position]:
            return False
        return _STRUCT_AHEAD.match(self.text, position + 1) is not None

    def closure_ahead(self, position: int) -> bool:
        """Whether an arrow stands between a ``{`` and its ``}`` outside of all brackets in between.

        One look answers for all braces inside as well, which keeps the whole linear.
        """
        if position in self.closures:
            return self.closures[position]
        self.closures[position] = False
        stack = [position]  # offsets of open braces, -1 for other brackets
        for found in _ARROWS.finditer(self.text, position + 1):
            mark = found.group()
            if mark == "->":
                if stack[-1] >= 0:
                    self.closures[stack[-1]] = True
            elif mark == "{":
                stack.append(found.start())
                self.closures[found.start()] = False
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

    def misfit(self, token: Token | None) -> Problem:
        """A token that does not fit, or the end where it does not."""
        if token is None:
            end = len(self.text) + self.base
            span = Span(end, end)
        else:
            start = token.start_pos or 0
            span = Span(start, start + len(token))
        row_of, states = self.stack.automaton.row, self.stack.before
        terminals: set[str] = set()
        starts: set[str] = set()
        for name in row_of(states[-1]):
            if name == END or name.isupper():
                state = self.stack.shifting(name, states)
                if state is not None:
                    terminals.add(name)
                    if name not in _OPERATORS:
                        starts.update(key for key in row_of(state) if key.islower())
        return Problem(
            span,
            token,
            frozenset(terminals),
            frozenset(starts),
            self.previous,
            after_line="\n" in self.text[self.previous_end : span.start - self.base],
            in_block=self.in_block(),
        )

    def no_token(self, position: int) -> Problem:
        """A character no token begins with, though it is in some: a lone ``&`` behind ``&&``."""
        start, character = position + self.base, self.text[position]
        return Problem(Span(start, start + 1), Token("NONE", character), words="expression")

    def complained(self, complaint: Complaint) -> Problem:
        """What the builder found wrong, at the next token from the place it names."""
        found = next_token(self.lexing, complaint.offset - self.base)
        if found is None:
            end = len(self.text) + self.base
            return Problem(Span(end, end), None, words=complaint.expected, got=complaint.found)
        start = (found.start_pos or 0) + self.base
        return Problem(Span(start, start + len(found)), found, words=complaint.expected, got=complaint.found)

    def in_block(self) -> bool:
        """Whether a brace is open."""
        return "}" in closers(self.stack.values)

    # ------------------------------------------------------------------------------------------ recovery

    def skip(self, position: int) -> None:
        """Back to the statement list around an error, and on to the next separator at its bracket depth."""
        stack = self.stack
        try:
            stack.settle("NEWLINE")
        except Complaint:  # what stands before the error is no statement either: it goes with it
            pass
        size = len(stack.states)
        closed = 0  # brackets closed above whose opening is still to come on the way down
        while size > 1 and (closed or not _LISTS & stack.automaton.row(stack.states[size - 1]).keys()):
            size -= 1
            value = stack.values[size - 1]
            if isinstance(value, Token):
                closed += (value.type in _CLOSERS) - (closed > 0 and value.type in _OPENERS)
        awaited = closers(stack.values[size - 1 :])
        stack.cut(size)
        between = "separator" in stack.automaton.row(stack.position)
        in_block = self.in_block()
        for found in _SKIPPED.finditer(self.text, position):
            mark = found.group()
            if mark in _CLOSING:
                awaited.append(_CLOSING[mark])
            elif mark == "}":
                if "}" in awaited:
                    while awaited.pop() != "}":
                        pass
                elif in_block:
                    return self.resume(found.start())
                else:
                    awaited.clear()
            elif mark in ")]":
                if awaited and awaited[-1] == mark:
                    awaited.pop()
            elif self.ends_statement(found.start(), awaited):
                return self.resume(found.start() if between else found.end())
        return self.resume(len(self.text))

    def ends_statement(self, position: int, awaited: list[str]) -> bool:
        """Whether a ``;`` or line end separates statements, where some closing brackets are missing before it."""
        if self.text[position] == ";":
            return not awaited
        end = self.tables.line_end.match(self.text, position)
        if end is None or "}" in awaited:
            return False
        word = _WORD.match(self.text, end.end())
        return not awaited or (word is not None and word.group() in self.tables.openings)

    def resume(self, position: int) -> None:
        """Go on lexing at an offset with the stack as it is."""
        self.counter.char_pos = position
        del self.levels[len(closers(self.stack.values)) + 1 :]
        self.previous = ""


def closers(values: list[Any]) -> list[str]:
    """The closing brackets that are due after a part of the value stack."""
    due: list[str] = []
    for value in values:
        if isinstance(value, Token):
            if value.type in _OPENERS:
                due.append(_OPENERS[value.type])
            elif value.type in _CLOSERS:
                due.pop()
    return due


def next_token(lexing: Any, position: int) -> Token | None:
    """The token at or after an offset, read without regard to any state; None at the end."""
    counter = lexing.state.line_ctr
    kept = counter.char_pos
    counter.char_pos = position
    try:
        return lexing.lexer.lexer.root_lexer.next_token(lexing.state)  # type: ignore[no-any-return]
    except (EOFError, UnexpectedCharacters):
        return None
    finally:
        counter.char_pos = kept
