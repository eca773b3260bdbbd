"""The build backend: setuptools, plus the data that is generated when a wheel is made.

    grammar/*.lark        ->  harn/grammar/           copied: a checkout reads them where they stand
    grammar/harn.lark     ->  harn/syntax/_tables.bin the parser tables, so that no installation builds them
    grammar/prompt.lark   ->  harn/prompt/_tables.bin the same for templates
    records of builtins   ->  harn/catalog/_index.bin their index

``pyproject.toml`` names this module as backend and its two commands as those of setuptools. An editable install gets none
of the data: a checkout makes it at the first use and keeps it in the user's cache folder.
"""

from __future__ import annotations

import compileall
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_sdist,
    build_wheel,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

ROOT = Path(__file__).resolve().parents[2]
SOURCE_FOLDERS = ("grammar", "conformance", "tests", "benches")
SOURCE_FILES = ("CHANGELOG.md", "CONTRIBUTING.md", "Makefile")


def build_editable(wheel_directory: str, config_settings: Any = None, metadata_directory: str | None = None) -> str:
    """The standard's hook for editable installs. Compiles the modules too, as installing a wheel does.

    Without that, ``harn run`` is twice as slow wherever Python may not write bytecode (``PYTHONDONTWRITEBYTECODE``).
    """
    compileall.compile_dir(ROOT / "harn", quiet=2)
    made: str = build_meta.build_editable(wheel_directory, config_settings, metadata_directory)
    return made


class BuildPy(build_py):
    """Copy the package, starting from an empty folder, and put the generated data beside it."""

    def run(self) -> None:
        """Called by setuptools; in an editable build only the package's own files count."""
        if self.editable_mode:
            super().run()
            return
        # What an earlier build left there would be shipped too.
        shutil.rmtree(Path(self.build_lib) / "harn", ignore_errors=True)
        super().run()
        write_data(Path(self.build_lib) / "harn")


class Sdist(sdist):
    """A source distribution that can be tested: grammar, fixtures, tests and benches are part of it."""

    def make_distribution(self) -> None:
        """Called by setuptools when it knows its own files: add those it does not know of."""
        found = [ROOT / name for name in SOURCE_FILES]
        for folder in SOURCE_FOLDERS:
            found += (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        self.filelist.extend(str(path.relative_to(ROOT)) for path in sorted(found))
        super().make_distribution()


def write_data(package: Path) -> None:
    """Generate the data of the package that stands in ``package``; an error of a generator ends the build."""
    (package / "grammar").mkdir(parents=True)
    for path in sorted((ROOT / "grammar").glob("*.lark")):
        shutil.copy(path, package / "grammar" / path.name)
    for generate, target in generators():
        generate(package / target)


def generators() -> list[tuple[Callable[[Path], object], str]]:
    """The functions that write generated data, each with its target in the package."""
    from harn.catalog.build import write_index
    from harn.prompt import tables as prompt_tables
    from harn.syntax import tables

    return [
        (tables.build_tables, "syntax/_tables.bin"),
        (prompt_tables.build_tables, "prompt/_tables.bin"),
        (write_index, "catalog/_index.bin"),
    ]
