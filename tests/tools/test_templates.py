"""Checking templates without rendering them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harn.cli import main as cli
from harn.prompt.parser import parse
from harn.source.codes import CodeRow
from harn.source.diagnostic import Diagnostic
from harn.source.file import SourceFile
from harn.source.rows.templates import TEMPLATE_ROWS
from harn.tools.templates import called_templates, everything, template_file


def lines(found: list[Diagnostic]) -> list[str]:
    """Severity, code, place and message of diagnostics."""
    places = [(Path(one.place[0]).name, *one.place[1:]) for one in found]
    return [
        f"{one.severity} {one.code} {name}:{line}:{column} {one.message}"
        for one, (name, line, column) in zip(found, places, strict=True)
    ]


@pytest.mark.parametrize("row", TEMPLATE_ROWS, ids=lambda row: row.code)
def test_a_row_explains_itself(row: CodeRow) -> None:
    assert row.explanation.endswith(".")
    assert {one.code for one in called_templates(SourceFile("failing.harn", row.failing))} == {row.code}
    assert not called_templates(SourceFile("corrected.harn", row.corrected))


def test_what_programs_name(tmp_path: Path) -> None:
    (tmp_path / "harn.toml").write_text('[asset_roots]\nparts = "parts"\n')
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "open.prompt").write_text("a\n{{ if b }}")
    (tmp_path / "good.prompt").write_text(
        "{{ include '@parts/open.prompt' }}{{ include '@parts/open.prompt' }}{{ include x }}"
    )
    (tmp_path / "filters.prompt").write_text(
        "{{ if a | uper }}{{ for b in c | join }}{{ else }}{{ include 'good.promt' with { d: e | f } }}{{ end }}{{ end }}"
    )
    program = """
      let path = "computed.prompt"
      render(path)
      render("good.prompt")
      render_prompt("filters.prompt", {})
      render_with_provenance("@nope/x")
      render_string("{{ x | }}")
      fn render_string_of_mine(text) { return render_string(text) }
    """
    found = lines(called_templates(SourceFile(str(tmp_path / "main.harn"), program)))
    assert [line.replace(str(tmp_path), "") for line in found] == [
        "error P002 open.prompt:2:1 template error: `{{ if }}` missing matching `{{ end }}`",
        "error P002 filters.prompt:1:11 template error: unknown filter `uper`",
        "error P002 filters.prompt:1:34 template error: filter `join` got wrong number of arguments",
        "error P002 filters.prompt:1:89 template error: unknown filter `f`",
        "error P001 filters.prompt:1:51 template 'good.promt' cannot be read at /good.promt",
        "error P001 main.harn:6:30 asset alias 'nope' is not defined in [asset_roots] of /harn.toml",
        "warning P002 main.harn:7:21 template error: at 1:1: expected filter name after `|`",
    ]


def test_a_function_of_the_program_is_no_builtin() -> None:
    assert not called_templates(SourceFile("a.harn", 'fn render(path) { return path }\nprintln(render("nowhere"))\n'))


def test_a_missing_template_may_be_misspelt(tmp_path: Path) -> None:
    (tmp_path / "letter.prompt").write_text("a")
    (found,) = called_templates(SourceFile(str(tmp_path / "main.harn"), 'render("leter.prompt")\n'))
    assert found.help == "did you mean `letter.prompt`?"


def test_templates_that_include_each_other_are_looked_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.prompt").write_text("{{ if more }}{{ include 'b.prompt' }}{{ end }}")
    (tmp_path / "b.prompt").write_text("{{ include 'a.prompt' }}{{ x | nope }}")
    path = tmp_path / "a.prompt"
    found = template_file(SourceFile(str(path), path.read_text()))
    assert lines(found) == ["error P002 b.prompt:1:32 template error: unknown filter `nope`"]


def test_every_node_is_seen() -> None:
    template = parse(
        "a{{ if b }}{{ c.d }}{{ elif e }}{{ f }}{{ else }}{{ for g in h }}i{{ else }}{{ include j }}{{ end }}{{ end }}k"
    )
    assert [type(node).__name__ for node in everything(template)] == (
        "Text Conditional Branch Expression Branch Placeholder Branch Loop Text Include Text".split(" ")
    )


def test_check_knows_template_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.harn.prompt"
    path.write_text("{{ for x in xs }}\n{{ x | uper }}\n{{ end }}\n")
    assert cli.main(["check", str(path)]) == 1
    assert "did you mean `upper`?" in capsys.readouterr().err
    path.write_text("{{ for x in xs }}\n{{ x | upper }}\n{{ end }}\n")
    assert cli.main(["check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: ok\n"
