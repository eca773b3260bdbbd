"""Methods of lists that do not call back. None changes its receiver; those that give a list give a new one.

Counts and bounds of another kind than int are taken as left out, hence ``any | int``.
"""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values import sequences
from harn.values.display import display
from harn.values.equality import index_of
from harn.values.keys import distinct
from harn.values.kinds import Iter
from harn.values.operators import is_number
from harn.vm.iterating import iterate
from harn.vm.machine import Context

List = list[Any]


def whole(value: Any, otherwise: int) -> int:
    """A number of elements: ``value`` where it is an int, never below 0."""
    return max(0, value if value.__class__ is int else otherwise)


def positive(value: Any, otherwise: int) -> int:
    """A size or step: ``value`` where it is an int, never below 1."""
    return max(1, value if value.__class__ is int else otherwise)


# ------------------------------------------------------------------------------------------ reading


@builtin("list.count() -> int", examples=[("[3, 4].count()", "2")])
def count(items: List) -> int:
    """How many elements the list has; the property `count` says the same."""
    return len(items)


@builtin("list.empty() -> bool", examples=[("[].empty()", "true")])
def empty(items: List) -> bool:
    """Whether the list has no elements; the property `empty` says the same."""
    return not items


@builtin(
    "list.first(n?: any | int) -> T | list<T> | nil",
    examples=[("[3, 4, 5].first()", "3"), ("[3, 4, 5].first(2)", "[3, 4]")],
)
def first(items: List, n: Any = None) -> Any:
    """The first element, nil where there is none; with a count, a list of the first `n`."""
    if n.__class__ is int:
        return items[: max(0, n)]
    return items[0] if items else None


@builtin(
    "list.last(n?: any | int) -> T | list<T> | nil",
    examples=[("[3, 4, 5].last()", "5"), ("[3, 4, 5].last(2)", "[4, 5]")],
)
def last(items: List, n: Any = None) -> Any:
    """The last element, nil where there is none; with a count, a list of the last `n`."""
    if n.__class__ is int:
        return items[max(0, len(items) - max(0, n)) :]
    return items[-1] if items else None


@builtin("list.contains(value?: any) -> bool", examples=[("[1, 2].contains(2.0)", "true")])
def contains(items: List, value: Any = None) -> bool:
    """Whether an element equals `value`."""
    return index_of(items, value) >= 0


@builtin("list.index_of(value?: any) -> int", examples=[('["a", "b"].index_of("b")', "1"), ("[1].index_of(7)", "-1")])
def index(items: List, value: Any = None) -> int:
    """The place of the first element that equals `value`, -1 where none does."""
    return index_of(items, value)


@builtin("list.join(separator?: any) -> string", ctx=True, examples=[('["a", nil, 2.0].join("-")', "a-nil-2.0")])
def join(context: Context, items: List, separator: Any = "") -> str:
    """The display texts of the elements with the separator's between them."""
    from harn.builtins.strings import join_texts

    limit = context.vm.value_bytes
    return join_texts(items, display(separator, limit), limit)


@builtin("list.sum() -> int | float", examples=[("[1, 2].sum()", "3"), ('[1, 0.5, "x"].sum()', "1.5")])
def total(items: List) -> int | float:
    """The sum of the numbers in the list, other elements left out; ints wrap, one float makes it a float."""
    return sequences.total([item for item in items if is_number(item)])


@builtin("list.min() -> T | nil", examples=[("[3, 1, 2].min()", "1"), ("[].min()", "nil")])
def least(items: List) -> Any:
    """The smallest element, of equal ones the first; nil for an empty list."""
    return items[sequences.least_place(items)] if items else None


@builtin("list.max() -> T | nil", examples=[("[3, 1, 2].max()", "3")])
def greatest(items: List) -> Any:
    """The largest element, of equal ones the first; nil for an empty list."""
    return items[sequences.greatest_place(items)] if items else None


@builtin("list.tally() -> dict<string, int>", examples=[('["a", "b", "a"].tally()', "{a: 2, b: 1}")])
def tally(items: List) -> dict[str, int]:
    """How often each display text occurs among the elements."""
    counts: dict[str, int] = {}
    for item in items:
        text = display(item)
        counts[text] = counts.get(text, 0) + 1
    return counts


@builtin("list.iter() -> iter<T>", keeps=["receiver"], examples=[("[1, 2].iter().last()", "2")])
def iterator(items: List) -> Iter:
    """A lazy iterator over the elements."""
    return iterate(items)


# ------------------------------------------------------------------------------------------ parts and changed copies


