"""The recipes show diffs of things that are really there."""

from __future__ import annotations

import re

import pytest

from tests.structure.checkout import ROOT

BLOCKS = re.findall(r"^```diff\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL)
HUNKS = [
    (name, hunk)
    for block in BLOCKS
    for name, body in re.findall(r"^\+\+\+ b/(\S+)\n(.*?)(?=^--- a/|\Z)", block, re.MULTILINE | re.DOTALL)
    for hunk in re.split(r"^@@.*\n", body, flags=re.MULTILINE)[1:]
]


@pytest.mark.parametrize(("name", "hunk"), HUNKS)
def test_the_recipes_show_what_is_there(name: str, hunk: str) -> None:
    after = "".join(line[1:] for line in hunk.splitlines(keepends=True) if line[0] != "-")
    assert after in (ROOT / name).read_text()


def test_both_recipes_are_shown() -> None:
    assert len(BLOCKS) == 2
    assert len(HUNKS) >= 5
