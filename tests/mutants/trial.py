"""Trying one mutant: a copy of the checkout, the patch in it, and the tests that may notice, the likeliest first."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.mutants.record import Mutant
from tests.structure.checkout import ROOT

SECONDS = 150.0
"""How long a target may take; a mutant that makes it take longer has been noticed."""

HOT, WEAVE = "harn/vm/hot.py", "harn.vm.weave"
COPIED = ("harn", "tests", "conformance", "grammar", "pyproject.toml")
PYTEST = ("-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--hypothesis-profile=first")
HARN = ("-c", "import sys; from harn.cli.main import main; sys.exit(main())")

TARGETS: dict[str, tuple[str, ...]] = {
    "fixtures": (*HARN, "test", "conformance", "--suite", "conformance/tests/steps"),
    "parts": (
        *PYTEST,
        *(
            f"tests/steps/test_{part}.py"
            for part in ("approval", "budgets", "ends_of_turns", "hooks", "manifest_hooks", "meters", "policies", "log")
        ),
        "tests/llm/test_calls.py",
        "tests/llm/test_turns.py",
        "tests/cli/test_receipts.py",
    ),
    "programs": (*PYTEST, "tests/steps/test_programs.py", "tests/steps/test_cut_short.py"),
    "machine": (*PYTEST, "tests/steps/test_runtime_machine.py"),
    "tools": (*PYTEST, "tests/tools/test_personas.py", "tests/types/test_step_attributes.py"),
}
"""Target -> what Python is told to run, in the order they are tried in."""


class Verdict(NamedTuple):
    """What came of a mutant. ``test`` noticed it; ``wrong``: it could not be tried; neither: it survived."""

    mutant: Mutant | None
    seconds: float
    test: str = ""
    wrong: str = ""


class Stopped(Exception):
    """The hunt was called off."""


class Checkout:
    """A copy of what the tests need, in a folder of its own; one mutant stands in it at a time."""

    def __init__(self, folder: Path, stop: threading.Event) -> None:
        self.folder = folder
        self.stop = stop
        folder.mkdir()
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, folder / name)
        self.python("-m", "compileall", "-q", "harn", "tests")

    def python(self, *args: str, seconds: float = SECONDS) -> tuple[int | None, str]:
        """Run Python on the copy: its exit code, None where it took too long, and what it said."""
        env = {
            **os.environ,
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "" if "compileall" in args else "1",
            "HARN_CACHE_DIR": str(self.folder / "cache"),
        }
        process = subprocess.Popen(
            [sys.executable, *args], cwd=self.folder, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        ends = time.monotonic() + seconds
        try:
            while time.monotonic() < ends:
                if self.stop.is_set():
                    raise Stopped
                try:
                    said, _ = process.communicate(timeout=0.5)
                except subprocess.TimeoutExpired:
                    continue
                return process.returncode, said
            return None, ""
        finally:
            if process.poll() is None:  # it took too long, or the hunt was called off: its workers go with it
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()

    @contextmanager
    def broken_by(self, mutant: Mutant) -> Iterator[None]:
        """Have a mutant's patch in the copy; ValueError where it does not apply."""
        path = self.folder / mutant.file
        whole = path.read_text()
        generated = self.folder / "harn/vm/loop.py"
        woven = generated.read_text()
        if whole.count(mutant.old) != 1:
            raise ValueError(f"the patch applies {whole.count(mutant.old)} times to {mutant.file}")
        try:
            path.write_text(whole.replace(mutant.old, mutant.new))
            if mutant.file == HOT:
                self.python("-m", WEAVE)
                if generated.read_text() == woven:
                    raise ValueError("the loop was not woven anew")
            yield
        finally:
            for changed, text in ((path, whole), (generated, woven)):
                changed.write_text(text)
            for kept in (self.folder / "cache").glob("code-*"):  # the tables of the grammar may stay
                kept.unlink()

    def first_to_fail(self, targets: list[str]) -> str:
        """The first test that fails, empty where none does."""
        for target in targets:
            code, said = self.python(*TARGETS[target])
            if code is None:
                return f"{target}: it did not end"
            if code != 0:
                return _failure(said) or f"{target}: exit {code}"
        return ""

    def imports(self, mutant: Mutant) -> str:
        """Why the mutant cannot be imported, empty where it can."""
        module = mutant.file.removesuffix(".py").replace("/", ".")
        code, said = self.python("-c", f"import harn.cli.main, harn.vm.steps, harn.vm.loop, harn.llm.call, {module}")
        return "" if code == 0 else (said.strip().splitlines() or ["no word why"])[-1]


def _failure(said: str) -> str:
    """The name of the first test that pytest or the suite reports."""
    found = re.search(r"^FAILED (\S+)", said, re.M) or re.search(r"^ERROR (\S+)", said, re.M)
    found = found or re.search(r"^FAIL +(\S+)", said, re.M)
    return found[1] if found else ""


def tried(checkout: Checkout, mutant: Mutant) -> Verdict:
    """Try a mutant."""
    began = time.monotonic()
    try:
        with checkout.broken_by(mutant):
            wrong = checkout.imports(mutant)
            if wrong:
                return Verdict(mutant, time.monotonic() - began, wrong=f"it does not import: {wrong}")
            order = [mutant.likely, *(target for target in TARGETS if target != mutant.likely)]
            test = checkout.first_to_fail(order)
    except ValueError as error:
        return Verdict(mutant, time.monotonic() - began, wrong=str(error))
    return Verdict(mutant, time.monotonic() - began, test=test)
