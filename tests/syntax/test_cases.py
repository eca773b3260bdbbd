"""Programs written elsewhere: the shared cases, and the fixtures of this project."""

from __future__ import annotations

from pathlib import Path

import pytest

from harn.source.decode import decode
from harn.source.render import render
from harn.syntax.parser import parse
from tests.structure.checkout import ROOT

CASES = ROOT.parent / "shared" / "cases"
NO_PROGRAM = ROOT / "conformance" / "tests" / "types" / "lib" / "no_program.harn"
"""The one module that is broken on purpose: a fixture imports it."""


def said(path: Path) -> str:
    """What the parser has to say about a file, as a user reads it."""
    file, problem = decode(str(path), path.read_bytes())
    assert problem is None
    return "".join(render(diagnostic) for diagnostic in parse(file).diagnostics)


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside this checkout")
def test_shared_cases() -> None:
    """A case the parser refuses is one that must be refused, in the words it gives."""
    for path in filter(Path.is_file, sorted(CASES.rglob("*.harn"))):
        text = said(path)
        if text:
            wanted = path.with_suffix(".error").read_text().splitlines()
            assert [line for line in wanted if not line.startswith("exit:") and line.strip() not in text] == [], path


def test_fixtures_of_this_project() -> None:
    for path in filter(Path.is_file, sorted((ROOT / "conformance").rglob("*.harn"))):
        text = said(path)
        assert not text or path.with_suffix(".error").exists() or path == NO_PROGRAM, text
    assert said(NO_PROGRAM)
