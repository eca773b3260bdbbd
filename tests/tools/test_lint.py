"""The linter: each rule by the programs of its row, fixes, settings, and what must never be reported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from harn.cli.main import main
from harn.source.codes import CodeRow
from harn.source.file import SourceFile
from harn.source.rows.lint import LINT_ROWS
from harn.syntax import nodes
from harn.syntax.printer import print_node
from harn.tools.lint.engine import fixed, lint, rules
from harn.tools.lint.settings import Settings, settings_for
from tests.strategies.trees import programs

ASKED = Settings(file_header=True)
"""The settings that turn on what a project has to ask for."""


def codes(text: str, options: Settings | None = None) -> list[str]:
    """The codes of what is found in a program."""
    return [diagnostic.code for diagnostic in lint(SourceFile("main.harn", text), options or Settings()).diagnostics]


def found(text: str) -> list[str]:
    """The messages of what is found in a program."""
    return [diagnostic.message for diagnostic in lint(SourceFile("main.harn", text), Settings()).diagnostics]


def test_every_rule_has_a_row_and_documentation() -> None:
    assert list(rules()) == [row.code for row in LINT_ROWS]
    assert all(rule.doc.endswith(".") for rule in rules().values())


@pytest.mark.parametrize("row", LINT_ROWS, ids=lambda row: row.code)
def test_a_row_explains_its_rule(row: CodeRow) -> None:
    assert row.code in codes(row.failing, ASKED)
    assert row.code not in codes(row.corrected, ASKED)


@pytest.mark.parametrize("row", LINT_ROWS, ids=lambda row: row.code)
def test_a_fix_removes_what_it_mends(row: CodeRow) -> None:
    file = SourceFile("main.harn", row.failing)
    fixable = [finding for finding in lint(file, ASKED).findings if finding.fix]
    text, count = fixed(file, ASKED)
    assert bool(count) == bool(fixable)
    assert not [f for f in lint(SourceFile("main.harn", text), ASKED).findings if f.fix]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("var n = 1\nprintln(n)\n", "let n = 1\nprintln(n)\n"),
        ("var [a, b] = [1, 2]\na = 2\nprintln(a + b)\n", "var [a, b] = [1, 2]\na = 2\nprintln(a + b)\n"),
        ('import { a, b } from "./x"\nprintln(a)\n', 'import { a } from "./x"\nprintln(a)\n'),
        ('import { b } from "./x"\nprintln(1)\n', "println(1)\n"),
        ("fn f(b: bool) {\n  return b != true\n}\n", "fn f(b: bool) {\n  return !b\n}\n"),
        ("fn f(b) {\n  return b == true\n}\n", "fn f(b) {\n  return b == true\n}\n"),
        ('fn f(a) {\n  let x = to_string("s")\n  return x\n}\n', 'fn f(_) {\n  return "s"\n}\n'.replace("_", "a")),
        ("println(x == nil ? [] : x)\n", "println(x ?? [])\n"),
        ('import "./b"\nimport "./a"\nimport "std/text"\n', 'import "std/text"\nimport "./a"\nimport "./b"\n'),
        ('import "./b"\n// why\nimport "./a"\n', 'import "./b"\n// why\nimport "./a"\n'),
        (
            "/// One.\n/// Two.\nstruct S {\n  n: int\n}\nprintln(S {n: 1})\n",
            "/**\n * One.\n * Two.\n */\nstruct S {\n  n: int\n}\nprintln(S {n: 1})\n",
        ),
    ],
)
def test_fixes(before: str, after: str) -> None:
    assert fixed(SourceFile("main.harn", before), Settings())[0] == after


@pytest.mark.parametrize(
    "text",
    [
        "pipeline default(task) {\n  println(1)\n}\n",
        "fn f(xs) {\n  for x in xs {\n    println(x)\n  }\n}\n",
        "fn f(_unused) {\n  let _ = 1\n  return nil\n}\n",
        "fn f(n) {\n  var xs = []\n  xs[0] = n\n  return xs\n}\n",
        "fn f(n) {\n  var i = 0\n  while i < n {\n    i += 1\n  }\n  return i\n}\n",
        "fn f(n) {\n  return { -> n }\n}\n",
        "fn even(n) {\n  return n == 0 || odd(n - 1)\n}\nfn odd(n) {\n  return n != 0 && even(n - 1)\n}\n",
        (
            'fn f(v) {\n  return match v {\n    {kind: "a", n: m} -> { m }\n'
            "    [x, ...rest] -> { [x, rest] }\n    _ -> { nil }\n  }\n}\n"
        ),
        "enum E { A, B(n: int) }\nfn f(e) {\n  match e {\n    E.A -> { println(1) }\n    E.B(n) -> { println(n) }\n  }\n}\n",
        "struct P { x: int }\npipeline default(task) {\n  println(P {x: 1})\n}\n",
        'fn f(n) {\n  return "${n + 1}"\n}\n',
        "fn f(n) {\n  return [n, 2] |> { xs -> xs }\n}\n",
        '@step(name: "s")\nfn s() {\n  return 1\n}\npipeline default(task) {\n  println(1)\n}\n',
        "tool search(query: string) -> string {\n  query\n}\n",
        "pipeline default(task) {\n  for n in [1] {\n    let m = n\n    println(m)\n  }\n  let m = 2\n  println(m)\n}\n",
    ],
)
def test_nothing_is_found_where_nothing_is_wrong(text: str) -> None:
    assert found(text) == []


def test_a_persona_may_call_its_own_variables() -> None:
    text = '@persona(name: "p")\nfn p(task) {\n  let go = { x -> x }\n  return go(task)\n}\n'
    assert found(text) == []


def test_the_last_attribute_names_the_step() -> None:
    text = (
        '@step(name: "old")\n@step(name: new.name)\nfn s() {\n  return 1\n}\n@persona\nfn p() {\n  return s()\n}\n'
        'register_step_hook("p", "new.name", "PreStep", { _ -> nil })\n'
    )
    assert "L032" not in codes(text)
    assert "L032" in codes(text.replace('"p", "new.name"', '"p", "old"'))


def test_settings_come_from_the_manifest(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "harn.toml").write_text(
        '[lint]\ndisabled = ["unused-variable"]\ncomplexity_threshold = 3\n'
        'persona_step_allowlist = ["audit"]\n[check]\nstrict = true\n'
    )
    inner = tmp_path / "src"
    inner.mkdir()
    options = settings_for(str(inner / "main.harn"))
    assert options == Settings(frozenset({"unused-variable"}), 3, frozenset({"audit"}), True)
    assert codes("pipeline default(task) {\n  let n = 1\n}\n", options) == []
    (tmp_path / "harn.toml").write_text("[lint\n")
    assert settings_for(str(inner / "main.harn")) == Settings()


@settings(max_examples=60)
@given(programs())
def test_any_program_can_be_linted_and_fixed(program: nodes.Program) -> None:
    file = SourceFile("main.harn", print_node(program))
    lint(file, Settings())
    text, _ = fixed(file, Settings())
    assert not [d for d in lint(SourceFile("main.harn", text), Settings()).diagnostics if d.code.startswith("S")]


def test_deep_programs_end() -> None:
    assert codes("let a = " + "(" * 900 + "1" + ")" * 900 + "\nprintln(a)\n") == []
    assert codes("println(" + " + ".join(["1"] * 900) + ")\n") == []


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "main.harn"
    path.write_text("var n = 1\nprintln(n)\n")
    assert main(["lint", str(path)]) == 0
    shown = capsys.readouterr()
    assert "is declared as `var` but never reassigned" in shown.err
    assert "lint[mutable-never-reassigned]" in shown.err
    assert main(["lint", "--json", str(path)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "harn.lint/1"
    assert data["ok"]
    assert [(d["rule"], d["code"], d["line"], d["fixable"]) for d in data["diagnostics"]] == [
        ("mutable-never-reassigned", "L007", 1, True)
    ]
    assert main(["lint", "--fix", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: applied 1 fix\n"
    assert path.read_text() == "let n = 1\nprintln(n)\n"
    assert main(["lint", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: no issues found\n"
    path.write_text("let = 5\n")
    assert main(["lint", str(path)]) == 1
