"""Pools that answer as they were told to."""

from __future__ import annotations

from typing import Any

import pytest

import harn
from harn.testing import VirtualHost
from tests.builtins.resting import thawed

POOL = """
  let db = pg_mock_pool([
    {sql: " select a ", params: [1], rows: [{a: "one"}, {a: "two"}]},
    {sql: "select a", rows: []},
    {sql: "insert", rows_affected: 3},
    {sql: "drop", error: "forbidden"},
  ])
"""


def value(body: str) -> Any:
    """What the body of a pipeline returns."""
    return harn.run(f"pipeline default(task) {{ {body} }}").value


def test_the_first_fixture_that_fits_answers() -> None:
    body = """
      let rows = pg_query(db, "select a", [1])
      let none = pg_query_one(db, "select a", [2])
      let made = pg_transaction(db, { tx -> pg_execute(tx, "insert", [{x: 1}]) })
      return [rows, none, made, pg_query_one(db, "select a\\n", [1.0]), len(pg_mock_calls(db)), pg_mock_calls(db)[2]]
    """
    assert value(POOL + body) == [
        [{"a": "one"}, {"a": "two"}], None, {"rows_affected": 3}, {"a": "one"}, 4,
        {"sql": "insert", "params": [{"x": 1}], "execute": True},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('pg_query(db, "select b")', "pg_mock: no fixture matched `select b`"),
        ('pg_execute(db, "drop")', "pg_mock: forbidden"),
        ('pg_query(db, "select a", {})', "pg_query: params must be a list"),
        ('pg_query({}, "select a")', "pg_query: expected a handle of pg_mock_pool"),
        ('pg_close(db); pg_query(db, "select a")', "pg_mock: unknown mock pool `pgmock-1`"),
        ("pg_mock_pool(1)", "pg_mock_pool: fixtures must be a list of dicts"),
        ("pg_mock_pool([1])", "pg_mock_pool: each fixture must be a dict"),
        ("pg_mock_pool({})", "pg_mock_pool: fixture.sql is required"),
        ('pg_mock_pool({sql: "x", rows: 1})', "pg_mock_pool: fixture.rows must be a list"),
        (
            'pg_connect("env:X")',
            "pg_pool: this runtime does not connect to Postgres servers; use pg_mock_pool in tests",
        ),
    ],
)
def test_what_is_refused(call: str, text: str) -> None:
    assert value(f"{POOL} try {{ {call}; return nil }} catch (e) {{ return e }}") == f"Runtime error: {text}"


def test_a_run_rests_with_its_pools() -> None:
    body = f'{POOL} pg_execute(db, "insert"); env("REST"); println([pg_query(db, "select a", [1]), pg_mock_calls(db).count])'
    assert thawed(body, VirtualHost(), VirtualHost()) == "[[{a: one}, {a: two}], 2]\n"
