"""Values nested 100,000 deep (some walks: 20,000, to save time), and sixty rounds of ``x = [x, x]``, through every walk that a
program can start: a value or an error of Harn, never a recursion error and never 2**60 steps.

The time limit only ends what would not end.
"""

from __future__ import annotations

import pytest

import harn

DEEP = "var x: any = [1]\nvar y: any = [1]\nfor i in 1 to 100000 {\n  x = [x]\n  y = [y]\n}\n"
NESTED = DEEP.replace("100000", "20000")
SHARED = "var x: any = [1]\nvar y: any = [1]\nfor i in 1 to 60 {\n  x = [x, x]\n  y = [y, y]\n}\n"

WALKS = [
    "println(x)\nprintln(x == y)\nprintln(json_stringify(x))\nprintln(x in [y])\nprintln(set([x]) == set([y]))\nthrow x",
    "println(x)",
    "println(x == y)",
    "println(len(json_stringify(x)))",
    "println(len(to_string(x)))",
    'println(len("${x}"))',
    "println(x in [y])",
    "println(x < y)",
    "println(len([x, y].sort()))",
    "println(len([x, y].sort_by({ v -> v })))",
    "println(len([x, y].unique()))",
    "println(len(set(x, y)))",
    "println(set([x]) == set([y]))",
    "println([y].index_of(x))",
    "println({a: x} == {a: y})",
    "println(len({[x]: 1}))",
    "println(len([x, y].group_by({ v -> v })))",
    "println(Ok(x) == Ok(y))",
    "println(json_parse(json_stringify(x)) == x)",
    "assert_eq(x, [y])",
    "throw x",
    "[1].map({ v -> throw {a: x} })",
    "require false, x",
    "throw_error(x)",
    "try { throw x } catch (e) { println(e == y) }",
    "return x",
    "return Err(x)",
    "println(host(x))",
    "fn f(a: list<int>) { return a }\nf(x)",
    "x[0] = y\nx[0][0] = 5\nprintln(len(x))",
    "x |> f\nfn f(v) { return v }",
]


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("make", [NESTED, SHARED], ids=["nested", "shared"])
def test_every_walk_ends(make: str, walk: str) -> None:
    if make is NESTED and walk is WALKS[0]:
        make = DEEP
    error = failure(make + walk)
    assert not isinstance(error, harn.InternalError), error
    assert getattr(error, "kind", "") != "seconds", error
    assert len(str(error)) < 10**6


def failure(text: str) -> harn.HarnError | None:
    """How a program fails, if it does."""
    try:
        harn.run(text, functions={"host": lambda value: len(value)}, limits=harn.Limits(seconds=50))
    except harn.HarnError as error:
        return error
    return None


def test_the_walks_give_what_they_should() -> None:
    printed = harn.run(DEEP + "println(x == y)\nprintln(x in [[1], y])\nprintln(len(to_string(x)))").stdout
    assert printed == "true\ntrue\n200003\n"
    printed = harn.run(SHARED + "println(x == y)\nprintln(x in [[1], y])\nprintln(len(set(x, y)))").stdout
    assert printed == "true\ntrue\n1\n"


def test_values_come_back_from_python_as_deep_as_they_went() -> None:
    value = harn.run(DEEP + "println(back(x) == y)\nreturn x", functions={"back": lambda value: value}).value
    depth = 0
    while isinstance(value, list):
        value, depth = value[0], depth + 1
    assert depth == 100_001
