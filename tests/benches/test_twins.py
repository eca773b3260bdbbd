"""The programs of the benches do the same work as their twins."""

from __future__ import annotations

import pytest

from benches.twins import FOLDER, NAMES, load_twin, subject


@pytest.mark.parametrize("name", NAMES)
def test_a_program_gives_what_its_twin_gives(name: str) -> None:
    program = subject(FOLDER / f"{name}.harn")
    program.run()
    assert program.value == load_twin(name)()


def test_every_program_has_a_twin() -> None:
    assert {path.stem for path in FOLDER.glob("*.py")} == {path.stem for path in FOLDER.glob("*.harn")} == set(NAMES)
