"""Generated files stand in the repository as their generators would write them now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harn.tools import reference
from harn.vm import weave
from tests.structure.checkout import ROOT

GENERATED: dict[str, tuple[Callable[[], str], str]] = {
    "harn/vm/loop.py": (weave.weave, "python -m harn.vm.weave"),
    "harn/builtins/REFERENCE.md": (reference.reference, "python -m harn.tools.reference"),
}
"""File -> what gives its text, and the command that writes it."""


@pytest.mark.parametrize("name", GENERATED)
def test_no_drift(name: str) -> None:
    generate, command = GENERATED[name]
    assert (ROOT / name).read_text() == generate(), f"{name} is out of date: run {command}"
