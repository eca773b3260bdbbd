"""Arguments of builtins, closures and methods: what is sure to fail is an error, what only an annotation says a warning."""

from __future__ import annotations

import pytest

from tests.types.checking import in_function, told

STRUCT = "struct P { x: int }\nimpl P { fn plus(self, k: int) -> int { return k } }\n"


@pytest.mark.parametrize(
    ("params", "call", "severity"),
    [
        ("", 'range("1")', "error"),
        ("", "range(1.5)", "error"),
        ("", "bytes_len([1])", "error"),
        ("", "keys(1)", "error"),
        ("s: string", "range(s)", "error"),
        ("s: string | bool", "range(s)", "error"),
        ("n: int | nil", "range(n)", "warning"),
        ("p: {n: string}", "range(p.n)", "warning"),
        ("", 'try { range("1") }', ""),
        ("", '[1].map({ x -> range("1") })', "warning"),
        ("", '"${range("1")}"', "warning"),
        ("x: any", "range(x)", ""),
        ("x: unknown", "range(x)", ""),
        ("x", "range(x)", ""),
        ("x: float", "range(x)", ""),
        ("n: int | nil", "range(n ?? 1)", ""),
        ("xs: list<int>", "range(...xs)", ""),
    ],
)
def test_kinds_of_builtin_arguments(params: str, call: str, severity: str) -> None:
    found = in_function(f"  println({call})", params)
    assert [text.split()[0] for text in found] == ([severity] if severity else [])
    assert all("expects" in text for text in found)


def test_an_annotation_nobody_enforces_is_no_proof() -> None:
    body = '  let a: string = json_parse(t)\n  println(range(a))\n  let b = "x"\n  println(range(b))'
    expected = "'range' parameter `a` expects int, got string"
    assert in_function(body, "t") == [f"warning 3: {expected}", f"error 5: {expected}"]


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("len(1, 2)", "error 2: Arity mismatch: 'len' expects 1 argument(s), got 2"),
        ('"a".split(1, 2)', "error 2: Arity mismatch: 'split' expects 0..=1 argument(s), got 2"),
        ("s.split(1, 2)", "error 2: Arity mismatch: 'split' expects 0..=1 argument(s), got 2"),
        ("u.split(1, 2)", ""),
    ],
)
def test_counts_of_builtin_arguments(call: str, expected: str) -> None:
    assert in_function(f"  println({call})", "s: string, u") == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("h(1)", "warning 3: Closure 'h' expects 2 arguments, got 1"),
        ('h(1, "x")', "error 3: Argument 2 ('b'): expected int, got string"),
        ("h(1, d.s)", "warning 3: Argument 2 ('b'): expected int, got string"),
        ('g("x")', "warning 3: Argument 1 of 'g': expected int, got string"),
        ("g(1, 2)", "warning 3: Closure 'g' expects 1 arguments, got 2"),
        ("h(1, 2) + g(1)", ""),
    ],
)
def test_calls_of_closures(call: str, expected: str) -> None:
    body = f"  let h = {{ a, b: int -> b }}\n  println({call})"
    assert in_function(body, "g: fn(int) -> int, d: {s: string}") == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ('P {x: 1}.plus("a")', "error 4: Argument 1 ('k'): expected int, got string"),
        ('p.plus("a")', "warning 4: Argument 1 ('k'): expected int, got string"),
        ("p.plus()", "warning 4: Method 'plus' expects 1 arguments, got 0"),
        ("p.plus(1)", ""),
    ],
)
def test_calls_of_methods(call: str, expected: str) -> None:
    assert in_function(f"  println({call})", "p: P", STRUCT) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('let a: "p" | "q" = "r"', 'warning 4: \'a\' declared as "p" | "q", but assigned "r"'),
        ('one("r")', 'error 4: Argument 1 (\'m\'): expected "p" | "q", got "r"'),
        ('aliased("r")', "warning 4: Argument 1 ('m'): expected M, got \"r\""),
        ('one("p")', ""),
        ("one(s)", ""),
    ],
)
def test_literals_outside_of_their_union(statement: str, expected: str) -> None:
    before = 'type M = "p" | "q"\nfn one(m: "p" | "q") { println(m) } fn aliased(m: M) { println(m) }\n'.replace(
        "} fn", "}\nfn"
    )
    found = in_function(f"  {statement}", "s: string", before)
    assert found == ([expected.replace(" 4:", " 5:")] if expected else [])


def test_optional_fields_are_compared_where_they_are_given() -> None:
    text = "fn f(o: {s: string, n?: int}) {\n  println(o)\n}\n"
    assert told(f'{text}f({{s: "a", n: "x"}})\n') == ["error 4: parameter 'o': field 'n' expected int, got string"]
    assert told(f'{text}f({{s: "a", n: 1}})\nf({{s: "a"}})\n') == []
    assert told('fn f() {\n  let o: {n?: int} = {n: "x"}\n  println(o)\n}\n') == [
        "warning 2: 'o' declared as {n?: int}, but assigned {n: string} (field 'n' has type string, expected int)"
    ]


def test_a_default_is_held_against_its_type() -> None:
    assert told('fn f(n: int = "a", s: string = "b", m: int | nil = nil) {\n  println(n, s, m)\n}\n') == [
        "warning 1: 'n' declared as int, but assigned string"
    ]


def test_what_nothing_declares() -> None:
    text = "enum E { A, B(n: int) }\nstruct P { x: int }\nfn f(e: E, p: P) {\n  println(p.y, E.C, E.B(1, 2))\n"
    arms = (
        "  match e {\n    E.A -> { println(1) }\n    E.B(a, b) -> { println(a) }\n    E.D -> { println(2) }\n  }\n}\n"
    )
    assert told(text + arms) == [
        "warning 4: Unknown field 'y' in struct 'P'",
        "warning 4: enum 'E' has no variant 'C'",
        "warning 4: E.B has 1 value(s), got 2",
        "warning 7: E.B has 1 value(s), got 2",
        "warning 8: enum 'E' has no variant 'D'",
    ]


@pytest.mark.parametrize(
    ("annotation", "near"), [("strng", "string"), ("list<itn>", "int"), ("Pint | nil", "Point"), ("fn(T) -> U", "")]
)
def test_unknown_type_names(annotation: str, near: str) -> None:
    text = f"struct Point {{ x: int }}\nfn f<T, U>(p: {annotation}, c: channel, i: Iter<int>) -> U {{\n  return p\n}}\n"
    assert [t.split(":")[1].split("`")[0].strip() for t in told(text)] == (["unknown type"] if near else [])


def test_unknown_type_names_are_not_told_where_an_import_fails() -> None:
    from harn.source.file import SourceFile
    from harn.syntax.parser import parse
    from harn.types.checker import check

    file = SourceFile("test.harn", 'import "lib"\nfn f(p: Strange) {\n  println(p)\n}\n')
    program = parse(file).program
    assert program is not None
    assert check(program, file, {"lib": None}) == []
    assert [d.code for d in check(program, file, {})] == ["T030"]


def test_limits_of_parallel() -> None:
    body = '  parallel each [1] with {max_concurrent: "2"} { x -> x }\n  parallel each [1] with {max_concurrent: n} { x -> x }'
    assert in_function(body, "n: int | nil") == ["error 2: `max_concurrent` on `parallel` must be int, got string"]
