"""The whole tree builder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harn.source.span import Span
from harn.syntax.tree.blocks import Blocks
from harn.syntax.tree.common import Child, Lists
from harn.syntax.tree.declarations import Declarations
from harn.syntax.tree.expressions import Expressions
from harn.syntax.tree.leaves import Leaves
from harn.syntax.tree.statements import Statements
from harn.syntax.tree.types import Types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lark.grammar import Rule

    from harn.syntax.automaton import Method


class TreeBuilder(Lists, Leaves, Expressions, Blocks, Statements, Types, Declarations):
    """Builds the tree of one source text. ``methods`` has the method for each of the grammar's rules, in their order."""

    def __init__(self, source: str, reserved: frozenset[str], rules: Sequence[Rule]) -> None:
        self.source = source
        self.reserved = reserved
        self.grouped = {}
        self.methods = [self._method(rule) for rule in rules]

    def _method(self, rule: Rule) -> Method | None:
        """The method of one rule; None where it only passes on its one child."""
        if rule.options.expand1 and not rule.alias and len(rule.expansion) == 1:
            return None
        method: Method = getattr(self, rule.alias or str(rule.origin.name))
        return method

    def program_empty(self, children: list[Child], span: Span) -> list[Child]:
        return []

    def program(self, children: list[Child], span: Span) -> Child:
        return children[0]
