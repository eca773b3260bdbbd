"""Every example of every record is run, as a program would."""

from __future__ import annotations

from typing import Any

import pytest

import harn
from harn.catalog.build import declared_records

EXAMPLES = [(record.key, expression, text) for record, *_ in declared_records() for expression, text in record.examples]

pytestmark = pytest.mark.skipif(not hasattr(harn, "run"), reason="the embedding API is not there yet")


@pytest.mark.parametrize(
    ("key", "expression", "text"), EXAMPLES, ids=[f"{key}: {expression}" for key, expression, _ in EXAMPLES]
)
def test_example(key: str, expression: str, text: str) -> None:
    run: Any = getattr(harn, "run", None)
    result = run(f"pipeline default(task) {{ return to_string({expression}) }}")
    assert result.value == text
