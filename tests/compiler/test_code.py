"""What code constructs become: things that the result alone does not show."""

from __future__ import annotations

import pytest

from harn.compiler.types import checkable
from harn.syntax import nodes
from tests.compiler.building import compiled, function, tree, words


def test_tail_calls_need_a_frame_nobody_looks_into() -> None:
    module = compiled(
        """
fn plain(n) { return plain(n - 1) }
fn guarded(n) { try { return plain(n) } catch (e) { return plain(e) } }
fn cleaned(n) { try { return plain(n) } finally { plain(0) } }
fn deferring(n) {
  defer { plain(0) }
  return plain(n)
}
fn looked_into(n) {
  let again = { k -> again(k - 1) }
  return again(n)
}
fn piped(n) { return n |> plain }
fn builtin(n) { return len(n) }
return plain(3)
"""
    )
    calls = {chunk.qualified: sum("TAIL" in word for word in words(chunk)) for chunk in module.functions}
    assert {name: count for name, count in calls.items() if "." not in name} == {
        "pipeline": 0, "plain": 1, "guarded": 1, "cleaned": 0, "deferring": 0, "looked_into": 0, "piped": 1, "builtin": 0,
    }  # fmt: skip


def test_calls_by_name_say_where_the_function_is() -> None:
    module = compiled(
        """
fn top(x) { return x }
fn f(given, x) {
  fn self_(k) { self_(k) }
  fn plain(k) { k }
  top(x)
  given(x)
  self_(x)
  plain(x)
  len(x)
  somewhere(x)
}
fn somewhere_else() { let somewhere = 1 }
"""
    )
    calls = [word for word in words(function(module, "f")) if "CALL" in word]
    assert calls == ["CALL_MODULE", "CALL_SLOT", "CALL_CELL", "CALL_SLOT", "CALL_BUILTIN", "CALL_FOUND"]


def test_a_variable_named_like_a_builtin_is_looked_at_when_it_may_be_either() -> None:
    module = compiled(
        """
fn either(len) { return len([1]) }
fn surely() {
  let len = { x -> x }
  let abs = 5
  let n = len(abs(1))
}
"""
    )
    assert words(function(module, "either")).count("JUMP_IF_CALLABLE") == 1
    found = words(function(module, "surely"))
    assert "JUMP_IF_CALLABLE" not in found
    assert [word for word in found if "CALL" in word] == ["CALL_BUILTIN", "CALL_SLOT"]


def test_functions_are_named_once() -> None:
    module = compiled("fn f() {\n  let a = { -> 1 }\n  let b = { -> { -> 2 } }\n  fn g() { 1 }\n}\nlet c = { -> 3 }\n")
    assert [chunk.qualified for chunk in module.functions] == [
        "pipeline", "f", "f.<closure>", "f.<closure>#2", "f.<closure>#2.<closure>", "f.g", "<closure>",
    ]  # fmt: skip


def test_finally_is_compiled_once() -> None:
    module = compiled(
        """
fn f(n) {
  for i in [1] {
    try {
      if n == 1 { return 1 }
      if n == 2 { break }
      if n == 3 { continue }
    } finally {
      len("cleanup")
    }
  }
}
"""
    )
    chunk = function(module, "f")
    assert words(chunk).count("CALL_BUILTIN") == 1
    (ways,) = [
        argument[1] for number, argument in chunk.code if argument.__class__ is tuple and argument[1].__class__ is tuple
    ]
    assert len(ways) == 3


def test_places_of_errors_are_the_constructs() -> None:
    text = 'let x = 1\nlet y = [1,\n  x + "a"]\nx\n  .first()\n  .second()\n'
    chunk = compiled(text).functions[0]
    covered = {
        word: text[start:end] for word, (start, end) in zip(words(chunk), chunk.spans) if word in ("ADD_CONST", "ADD")
    }
    assert list(covered.values()) == ['x + "a"']
    names = [text[start:end] for word, (start, end) in zip(words(chunk), chunk.spans) if word == "CALL_METHOD"]
    assert names == ["first", "second"]


