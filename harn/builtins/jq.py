"""Queries over lists and dicts in a part of the language of jq. They never fail for what a value lacks, only for their text."""

from __future__ import annotations

from functools import lru_cache

from harn.builtins import jq_syntax as syntax
from harn.catalog.record import builtin
from harn.source.typing import Any, Callable
from harn.values.equality import equal
from harn.values.errors import thrown
from harn.values.kinds import Set, Struct, type_name

MOST = 1_000_000
"""Values that a query may give, those between its stages included."""

Value = Any


class _Walk:
    """One evaluation: counts what it gives."""

    def __init__(self) -> None:
        self.given = 0

    def results(self, query: Any, value: Value) -> list[Value]:
        """What a query gives for a value."""
        found = _RULES[query.__class__](self, query, value)
        self.count(len(found))
        return found

    def count(self, more: int) -> None:
        """HarnError where there is too much."""
        self.given += more
        if self.given > MOST:
            raise thrown(f"jq: more than {MOST:,} results")

    def first(self, query: Any, value: Value) -> Value:
        """The first result, nil without one."""
        found = self.results(query, value)
        return found[0] if found else None

    def holds(self, query: Any, value: Value) -> bool:
        """Whether a query finds a value true."""
        return bool(self.first(query, value))


def _pipe(walk: _Walk, query: syntax.Pipe, value: Value) -> list[Value]:
    stream = [value]
    for stage in query.stages:
        stream = [found for one in stream for found in walk.results(stage, one)]
    return stream


def _comma(walk: _Walk, query: syntax.Comma, value: Value) -> list[Value]:
    return [found for item in query.items for found in walk.results(item, value)]


def _path(walk: _Walk, query: syntax.Path, value: Value) -> list[Value]:
    stream = [value]
    for step in query.steps:
        take = _STEPS[step.__class__]
        stream = [found for one in stream for found in take(step, one)]
        walk.count(len(stream))
    return stream


def _field(step: syntax.Field, value: Value) -> list[Value]:
    if value.__class__ is dict:
        return [value.get(step.name)]
    return [value.fields.get(step.name) if value.__class__ is Struct else None]


def _each(step: syntax.Each, value: Value) -> list[Value]:
    return _elements(value) if value.__class__ is not Struct else []


def _place(step: syntax.Place, value: Value) -> list[Value]:
    if value.__class__ is list and -len(value) <= step.number < len(value):
        return [value[step.number]]
    return [None]


def _part(step: syntax.Part, value: Value) -> list[Value]:
    return [value[step.start : step.end] if value.__class__ is list else []]


_STEPS: dict[type, Callable[[Any, Value], list[Value]]] = {
    syntax.Field: _field,
    syntax.Each: _each,
    syntax.Place: _place,
    syntax.Part: _part,
}


def _entries(entries: dict[str, Value]) -> list[Value]:
    return [entries[key] for key in sorted(entries)]


def _elements(value: Value) -> list[Value]:
    """What a container holds, in the order in which it is shown."""
    if value.__class__ is list:
        return value
    if value.__class__ is Set:
        return list(value)
    if value.__class__ is dict:
        return _entries(value)
    return _entries(value.fields) if value.__class__ is Struct else []


def _descend(walk: _Walk, query: syntax.Descend, value: Value) -> list[Value]:
    """Each value before what is in it; the stack holds what is still to come, the next one last."""
    found: list[Value] = []
    stack = [value]
    while stack:
        one = stack.pop()
        found.append(one)
        inner = _elements(one)
        if inner:
            if len(found) + len(stack) + len(inner) > MOST:
                walk.count(MOST + 1)
            stack.extend(reversed(inner))
    return found


def _length(value: Value) -> int:
    if value.__class__ in (str, bytes, list, dict, Set):
        return len(value)
    return 0 if value is None else 1


def _keys(value: Value) -> list[Value]:
    if value.__class__ is dict:
        return sorted(value)
    return list(range(len(value))) if value.__class__ is list else []


_KINDS = {
    "nil": "null", "bool": "boolean", "int": "number", "float": "number", "list": "array", "set": "array", "dict": "object",
    "struct": "object",
}  # fmt: skip


def _kind(value: Value) -> str:
    name = type_name(value)
    return _KINDS.get(name, name)


