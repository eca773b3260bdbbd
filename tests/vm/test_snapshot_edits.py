"""A run goes on in a program that was edited elsewhere; where it stands or what it holds must be the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from harn.vm.snapshot import SnapshotError, freeze
from tests.vm.frozen import asleep, go_on, program

BEFORE = """import { price } from "shop"
let base = 10
fn double(x) { return x * 2 }
fn waits(x) {
  let later = { y -> y + x }
  sleep(1s)
  return later(base)
}
struct Point { x: int }
impl Point { fn far(self) { return self.x * 100 } }
pipeline default() {
  let p = Point({x: 3})
  let found = waits(5)
  println(found)
  println(double(4))
  println(p.far())
  println(price("tea"))
}
"""
SHOP = "let prices = {tea: 2}\npub fn price(name) { return prices[name] }\n"
AFTER = "15\n8\n300\n2\n"


def edited(folder: Path, old: str = "", new: str = "", shop: str = SHOP) -> str:
    """What a run prints that slept in ``waits`` while the program was edited."""
    data = freeze(asleep(program(folder, BEFORE, shop=SHOP)))
    assert old in BEFORE
    return go_on(data, program(folder, BEFORE.replace(old, new) if old else BEFORE, shop=shop)).output


def test_nothing_was_edited(tmp_path: Path) -> None:
    assert edited(tmp_path) == AFTER


@pytest.mark.parametrize(
    ("old", "new", "output"),
    [
        ("fn waits", "// a comment\n\n\nfn waits", AFTER),
        ("let later", "\n    let   later", AFTER),
        ("return x * 2", "return x * 3", AFTER.replace("8", "12")),
        ("self.x * 100", "self.x + 1", AFTER.replace("300", "4")),
        ("fn waits", "fn third(x) { return x / 3 }\nfn waits", AFTER),
        ("return x * 2", "return third(x)", AFTER.replace("8", "8")),
    ],
)
def test_an_edit_elsewhere_strands_nothing(old: str, new: str, output: str, tmp_path: Path) -> None:
    if "third" in new and "fn third" not in new:
        new += " }\nfn third(y) { return y + y"
    assert edited(tmp_path, old, new) == output


def test_a_new_function_sees_what_it_captures(tmp_path: Path) -> None:
    assert edited(tmp_path, "return x * 2 }", "return more(x) }\nfn more(x) { return x + base }").split()[1] == "14"


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("sleep(1s)", "sleep(2s)", "waits"),
        ("y + x", "y - x", "waits"),
        ("return later(base)", "return later(base) + 1", "waits"),
        ("println(found)", "println(found + 1)", "pipeline"),
        ("let base = 10\n", "let base = 10\nlet other = 11\n", "pipeline"),
    ],
)
def test_an_edit_where_the_run_stands_is_refused_by_name(old: str, new: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match=f"`{name}` .* has changed since"):
        edited(tmp_path, old, new)


def test_a_function_that_a_value_holds_must_be_the_same(tmp_path: Path) -> None:
    text = "fn double(x) { return x * 2 }\nlet held = [double]\nsleep(1s)\nprintln(held[0](4))\n"
    data = freeze(asleep(program(tmp_path, text)))
    with pytest.raises(SnapshotError, match=r"`double` .* has changed"):
        go_on(data, program(tmp_path, text.replace("x * 2", "x * 3")))


def test_a_function_that_is_gone_is_named(tmp_path: Path) -> None:
    data = freeze(asleep(program(tmp_path, BEFORE, shop=SHOP)))
    text = BEFORE.replace("fn waits", "fn waited").replace("waits(5)", "waited(5)")
    with pytest.raises(SnapshotError, match="`waits`, which the program does not have any more"):
        go_on(data, program(tmp_path, text, shop=SHOP))


def test_a_module_may_gain_variables(tmp_path: Path) -> None:
    shop = (
        'println("once more")\nlet tax = 5\nlet prices = {tea: 3}\nlet taxed = {tea: prices["tea"] + tax}\n'
        "pub fn price(name) { return [prices[name], taxed[name], tax] }\n"
    )
    assert edited(tmp_path, shop=shop).splitlines()[-1] == "[2, 8, 5]"


def test_a_module_must_not_lose_a_variable(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="has no variable `prices` any more"):
        edited(tmp_path, shop="pub fn price(name) { return 7 }\n")


def test_a_new_variable_that_needs_the_world_is_refused(tmp_path: Path) -> None:
    shop = SHOP + 'let text = read_file("x.txt")\n'
    with pytest.raises(SnapshotError, match=r"`text` of .*shop.harn is new .* needs the world outside"):
        edited(tmp_path, shop=shop)


def test_a_program_may_move_to_another_folder(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    data = freeze(asleep(program(tmp_path / "one", BEFORE, shop=SHOP)))
    assert go_on(data, program(tmp_path / "two", BEFORE, shop=SHOP)).output == AFTER


def test_a_module_that_is_gone_is_told(tmp_path: Path) -> None:
    data = freeze(asleep(program(tmp_path, BEFORE, shop=SHOP)))
    text = BEFORE.replace('import { price } from "shop"\n', "fn price(name) { return 2 }\n")
    with pytest.raises(SnapshotError, match=r"modules any more|which has changed"):
        go_on(data, program(tmp_path, text))


def test_a_module_may_gain_personas(tmp_path: Path) -> None:
    shop = SHOP.split("pub fn")[0] + (
        '@step(name: "quote")\nfn quote(name) { return prices[name] }\n'
        '@persona(name: "clerk")\nfn clerk(name) { return quote(name) }\n'
        "pub fn price(name) {\n"
        '  register_persona_hook("clerk", "PostStep", { told -> println("${told.target}: ${told.output}") })\n'
        "  return clerk(name)\n}\n"
    )
    assert "clerk.quote: 2" in edited(tmp_path, shop=shop)
