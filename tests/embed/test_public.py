"""The names of the package: the documented ones are there, lazily, and nothing inside the package hides one of them."""

from __future__ import annotations

import subprocess
import sys

import harn
import harn.embed
from tests.structure.checkout import modules

DOCUMENTED = {
    "run", "run_async", "compile", "load", "check", "function", "Program", "Result", "Limits", "Host", "HarnError",
    "CompileError", "ThrownError", "LimitError", "CancelledError", "SnapshotError", "InternalError", "Range", "Set", "Struct",
    "Enum", "Closure",
}  # fmt: skip


def test_the_documented_names_are_there() -> None:
    assert set(harn.embed.__all__) >= DOCUMENTED
    assert set(dir(harn)) >= DOCUMENTED
    assert all(getattr(harn, name) is getattr(harn.embed, name) for name in harn.embed.__all__)


def test_no_module_of_the_package_hides_one() -> None:
    inside = {name.split(".")[1] for name in modules() if name.count(".") == 1}
    assert not inside & set(harn.embed.__all__)


def test_importing_the_package_loads_nothing_else() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys, harn; print(sorted(m for m in sys.modules if m.startswith('harn')))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "['harn']\n"


def test_the_error_family() -> None:
    family = (harn.CompileError, harn.ThrownError, harn.LimitError, harn.CancelledError, harn.SnapshotError)
    assert all(issubclass(kind, harn.HarnError) for kind in (*family, harn.InternalError))
