"""Growing a tree by drawing: every choice is a draw of Hypothesis, every node takes from a budget.

A budget that has run out leaves only leaves to choose, so a tree is never much larger than its budget. The simplest choice
always comes first, which is where Hypothesis shrinks to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[T]], T]

_COUNTS = [st.integers(0, most) for most in range(64)]


class Grower:
    """Draws with a budget of nodes."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int], size: int) -> None:
        self._draw = draw
        self.left = size
        self.in_hole = 0
        """How many ``${...}`` the node being grown stands in; there, strings may hold no braces."""

    def draw(self, strategy: st.SearchStrategy[T]) -> T:
        return self._draw(strategy)  # type: ignore[arg-type,return-value]

    def below(self, limit: int) -> int:
        """A number from 0 to below a limit of at most 64."""
        return self._draw(_COUNTS[limit - 1])

    def choose(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def coin(self) -> bool:
        """False at its simplest."""
        return self.below(2) == 1

    def rarely(self) -> bool:
        return self.below(8) == 7

    def grow(self, makers: Sequence[Callable[[Grower], Any]], leaves: int) -> Any:
        """The product of one of some makers, of which the first ``leaves`` need no further nodes."""
        self.left -= 1
        return makers[self.below(len(makers) if self.left > 0 else leaves)](self)

    def some(self, make: Callable[[Grower], T], least: int = 0, most: int = 3) -> tuple[T, ...]:
        """A few of a kind, fewer when the budget runs out."""
        count = least + (self.below(most - least + 1) if self.left > 0 else 0)
        return tuple(make(self) for _ in range(count))

    def maybe(self, make: Callable[[Grower], T]) -> T | None:
        return make(self) if self.left > 0 and self.coin() else None