def test_nothing_but_the_asked_for_pipeline_runs() -> None:
    text = 'pipeline first(t) { "a" }\npipeline default(t) { "b" }\npipeline third(t) extends first { "c" }\n'

    def constants(pipeline: str | None) -> list[object]:
        return [argument for number, argument in compiled(text, pipeline=pipeline).functions[0].code if argument]

    assert constants(None) == ["b"]
    assert constants("third") == ["c"]
    assert constants("") == []
    assert compiled(text).pipelines == ("first", "default", "third")


def test_steps_and_personas_register_after_their_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harn.compiler.attributes.known", lambda key: True)
    module = compiled(
        """
@step(name: "draft", retry: {max_attempts: 2}, model: fast.small, unknown: 1, error_boundary: continue)
fn draft() { 1 }
@persona(name: "ops", stages: [{name: "a", allowed_tools: [x]}], budget: 5)
fn ops() { draft() }
"""
    )
    code = module.functions[0].code
    named = list(zip(words(module.functions[0]), (argument for _, argument in code)))
    defined = [at for at, (word, _) in enumerate(named) if word == "DEFINE_MODULE"]
    calls = [(at, argument) for at, (word, argument) in enumerate(named) if word == "CALL_BUILTIN"]
    assert [argument for _, argument in calls] == [("__register_step", 2), ("__register_persona", 2)]
    assert defined[0] < calls[0][0] < defined[1] < calls[1][0]
    dicts = [argument for word, argument in named if word == "DICT"]
    assert dicts == [
        ("max_attempts",), ("name", "model", "error_boundary", "retry"), ("name", "allowed_tools"), ("name", "stages"),
    ]  # fmt: skip
    constants = [argument for word, argument in named if word == "CONST"]
    assert constants[:4] == ["draft", "fast.small", "continue", 2]


def annotation(text: str) -> nodes.Type | None:
    statement = tree(f"let a: {text} = 1\n").body[0]
    assert isinstance(statement, nodes.Let)
    return statement.type


def aliases(**types: str) -> dict[str, nodes.TypeAlias]:
    body = tree("\n".join(f"type {name.replace('_of_T', '<T>')} = {text}" for name, text in types.items())).body
    return {node.name: node for node in body if isinstance(node, nodes.TypeAlias)}


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("int", ("name", "int", ())),
        ("any", None),
        ("Point", None),
        ("list<int>", ("name", "list", (("name", "int", ()),))),
        ("list<Point>", ("name", "list", ())),
        ("dict<string, int>", ("name", "dict", (("name", "string", ()), ("name", "int", ())))),
        ("int | nil", ("union", (("name", "int", ()), ("name", "nil", ())))),
        ("int | Point", None),
        ("{a: int, b?: string}", ("shape", (("a", ("name", "int", ()), False), ("b", ("name", "string", ()), True)))),
        ("{a: Point}", None),
        ('"x" | "y"', ("union", (("literal", "x"), ("literal", "y")))),
        ("fn(int) -> int", ("name", "closure", ())),
        ("Number", ("name", "int", ())),
        ("Loop", None),
        ("Pair<int>", ("shape", (("left", ("name", "list", ()), False),))),
        ("T", None),
    ],
)
def test_annotations_become_what_can_be_checked(text: str, term: object) -> None:
    known = aliases(Number="int", Loop="Loop | int", Pair_of_T="{left: list<T>}")
    assert checkable(annotation(text), known, frozenset("T")) == term


def test_a_type_that_doubles_at_every_alias_is_left_alone() -> None:
    known = aliases(**{f"A{n}": f"{{x: A{n + 1}, y: A{n + 1}}}" for n in range(60)}, A60="int")
    assert checkable(annotation("A0"), known) is None
    assert checkable(annotation("A57"), known) is not None
