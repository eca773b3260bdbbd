"""The first inputs of the hunt that ``make fuzz`` goes on with."""

from __future__ import annotations

import pytest

from tests.fuzz.hunt import hunt

COUNT, PARTS = 5_000, 10


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_broken_programs_end_in_diagnostics(part: int) -> None:
    size = COUNT // PARTS
    found = [
        f"input {f.number}, {f.target}: {f.data[:300]!r}\n{f.why}" for f in hunt(range(part * size, (part + 1) * size))
    ]
    assert not found, "\n\n".join(found[:3])
