"""Operators, access, calls and collections."""

from __future__ import annotations

import pytest

from tests.syntax.sketch import errors, expression


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a || b && c", "(|| a (&& b c))"),
        ("a == b < c", "(== a (< b c))"),
        ("1 < 2 == true", "(== (< 1 2) true)"),
        ("1 == 1 == true", "(== (== 1 1) true)"),
        ("a - b - c", "(- (- a b) c)"),
        ("a + b * c - d", "(- (+ a (* b c)) d)"),
        ("a ** b ** c", "(** a (** b c))"),
        ("-2 ** 2", "(** (- 2) 2)"),
        ("a * b ** c * d", "(* (* a (** b c)) d)"),
        ("nil ?? 2 + 3", "(+ (?? nil 2) 3)"),
        ("1 + nil ?? 10", "(+ 1 (?? nil 10))"),
        ("nil ?? 2 * 3", "(?? nil (* 2 3))"),
        ("nil ?? 5 > 0", "(> (?? nil 5) 0)"),
        ("a ?? b ?? c", "(?? (?? a b) c)"),
        ("x in xs && y not in ys", "(&& (in x xs) (not in y ys))"),
        ("!a == b", "(== (! a) b)"),
        ("!!a", "(! (! a))"),
        ("- -a", "(- (- a))"),
        ("try* a + b", "(+ (try* a) b)"),
        ("try* f(x)?", "(try* f(x)?)"),
    ],
)
def test_precedence(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 to n + 2", "(to 1 (+ n 2))"),
        ("0 to 3 exclusive", "(to< 0 3)"),
        ("a ? b : c to d", "(to (? a b c) d)"),
        ("a || b ? c : d", "(? (|| a b) c d)"),
        ("a ? b\n : c", "(? a b c)"),
        ("a to b |> f", "(|> (to a b) f)"),
        ("a |> f |> g", "(|> (|> a f) g)"),
        ("a |> f(_, 1)", "(|> a f(_ 1))"),
        ("c ? (a ? 1 : 2) : 3", "(? c (? a 1 2) 3)"),
        ("c ? [a] : b", "(? c [a] b)"),
        ("c ?[a]", "c?[a]"),
        ("c?[a]", "c?[a]"),
        ("c ? -1 : 2", "(? c (- 1) 2)"),
        ("c ? 5s : 1m", "(? c 5000ms 60000ms)"),
        ("c ? {a: 1} : {}", "(? c {a: 1} {})"),
    ],
)
def test_looser_than_operators(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("f()", "f()"),
        ("f(a, b,)", "f(a b)"),
        ("f(a b)", "f(a b)"),
        ("f(...xs, 1)", "f(...xs 1)"),
        ("f<int>(x)", "f<int>(x)"),
        ("f<dict<string, list<int>>, fn(int) -> bool>(x)", "f<dict<string list<int>> fn(int) -> bool>(x)"),
        ("f < a", "(< f a)"),
        ("f(a < b, c > d)", "f((< a b) (> c d))"),
        ("a < b && c > (d)", "(&& (< a b) (> c d))"),
        ("a.b.c(1)?.d?.e()", "a.b.c(1)?.d?.e()"),
        ("a.match.if", "a.match.if"),
        ("a[1]", "a[1]"),
        ("a[1:2]", "a[1:2]"),
        ("a[:2]", "a[:2]"),
        ("a[1:]", "a[1:]"),
        ("a[:]", "a[:]"),
        ("a[b ? c : d]", "a[(? b c d)]"),
        ("a?", "a?"),
        ("f()?.b", "f()?.b"),
        ("(f())?", "f()?"),
        ("(a + b).c", "(+ a b).c"),
        ("5.abs()", "5.abs()"),
        ("5.5.abs()", "5.5.abs()"),
        ('"a".len()', "'a'.len()"),
    ],
)
def test_access_and_calls(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[]", "[]"),
        ("[1, 2,]", "[1 2]"),
        ("[1 2, 3]", "[1 2 3]"),
        ("[a -b]", "[(- a b)]"),
        ("[f (4)]", "[f(4)]"),
        ("[xs [0]]", "[xs[0]]"),
        ("[p {x: 1}]", "[p {x: 1}]"),
        ("[1\n-2]", "[1 (- 2)]"),
        ("[f\n(4)]", "[f 4]"),
        ("[xs\n[0]]", "[xs [0]]"),
        ("[a\n, b]", "[a b]"),
        ("[\n  a\n  b\n]", "[a b]"),
        ("[a\n  + b]", "[(+ a b)]"),
        ("[f(1)(2)]", "[f(1) 2]"),
        ("[a if b { 1 } else { 2 }]", "[a if b {1} else {2}]"),
    ],
)
def test_elements_without_commas(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{}", "{}"),
        ("{a: 1, b: 2}", "{a: 1, b: 2}"),
        ("{a: 1 b: 2}", "{a: 1, b: 2}"),
        ("{a: x\n b: y}", "{a: x, b: y}"),
        ("{a: x\n [b]: y}", "{a: x, [b]: y}"),
        ('{"a b": 1, "c": 2}', "{a b: 1, c: 2}"),
        ("{[a + b]: 1}", "{[(+ a b)]: 1}"),
        ("{if: 1, match: 2, type: 3}", "{if: 1, match: 2, type: 3}"),
        ("{a: 1 if: 2}", "{a: 1, if: 2}"),
        ("{...a, b: 1}", "{...a, b: 1}"),
        ("{a: 1 ...b}", "{a: 1, ...b}"),
        ("{a: c ? d : e}", "{a: (? c d e)}"),
        ("{a: c ? d : e f: 1}", "{a: (? c d e), f: 1}"),
        ("{a: {b: {}}}", "{a: {b: {}}}"),
    ],
)
def test_dicts(text: str, tree: str) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("{ -> 1}", "{ -> 1}"),
        ("{ x -> x}", "{x -> x}"),
        ("{ a, b -> a + b }", "{a, b -> (+ a b)}"),
        ("{ a b -> a }", "{a, b -> a}"),
        ("{ x: int, y: {a: int} = {a: 1} -> x }", "{x: int, y: {a: int} = {a: 1} -> x}"),
        ("{ x = 5 -> x }", "{x = 5 -> x}"),
        ("{ f: fn(int) -> int -> f(1) }", "{f: fn(int) -> int -> f(1)}"),
        ("{ ...xs -> xs }", "{...xs -> xs}"),
        ("{ x -> {a: x} }", "{x -> {a: x}}"),
        ("{ x -> { y -> x + y } }", "{x -> {y -> (+ x y)}}"),
        ("{ x ->\n  let y = x\n  y\n}", "{x -> let y = x; y}"),
        ("{a: { x -> x }}", "{a: {x -> x}}"),
        ("fn(x) { return x }", "fn(x) {return x}"),
        ("fn(a: int, b: int) -> int { a + b }", "fn(a: int, b: int) {(+ a b)}"),
    ],
)
def test_closures(text: str, tree: str) -> None:
    """A brace is a closure where an arrow stands in it outside of inner brackets."""
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("Point {x: 1, y: 2}", "Point {x: 1, y: 2}"),
        ("Point {}", "Point {}"),
        ('Point {"x": 1}', "Point {x: 1}"),
        ("Point({x: 1})", "Point({x: 1})"),
        ("Élan {x: 1}", "Élan {x: 1}"),
        ("Point {x: 1}.x", "Point {x: 1}.x"),
    ],
)
def test_struct_literals(text: str, tree: str) -> None:
    assert expression(text) == tree


def test_names_in_lower_case_are_no_structs() -> None:
    assert errors("let a = point {x: 1}") == [
        "Expected top-level item separator (`;` or newline), got { at 1:15",
    ]


def test_a_call_needs_a_name() -> None:
    assert errors("xs[0](1)") == ["Expected top-level item separator (`;` or newline), got ( at 1:6"]
