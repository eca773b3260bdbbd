"""From the rules of ``grammar/prompt.lark`` to nodes: a method for each name an alternative has.

A method takes the children of its alternative, tokens included, and the span they cover. Steps of an expression are lists
while it is being read, and grow in place.
"""

from __future__ import annotations

import re

from harn.prompt.fault import Fault, Place
from harn.prompt.nodes import (
    AND,
    COMPARED,
    CONSTANT,
    FILTER,
    NEGATED,
    OR,
    PATH,
    Branch,
    Conditional,
    Expression,
    Include,
    Loop,
    Node,
    Placeholder,
    Text,
)
from harn.prompt.scanner import Token
from harn.source.span import Span
from harn.source.typing import Any, Callable, NamedTuple, Sequence

Child = Any
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_CONSTANTS = {"true": True, "false": False, "nil": None}
_LARGEST = 2**63


class Opened(NamedTuple):
    """The tag that opens a block: its steps, the names of a loop, where it stands."""

    steps: list[Any]
    key: str
    value: str
    place: Place


class TemplateBuilder:
    """Builds the tree of one template. ``methods``: for each rule the method, None where it passes its only child on."""

    def __init__(self, names: Sequence[str]) -> None:
        self.methods: list[Callable[[list[Child], Span], Child] | None] = [
            getattr(self, name) if name else None for name in names
        ]
        self.tag = 0  # the offset of the tag that is being read

    # ------------------------------------------------------------------------------------------ lists

    def nothing(self, children: list[Child], span: Span) -> list[Child]:
        return []

    def one(self, children: list[Child], span: Span) -> list[Child]:
        return [children[0]]

    def more(self, children: list[Child], span: Span) -> list[Child]:
        children[0].append(children[-1])
        return children[0]  # type: ignore[no-any-return]

    def first(self, children: list[Child], span: Span) -> Child:
        return children[0]

    def second(self, children: list[Child], span: Span) -> Child:
        return children[1]

    # ------------------------------------------------------------------------------------------ tags

    def text(self, children: list[Child], span: Span) -> Text:
        return Text(children[0].value, Place(span.start, span))

    def placeholder(self, children: list[Child], span: Span) -> Placeholder:
        return Placeholder(children[1].value, _whole(span))

    def value(self, children: list[Child], span: Span) -> Expression:
        return Expression(tuple(children[1]), _whole(span))

    def condition(self, children: list[Child], span: Span) -> Opened:
        return Opened(children[1], "", "", _whole(span))

    def loop_value(self, children: list[Child], span: Span) -> Opened:
        return Opened(children[3], "", children[1].value, _whole(span))

    def loop_key_value(self, children: list[Child], span: Span) -> Opened:
        return Opened(children[5], children[1].value, children[3].value, _whole(span))

    def bare_tag(self, children: list[Child], span: Span) -> Place:
        return _whole(span)

    def branch(self, children: list[Child], span: Span) -> list[Branch]:
        opened, items = children
        return [Branch(tuple(opened.steps), tuple(items), opened.place)]

    def more_branches(self, children: list[Child], span: Span) -> list[Branch]:
        branches, opened, items = children
        branches.append(Branch(tuple(opened.steps), tuple(items), opened.place))
        return branches  # type: ignore[no-any-return]

    def conditional(self, children: list[Child], span: Span) -> Conditional:
        return Conditional(tuple(children[0]), children[0][0].place)

    def conditional_else(self, children: list[Child], span: Span) -> Conditional:
        branches, place, items, _ = children
        return Conditional((*branches, Branch((), tuple(items), place)), branches[0].place)

    def loop(self, children: list[Child], span: Span) -> Loop:
        return _loop(children[0], children[1], [])

    def loop_else(self, children: list[Child], span: Span) -> Loop:
        return _loop(children[0], children[1], children[3])

    def include(self, children: list[Child], span: Span) -> Include:
        return Include(tuple(children[1]), (), _whole(span))

    def include_with(self, children: list[Child], span: Span) -> Include:
        return Include(tuple(children[1]), tuple(children[4]), _whole(span))

    def binding(self, children: list[Child], span: Span) -> tuple[str, tuple[Any, ...]]:
        return children[0].value, tuple(children[2])

    # ------------------------------------------------------------------------------------------ expressions

    def filter(self, children: list[Child], span: Span) -> list[Child]:
        steps, _, name = children
        steps.append((FILTER, name.value, 0, name.start_pos))
        return steps  # type: ignore[no-any-return]

    def filter_with(self, children: list[Child], span: Span) -> list[Child]:
        steps, _, name, _, arguments = children
        for argument in arguments:
            steps.extend(argument)
        steps.append((FILTER, name.value, len(arguments), name.start_pos))
        return steps  # type: ignore[no-any-return]

    def shortcut(self, children: list[Child], span: Span) -> list[Child]:
        left, operator, right = children
        left.append((AND if operator.type == "AND" else OR, len(right)))
        left.extend(right)
        return left  # type: ignore[no-any-return]

    def negated(self, children: list[Child], span: Span) -> list[Child]:
        children[1].append((NEGATED,))
        return children[1]  # type: ignore[no-any-return]

    def compared(self, children: list[Child], span: Span) -> list[Child]:
        left, operator, right = children
        left.extend(right)
        left.append((COMPARED, operator.value))
        return left  # type: ignore[no-any-return]

    def path(self, children: list[Child], span: Span) -> list[Child]:
        parts = children[0]
        return [(PATH, tuple(part.value if part.__class__ is Token else part for part in parts))]

    def at_index(self, children: list[Child], span: Span) -> list[Child]:
        children[0].append(self.number(children[2]))
        return children[0]  # type: ignore[no-any-return]

    def at_key(self, children: list[Child], span: Span) -> list[Child]:
        children[0].append(_unquoted(children[2].value))
        return children[0]  # type: ignore[no-any-return]

    def string(self, children: list[Child], span: Span) -> list[Child]:
        return [(CONSTANT, _unquoted(children[0].value))]

    def integer(self, children: list[Child], span: Span) -> list[Child]:
        return [(CONSTANT, self.number(children[0]))]

    def fraction(self, children: list[Child], span: Span) -> list[Child]:
        token = children[0]
        if token.value.count(".") > 1:
            raise Fault(f"invalid number `{token.value}`", Place(self.tag, span))
        return [(CONSTANT, float(token.value))]

    def constant(self, children: list[Child], span: Span) -> list[Child]:
        return [(CONSTANT, _CONSTANTS[children[0].value])]

    def number(self, token: Token) -> int:
        """The value of an INT token."""
        value = int(token.value) if len(token.value) < 1_000 else _LARGEST
        if not -_LARGEST <= value < _LARGEST:
            raise Fault(f"invalid integer `{token.value}`", Place(self.tag, token.span))
        return value


def _whole(span: Span) -> Place:
    return Place(span.start, span)


def _loop(opened: Opened, items: list[Node], otherwise: list[Node]) -> Loop:
    return Loop(opened.key, opened.value, tuple(opened.steps), tuple(items), tuple(otherwise), opened.place)


def _unquoted(written: str) -> str:
    """The text of a string literal: ``\\n``, ``\\t`` and ``\\r``; any other character behind a backslash is itself."""
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), written[1:-1])
