"""``harn test``, ``harn test conformance``, ``harn check``, ``harn doc`` and ``harn explain`` from the outside."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from harn.cli.main import main
from harn.source.rows import rows

SUITE = {
    "ok.harn": "println(1)",
    "ok.expected": "1\n",
    "bad.harn": "println(2)",
    "bad.expected": "3\n",
    "sub/err.harn": "pipeline default(t) {\n  println(0)\n  throw \"gone\"\n}",
    "sub/err.error": "Thrown: gone\n",
    "sub/syntax.harn": "let x = )",
    "sub/syntax.error": "Expected expression, got ) at 1:9\n",
    "sub/lib.harn": "pub fn f() { return 1 }",
    "hang.harn": "while true { }",
    "hang.expected": "",
}  # fmt: skip


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    for name, text in SUITE.items():
        (tmp_path / "suite" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "suite" / name).write_text(text)
    return tmp_path / "suite"


def test_a_suite(suite: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.jsonl"
    words = ["--suite", str(suite), "--report", str(report), "--timeout", "2500", "--junit", str(tmp_path / "j.xml")]
    assert main(["test", "conformance", *words]) == 1
    out = capsys.readouterr().out
    assert out == (
        "FAIL  bad.harn\n      line 1: expected '3'\n      line 1: printed  '2'\n"
        "FAIL  hang.harn\n      timeout: no end after 2.5 seconds\n3 passed, 2 failed, 5 total\n"
    )
    rows = {row["path"]: (row["outcome"], row["text"]) for row in map(json.loads, report.read_text().splitlines())}
    assert rows == {
        "ok.harn": ("ok", "1\n"),
        "bad.harn": ("ok", "2\n"),
        "sub/err.harn": ("error", "Thrown: gone"),
        "sub/syntax.harn": ("error", "Expected expression, got ) at 1:9"),
        "sub/lib.harn": ("ok", ""),
        "hang.harn": ("timeout", "no end after 2.5 seconds"),
    }
    tree = ElementTree.parse(tmp_path / "j.xml").getroot()
    assert (tree.get("tests"), tree.get("failures")) == ("5", "2")


def test_a_part_of_a_suite(suite: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "conformance", "--suite", str(suite), "--filter", "sub/*", "-v"]) == 0
    assert capsys.readouterr().out == "PASS  sub/err.harn\nPASS  sub/syntax.harn\n2 passed, 0 failed, 2 total\n"
    assert main(["test", "conformance", "--suite", str(suite), "ok.harn", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "schema": "harn.conformance/1",
        "passed": 1,
        "failed": {},
        "total": 1,
    }
    assert main(["test", "conformance", "--suite", str(suite), "none"]) == 1
    assert main(["test", "conformance", "--suite", str(suite / "none")]) == 1
    capsys.readouterr()
    assert main(["test", "conformance", "--suite", str(suite), "--filter", "re:("]) == 2
    assert "`(` is no regular expression" in capsys.readouterr().err
    assert main(["test", "conformance", "--suite", str(suite), "--report", str(suite / "none" / "r")]) == 1
    assert "cannot write" in capsys.readouterr().err


TESTS = """pipeline test_good(t) { assert_eq(1, 1) }
pipeline test_bad(t) {
  println("seen")
  assert_eq(1, 2)
}
@test
pipeline marked(t) { assert(true) }
pipeline helper(t) { assert(false) }
"""


def test_tests_of_a_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.harn").write_text(TESTS)
    (tmp_path / "broken.harn").write_text("pipeline test_x( {")
    assert main(["test", "--json", "--parallel"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["failed"], list(told["broken"])) == (2, 2, ["broken.harn"])
    assert [(t["name"], t["passed"], t["output"]) for t in told["tests"]] == [
        ("test_good", True, ""),
        ("test_bad", False, "seen\n"),
        ("marked", True, ""),
    ]
    assert main(["test", "--filter", "good", "a.harn", "--junit", "j.xml"]) == 0
    assert "1 passed, 0 failed, 1 total" in capsys.readouterr().out
    assert ElementTree.parse("j.xml").getroot().get("tests") == "1"
    assert main(["test", "a.harn"]) == 1
    assert "      seen\n      Thrown: Assertion failed: expected 2, got 1\n" in capsys.readouterr().out
    assert main(["test", "none"]) == 1
    assert "No such file or directory" in capsys.readouterr().err
    assert main(["test", "--timeout", "-1"]) == 2


def test_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.harn").write_text('write_file("made", 1)')
    (tmp_path / "bad.harn").write_text("let x = )\nlet y = 2\nlet = 3\n")
    assert main(["check", "good.harn"]) == 0
    assert capsys.readouterr() == ("good.harn: ok\n", "")
    assert not Path("made").exists()
    assert main(["check", "."]) == 1
    out, err = capsys.readouterr()
    assert out.endswith("good.harn: ok\n")
    assert "bad.harn:1:9" in err
    assert "bad.harn:3:5" in err
    assert main(["check", "--json", "bad.harn"]) == 1
    told = json.loads(capsys.readouterr().out)
    first = told["diagnostics"][0]
    assert (told["ok"], first["message"], first["line"], first["column"]) == (
        False,
        "expected expression, found )",
        1,
        9,
    )
    assert first["code"] in rows()


def test_pages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doc", "println"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("println(value?: any")
    assert "Effect: output" in page
    assert main(["doc", "map"]) == 0
    assert "list.map" in capsys.readouterr().out
    assert main(["doc", "prinln"]) == 1
    assert capsys.readouterr().err == "error: there is no builtin `prinln`; did you mean `println`?\n"
    assert main(["doc", "--json", "len"]) == 0
    assert json.loads(capsys.readouterr().out)["builtins"][0]["name"] == "len"
    assert main(["doc"]) == 0
    assert "println(" in capsys.readouterr().out


def test_codes(capsys: pytest.CaptureFixture[str]) -> None:
    code = next(iter(rows()))
    assert main(["explain", code.lower()]) == 0
    assert capsys.readouterr().out.startswith(f"{code}: {rows()[code].title}\n")
    assert main(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(rows())
    assert main(["explain", "X999"]) == 1
