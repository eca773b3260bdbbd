"""The pytest plugin: ``test_*.harn`` and ``*_test.harn`` are collected, each of their test pipelines is a test of its own.

A test runs in this process, in a fresh run, on the host of ``harn test``. Its output is shown where it fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NAMES = ("test_*.harn", "*_test.harn")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The collector of a file of tests."""
    if any(file_path.match(name) for name in NAMES):
        return HarnFile.from_parent(parent, path=file_path)
    return None


class HarnFile(pytest.File):
    """A file of tests."""

    def collect(self) -> Iterator[pytest.Item]:
        """Its test pipelines, in the order of the text."""
        from harn.tools.testing import find_tests

        found = find_tests([str(self.path)])
        for reason in found.broken.values():
            raise self.CollectError(f"{self.path}: {reason}")
        for test in found.tests:
            yield HarnItem.from_parent(self, name=test.pipeline)


class Failed(Exception):
    """A test pipeline did not come to its end."""


class HarnItem(pytest.Item):
    """One test pipeline."""

    def runtest(self) -> None:
        """Run it."""
        from harn.tools.execute import execute
        from harn.tools.verdict import OK

        answer = execute({"file": str(self.path), "pipeline": self.name})
        if answer["output"]:
            self.add_report_section("call", "stdout", answer["output"])
        if answer["outcome"] != OK:
            raise Failed(answer["text"])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The program's error, without the frames of Python that ran it."""
        if isinstance(excinfo.value, Failed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands."""
        return self.path, None, f"pipeline {self.name}"
