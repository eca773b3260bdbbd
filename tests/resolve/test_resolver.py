"""Which declaration a name means."""

from __future__ import annotations

from harn.resolve.bindings import Binding, Resolution
from harn.resolve.plan import plan
from harn.resolve.resolver import resolve
from harn.resolve.tree import walk
from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import parse_program


def resolved(text: str, *, entry: bool = True, imported: tuple[str, ...] = ()) -> tuple[nodes.Program, Resolution]:
    program = parse_program(SourceFile("test.harn", text))
    return program, resolve(program, plan(program, entry=entry), entry=entry, imported=imported)


def meanings(text: str, name: str, *, entry: bool = True, imported: tuple[str, ...] = ()) -> list[str]:
    """What each use of a name means, in the order of the text: its kind, ``captured`` before it, or ``nothing``."""
    program, names = resolved(text, entry=entry, imported=imported)
    patterns = {id(node) for node in walk(program) if id(node) in names.declared}
    uses = [
        node
        for node in walk(program)
        if isinstance(node, nodes.Name) and node.name == name and id(node) not in patterns
    ]
    return [_told(names.uses.get(id(use))) for use in sorted(uses, key=lambda node: node.span)]


def _told(binding: Binding | None) -> str:
    if binding is None:
        return "nothing"
    where = "module " if binding.function is None else "captured " if binding.source is not None else ""
    return f"{where}{binding.kind}{' in a cell' if binding.cell else ''}"


def test_names_mean_what_was_declared_before() -> None:
    text = "fn f(x) {\n  x\n  let x = x\n  x\n  if x { let x = 1; x }\n  x\n}\n"
    assert meanings(text, "x") == ["param", "param", "let", "let", "let", "let"]


def test_top_level_variables_of_an_entry_are_captured_as_declared_so_far() -> None:
    assert meanings("let a = 1\nfn f() { a }\nfn g() { b }\nlet b = 2\nb\n", "a") == ["captured let"]
    assert meanings("let a = 1\nfn f() { a }\nfn g() { b }\nlet b = 2\nb\n", "b") == ["nothing", "let"]
    assert meanings("fn g() { b }\nlet b = 2\npipeline default(t) { b }\n", "b") == ["captured let", "let"]


def test_top_level_variables_of_a_module_are_shared() -> None:
    assert meanings("var a = 1\nfn f() { a = 2; a }\n", "a", entry=False) == ["module var", "module var"]


def test_functions_types_and_imports_are_module_variables_everywhere() -> None:
    text = "fn f() { g(); S; h }\nfn g() { f() }\nstruct S { x }\n"
    assert meanings(text, "g") == ["module fn"]
    assert meanings(text, "S") == ["module struct"]
    assert meanings(text, "h", imported=("h",)) == ["module import"]
    assert meanings(text, "h") == ["nothing"]


def test_local_functions_seen_before_their_definition_live_in_cells() -> None:
    text = "fn f() {\n  let a = { -> late() }\n  late()\n  fn late() { late() }\n  late()\n}\n"
    assert meanings(text, "late") == ["captured fn in a cell", "nothing", "captured fn in a cell", "fn in a cell"]
    plain = "fn f() {\n  fn early() { 1 }\n  let a = { -> early() }\n}\n"
    assert meanings(plain, "early") == ["captured fn"]


def test_what_is_in_sight_is_captured_before_what_comes_later() -> None:
    text = "fn f() {\n  let g = 1\n  if true {\n    let a = { -> g }\n    fn g() { 2 }\n    g()\n  }\n}\n"
    assert meanings(text, "g") == ["captured let", "fn"]


def test_patterns_of_arms_bind_names_and_compare_the_rest() -> None:
    text = "enum E { V(n) }\nlet k = 1\nmatch 1 {\n  E.V(n) -> { n }\n  [n, k + 0] -> { n }\n  {a: n} -> { n }\n  n -> { n }\n}\n"
    assert meanings(text, "n") == ["match"] * 4
    assert meanings(text, "k") == ["let"]


def test_placeholders_of_a_pipe_are_its_value() -> None:
    assert meanings("let y = 1 |> len([_, { -> _ }])\n", "_") == ["let", "nothing"]


def test_a_function_whose_names_are_looked_for_on_the_stack_is_marked() -> None:
    _, names = resolved("fn a() {\n  let f = { -> f() }\n}\nfn b() {\n  let f = { -> g() }\n}\n")
    marked = {scope.node.name: scope.visible for scope in names.functions.values() if isinstance(scope.node, nodes.Fn)}
    assert marked == {"a": True, "b": False}


def test_only_what_changes_in_place_gets_a_flag() -> None:
    _, names = resolved("fn f(p) {\n  var xs = []\n  var n = 0\n  xs += [1]\n  n += 1\n  p[0] = 1\n}\n")
    bindings = [binding for declared in names.declared.values() for binding in declared if binding is not None]
    assert {binding.name: binding.grows for binding in bindings} == {"f": False, "p": True, "xs": True, "n": False}


def test_deferred_blocks_keep_what_belongs_to_a_round() -> None:
    body = "let b = i\n    defer { let c = 1; a; b; { -> i }; c }"
    _, names = resolved(f"fn f() {{\n  let a = 1\n  for i in [1] {{\n    {body}\n  }}\n}}\n")
    (kept,) = names.deferred.values()
    assert sorted(binding.name for binding in kept) == ["b", "i"]
