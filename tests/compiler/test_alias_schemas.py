"""Types as schemas: bounded however aliases refer to each other."""

from __future__ import annotations

from typing import Any

import pytest

import harn


def last(program: str) -> Any:
    """The text a program prints last."""
    return harn.run(program).stdout.splitlines()[-1]


@pytest.mark.parametrize("sides", [1, 2, 3])
def test_aliases_of_aliases_stay_small(sides: int) -> None:
    fields = ", ".join(f"f{side}?: A{{}}" for side in range(sides))
    aliases = ["type A0 = {x: int}", *(f"type A{n} = {{{fields.replace('{}', str(n - 1))}}}" for n in range(1, 60))]
    text = "\n".join([*aliases, "println(len(json_stringify(schema_of(A59))) < 30000)"])
    assert last(text) == "true"
    deep = "5"
    for _ in range(59):
        deep = f"{{f0: {deep}}}"
    assert last("\n".join([*aliases, f"println(schema_is({deep}, A59))"])) == "false"


def test_arguments_of_generic_aliases_are_filled_in() -> None:
    aliases = "type Pair<A, B> = {first: A, second: B}\ntype Twice<T> = Pair<T, list<T>>\ntype Use = Twice<int>\n"
    assert last(aliases + "println(schema_is({first: 1, second: [2]}, Use))") == "true"
    assert last(aliases + 'println(schema_is({first: 1, second: ["a"]}, Use))') == "false"
    assert last(aliases + 'println(schema_is({first: "a", second: ["a"]}, Twice))') == "true"


def test_a_generic_alias_that_grows_ends() -> None:
    alias = "type Grow<T> = {next?: Grow<list<T>>, value: T}\n"
    assert last(alias + 'println(schema_is({next: {value: []}, value: "a"}, Grow))') == "true"
    assert last(alias + "println(schema_is({next: {}, value: 1}, Grow))") == "false"
