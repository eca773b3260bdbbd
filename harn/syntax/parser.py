"""The way from a source text to its tree: the public face of this package."""

from __future__ import annotations

from typing import NamedTuple

import attrs
from lark import Token

from harn.source.diagnostic import ERROR, Diagnostic
from harn.source.file import SourceFile
from harn.source.span import Span
from harn.syntax import nodes, tables
from harn.syntax.tree.builder import TreeBuilder
from harn.syntax.feeder import Feeder, Problem, TooDeep
from harn.syntax.mask import Masked, mask


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
    """The builder for one file, which knows the comments and parses the expressions inside strings."""

    def __init__(self, file: SourceFile, masked: Masked, loaded: tables.Tables) -> None:
        super().__init__(file.text, loaded.reserved)
        self.tables = loaded
        self.holes = dict(masked.holes)
        self.problems: list[Problem] = []
        self.depth = 0

    def doc_before(self, offset: int) -> str:
        return ""

    def hole_expressions(self, token: Token) -> list[tuple[Span, nodes.Expr | str]]:
        assert token.start_pos is not None
        return [(hole, self.hole(hole)) for hole in self.holes[token.start_pos]]

    def hole(self, hole: Span) -> nodes.Expr | str:
        text = self.source[hole.start : hole.end]
        masked = mask(text)
        for offset, spans in masked.holes.items():
            self.holes[offset + hole.start] = [
                Span(span.start + hole.start, span.end + hole.start) for span in spans
            ]
        feeder = Feeder(self.tables, self, masked.text, "interpolation", base=hole.start)
        value = feeder.parse(limit=1)
        if feeder.problems:
            if "$END" in feeder.problems[0].terminals:
                self.problems.append(feeder.problems[0])
            return text
        return value  # type: ignore[no-any-return]


def parse(file: SourceFile) -> ParseResult:
    """Parse a whole file. Never raises for what the text contains."""
    loaded = tables.load()
    masked = mask(file.text)
    builder = _FileBuilder(file, masked, loaded)
    feeder = Feeder(loaded, builder, masked.text, "program")
    try:
        body = feeder.parse()
    except TooDeep as fault:
        return ParseResult(None, [Diagnostic(ERROR, "S001", "too deep", file, Span(fault.args[0], fault.args[0] + 1))])
    problems = feeder.problems + builder.problems
    diagnostics = [Diagnostic(ERROR, "S001", f"expected {sorted(p.terminals)[:5]}, found {p.found}", file, p.span) for p in problems]
    comments = tuple(nodes.Comment(file.slice(span), span=span) for span in masked.comments)
    program = nodes.Program(tuple(body), comments, span=Span(0, len(file.text)))
    return ParseResult(program, diagnostics)


def parse_program(file: SourceFile) -> nodes.Program:
    """The tree of a file; raises SyntaxFault where the text is no program."""
    program, diagnostics = parse(file)
    if diagnostics or program is None:
        raise SyntaxFault(diagnostics)
    return program
