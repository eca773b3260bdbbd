"""What is shipped: a wheel that works without the checkout, and a source distribution that can be built again."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.structure.checkout import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the source distribution, built in a copy of what a commit would hold."""
    from shutil import copy

    from tests.structure.checkout import project_files

    tree = tmp_path_factory.mktemp("tree")
    for path in project_files():
        target = tree / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        copy(path, target)
    out = tmp_path_factory.mktemp("out")
    program = "import sys; from harn.tools import wheel; print(getattr(wheel, sys.argv[1])(sys.argv[2]))"
    made = {}
    for kind in ("build_sdist", "build_wheel"):
        done = subprocess.run(
            [sys.executable, "-c", program, kind, str(out)], cwd=tree, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        made[kind] = out / done.stdout.splitlines()[-1]
    return made


def test_the_wheel_works_alone(built: dict[str, Path], tmp_path: Path) -> None:
    place = tmp_path / "site"
    zipfile.ZipFile(built["build_wheel"]).extractall(place)
    assert (place / "harn" / "py.typed").exists()
    assert not list(place.glob("tests*"))
    environment = os.environ | {"PYTHONPATH": str(place), "HARN_CACHE_DIR": str(tmp_path / "cache")}
    asked = "import harn, sys; from harn.syntax import tables; tables.load(); print(harn.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == str(place / "harn" / "__init__.py"), done.stderr
    assert not list((tmp_path / "cache").glob("*")), "the wheel carries its data, so nothing is made at the first use"


def test_the_source_distribution_is_whole(built: dict[str, Path]) -> None:
    with tarfile.open(built["build_sdist"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {
        "pyproject.toml",
        "Makefile",
        "grammar/harn.lark",
        "tests/conftest.py",
        "benches/run.py",
        "LICENSE",
        "CHANGELOG.md",
    }
    assert needed <= names
    assert any(name.startswith("conformance/examples/") for name in names)
