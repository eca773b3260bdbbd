"""The receipt of a run: which program ran, how it ended, and what its steps used."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from harn.steps.log import CompletedStep, receipt_entry

SCHEMA = "harn.receipt.v1"


def receipt(
    program: str,
    code_hash: str,
    status: str,
    error: str | None,
    records: Iterable[CompletedStep],
    session: dict[str, Any],
) -> dict[str, Any]:
    """The receipt as JSON data. ``model_calls`` has an entry a step, in order of completion; ``cost_usd`` is their sum.

    ``session`` are the totals of the whole run, calls outside of steps and steps off the receipt included.
    """
    entries = [receipt_entry(record) for record in records if record.on_receipt]
    cost = sum((Decimal(repr(entry["cost_usd"])) for entry in entries), Decimal(0))
    made: dict[str, Any] = {
        "schema": SCHEMA,
        "program": program,
        "code_hash": code_hash,
        "status": status,
        "cost_usd": float(cost),
        "model_calls": entries,
        "session": dict(sorted(session.items())),
    }
    if error is not None:
        made["error"] = error
    return dict(sorted(made.items()))
