"""A sample of ``make freeze``: some fixtures at some points, and one snapshot of each in a fresh interpreter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freeze.running import ALL, chosen
from tests.freeze.suite import LARGE, attempt, programs, stem_of, thaw_kept
from tests.structure.checkout import ROOT

POINTS = 40
EVERY = 9


def sample() -> list[Path]:
    """Every ninth fixture, and all in which tasks wait for each other."""
    found = [path for path in programs() if path.name not in LARGE]
    return sorted({*found[::EVERY], *(path for path in found if path.parent.name == "concurrency")})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.mark.timeout(120)
def test_fixtures_go_on_elsewhere(folder: Path) -> None:
    tried = [attempt(path, folder, POINTS) for path in sample()]
    assert [f"{one.path}: {one.fault}" for one in tried if one.fault] == []
    assert sum(one.taken for one in tried) > 500
    assert thaw_kept(folder, stem_of(tried)) == []
    assert len(list(folder.glob("*.run"))) == sum(one.fresh for one in tried)


@pytest.mark.parametrize("points", [0, 1, 7, ALL, ALL + 1, 60_011])
def test_the_points_that_are_tried(points: int) -> None:
    at = chosen(points)
    assert at <= frozenset(range(points))
    assert len(at) == min(points, ALL)
    assert frozenset((*range(min(points, 200)), *range(max(0, points - 200), points))) <= at


def test_there_are_programs_to_freeze() -> None:
    assert len(programs()) > 100
    assert all(path.is_relative_to(ROOT / "conformance") for path in programs())
