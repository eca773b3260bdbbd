"""What must not stand in any file of the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.structure.checkout import ROOT, project_files

# Spelt in pieces, so that this file does not hold them itself.
REGISTRY = r"py" + r"pi\.org|python" + r"hosted\.org|crates" + r"\.io|registry\.npm" + r"js"
PLACE = r"(?<![\w.])/(?:wo" + r"rk/|ro" + r"ot/|tm" + r"p/up\b)"
UNFINISHED = r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b"

FORBIDDEN = {
    "the host of a package registry": (REGISTRY, ("",)),
    "a path of some machine": (PLACE, ("",)),
    "a mark of unfinished work": (UNFINISHED, ("harn/", "grammar/", "benches/")),
}
"""What -> (pattern, the folders it must not stand in)."""


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_forbidden_words(what: str) -> None:
    pattern, folders = FORBIDDEN[what]
    found = []
    for path in project_files():
        name = str(path.relative_to(ROOT))
        if name.startswith(folders):
            found += [f"{name}:{line}: {text.strip()}" for line, text in lines_with(path, pattern)]
    assert not found, f"{what}: {found}"


def lines_with(path: Path, pattern: str) -> list[tuple[int, str]]:
    """The lines of a text file in which the pattern is found; none for a binary file."""
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return []
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if re.search(pattern, line)]
