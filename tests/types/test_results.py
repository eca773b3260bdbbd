"""What builtins give: element types follow from arguments, and nothing is claimed that a run need not keep."""

from __future__ import annotations

import pytest

from tests.types.checking import in_function

PARAMS = "xs: list<int>, d: dict<string, int>, shape: {a: int}, r: Result<int, string>, s: Stream<int>, k"
BEFORE = "fn double(n: int) -> int { return n * 2 }\nfn words(n: int) -> list<string> { return [] }\n"


def assigned(type: str, value: str) -> list[str]:
    found = in_function(f"  let v: {type} = {value}\n  println(v)", PARAMS, BEFORE)
    return [line.split(", but assigned ")[1] for line in found]


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("list<float>", "xs.sort()"),
        ("list<float>", "stream.collect(stream.map(xs, double))"),
        ("list<int | nil>", "xs.map(double)"),
        ("list<list<float>>", "chunk(xs, 2)"),
        ("list<int | string>", 'xs.push("a")'),
        ("list<string>", "stream.collect(stream.merge(xs, k))"),
        ("list<string>", "xs.push(k)"),
        ("string", 'xs.reduce(nil, { acc, v -> "${v}" })'),
        ("string", 'd.get("a", "none")'),
        ("string", 'shape.get("b", nil)'),
        ("list<string>", "shape.values()"),
        ("list<string>", 'values({a: 1, b: "x"})'),
        ("string", 'unwrap_or(r, "none")'),
        ("string", "unwrap(k)"),
        ("set<float>", "set(xs)"),
        ("{key: string}", 'mailbox_open("m")'),
        ("{ok: bool, data: {n: int}}", 'llm_call_structured_safe("p", {})'),
    ],
)
def test_what_may_hold_is_not_told(type: str, value: str) -> None:
    assert assigned(type, value) == []


def test_a_variable_of_what_a_builtin_made_fits_like_it() -> None:
    assert in_function("  let ys = xs.sort()\n  let v: list<float> = ys\n  println(v)", PARAMS) == []
    written = "  let ys: list<int> = xs.sort()\n  let v: list<float> = ys\n  println(v)"
    assert in_function(written, PARAMS) == ["error 3: 'v' declared as list<float>, but assigned list<int>"]


@pytest.mark.parametrize(
    ("type", "value", "found"),
    [
        ("list<string>", "xs.map(double)", "list<int>"),
        ("list<int>", "xs.flat_map(words)", "list<string>"),
        ("iter<string>", "iter(xs)", "iter<int>"),
        ("list<string>", "(1 to 3).take(2).to_list()", "list<int>"),
        ("list<pair<string, string>>", "iter(d).to_list()", "list<pair<string, int>>"),
        ("iter<pair<string, string>>", 'stream.zip("ab", xs)', "iter<pair<string, int>>"),
        ("string", "unwrap(r)", "int"),
        ("string", 'd.get("a", 1)', "int"),
        ("string", "stream.fold(xs, 0, { a: int, n: int -> a + n })", "int"),
        ("list<string>", "to_list(set(xs))", "list<int>"),
        ("set<string>", "set(xs)", "set<int>"),
        ("string", '"a" |> len', "int"),
        ("int", "completed_steps()[0].cost_usd", "float"),
        ("string", 'with_rate_limit("p", { -> 1 })', "int"),
    ],
)
def test_what_follows_from_the_arguments(type: str, value: str, found: str) -> None:
    assert assigned(type, value) == [found]


def test_what_a_builtin_says_it_may_give_besides_needs_no_arm() -> None:
    assert in_function('  match abs(k) {\n    4 -> { println("four") }\n  }', PARAMS) == []


def test_an_element_of_a_stream_is_known() -> None:
    body = "  for v in s.iter() {\n    double(v)\n    trimmed(v)\n  }"
    before = BEFORE + "fn trimmed(t: string) { println(t) }\n"
    assert in_function(body, PARAMS, before) == ["error 7: Argument 1 ('t'): expected string, got int"]


def test_the_enum_of_a_pattern_stays_an_enum() -> None:
    before = "enum Light { Red, Amber(secs: int) }\n"
    body = '  match light {\n    Light.Red -> { println(Light.Amber("no")) }\n    Light.Amber(_) -> { println(1) }\n  }'
    assert in_function(body, "light: Light", before) == ["warning 4: Light.Amber expects secs: int, got string"]
