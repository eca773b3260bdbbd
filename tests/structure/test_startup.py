"""Start-up is part of the product: a warm ``harn run`` imports only what it uses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from harn.cli.main import COMMANDS

PROGRAM = 'let names = ["Ada", "Grace"]\nfor name in names {\n  println("hello ${name}")\n}\n'

HEAVY = {
    "lark",
    "attr",
    "attrs",
    "anyio",
    "asyncio",
    "httpx",
    "argparse",
    "regex",
    "ssl",
    "sqlite3",
    "logging",
    "dataclasses",
    "inspect",
}
"""Packages that have no business on the warm path of a small program."""

SLOW_NAMES = {"typing", "re", "enum"}
"""Together they cost as much as Python's own start: ``harn.source.typing`` stands in for the first, which loads the others."""

FRONT_END = (
    "harn.syntax",
    "harn.resolve.",
    "harn.types",
    "harn.compiler.",
    "harn.source.render",
    "harn.code.assembler",
)
WARM = {"harn.resolve.manifest", "harn.resolve.paths", "harn.compiler.build", "harn.compiler.cache"}
"""Our own parts that only a program not yet in the cache needs, but for those that look it up there."""


def imported(words: list[str], cache: Path) -> set[str]:
    """The modules that a run of our command imports."""
    command = [sys.executable, "-X", "importtime", "-m", "harn", *words]
    done = subprocess.run(
        command, env=os.environ | {"HARN_CACHE_DIR": str(cache)}, capture_output=True, text=True, check=True
    )
    return set(re.findall(r"^import time:.*\|\s+([\w.]+)$", done.stderr, re.MULTILINE))


@pytest.mark.skipif("run" not in COMMANDS, reason="there is no harn run yet")
def test_a_warm_run_imports_only_what_it_uses(tmp_path: Path) -> None:
    program = tmp_path / "small.harn"
    program.write_text(PROGRAM)
    imported(["run", str(program)], tmp_path / "cache")
    warm = imported(["run", str(program)], tmp_path / "cache")
    assert warm & (HEAVY | SLOW_NAMES) == set()
    assert {name for name in warm if name.startswith(FRONT_END)} - WARM == set()
    assert {name for name in warm if name.startswith("harn.builtins.")} <= {"harn.builtins.console"}
    assert not any(name.startswith(("harn.vm.journal", "harn.vm.snapshot")) for name in warm)


def test_help_is_light(tmp_path: Path) -> None:
    assert imported(["help"], tmp_path) & HEAVY == set()
