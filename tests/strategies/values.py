"""Hypothesis strategies for run-time values.

``values`` gives any kind that programs can hold without running (no functions, no iterators); ``plain`` those that equal
themselves (no NaN); ``json_values`` those that survive JSON; ``respell`` another value that is equal to the given one.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from harn.values.keys import set_of
from harn.values.kinds import Duration, Enum, EnumType, Pair, Range, Struct, StructType, err, ok

LOWEST, HIGHEST = -(2**63), 2**63 - 1

EDGES = (0, 1, -1, 2, LOWEST, LOWEST + 1, HIGHEST, HIGHEST - 1, 2**31, 2**32, -(2**31), 2**53, 2**53 + 1, 10**15)
integers = st.one_of(st.sampled_from(EDGES), st.integers(-10, 10), st.integers(LOWEST, HIGHEST))
finite_floats = st.one_of(
    st.sampled_from((0.0, -0.0, 1.0, 0.5, 1e14, 1e15, 1e16, 1e-7, 1e300, 5e-324, 2.0**53, 2.0**63)),
    st.floats(allow_nan=False, allow_infinity=False),
)
floats = st.one_of(finite_floats, st.sampled_from((float("inf"), float("-inf"))))
numbers = st.one_of(integers, floats)
texts = st.text(st.one_of(st.sampled_from('ab "\\\n{}$'), st.characters(exclude_categories=["Cs"])), max_size=6)

POINT, LINE = StructType("Point", ("x", "y"), "a.harn"), StructType("Line", ("from",), "a.harn")
COLOR = EnumType("Color", {"Red": (), "Mix": ("a", "b")}, "a.harn")

scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    numbers,
    texts,
    st.binary(max_size=4),
    st.builds(Duration, st.integers(-(10**6), 10**9)),
    st.builds(Range, st.integers(-5, 5), st.integers(-5, 5), st.booleans()),
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    dicts = st.dictionaries(st.sampled_from(("a", "b", "k é")), inner, max_size=3)
    return st.one_of(
        st.lists(inner, max_size=3),
        dicts,
        st.builds(Pair, inner, inner),
        st.lists(inner, max_size=3).map(set_of),
        st.builds(lambda fields: Struct(POINT, fields), st.dictionaries(st.sampled_from(("x", "y")), inner)),
        st.builds(lambda fields: Struct(LINE, fields), st.dictionaries(st.just("from"), inner)),
        st.builds(lambda payload: Enum(COLOR, "Mix", tuple(payload)), st.lists(inner, max_size=2)),
        st.just(Enum(COLOR, "Red")),
        inner.map(ok),
        inner.map(err),
    )


plain: st.SearchStrategy[Any] = st.recursive(scalars, _containers, max_leaves=8)
values: st.SearchStrategy[Any] = st.recursive(st.one_of(scalars, st.just(float("nan"))), _containers, max_leaves=8)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), integers, finite_floats, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


def respell(value: Any) -> Any:
    """An equal value made of other objects: ints that a float can hold as floats, and back; dicts and sets in reverse order."""
    kind = value.__class__
    if kind is int:
        return float(value) if abs(value) <= 2**53 else value
    if kind is float:
        return int(value) if value.is_integer() and abs(value) <= 2**53 else value
    if kind is list:
        return [respell(part) for part in value]
    if kind is dict:
        return {key: respell(part) for key, part in reversed(value.items())}
    if kind is Pair:
        return Pair(respell(value.first), respell(value.second))
    if kind is Struct:
        return Struct(value.type, respell(value.fields))
    if kind is Enum:
        return Enum(value.type, value.variant, tuple(map(respell, value.payload)))
    if hasattr(value, "members"):
        return set_of(respell(part) for part in reversed(list(value)))
    if kind is Duration:
        return Duration(value.ms)
    return Range(value.start, value.end, value.exclusive) if kind is Range else value


def nested(depth: int, wrap: Any, innermost: Any = None) -> Any:
    """``wrap`` applied to its own result ``depth`` times."""
    value = innermost
    for _ in range(depth):
        value = wrap(value)
    return value


WRAPPERS: dict[str, Any] = {
    "list": lambda part: [part],
    "dict": lambda part: {"k": part},
    "pair": lambda part: Pair(part, 1),
    "struct": lambda part: Struct(POINT, {"x": part}),
    "enum": ok,
    "set": lambda part: set_of([part]),
}
"""Kind -> how to wrap a value in one more container of it."""

DOUBLERS: dict[str, Any] = {
    "list": lambda part: [part, part],
    "dict": lambda part: {"a": part, "b": part},
    "pair": lambda part: Pair(part, part),
    "struct": lambda part: Struct(POINT, {"x": part, "y": part}),
    "enum": lambda part: Enum(COLOR, "Mix", (part, part)),
    "set": lambda part: set_of([Pair(part, 1), Pair(part, 2)]),
}
"""Kind -> how to wrap a value so that it appears twice: sixty rounds would be 2**60 appearances."""
