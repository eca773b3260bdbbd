"""The programs of the README print what stands below them, and its links lead somewhere."""

from __future__ import annotations

import re

import pytest

from tests.structure.checkout import ROOT

TEXT = (ROOT / "README.md").read_text()
PROGRAMS = re.findall(r"^```harn\n(.*?)^```\n+(?:```text\n(.*?)^```)?", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("program", "printed"), PROGRAMS, ids=range(len(PROGRAMS)))
def test_programs_print_what_is_shown(program: str, printed: str) -> None:
    embed = pytest.importorskip("harn.embed")
    assert printed, "a program of the README shows its output"
    assert embed.run(program).stdout == printed


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "harn/README.md"])
def test_links_to_files_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", (ROOT / page).read_text())
    assert [
        target for target in targets if "://" not in target and not (ROOT / page).parent.joinpath(target).exists()
    ] == []