@builtin(
    "list.slice(start?: any | int, end?: any | int) -> list<T>", examples=[("[1, 2, 3, 4].slice(1, -1)", "[2, 3]")]
)
def slice_(items: List, start: Any = 0, end: Any = None) -> List:
    """The elements from `start` up to `end`, which is left out. Negative bounds count from the end, all are clamped."""
    return items[start if start.__class__ is int else 0 : end if end.__class__ is int else None]


@builtin("list.take(n?: any | int) -> list<T>", examples=[("[1, 2, 3].take(2)", "[1, 2]")])
def take(items: List, n: Any = 0) -> List:
    """The first `n` elements."""
    return items[: whole(n, 0)]


@builtin("list.skip(n?: any | int) -> list<T>", examples=[("[1, 2, 3].skip(2)", "[3]")])
def skip(items: List, n: Any = 0) -> List:
    """All elements but the first `n`."""
    return items[whole(n, 0) :]


@builtin("list.push<U>(value?: U) -> list<T | U>", keeps=["value"], examples=[("[1].push(2)", "[1, 2]")])
def push(items: List, *value: Any) -> List:
    """The list with `value` at its end."""
    return [*items, *value]


@builtin("list.pop() -> list<T>", examples=[("[1, 2].pop()", "[1]")])
def pop(items: List) -> List:
    """The list without its last element."""
    return items[:-1]


@builtin("list.compact() -> list<T>", examples=[("[1, nil, 0].compact()", "[1, 0]")])
def compact(items: List) -> List:
    """The list without nil."""
    return [item for item in items if item is not None]


@builtin("list.unique() -> list<T>", examples=[("[2, 1, 2, 2.0].unique()", "[2, 1]")])
def unique(items: List) -> List:
    """The elements without repetitions, in order of first appearance; equal values count as one."""
    return distinct(items)


@builtin("list.reverse() -> list<T>", examples=[("[1, 2, 3].reverse()", "[3, 2, 1]")])
def reverse(items: List) -> List:
    """The elements from the last to the first."""
    return items[::-1]


@builtin("list.sort(ignored?: any | nil) -> list<T>", examples=[("[3, 1, 2].sort()", "[1, 2, 3]")])
def sort(items: List, ignored: Any = None) -> List:
    """The elements in ascending order: numbers, texts, durations and pairs; what has no order keeps its place.

    There is no comparator: `sort_by` orders by a key.
    """
    return sequences.ordered(items)


@builtin("list.flatten() -> list<any>", ctx=True, examples=[("[[1, [2]], 3].flatten()", "[1, [2], 3]")])
def flatten(context: Context, items: List) -> List:
    """The elements, lists among them replaced by theirs; one level."""
    return sequences.spliced(items, context.vm.value_bytes)


# ------------------------------------------------------------------------------------------ combinations


@builtin(
    "list.zip(other?: any | list) -> list<list<any>>", examples=[('[1, 2, 3].zip(["a", "b"])', "[[1, a], [2, b]]")]
)
def zip_(items: List, other: Any = None) -> list[List]:
    """Lists of two, an element of each list, as far as the shorter one goes; nothing where `other` is no list."""
    return [[left, right] for left, right in zip(items, other, strict=False)] if other.__class__ is list else []


@builtin(
    "list.enumerate() -> list<{index: int, value: T}>",
    examples=[('["a"].enumerate()', "[{index: 0, value: a}]")],
)
def enumerate_(items: List) -> list[dict[str, Any]]:
    """For every element a dict of its place and itself."""
    return [{"index": place, "value": item} for place, item in enumerate(items)]


@builtin(
    "list.chunk(size?: any | int) -> list<list<T>>",
    aliases=["each_slice"],
    examples=[("[1, 2, 3].chunk(2)", "[[1, 2], [3]]")],
)
def chunk(items: List, size: Any = 1) -> list[List]:
    """The list in parts of `size` elements, the last one perhaps shorter."""
    return sequences.chunked(items, positive(size, 1))


@builtin(
    "list.window(size?: any | int, step?: any | int) -> list<list<T>>",
    ctx=True,
    aliases=["each_cons", "sliding_window"],
    examples=[("[1, 2, 3].window(2)", "[[1, 2], [2, 3]]"), ("[1, 2, 3, 4].window(2, 2)", "[[1, 2], [3, 4]]")],
)
def window(context: Context, items: List, size: Any = 2, step: Any = 1) -> list[List]:
    """All runs of exactly `size` (2) elements, the next one beginning `step` (1) further on."""
    return sequences.windowed(items, positive(size, 2), positive(step, 1), context.vm.value_bytes)
