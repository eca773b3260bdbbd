"""What is said of the arguments of @step and @persona: each text with its place."""

from __future__ import annotations

import pytest

import harn
from harn.source.codes import CodeRow
from harn.source.file import SourceFile
from harn.source.rows.attributes import ATTRIBUTE_ROWS
from harn.steps.policies import RANKS
from harn.syntax.parser import parse
from harn.types.step_attributes import LEVELS, attribute_warnings


def told(attribute: str, declaration: str = "fn f() { return 1 }") -> list[tuple[str, int]]:
    """Message and column of what is said of an attribute on the first line."""
    file = SourceFile("main.harn", f"{attribute}\n{declaration}\n")
    parsed = parse(file)
    assert parsed.program is not None
    assert not parsed.diagnostics
    return [(found.message, found.place[2]) for found in attribute_warnings(parsed.program, file)]


@pytest.mark.parametrize("row", ATTRIBUTE_ROWS, ids=lambda row: row.code)
def test_a_row_explains_itself(row: CodeRow) -> None:
    for text, expected in ((row.failing, {row.code}), (row.corrected, set())):
        file = SourceFile("main.harn", text)
        program = parse(file).program
        assert program is not None
        assert {found.code for found in attribute_warnings(program, file)} == expected


def test_levels_are_those_of_the_policies() -> None:
    assert tuple(RANKS) == LEVELS


@pytest.mark.parametrize(
    "attribute",
    [
        '@step(name: "a", model: m.large, approval: required, receipt: none, error_boundary: fail)',
        '@step(name: a, budget: {max_tokens: 1, max_usd: 0, scope: "inclusive"}, retry: {max_attempts: 3})',
        "@persona",
        '@persona(stages: [{name: a, allowed_tools: [x, "y"], side_effect_level: none, max_iterations: 0}], receipts: false)',
        '@persona(triggers: [a.b, "c", schedule("* * * * *")], budget: {run_usd: 1.5, on_exhausted: stop, other: 1})',
    ],
)
def test_what_is_right(attribute: str) -> None:
    assert told(attribute) == []


@pytest.mark.parametrize(
    ("attribute", "message", "column"),
    [
        ("@step", '`@step(...)` should declare `name: "..."` for stable supervision metadata', 1),
        ('@step(name: a, "b")', "`@step(...)` arguments must be named", 16),
        ("@step(name: 5)", "`@step(name: ...)` must be a string or symbol", 7),
        ("@step(name: a, approval: maybe)", '`@step(approval: ...)` must be one of ["required", "optional"]', 16),
        ("@step(name: a, receipt: all)", '`@step(receipt: ...)` must be one of ["audit", "none"]', 16),
        (
            "@step(name: a, error_boundary: 5)",
            '`@step(error_boundary: ...)` must be one of ["fail", "continue", "escalate"]', 16,
        ),
        (
            "@step(name: a, budget: 5)",
            "`@step(budget: ...)` must be a dict such as `{ max_tokens: 1000, max_usd: 0.05 }`", 16,
        ),
        ("@step(name: a, budget: {max_tokens: 0})", "`@step(budget: { max_tokens: ... })` must be a positive integer", 37),
        ("@step(name: a, budget: {max_tokens: 1.5})", "`@step(budget: { max_tokens: ... })` must be a positive integer", 37),
        ("@step(name: a, budget: {max_usd: -1})", "`@step(budget: { max_usd: ... })` must be a non-negative number", 34),
        (
            "@step(name: a, budget: {scope: wide})",
            '`@step(budget: { scope: ... })` must be one of ["exclusive", "inclusive"]', 32,
        ),
        (
            "@step(name: a, budget: {usd: 1})",
            'unknown `@step(budget: ...)` field `usd`; expected one of ["max_tokens", "max_usd", "scope"]', 25,
        ),
        ("@step(name: a, retry: 3)", "`@step(retry: ...)` must be a dict such as `{ max_attempts: 3 }`", 16),
        (
            "@step(name: a, retry: {max_attempts: 0})",
            "`@step(retry: { max_attempts: ... })` must be a positive integer", 38,
        ),
        ("@step(name: a, retry: {n: 1})", "unknown `@step(retry: ...)` field `n`; expected `max_attempts`", 24),
        ("@persona(tools: x)", "`@persona(tools: ...)` must be a list of strings or symbols", 10),
        ("@persona(tools: [x, 1])", "`@persona(tools: ...)` must contain only strings or symbols", 10),
        ("@persona(receipts: 1)", "`@persona(receipts: ...)` must be a string/symbol or bool", 10),
        ("@persona(budget: {on_exhausted: 1})", "`@persona(on_exhausted: ...)` must be a string or symbol", 33),
        ("@persona(budget: {max_tokens: x})", "`@persona(max_tokens: ...)` must be a number", 31),
        ("@persona(stages: 1)", "`@persona(stages: ...)` must be a list of stage dicts", 10),
        ("@persona(stages: [1])", "`@persona(stages: ...)` entries must be dict literals", 19),
        ("@persona(stages: [{}])", "`@persona(stages: ...)` entry missing required `name`", 19),
        (
            "@persona(stages: [{name: a, x: 1}])",
            'unknown stage key `x`; expected one of ["name", "allowed_tools", "side_effect_level", "max_iterations"]', 29,
        ),
        ("@persona(stages: [{name: 1}])", "stage `name` must be a string", 26),
        (
            "@persona(stages: [{name: a, side_effect_level: all}])",
            'stage `side_effect_level` must be one of ["none", "read_only", "workspace_write", "process_exec", "network"]', 48,
        ),
        ("@persona(stages: [{name: a, max_iterations: -1}])", "stage `max_iterations` must be a non-negative integer", 45),
    ],
)  # fmt: skip
def test_what_is_wrong(attribute: str, message: str, column: int) -> None:
    assert told(attribute) == [(message, column)]


def test_targets_are_told_once() -> None:
    assert told("@step(budget: 5)", "struct S { x: int }") == [("`@step` only applies to function declarations", 1)]
    wanted = "`@persona` only applies to function, tool, or pipeline declarations"
    assert told("@persona", "enum E { A }") == [(wanted, 1)]
    assert told("@persona", "pipeline p(task) { return 1 }") == []


def test_order_is_that_of_the_arguments_then_the_missing_name() -> None:
    messages = [message for message, _ in told('@step(model: 5, "x", mood: 1)')]
    assert [message.split("`")[1] for message in messages] == ["@step(model: ...)", "@step(...)", "@step", "@step(...)"]


def test_functions_in_bodies_are_looked_at_too() -> None:
    """Everything that is checked, not only what stands at the top of a file."""
    program = """
pipeline default() {
  @step(nam: "x")
  fn inner() { return 1 }
  let f = { ->
    @bogus
    fn deeper() { return inner() }
    deeper()
  }
  f()
}
"""
    told = [diagnostic.message for diagnostic in harn.check(program)]
    assert [message.partition(";")[0] for message in told] == [
        '`@step(...)` should declare `name: "..."` for stable supervision metadata',
        "unknown `@step` argument `nam`",
        "unknown attribute `@bogus`",
    ]
