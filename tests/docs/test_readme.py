"""The programs of the README print what stands below them, and its links lead somewhere."""

from __future__ import annotations

import re

import pytest

import harn
from harn.cli.main import COMMANDS
from tests.structure.checkout import ROOT

TEXT = (ROOT / "README.md").read_text()


def programs(language: str) -> list[tuple[str, str]]:
    """The fenced blocks of a language, each with the output that stands below it."""
    block = rf"^```{language}\n(.*?)^```\n+(?:```text\n(.*?)^```)?"
    return re.findall(block, TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("program", "printed"), programs("harn"))
def test_programs_print_what_is_shown(program: str, printed: str) -> None:
    assert printed, "a program of the README shows its output"
    assert harn.run(program).stdout == printed


@pytest.mark.parametrize(("program", "printed"), programs("python"))
def test_python_programs_print_what_is_shown(program: str, printed: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(program, "README.md", "exec"), {})
    assert capsys.readouterr().out == printed


def test_every_command_is_listed() -> None:
    assert re.findall(r"^\| `harn (\w+)", TEXT, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "harn/README.md"])
def test_links_to_files_lead_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)\)", (ROOT / page).read_text())
    assert [
        target for target in targets if "://" not in target and not (ROOT / page).parent.joinpath(target).exists()
    ] == []
