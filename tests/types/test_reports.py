"""Severity, place, reason and number of findings."""

from __future__ import annotations

from tests.types.checking import findings, told


def test_a_finding_names_its_reason() -> None:
    (found,) = findings('fn f(n: int) {\n  println(n)\n}\nf("a")\n')
    assert found.code == "T004"
    assert found.label == "this is string"
    assert found.notes[0].text == "expected int because parameter `n` of `f` is int, declared here"
    assert found.file is not None
    assert found.notes[0].span is not None
    assert found.file.slice(found.notes[0].span) == "n: int"


def test_one_error_does_not_cause_another() -> None:
    text = 'fn f(s: string) -> int {\n  let a = s - 1\n  let b: int = a * "x"\n  let c: string = b\n  return c\n}\n'
    assert told(text) == [
        "error 2: can't use '-' on string and int (needs numeric operands)",
        "error 4: 'c' declared as string, but assigned int",
        "warning 5: return type doesn't match: expected int, got string",
    ]


def test_returns_the_language_does_not_judge_are_warnings() -> None:
    text = "fn f(xs: list<int>) -> string {\n  for x in xs {\n    return 1\n  }\n  return 2\n}\n"
    assert told(text) == [
        "warning 3: return type doesn't match: expected string, got int",
        "error 5: return type doesn't match: expected string, got int",
    ]


def test_variables_of_a_script_are_not_known() -> None:
    assert told('var x = 1\nx = "a"\nlet y: int = x\n') == []


def test_a_deep_tree_is_checked() -> None:
    depth = 400
    text = "fn f(n: int) -> string {\n  return " + "(n + " * depth + "n" + ")" * depth + "\n}\n"
    assert told(text) == ["error 2: return type doesn't match: expected string, got int"]
