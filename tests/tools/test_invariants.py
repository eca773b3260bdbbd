"""``@invariant``: the three promises, held against every path through a function and what it calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from harn.cli.main import main
from harn.source.codes import CodeRow
from harn.source.file import SourceFile
from harn.source.rows.invariants import INVARIANT_ROWS
from harn.syntax import nodes
from harn.syntax.printer import print_node
from harn.tools.invariants.analysis import invariants
from harn.tools.invariants.promises import within
from tests.strategies.trees import programs

WRITES = '@invariant("fs.writes", "src/**")\n'
APPROVAL = '@invariant("approval.reachability")\n'
BUDGET = '@invariant("budget.remaining", target: "left")\n'
SHIP = 'write_file("src/ship.txt", "now")'


def broken(text: str, path: str = "main.harn") -> list[tuple[str, int]]:
    """Code and line of what breaks a promise."""
    found = invariants(SourceFile(path, text))
    return [(diagnostic.code, diagnostic.place[1]) for diagnostic in found]


@pytest.mark.parametrize("row", INVARIANT_ROWS, ids=lambda row: row.code)
def test_a_row_explains_itself(row: CodeRow) -> None:
    assert [code for code, _ in broken(row.failing)] == [row.code]
    assert broken(row.corrected) == []


@pytest.mark.parametrize(
    "body",
    [
        '  write_file("src/a/b.txt", "x")',
        '  write_file("./src/a.txt", "x")',
        '  let place = "src/a.txt"\n  append_file(place, "x")',
        '  return 1\n  write_file("/tmp/never", "x")',
        '  println(read_file("/etc/passwd"))',
        '  "src/a.txt" |> write_file("x")',
    ],
)
def test_writes_within_the_globs(body: str) -> None:
    assert broken(f"{WRITES}fn f(path) {{\n{body}\n}}\n") == []


@pytest.mark.parametrize(
    "body",
    [
        '  write_file("/tmp/a.txt", "x")',
        '  write_file("src/../../a.txt", "x")',
        '  write_file(path, "x")',
        '  write_file("src/${path}", "x")',
        '  var place = "src/a.txt"\n  write_file(place, "x")',
        '  [1].map({ n -> write_file("a.txt", "x") })',
        '  let save = { n -> write_file("a.txt", "x") }\n  save(1)',
        '  fn save() {\n    write_file("a.txt", "x")\n  }\n  save()',
        '  "a.txt" |> write_file("x")',
        '  try {\n    throw 1\n  } catch (e) {\n    delete_file("a.txt")\n  }',
        '  defer {\n    mkdir("a")\n  }',
        '  parallel 2 {\n    mkdir("a")\n  }',
        '  elsewhere("x")',
        "  [1].each(elsewhere)",
        '  match path {\n    1 -> { mkdir("a") }\n    _ -> { nil }\n  }',
        '  while path {\n    break\n  }\n  mkdir("a")',
    ],
)
def test_writes_elsewhere(body: str) -> None:
    helper = 'fn elsewhere(text) {\n  write_file("/tmp/a", text)\n}\n'
    assert [code for code, _ in broken(f"{helper}{WRITES}fn f(path) {{\n{body}\n}}\n")] == ["I010"]


@pytest.mark.parametrize(
    "body",
    [
        f'  request_approval("ship")\n  {SHIP}',
        f'  if fast {{\n    request_approval("a")\n  }} else {{\n    request_approval("b")\n  }}\n  {SHIP}',
        f'  dual_control(2, 3, {{ -> {SHIP} }}, ["a", "b"])',
        '  dual_control(2, 3, shipping, ["a", "b"])',
        f'  guard !fast else {{\n    return nil\n  }}\n  request_approval("a")\n  {SHIP}',
        f"  ask()\n  {SHIP}",
        "  agreed()",
        f'  let later = {{ -> {SHIP} }}\n  request_approval("a")\n  later()',
        f'  try {{\n    request_approval("a")\n  }} catch (e) {{\n    return nil\n  }}\n  {SHIP}',
    ],
)
def test_approved_on_every_path(body: str) -> None:
    assert broken(f"{HELPERS}{APPROVAL}fn f(fast) {{\n{body}\n}}\n") == []


@pytest.mark.parametrize(
    "body",
    [
        f'  if fast {{\n    request_approval("a")\n  }}\n  {SHIP}',
        f'  {SHIP}\n  request_approval("a")',
        f'  dual_control(2, 3, {{ -> nil }}, ["a", "b"])\n  {SHIP}',
        f'  fast && request_approval("a")\n  {SHIP}',
        f'  for n in fast {{\n    request_approval("a")\n  }}\n  {SHIP}',
        f'  try {{\n    request_approval("a")\n  }} catch (e) {{\n    nil\n  }}\n  {SHIP}',
        f'  let r = try {{\n    request_approval("a")\n  }}\n  {SHIP}',
        f'  try {{\n    dual_control(2, 3, {{ -> fail() }}, ["a"])\n  }} catch (e) {{\n    {SHIP}\n  }}',
        f'  spawn {{\n    request_approval("a")\n  }}\n  {SHIP}',
        '  shell("rm -r /")',
        "  agreed()\n  shipping()",
        "  again(3)",
    ],
)
def test_reached_before_approval(body: str) -> None:
    assert [code for code, _ in broken(f"{HELPERS}{APPROVAL}fn f(fast) {{\n{body}\n}}\n")] == ["I012"]


HELPERS = f"""fn shipping() {{
  {SHIP}
}}
fn ask() {{
  request_approval("ask")
}}
fn fail() {{
  throw "no"
}}
@step(name: "agreed", approval: required)
fn agreed() {{
  {SHIP}
}}
fn again(n) {{
  if n > 0 {{
    again(n - 1)
  }}
  {SHIP}
}}
"""


@pytest.mark.parametrize(
    "body",
    [
        "  var left = llm_budget_remaining()\n  left -= cost",
        "  var left = llm_budget_remaining()\n  left = left - cost\n  left = left",
        "  left = llm_budget_remaining()\n  other(left)",
        "  fn deeper(left) {\n    left = 5\n  }\n  deeper(1)",
    ],
)
def test_a_budget_that_never_grows(body: str) -> None:
    other = "fn other(left) {\n  var right = left\n  right += 1\n}\n"
    assert broken(f"{other}{BUDGET}fn f(cost) {{\n{body}\n}}\n") == []


@pytest.mark.parametrize(
    "body",
    [
        "  var left = 10",
        "  left += cost",
        "  left = left + cost",
        "  left = left - -5",
        "  left -= -5",
        "  left = cost",
        "  [1].each({ n -> left = left + n })",
        "  refill()",
    ],
)
def test_a_budget_that_may_grow(body: str) -> None:
    refill = "var left = llm_budget_remaining()\nfn refill() {\n  left = 100\n}\n"
    assert [code for code, _ in broken(f"{refill}{BUDGET}fn f(cost) {{\n{body}\n}}\n")] == ["I011"]


def test_a_property_can_be_tracked() -> None:
    held = '@invariant("budget.remaining", target: state.left)\nfn f(state) {\n  state.left = state.left + 1\n}\n'
    assert broken(held) == [("I011", 3)]


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("@invariant()", "`@invariant` names no invariant"),
        ('@invariant("fs.write", "a")', "unknown invariant `fs.write`"),
        ('@invariant("fs.writes")', "`fs.writes` needs a glob that is allowed"),
        ('@invariant("fs.writes", only: "a")', "`fs.writes` has no argument `only:`"),
        ("@invariant([1])", "an argument of `@invariant` that is not a text"),
    ],
)
def test_attributes_nobody_can_read(attribute: str, message: str) -> None:
    found = invariants(SourceFile("main.harn", f"{attribute}\nfn f() {{\n  return 1\n}}\n"))
    assert [diagnostic.message for diagnostic in found] == [message]
    assert found[0].help


def test_a_predicate_promises_nothing_of_itself() -> None:
    assert broken("@invariant\n@deterministic\nfn f(slice) {\n  return 1\n}\n") == []


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("src/*.rs", "src/main.rs", True),
        ("src/*.rs", "src/deep/main.rs", False),
        ("src/**/*.rs", "src/deep/er/main.rs", True),
        ("src/**/*.rs", "src/main.rs", True),
        ("**", "a/b", True),
        ("**", "/a/b", False),
        ("*", "..", False),
        ("**/a", "../a", False),
        ("../out/**", "../out/a", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
    ],
)
def test_globs(glob: str, path: str, matches: bool) -> None:
    assert within(glob, path) is matches


def test_imported_functions_are_followed(tmp_path: Path) -> None:
    (tmp_path / "lib.harn").write_text('pub fn save(text) {\n  write_file("/tmp/a", text)\n}\n')
    main_path = tmp_path / "main.harn"
    main_path.write_text(f'import {{ save }} from "./lib"\n{WRITES}fn f() {{\n  save("x")\n}}\n')
    (found,) = invariants(SourceFile(str(main_path), main_path.read_text()))
    assert found.place == (str(tmp_path / "lib.harn"), 2, 3)
    assert [note.text for note in found.notes] == [
        "reached by way of: enter `f`",
        "reached by way of: call `save`",
        "reached by way of: enter `save`",
        "promised by `f`",
    ]


@given(programs())
def test_no_program_is_too_odd(program: nodes.Program) -> None:
    text = print_node(program)
    marked = "".join(f"{WRITES}{APPROVAL}fn odd() {{\n{text}\n}}\n")
    invariants(SourceFile("main.harn", marked))


def test_deep_programs_end() -> None:
    calls = "".join(f"fn f{n}() {{\n  f{n + 1}()\n}}\n" for n in range(3_000))
    text = f"{calls}fn f3000() {{\n  mkdir(1)\n}}\n{WRITES}fn start() {{\n  f0()\n}}\n"
    assert len(broken(text)) == 1


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "main.harn"
    path.write_text(f'{WRITES}fn save(text) {{\n  if text {{\n    write_file("/tmp/a", text)\n  }}\n}}\nsave("x")\n')
    assert main(["check", str(path)]) == 0
    assert main(["check", "--invariants", str(path)]) == 1
    assert "invariant[fs.writes]" in capsys.readouterr().err
    assert main(["explain", "--invariant", "writes", "save", str(path)]) == 1
    shown = capsys.readouterr().out
    assert "fs.writes of `save`: broken in 1 place" in shown
    assert f"  3. {path}:4:5  call `write_file`" in shown
    assert main(["explain", "--json", "--invariant", "fs.writes", "save", str(path)]) == 1
    data = json.loads(capsys.readouterr().out)
    assert [step["label"] for step in data["violations"][0]["path"]][-1] == "call `write_file`"
    assert main(["explain", "--invariant", "approval", "save", str(path)]) == 1
    assert "has no `@invariant" in capsys.readouterr().err
