"""Callbacks of builtins: how many values they get, of which kinds, and arguments that a builtin takes and is not for."""

from __future__ import annotations

import pytest

from harn.catalog.kinds import meant, plain
from harn.catalog.signature import parse_type, show_type
from tests.types.checking import findings, in_function, told

BEFORE = "fn two(a, b) { return a }\nfn text(s: string) -> string { return s }\nfn some(a, b = 1) { return a }\n"
PARAMS = "xs: list<int>, d: dict<string, int>, g: fn(int, int) -> int, k"


def said(call: str) -> list[str]:
    return [line.split(": ", 1)[1] for line in in_function(f"  println({call})", PARAMS, BEFORE)]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("xs.map({ a, b -> a })", "Closure expects 2 arguments, but 'map' calls it with 1"),
        ("xs.map({ -> 1 })", "Closure expects 0 arguments, but 'map' calls it with 1"),
        ("xs.map(two)", "Function 'two' expects 2 arguments, but 'map' calls it with 1"),
        ("xs.filter(g)", "Function of type fn(int, int) -> int expects 2 arguments, but 'filter' calls it with 1"),
        ("xs.map(substring)", "Builtin 'substring' expects 2-3 arguments, but 'map' calls it with 1"),
        ("xs.reduce(0, { a -> a })", "Closure expects 1 arguments, but 'reduce' calls it with 2"),
        ("d.map_values({ key, v -> v })", "Closure expects 2 arguments, but 'map_values' calls it with 1"),
        ("set(1).map({ -> 1 })", "Closure expects 0 arguments, but 'map' calls it with 1"),
        ("(1 to 3).map(two)", "Function 'two' expects 2 arguments, but 'map' calls it with 1"),
        ("xs.iter().any(two)", "Function 'two' expects 2 arguments, but 'any' calls it with 1"),
        ("stream.fold(xs, 0, text)", "Function 'text' expects 1 arguments, but 'stream.fold' calls it with 2"),
        ("group_by(xs, two)", "Function 'two' expects 2 arguments, but 'group_by' calls it with 1"),
        ("parallel_race(xs, { -> 1 })", "Closure expects 0 arguments, but 'parallel_race' calls it with 1"),
        ("with_rate_limit(k, text)", "Function 'text' expects 1 arguments, but 'with_rate_limit' calls it with 0"),
        (
            'register_persona_hook(k, "PreStep", two)',
            "Function 'two' expects 2 arguments, but 'register_persona_hook' calls it with 1",
        ),
        ("xs.map(text)", "'map' calls function 'text' with int as `s`, which takes string"),
        ("d.map_keys({ n: int -> n })", "'map_keys' calls closure with string as `n`, which takes int"),
        ("xs.map(bytes_len)", "'map' calls builtin 'bytes_len' with int as `data`, which takes bytes"),
    ],
)
def test_a_callback_takes_what_it_is_given(call: str, expected: str) -> None:
    assert said(call) == [expected]


@pytest.mark.parametrize(
    "call",
    [
        "xs.map(some)", "xs.map({ ...rest -> rest })", "xs.map(to_string)", "xs.map(k)", "k.map(two)", "xs.map(range)",
        "xs.reduce(0, g)", "xs.reduce(0, two)", "xs.map({ n: float -> n })", "xs.map({ v: int | string -> v })",
        'xs.sort_by({ n: any -> n })', "try { xs.map(two) }", "d.filter({ n: int -> n })", "[1, \"a\"].map(text)",
    ],
)  # fmt: skip
def test_what_may_run_well_is_not_told(call: str) -> None:
    assert said(call) == []


def test_a_closure_with_a_name_is_known_by_its_parameters() -> None:
    text = "let pick = { a, b -> a }\nprintln([1].map(pick))\n"
    assert told(text) == ["warning 2: Closure 'pick' expects 2 arguments, but 'map' calls it with 1"]
    (found,) = findings(text)
    assert found.code == "T034"
    assert [note.text for note in found.notes] == [
        "parameter `f` of the builtin `list.map` is fn(T) -> U", "`pick` is declared here",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("xs.map(7)", "'map' parameter `f` is for fn(any) -> any, got int"),
        ("xs.reduce(two, 0)", "'reduce' parameter `f` is for fn(any, any) -> any, got int"),
        ("xs.take(1.5)", "'take' parameter `n` is for int, got float"),
        ("xs.sort(two)", "'sort' parameter `ignored` is for nil, got fn(_, _) -> _"),
        ("max(1, 2, 3)", "'max' parameter `ignored` is for nil, got int"),
        ('abs("1")', "'abs' parameter `x` is for number, got string"),
        ('"1" |> abs', "'abs' parameter `x` is for number, got string"),
        ("set(1).union(xs)", "'union' parameter `other` is for set, got list"),
        (
            'sync_rwlock_acquire("k", "own")',
            '\'sync_rwlock_acquire\' parameter `mode` is for "read"|"write", got "own"',
        ),
        ("send(5, 1)", "'send' parameter `channel` is for channel, got int"),
        ("len(5)", "'len' parameter `value` is for string|bytes|list|dict|set|range, got int"),
    ],
)
def test_arguments_that_a_builtin_is_not_for(call: str, expected: str) -> None:
    assert in_function(f"  println({call})", PARAMS, BEFORE) == [f"warning 5: {expected}"]


@pytest.mark.parametrize(
    "call",
    [
        "xs.map(nil)",
        "xs.take(k)",
        "abs(1.5)",
        "abs(to_int(k))",
        "len(d)",
        'try { abs("1") }',
        "to_list(5)",
        "unwrap(5)",
    ],
)
def test_arguments_that_may_be_meant(call: str) -> None:
    assert said(call) == []


@pytest.mark.parametrize(
    ("written", "meaning", "shown"),
    [
        ("any | fn(T) -> U", "fn(T) -> U", "fn(any) -> any"),
        ("any | duration | int", "duration|int", "duration|int"),
        ("list<T>", "list<T>", "list"),
        ("dict<string, T>", "dict<string, T>", "dict<string, any>"),
        ("iter<pair<int, T>>", "iter<pair<int, T>>", "iter<pair<int, any>>"),
        ("A | B", "A|B", "any"),
        ("{done: bool, value: T | nil}", "{done: bool, value: T|nil}", "{done: bool, value: any}"),
    ],
)
def test_what_a_parameter_is_for(written: str, meaning: str, shown: str) -> None:
    assert show_type(meant(parse_type(written))) == meaning
    assert show_type(plain(meant(parse_type(written)))) == shown
