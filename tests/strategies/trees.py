"""The strategies for trees of the whole language."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

from harn.syntax import nodes
from tests.strategies import declarations as _declarations
from tests.strategies import expressions as _expressions
from tests.strategies import statements as _statements
from tests.strategies import types as _types
from tests.strategies.grower import Grower

T = TypeVar("T")


def grown(make: Callable[[Grower], T], size: int) -> st.SearchStrategy[T]:
    """What a maker grows with a budget of up to a size, mostly of half of it or more."""

    sizes = st.sampled_from((1, size // 4, size // 2, size, size))

    @st.composite
    def strategy(draw: Callable[[st.SearchStrategy[int]], int]) -> T:
        return make(Grower(draw, draw(sizes)))

    return strategy()


def types(size: int = 12) -> st.SearchStrategy[nodes.Type]:
    return grown(_types.type_, size)


def expressions(size: int = 15) -> st.SearchStrategy[nodes.Expr]:
    return grown(_expressions.expression, size)


def statements(size: int = 20) -> st.SearchStrategy[nodes.Statement]:
    return grown(_statements.statement, size)


def declarations(size: int = 25) -> st.SearchStrategy[nodes.Statement]:
    return grown(_declarations.declaration, size)


def programs(size: int = 40) -> st.SearchStrategy[nodes.Program]:
    """Whole files: imports, declarations, pipelines and loose statements."""
    return grown(_declarations.program, size)