def _values(value: Value) -> list[Value]:
    return list(_elements(value)) if value.__class__ is not Struct else []


_FUNCTIONS: dict[str, Callable[[Value], Any]] = {"length": _length, "keys": _keys, "values": _values, "type": _kind}


def _function(walk: _Walk, query: syntax.Function, value: Value) -> list[Value]:
    return [_FUNCTIONS[query.name](value)]


def _map(walk: _Walk, query: syntax.Map, value: Value) -> list[Value]:
    items = value if value.__class__ is list else []
    return [[found for item in items for found in walk.results(query.body, item)]]


def _select(walk: _Walk, query: syntax.Select, value: Value) -> list[Value]:
    return [value] if walk.holds(query.test, value) else []


def _object(walk: _Walk, query: syntax.Object, value: Value) -> list[Value]:
    return [{key: walk.first(entry, value) for key, entry in query.entries}]


def _literal(walk: _Walk, query: syntax.Literal, value: Value) -> list[Value]:
    return [query.value]


def _compare(walk: _Walk, query: syntax.Compare, value: Value) -> list[Value]:
    left, right = walk.first(query.left, value), walk.first(query.right, value)
    if query.op in ("==", "!="):
        return [equal(left, right) == (query.op == "==")]
    if not _ordered(left, right):
        return [False]
    if left.__class__ is not right.__class__:
        left, right = float(left), float(right)
    return [bool(left < right if query.op == "<" else left > right)]


_NUMBERS = (int, float)


def _ordered(left: Value, right: Value) -> bool:
    """Whether two values can be compared by size: numbers and texts."""
    if left.__class__ is str:
        return right.__class__ is str
    return left.__class__ in _NUMBERS and right.__class__ in _NUMBERS


def _logic(walk: _Walk, query: syntax.Logic, value: Value) -> list[Value]:
    held = walk.holds(query.first, value)
    for op, other in query.others:
        if held == (op == "and"):
            held = walk.holds(other, value)
    return [held]


def _not(walk: _Walk, query: syntax.Not, value: Value) -> list[Value]:
    return [not walk.holds(query.test, value)]


_RULES: dict[type, Callable[[_Walk, Any, Value], list[Value]]] = {
    syntax.Pipe: _pipe,
    syntax.Comma: _comma,
    syntax.Path: _path,
    syntax.Descend: _descend,
    syntax.Function: _function,
    syntax.Map: _map,
    syntax.Select: _select,
    syntax.Object: _object,
    syntax.Literal: _literal,
    syntax.Compare: _compare,
    syntax.Logic: _logic,
    syntax.Not: _not,
}


@lru_cache(maxsize=256)
def _parsed(query: str) -> Any:
    return syntax.parse(query)


def _results(value: Value, query: str) -> list[Value]:
    try:
        parsed = _parsed(query)
    except syntax.QueryFault as fault:
        raise thrown(str(fault)) from None
    return _Walk().results(parsed, value)


@builtin(
    "jq(value: any, query: string) -> list",
    keeps=["value"],
    examples=[
        ('jq({users: [{name: "Ada", age: 36}, {name: "Bob"}]}, ".users[] | select(.age > 30) | .name")', "[Ada]"),
        ('jq([1, 2, 3], "map(. > 1)")', "[[false, true, true]]"),
    ],
)
def jq(value: Any, query: str) -> list[Any]:
    """All results of a query, in order. Paths `.a.b[0]`, `.["key"]`, `.[1:]`, `.[]` and `..`; `|` and `,`; `length`, `keys`,
    `values`, `type`; `map(...)`, `select(...)`; `==`, `!=`, `<`, `>`, `and`, `or`, `not x`; texts, numbers and `{key: ...}`. What
    a value lacks is nil, or no result. Throws where the query cannot be read.
    """
    return list(_results(value, query))


@builtin(
    "jq_first(value: any, query: string) -> any",
    keeps=["value"],
    examples=[('jq_first({a: [5, 6]}, ".a[]")', "5"), ('jq_first([], ".[]")', "nil")],
)
def jq_first(value: Any, query: str) -> Any:
    """The first result of a query as `jq` understands it; nil without one."""
    found = _results(value, query)
    return found[0] if found else None
