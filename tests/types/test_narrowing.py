"""What conditions say of variables, seen through ``unreachable`` and annotations."""

from __future__ import annotations

import pytest

from tests.types.checking import in_function, told

PARAMS = 'x: int | string | nil, m: {k: "a", n: int} | {k: "b"}, u: unknown, l: "p" | "q"'


@pytest.mark.parametrize(
    ("condition", "declared"),
    [
        ("x != nil", "int | string"),
        ("nil == x", "nil"),
        ("!(x == nil)", "int | string"),
        ('type_of(x) == "int"', "int"),
        ('"int" != type_of(x)', "string | nil"),
        ('x != nil && type_of(x) != "int"', "string"),
        ('!(x == nil || type_of(x) == "int")', "string"),
        ("x", "int | string"),
        ("!x", "nil"),
        ("x == nil || x != nil", "int | string | nil"),
        ('(x == nil || type_of(x) == "int") && x != nil', "int"),
    ],
)
def test_a_condition_narrows_a_union(condition: str, declared: str) -> None:
    body = f"  if {condition} {{\n    let y: {declared} = x\n    println(y)\n  }}"
    assert in_function(body, PARAMS) == []
    wrong = in_function(f"  if {condition} {{\n    unreachable(x)\n  }}", PARAMS)
    assert wrong == [f"error 3: unreachable() argument has type `{declared}` — not all cases are handled"]


@pytest.mark.parametrize("condition", ['m.k == "a"', 'm["k"] == "a"', '"a" == m.k', 'm.k != "b"', '!(m.k == "b")'])
def test_a_tag_narrows_to_its_shape(condition: str) -> None:
    assert in_function(f"  if {condition} {{\n    let n: int = m.n\n    println(n)\n  }}", PARAMS) == []


def test_a_literal_is_taken_out_of_its_union() -> None:
    assert (
        in_function('  if l == "p" {\n    return\n  }\n  if l == "q" {\n    return\n  }\n  unreachable(l)', PARAMS)
        == []
    )


def test_unknown_opens_by_type_of_and_stays_unknown_otherwise() -> None:
    body = '  if type_of(u) == "int" {\n    let n: int = u\n    println(n)\n  } else {\n    let n: int = u\n    println(n)\n  }'
    assert in_function(body, PARAMS) == ["error 6: 'n' declared as int, but assigned unknown"]


def test_what_a_loop_assigns_is_not_certain_in_it() -> None:
    loop = "  while true {\n    let n: int = c\n    c = nil\n    println(n)\n  }"
    body = f"  var c: int | nil = x\n  if c == nil {{\n    return\n  }}\n{loop}"
    assert in_function(body, "x: int | nil") == ["warning 7: 'n' declared as int, but assigned int | nil"]


def test_both_ways_meet_after_a_branch() -> None:
    body = "  var c: int | nil = x\n  if c == nil {\n    c = 1\n  }\n  let n: int = c\n  println(n)"
    assert in_function(body, "x: int | nil") == []


def test_in_a_text_nothing_is_refused() -> None:
    assert told('fn f(s: string) {\n  println("${s - 1}")\n}\n') == [
        "warning 2: can't use '-' on string and int (needs numeric operands)"
    ]


FIELDS = "o: {s: string | nil, n: int | string, in?: {t: string | nil}}, p: {s: string | nil} | nil"
WANT = "fn want(s: string) -> string {\n  return s\n}\n"


@pytest.mark.parametrize(
    ("condition", "use"),
    [
        ("o.s != nil", "o.s"),
        ("!(o.s == nil)", 'o["s"]'),
        ("o.s", "o.s"),
        ('type_of(o.n) == "string"', "o.n"),
        ('type_of(o.n) != "int"', "o.n"),
        ("p?.s != nil", "p.s"),
        ("p != nil && p.s != nil", "p.s"),
        ("o.in?.t != nil", "o.in.t"),
        ("o.in?.t", "o.in.t"),
        ('o.s != nil && want(o.s) == "a"', "o.s"),
    ],
)
def test_a_condition_narrows_a_field(condition: str, use: str) -> None:
    assert in_function(f"  if {condition} {{\n    want({use})\n  }}", FIELDS, WANT) == []
    known = not use.startswith("p.")  # of a field of what may be nil nothing is claimed
    assert len(in_function(f"  if {condition} {{\n    return\n  }}\n  want({use})", FIELDS, WANT)) == known


@pytest.mark.parametrize(
    ("statement", "told_of"),
    [
        ("v.s = nil", ["warning 9: Argument 1 ('s'): expected string, got nil"]),
        ("v = o", ["error 9: Argument 1 ('s'): expected string, got string | nil"]),
        ('v["s"] = o.s', ["warning 9: Argument 1 ('s'): expected string, got string | nil"]),
        ("v.n = 1", []),
        ('v.s = "x"', []),
        ("want(v.s)", []),
    ],
)
def test_an_assignment_undoes_what_was_known_of_a_field(statement: str, told_of: list[str]) -> None:
    body = f"  var v = o\n  if v.s == nil {{\n    return\n  }}\n  {statement}\n  want(v.s)"
    # The function begins on line 4, behind ``want``.
    told_here = [told.replace("9:", "10:") for told in told_of]
    assert in_function(body, FIELDS, WANT) == told_here


def test_a_call_changes_what_a_closure_assigns() -> None:
    body = "  var v: string | nil = p?.s\n  let clear = { -> v = nil }\n  if v != nil {\n    want(v)\n    println(1)\n"
    assert in_function(f"{body}    want(v)\n    clear()\n  }}", FIELDS, WANT) == []
    assert in_function(f"{body}    clear()\n    want(v)\n  }}", FIELDS, WANT) == [
        "warning 11: Argument 1 ('s'): expected string, got string | nil"
    ]


def test_what_a_loop_assigns_to_a_field_is_not_known_in_it() -> None:
    body = "  var v = o\n  if v.s == nil {\n    return\n  }\n  for i in [1, 2] {\n    want(v.s)\n    v.s = nil\n  }"
    assert len(in_function(body, FIELDS, WANT)) == 1


@pytest.mark.parametrize("test", ['type_of(v) == "int"', "v != nil", "v"])
def test_a_test_that_the_last_assignment_rules_out_tells_nothing(test: str) -> None:
    body = f"  var v: int | nil = 1\n  v = nil\n  if {test} {{\n    let n: int = v\n    println(n)\n  }}"
    assert in_function(body) == []
    assert (
        in_function("  var v: int | nil = 1\n  v = 2\n  if v == nil {\n    let n: nil = v\n    println(n)\n  }") == []
    )
