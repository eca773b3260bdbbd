"""The way from a source text to its tree: the public face of this package."""

from __future__ import annotations

from typing import Any, NamedTuple

from lark import Token

from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes, tables, wording
from harn.syntax.automaton import END
from harn.syntax.depth import MAX_DEPTH, too_deep
from harn.syntax.documentation import documentation
from harn.syntax.feeder import Feeder, Problem, TooDeep
from harn.syntax.mask import Masked, mask
from harn.syntax.tree.builder import TreeBuilder

#: How many strings may be nested in the ``${...}`` of one another.
MAX_HOLES = 16
#: How many diagnostics one parse gives at most.
MAX_PROBLEMS = 100


class ParseResult(NamedTuple):
    """``program``: the tree, as far as there is one. ``diagnostics``: what is wrong with the text, in order."""

    program: nodes.Program | None
    diagnostics: list[Diagnostic]


class SyntaxFault(Exception):
    """A text that is no program: ``diagnostics`` says why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics[0].short)
        self.diagnostics = diagnostics


def parse(file: SourceFile) -> ParseResult:
    """Parse a whole file. Never raises for what the text contains."""
    masked = mask(file.text)
    body, diagnostics = _run(file, masked, "program")
    if body is None:
        return ParseResult(None, diagnostics)
    comments = tuple(nodes.Comment(file.slice(span), span=span) for span in masked.comments)
    return ParseResult(nodes.Program(tuple(body), comments, span=Span(0, len(file.text))), diagnostics)


def parse_program(file: SourceFile) -> nodes.Program:
    """The tree of a file; raises SyntaxFault where the text is no program."""
    program, diagnostics = parse(file)
    if diagnostics or program is None:
        raise SyntaxFault(diagnostics)
    return program


def parse_expression(text: str) -> nodes.Expr:
    """The tree of a text that is one expression; raises SyntaxFault where it is not."""
    return _single(text, "interpolation")  # type: ignore[no-any-return]


def parse_type(text: str) -> nodes.Type:
    """The tree of a text that is one type, as after the colon of ``let``; raises SyntaxFault where it is not."""
    return _single(text, "type")  # type: ignore[no-any-return]


def reserved_words() -> frozenset[str]:
    """The words of the language that cannot be names."""
    return tables.load().reserved


def _single(text: str, start: str) -> Any:
    value, diagnostics = _run(SourceFile("<text>", text), mask(text), start)
    if diagnostics:
        raise SyntaxFault(diagnostics)
    return value


def _run(file: SourceFile, masked: Masked, start: str) -> tuple[Any, list[Diagnostic]]:
    """Parse by one start rule: its value, None where there is none, and what is wrong.

    Text that is no token makes all that follows from it doubtful, so then nothing else is reported.
    """
    loaded = tables.load()
    builder = _FileBuilder(file, masked, loaded)
    feeder = Feeder(loaded, builder, masked.text, start)
    try:
        value = feeder.parse(MAX_PROBLEMS)
    except TooDeep as deep:
        return None, [wording.too_deep(deep.span, file)]
    problems = sorted(feeder.problems + builder.problems, key=lambda problem: problem.span)
    diagnostics = [wording.fault(fault, file) for fault in masked.faults[:MAX_PROBLEMS]]
    diagnostics = diagnostics or [wording.diagnostic(problem, file, loaded.reserved) for problem in problems]
    if feeder.deepest + builder.hole_depth > MAX_DEPTH:
        program = nodes.Program(tuple(value)) if start == "program" else value
        deep_place = too_deep(program) if value is not None else None
        if deep_place is not None:
            return None, [*diagnostics, wording.too_deep(deep_place, file)]
    return value, diagnostics


class _FileBuilder(TreeBuilder):
    """The builder for one file, which knows its comments and parses the expressions inside its strings."""

    def __init__(self, file: SourceFile, masked: Masked, loaded: tables.Tables) -> None:
        super().__init__(file.text, loaded.reserved, loaded.automaton.rules)
        self.tables = loaded
        self.holes = dict(masked.holes)
        self.docs = documentation(file.text, masked)
        self.problems: list[Problem] = []
        self.nested = 0
        self.hole_depth = 0  # how deep the tree can be at most inside one string

    def doc_before(self, offset: int) -> str:
        return self.docs.get(offset, "")

    def hole_expressions(self, token: Token) -> list[tuple[Span, nodes.Expr | str]]:
        holes = self.holes.get(token.start_pos or 0, [])
        return [(hole, self.hole(hole)) for hole in holes]

    def hole(self, hole: Span) -> nodes.Expr | str:
        """The expression in one ``${...}``, or its text where that is no expression at all.

        Text behind a complete expression is a problem; text in which no expression is complete stands as written.
        """
        text = self.source[hole.start : hole.end]
        masked = mask(text)
        if masked.faults or not text.strip(" \t\r\n"):
            return text
        if self.nested == MAX_HOLES:
            raise TooDeep(hole)
        for offset, spans in masked.holes.items():
            self.holes[offset + hole.start] = [Span(a + hole.start, b + hole.start) for a, b in spans]
        feeder = Feeder(self.tables, self, masked.text, "interpolation", base=hole.start)
        before, self.hole_depth = self.hole_depth, 0
        self.nested += 1
        try:
            value = feeder.parse(limit=1)
        finally:
            self.nested -= 1
            self.hole_depth = max(before, self.hole_depth + feeder.deepest)
        if not feeder.problems:
            return value  # type: ignore[no-any-return]
        problem = feeder.problems[0]
        if END in problem.terminals:
            self.problems.append(problem._replace(words=wording.AFTER_HOLE))
        return text
