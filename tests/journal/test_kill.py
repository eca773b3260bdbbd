"""Runs that are killed and resumed look to the world like runs that were not. `make kill` tries more often."""

from __future__ import annotations

from tests.journal.kill import stories


def test_twenty_kills() -> None:
    told = stories(20, seed=20)
    assert told.kills >= 20
