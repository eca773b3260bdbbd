"""``harn dis``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harn.cli.main import main
from harn.code.disassembly import assemble

PROGRAM = """fn total(xs) {
  var sum = 0
  for x in xs {
    sum = sum + x
  }
  return sum
}
println(total([1, 2]))
"""


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "program.harn"
    path.write_text(PROGRAM)
    return str(path)


def test_source_lines_stand_above_their_instructions(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dis", program]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    source = lines.index("4 | sum = sum + x".split())
    # A fused instruction is printed as its parts and named behind the last one.
    assert [line[1] for line in lines[source + 1 : source + 5]] == ["LOAD", "LOAD", "ADD", "STORE"]
    assert lines[source + 1][2] == "sum"
    assert lines[source + 4][-1] == "ACCUMULATE"


def test_one_function(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dis", program, "--function", "total"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("fn ")] == [
        "fn total(xs)  slots 3, operands 2"
    ]
    assert main(["dis", program, "--function", "totl"]) == 1
    assert "did you mean `total`?" in capsys.readouterr().err


def test_json_can_be_assembled(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dis", program, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert [chunk.name for chunk in assemble(plain).functions] == ["pipeline", "total"]
    assert plain["functions"][1]["code"][0]["line"] == 2


def test_a_file_with_errors_is_not_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.harn"
    path.write_text("let = 1\n")
    assert main(["dis", str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "broken.harn:1:" in captured.err
