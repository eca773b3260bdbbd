"""Where an error points: at the construct that fails, in every frame, and whatever was printed before it is printed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import harn

PLACES = [
    ('let n = json_parse("null")\nlet x = 1 + (2 * n)', "2 * n"),
    ('let n = json_parse("null")\nlet x = [1, 2 - n, 3]', "2 - n"),
    ("let n = nil\nlet x = n.name", "name"),
    ("let x = 5[0]", "5[0]"),
    ("let x = to_string(1).nope?.a + nil", "to_string(1).nope?.a + nil"),
    ('let x = "a ${1 / 0} b"', "1 / 0"),
    ("throw {a: 1}", "throw {a: 1}"),
    ("var xs = [1]\nxs[5] = 2", "xs[5]"),
    ("let f = 5\nlet x = 1 |> f", "1 |> f"),
    ("fn f(a) { return a }\nlet g = f\nlet x = [g()]", "g()"),
    ("fn f(a) { return a % 0 }\nlet x = 1 + f(2)", "a % 0"),
    ("let x = [1].map({ v -> v / 0 })", "v / 0"),
    ("let [a] = {}", "let [a] = {}"),
    ("require 1 == 2, nil", "require 1 == 2, nil"),
    ("let x = match 3 { 1 -> { 2 } }", "match 3 { 1 -> { 2 } }"),
    ('for i in 1 to 2 {\n  let x = -"a"\n}', '-"a"'),
]


@pytest.mark.parametrize(("text", "part"), PLACES)
def test_an_error_points_at_what_fails(text: str, part: str) -> None:
    with pytest.raises(harn.ThrownError) as caught:
        harn.run(text)
    place = caught.value.trace[0]
    lines = text.split("\n")
    found = "\n".join(lines[place.line - 1 :])[place.column - 1 :]
    assert found.startswith(part), (place, found)


def test_what_was_printed_before_an_error_is_printed() -> None:
    with pytest.raises(harn.ThrownError) as caught:
        harn.run('println("before")\nlet x = 1 / 0\nprintln("after")')
    assert caught.value.stdout == "before\n"


def test_every_frame_has_its_place() -> None:
    with pytest.raises(harn.ThrownError) as caught:
        harn.run("fn a(n) { return 1 + b(n) }\nfn b(n) { return 2 + [n].map({ x -> x / 0 })[0] }\nlet x = a(1)\n")
    assert [(entry.function, entry.line) for entry in caught.value.trace][1:3] == [("b", 2), ("a", 1)]


def test_an_error_inside_a_std_module_points_at_the_users_call(tmp_path: Path) -> None:
    program = tmp_path / "call.harn"
    program.write_text(
        'import { truncate_head_tail } from "std/text"\npipeline default() {\n'
        '  let many = 5\n  println(truncate_head_tail(many, "x"))\n}\n'
    )
    ended = subprocess.run([sys.executable, "-m", "harn", "run", str(program)], capture_output=True, text=True)
    assert ended.returncode == 1
    assert "(line 4)" in ended.stderr
    assert f"{program}:4:11" in ended.stderr
    assert "println(truncate_head_tail(many" in ended.stderr
