"""What modules export, and calls of names that nobody defines."""

from __future__ import annotations

import pytest

from harn.resolve.calls import undefined_calls
from harn.resolve.modules import exported_names
from harn.source.file import SourceFile
from harn.syntax.parser import parse_program

Imports = dict[str, tuple[str, ...] | None]


def exports(text: str, **imports: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return exported_names(parse_program(SourceFile("m.harn", text)), imports)


def complaints(text: str, imports: Imports | None = None, provided: tuple[str, ...] = ()) -> list[str]:
    file = SourceFile("m.harn", text)
    return [found.message for found in undefined_calls(parse_program(file), file, imports or {}, provided)]


def test_all_functions_or_only_the_public_ones() -> None:
    assert exports("fn a() {}\nfn b() {}\nlet c = 1\npipeline p(t) {}\n") == (("a", "b"), ())
    assert exports("pub fn a() {}\nfn b() {}\n") == (("a",), ("b",))


def test_types_are_always_exported() -> None:
    assert exports("pub fn a() {}\nstruct S { x }\nenum E { V }\ntype T = int\n") == (("a", "S", "E", "T"), ())


def test_public_imports_pass_names_on() -> None:
    assert exports('pub import "m"\nimport "n"\nfn a() {}\n', m=("x", "y"), n=("z",)) == (("x", "y", "a"), ())
    assert exports('pub import { x } from "m"\n') == (("x",), ())


@pytest.mark.parametrize(
    "text",
    [
        "fn f() {}\nf()\n",
        "f()\nfn f() {}\n",
        "fn a() { g() }\nfn b() { let g = { -> 1 } }\n",
        "fn a(f) { f() }\n",
        "for f in [] { f() }\n",
        "match 1 { f -> { f() } }\n",
        "try { 1 } catch (f) { f() }\n",
        "let {f} = {f: 1}\nf()\n",
        "let {a: f} = {a: 1}\nf()\n",
        "struct S { x }\nS({x: 1})\n",
        'println("${len([1])}")\n',
    ],
)
def test_names_declared_anywhere_can_be_called(text: str) -> None:
    assert complaints(text) == []


def test_undefined_calls_are_told_with_the_nearest_name() -> None:
    assert complaints("qqq_nothing()\n") == ["call target `qqq_nothing` is not defined or imported"]
    assert complaints("fn compute() {}\ncompue()\n") == [
        "call target `compue` is not defined or imported — did you mean `compute`?"
    ]
    assert complaints('let x = "${lenn([1])}"\n') == [
        "call target `lenn` is not defined or imported — did you mean `len`?"
    ]
    assert len(complaints("@step(name: nope())\nfn f() { zz_one(zz_two()) }\n")) == 2


def test_imports_and_the_embedding_program_define_names() -> None:
    text = 'import "m"\nimport { b } from "n"\na()\nb()\nqqq_c()\n'
    assert complaints(text, {"m": ("a",), "n": ()}) == ["call target `qqq_c` is not defined or imported"]
    assert complaints(text, {"m": ("a",), "n": ()}, ("qqq_c",)) == []


def test_an_import_that_leads_nowhere_turns_the_check_off() -> None:
    assert complaints('import "m"\nanything()\n', {"m": None}) == []
