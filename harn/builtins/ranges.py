"""Ranges: the function that makes one, and what a range answers without being walked.

Any other method of an iterator works on a range too: the range is lifted to an iterator first.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import range_text
from harn.values.kinds import Range
from harn.values.operators import HIGHEST, check_size
from harn.vm.iterating import RangeSource
from harn.vm.machine import Context


@builtin(
    "range(a: int, b?: int) -> range",
    examples=[("range(4)", "0 to 4 exclusive"), ("range(2, 4).to_list()", "[2, 3]")],
)
def range_(a: int, b: int | None = None) -> Range:
    """The ints from `a` up to `b`, which is left out; with one argument those from 0 up to it."""
    return Range(0, a, True) if b is None else Range(a, b, True)


@builtin("range.count() -> int", aliases=["len"], examples=[("(1 to 4).count()", "4"), ("(5 to 1).len()", "0")])
def count(span: Range) -> int:
    """How many ints the range holds."""
    return min(span.count(), HIGHEST)


@builtin("range.empty() -> bool", examples=[("(5 to 1).empty()", "true")])
def empty(span: Range) -> bool:
    """Whether the range holds nothing."""
    return span.count() == 0


@builtin("range.first() -> int | nil", examples=[("(1 to 4).first()", "1")])
def first(span: Range) -> int | None:
    """The first int, nil for an empty range."""
    return span.start if span.count() else None


@builtin("range.last() -> int | nil", examples=[("(1 to 4).last()", "4"), ("range(4).last()", "3")])
def last(span: Range) -> int | None:
    """The last int, nil for an empty range."""
    return span.stop - 1 if span.count() else None


@builtin(
    "range.contains(value?: any) -> bool",
    examples=[("(1 to 4).contains(4)", "true"), ("(1 to 4).contains(2.0)", "false")],
)
def contains(span: Range, value: Any = None) -> bool:
    """Whether the range holds an int; no other kind of value is in one."""
    return value.__class__ is int and span.start <= value < span.stop


@builtin("range.to_string() -> string", examples=[("(1 to 4).to_string()", "1 to 4")])
def to_string(span: Range) -> str:
    """The range as in source text."""
    return range_text(span)


@builtin("range.to_list() -> list<int>", ctx=True, examples=[("(1 to 4).to_list()", "[1, 2, 3, 4]")])
def to_list(context: Context, span: Range) -> list[int]:
    """All ints of the range."""
    check_size(RangeSource.element_bytes * span.count(), context.vm.value_bytes)
    return list(range(span.start, span.stop))
