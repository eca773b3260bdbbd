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
