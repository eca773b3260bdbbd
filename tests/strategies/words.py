"""Names, keys, texts and numbers."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.strategies.grower import Grower

PLAIN_NAMES = ("a", "b", "xs", "value", "item2", "_private", "f", "größe", "_")
WORDS_OF_ONE_PLACE = (
    "gen", "out", "where", "each", "settle", "with", "stream", "as", "self", "timeout", "default", "description",
    "summarize", "r", "ms", "s",
)  # fmt: skip
"""Names that mean something in some place of the grammar, or resemble the beginning of a literal."""
TYPE_NAMES = ("int", "string", "Point", "T", "any", "nil", "never", "Größe")
UPPER_NAMES = ("Point", "Color", "T", "Größe")
RESERVED_KEYS = ("if", "match", "type", "nil", "to", "in", "fn")

_CHARACTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\r")
_TEXTS = st.text(st.one_of(st.sampled_from('a ${}"\\\n\t`/*nr'), _CHARACTERS), max_size=8)
_TEXTS_IN_HOLES = st.text(
    st.one_of(st.sampled_from('a $"\\\n\t`/*nr'), st.characters(categories=("L", "N"))), max_size=5
)
_LINE_TEXTS = st.text(st.sampled_from('a ${}\\`/*nr"'), max_size=8)
_INTEGERS = st.one_of(st.integers(0, 10), st.integers(0, 2**63 - 1))
_FLOATS = st.one_of(
    st.sampled_from((0.0, 0.5, 1.5, 0.1, 1e-7, 1e15, 1e19, 5e-324, 1.7976931348623157e308)),
    st.floats(0, allow_nan=False, allow_infinity=False),
)
_MILLISECONDS = st.one_of(
    st.sampled_from((0, 1, 999, 1000, 60_000, 90_000, 3_600_000, 86_400_000)), st.integers(0, 10**12)
)


def name(g: Grower) -> str:
    return g.choose(WORDS_OF_ONE_PLACE if g.rarely() else PLAIN_NAMES)


def binding(g: Grower) -> str:
    """A name where a pattern or a parameter binds one."""
    return g.choose(PLAIN_NAMES)


def upper_name(g: Grower) -> str:
    return g.choose(UPPER_NAMES)


def member(g: Grower) -> str:
    """What stands behind a dot: any word."""
    return g.choose(RESERVED_KEYS) if g.rarely() else name(g)


def text(g: Grower) -> str:
    return g.draw(_TEXTS_IN_HOLES if g.in_hole else _TEXTS)


def raw_text(g: Grower) -> str:
    """The text of a raw string."""
    drawn = g.draw(_LINE_TEXTS).replace('"', "'")
    return drawn.replace("{", "").replace("}", "") if g.in_hole else drawn


def integer(g: Grower) -> int:
    return g.draw(_INTEGERS)


def floating(g: Grower) -> float:
    return g.draw(_FLOATS)


def milliseconds(g: Grower) -> int:
    return g.draw(_MILLISECONDS)
