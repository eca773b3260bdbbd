"""The printer's engine: one rule a node class, run without recursion.

A rule is a generator. Where it needs the text of a child it yields the child's own generator and is resumed with the finished
text, so the depth of a tree costs memory of ours and never Python's stack:

    @prints(Range)
    def range_(p: Printer, node: Range, depth: int) -> Steps:
        start = yield p.node(node.start, depth)
        end = yield p.node(node.end, depth)
        return f"{start} to {end}"

``depth`` is the indentation level of the line the text begins on. A text that wraps holds the full indentation of all its
lines but the first, so that the rule above only ever joins strings.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, TypeVar

from harn.source.span import Span
from harn.syntax.nodes import Comment
from harn.syntax.printer.comments import comment_lines
from harn.syntax.printer.origin import Origin

INDENT = "  "
LINE_WIDTH = 100
BAR_WIDTH = 80
"""Columns of a ``// ----`` bar that separates sections of a file."""

T = TypeVar("T")
Steps = Generator["Steps | str", str, str]
"""A rule at work: yields other rules (or what a simple one returned at once), is sent their texts, returns its own."""
Work = Generator[Steps | str, str, T]
"""Part of a rule that gives something else than a text; used with ``yield from``."""
Rule = Callable[["Printer", Any, int], Steps | str]

RULES: dict[type, Rule] = {}


def prints(*classes: type) -> Callable[[Rule], Rule]:
    """Make a function the rule of some node classes."""

    def enter(rule: Rule) -> Rule:
        for cls in classes:
            RULES[cls] = rule
        return rule

    return enter


class Line(NamedTuple):
    """A statement or an element of a list with the comments that belong to it."""

    lead: list[Comment]
    text: str
    trail: str


class Printer:
    """What all rules share: the line width, and the text the tree came from, if it came from one."""

    def __init__(self, origin: Origin | None = None, width: int = LINE_WIDTH) -> None:
        self.origin = origin or Origin("", ())
        self.width = width
        self.strays: list[Comment] = []
        """Comments met in the middle of the current line, which go above it."""

    def node(self, node: Any, depth: int) -> Steps | str:
        """The rule of a node, ready to run. Comments right before the node become strays of its line."""
        if self.origin.pending:
            self.strays += self.origin.before(node.span.start)
        return RULES[type(node)](self, node, depth)

    def line(self, node: Any, depth: int, rule: Rule | None = None) -> Work[Line]:
        """Print a node, by its own rule or another, that stands on a line of its own if it is commented."""
        rule = rule or RULES[type(node)]
        if not self.origin.pending:
            return Line([], (yield rule(self, node, depth)), "")
        outer, self.strays = self.strays, []
        lead = self.origin.before(outset(node).start)
        text = yield rule(self, node, depth)
        lead += self.strays + self.origin.before(node.span.end)
        self.strays = outer
        return Line(lead, text, " ".join(comment.text.rstrip() for comment in self.origin.trailing(node.span.end)))

    def comments(self, comments: Sequence[Comment], depth: int) -> list[str]:
        """Comments as lines of their own at a depth."""
        return comment_lines(comments, depth, self.width, self.origin) if comments else []

    def comments_before(self, end: int, depth: int) -> list[str]:
        """The comments left before an offset, as lines of their own at a depth."""
        return self.comments(self.origin.before(end), depth) if self.origin.pending else []

    def run(self, steps: Steps | str) -> str:
        """Drive a rule, and all it asks for, to the end."""
        if isinstance(steps, str):
            return steps
        stack = [steps]
        answer: Any = None
        while stack:
            try:
                asked = stack[-1].send(answer)
            except StopIteration as stop:
                stack.pop()
                answer = stop.value
            else:
                if isinstance(asked, str):
                    answer = asked
                else:
                    stack.append(asked)
                    answer = None
        return str(answer)


def outset(node: Any) -> Span:
    """The span of a declaration with its attributes, of any other node as it is."""
    attributes = getattr(node, "attributes", ())
    span: Span = node.span
    return span.to(attributes[0].span) if attributes else span


def pad(depth: int) -> str:
    """The line break and indentation that begin a line at a depth."""
    return "\n" + INDENT * depth
