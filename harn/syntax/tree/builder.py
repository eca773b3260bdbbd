"""The whole tree builder."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from harn.syntax.tree.blocks import Blocks
from harn.syntax.tree.common import Child, Lists
from harn.syntax.tree.declarations import Declarations
from harn.syntax.tree.expressions import Expressions
from harn.syntax.tree.leaves import Leaves
from harn.syntax.tree.statements import Statements
from harn.syntax.tree.types import Types

if TYPE_CHECKING:
    from collections.abc import Callable

    from lark import Lark
    from lark.grammar import Rule

_pass_on = itemgetter(0)


class TreeBuilder(Lists, Leaves, Expressions, Blocks, Statements, Types, Declarations):
    """Builds the tree of one source text. Not abstract in Python's sense: ``parser`` fills in the two hooks."""

    def __init__(self, source: str, reserved: frozenset[str]) -> None:
        self.source = source
        self.reserved = reserved

    def program_empty(self, children: list[Child]) -> list[Child]:
        return []

    def program(self, children: list[Child]) -> Child:
        return children[0]

    def callbacks(self, grammar: Lark) -> dict[Rule, Callable[[list[Child]], Child]]:
        """The method for each rule of the grammar; a rule that only passes on its one child gets no method."""
        found: dict[Rule, Callable[[list[Child]], Child]] = {}
        for rule in grammar.rules:
            if rule.options.expand1 and not rule.alias and len(rule.expansion) == 1:
                found[rule] = _pass_on
            else:
                found[rule] = getattr(self, rule.alias or str(rule.origin.name))
        return found
