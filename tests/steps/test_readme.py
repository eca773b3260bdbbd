"""The page beside these tests lists every invariant and every easily broken rule, and names tests that exist."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tests.structure.checkout import ROOT

PAGE = Path(__file__).with_name("README.md")
FIXTURES = ROOT / "conformance" / "tests"
LETTERS = [*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "AA", "AB", "AC"]


def rows() -> dict[str, list[str]]:
    """Number or letter -> the names in the row's last cell."""
    found: dict[str, list[str]] = {}
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"\d+|[A-Z]{1,2}", cells[0]):
            assert cells[0] not in found, f"row {cells[0]} stands twice"
            assert len(cells) == 3, line
            found[cells[0]] = re.findall(r"`([^`]+)`", cells[2])
    return found


def test_every_invariant_and_every_rule_has_a_row() -> None:
    assert list(rows()) == [*(str(number) for number in range(1, 51)), *LETTERS]
    assert all(rows().values())


@pytest.mark.parametrize("row", rows())
def test_what_a_row_names_exists(row: str) -> None:
    for name in rows()[row]:
        if name.endswith(".harn"):
            assert (FIXTURES / name).exists(), name
            continue
        area, _, what = name.rpartition("::")
        if area in ("types", "tools"):
            importlib.import_module(f"tests.{area}.{what}")
            continue
        target = importlib.import_module(f"tests.steps.{area or what}")
        for part in what.split(".") if area else ():
            target = getattr(target, part)
