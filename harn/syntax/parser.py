"""The way from a source text to its tree: the public face of this package."""

from __future__ import annotations

from typing import NamedTuple

from lark import Token

from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes, tables, wording
from harn.syntax.automaton import END
from harn.syntax.documentation import documentation
from harn.syntax.feeder import Feeder, Problem, TooDeep
from harn.syntax.mask import Fault, Masked, mask
from harn.syntax.tree.builder import TreeBuilder

#: How many strings may be nested in the ``${...}`` of one another.
MAX_HOLES = 16


class ParseResult(NamedTuple):
    """``program``: the tree, as far as there is one. ``diagnostics``: what is wrong with the text, in order."""

    program: nodes.Program | None
    diagnostics: list[Diagnostic]


class SyntaxFault(Exception):
    """A text that is no program: ``diagnostics`` says why."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__(diagnostics[0].short)
        self.diagnostics = diagnostics


class _FileBuilder(TreeBuilder):
    """The builder for one file, which knows its comments and parses the expressions inside its strings."""

    def __init__(self, file: SourceFile, masked: Masked, loaded: tables.Tables) -> None:
        super().__init__(file.text, loaded.reserved, loaded.automaton.rules)
        self.tables = loaded
        self.holes = dict(masked.holes)
        self.docs = documentation(file.text, masked)
        self.problems: list[Problem] = []
        self.faults: list[Fault] = []
        self.nested = 0

    def doc_before(self, offset: int) -> str:
        return self.docs.get(offset, "")

    def hole_expressions(self, token: Token) -> list[tuple[Span, nodes.Expr | str]]:
        assert token.start_pos is not None
        return [(hole, self.hole(hole)) for hole in self.holes[token.start_pos]]

    def hole(self, hole: Span) -> nodes.Expr | str:
        """The expression in one ``${...}``, or its text where that is no expression at all.

        Text behind a complete expression is a problem; text in which no expression is complete stands as written.
        """
        text = self.source[hole.start : hole.end]
        masked = mask(text)
        if masked.faults or not text.strip():
            return text
        if self.nested == MAX_HOLES:
            raise TooDeep(hole.start)
        for offset, spans in masked.holes.items():
            self.holes[offset + hole.start] = [Span(a + hole.start, b + hole.start) for a, b in spans]
        feeder = Feeder(self.tables, self, masked.text, "interpolation", base=hole.start)
        self.nested += 1
        try:
            value = feeder.parse(limit=1)
        finally:
            self.nested -= 1
        if not feeder.problems:
            return value  # type: ignore[no-any-return]
        if END in feeder.problems[0].terminals:
            self.problems.append(feeder.problems[0])
        return text


def parse(file: SourceFile) -> ParseResult:
    """Parse a whole file. Never raises for what the text contains."""
    loaded = tables.load()
    masked = mask(file.text)
    builder = _FileBuilder(file, masked, loaded)
    feeder = Feeder(loaded, builder, masked.text, "program")
    try:
        body = feeder.parse()
    except TooDeep as deep:
        return ParseResult(None, [wording.too_deep(file, deep.offset)])
    found = [wording.fault(fault, file) for fault in masked.faults]
    found += [wording.diagnostic(problem, file, loaded.reserved) for problem in feeder.problems + builder.problems]
    found.sort(key=lambda diagnostic: diagnostic.span or Span(0, 0))
    comments = tuple(nodes.Comment(file.slice(span), span=span) for span in masked.comments)
    program = nodes.Program(tuple(body), comments, span=Span(0, len(file.text)))
    return ParseResult(program, found)


def parse_program(file: SourceFile) -> nodes.Program:
    """The tree of a file; raises SyntaxFault where the text is no program."""
    program, diagnostics = parse(file)
    if diagnostics or program is None:
        raise SyntaxFault(diagnostics)
    return program
