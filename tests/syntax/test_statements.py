"""Statements, patterns, and expressions that hold blocks."""

from __future__ import annotations

import pytest

from tests.syntax.sketch import errors, statements


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("let a: list<int> = []", "let a: list<int> = []"),
        ("var a = 1", "var a = 1"),
        ("a = 1", "a = 1"),
        ("a.b[c] += 1", "a.b[c] += 1"),
        ("a %= 2", "a %= 2"),
        (
            "let [a, b = 1, ...c] = x",
            (
                "let (ListPattern [(ListPatternItem a None False); (ListPatternItem b 1 False);"
                " (ListPatternItem c None True)]) = x"
            ),
        ),
        (
            "let {a, b: c, d = 1, e: f = 2, ...g} = x",
            (
                "let (DictPattern [(DictPatternField a None None False);"
                " (DictPatternField b c None False); (DictPatternField d None 1 False); (DictPatternField e f 2 False);"
                " (DictPatternField g None None True)]) = x"
            ),
        ),
        ("for a in xs { b }", "(For a xs [b])"),
        ("for (a, b) in xs { c }", "(For (PairPattern a b) xs [c])"),
        ("for x in 1 to 3 { a }", "(For x (to 1 3) [a])"),
        ("while (a) { b }", "(While a [b])"),
        ("while (a) == b { c }", "(While (== a b) [c])"),
        ("throw a", "(Throw a)"),
        ("for x in xs { break; continue }", "(For x xs [(Break ); (Continue )])"),
        ("guard a else { return }", "(Guard a [return])"),
        ('require a, "b"', "(Require a 'b')"),
        ("require a", "(Require a None)"),
        ("defer { a }", "(Defer [a])"),
        ("yield", "(Yield None)"),
        ("yield a", "(Yield a)"),
        ("emit a", "(Emit a)"),
        ("mutex { a }", "(Mutex [a])"),
    ],
)
def test_simple_statements(text: str, tree: str) -> None:
    assert statements(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("if {} == {} { 1 }", "if (== {} {}) {1}"),
        ("if a { x: 1 }", None),
        ("let x = if a { 1 } else { 2 }", "let x = if a {1} else {2}"),
        ("match a { }", "(Match a [])"),
        ("match a { 1 -> { b } _ -> { c } }", "(Match a [(Arm 1 [b] None); (Arm _ [c] None)])"),
        ("match a {\n x -> { b }\n}", "(Match a [(Arm x [b] None)])"),
        ("match a { x if x > 1 -> { b } }", "(Match a [(Arm x [b] (> x 1))])"),
        ("match a { 1 | 2 |\n 3 -> { b } }", "(Match a [(Arm (OrPattern [1; 2; 3]) [b] None)])"),
        ("match a { {k: 1, n: n} -> { b } }", "(Match a [(Arm {k: 1, n: n} [b] None)])"),
        (
            "match {k: 1} { E.V(x) -> { b } [p, q] -> { c } }",
            "(Match {k: 1} [(Arm E.V(x) [b] None); (Arm [p q] [c] None)])",
        ),
        ("try { a }", "(Try [a] None None)"),
        ("try { a } catch { b }", "(Try [a] (Catch [b] None None) None)"),
        ("try { a } catch e { b }", "(Try [a] (Catch [b] e None) None)"),
        ("try { a } catch (e: T) { b }", "(Try [a] (Catch [b] e T) None)"),
        ("try { a }\ncatch (e) { b }\n\nfinally { c }", "(Try [a] (Catch [b] e None) [c])"),
        ("try { a } finally { c }", "(Try [a] None [c])"),
        ("retry 3 { a }", "(Retry 3 [a])"),
        ("retry (n + 1) { a }", "(Retry (+ n 1) [a])"),
        ("retry n { a }", "(Retry n [a])"),
        ("let t = spawn { a }", "let t = (Spawn [a])"),
        ("deadline 5s { a }", "(Deadline 5000ms [a])"),
        ("deadline d { a }", "(Deadline d [a])"),
        ("parallel 3 { a }", "(Parallel count 3 [a] None [] False)"),
        ("parallel(3) { i -> a }", "(Parallel count 3 [a] i [] False)"),
        ("parallel each xs { x -> a }", "(Parallel each xs [a] x [] False)"),
        (
            "parallel settle xs with { max_concurrent: 2 } { x -> a }",
            "(Parallel settle xs [a] x [max_concurrent: 2] False)",
        ),
        ("let s = parallel each xs { x -> a } as stream", "let s = (Parallel each xs [a] x [] True)"),
        ("select { a from b { c } timeout 5s { d } }", "(Select [(SelectCase a b [c])] 5000ms [d] None)"),
        ("select {\n a from b { c }\n default { d }\n}", "(Select [(SelectCase a b [c])] None None [d])"),
    ],
)
def test_blocks(text: str, tree: str | None) -> None:
    if tree is None:
        assert errors(text)
    else:
        assert statements(text) == tree


def test_words_that_mean_something_in_one_place_only() -> None:
    words = ["each", "settle", "with", "as", "stream", "timeout", "default", "gen", "where", "out", "self", "not"]
    words += ["description", "summarize"]
    text = "\n".join(f"let {word} = {word}({word})" for word in words)
    assert statements(text) == "; ".join(f"let {word} = {word}({word})" for word in words)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("f() = 1", "Expected statement separator (`;` or newline), got = at 1:5"),
        ("a?.b = 1", "Expected statement separator (`;` or newline), got = at 1:6"),
        ("let while = 1", "Expected variable name or destructuring pattern, got 'while' (reserved keyword) at 1:5"),
        ("let {match: m} = d", "Expected field name, got 'match' (reserved keyword) at 1:6"),
        (
            "for tool in tools {}",
            "Expected variable name or destructuring pattern, got 'tool' (reserved keyword) at 1:5",
        ),
        ("for x of xs {}", "Expected in, got id(of) at 1:7"),
        ("let [...a, b] = c", "Expected ], got , at 1:10"),
        ("let {...a, b} = c", "Expected }, got , at 1:10"),
        ("let a 1", "Expected =, got int(1) at 1:7"),
        ("let a = 1 to", "Unexpected end of file, expected expression"),
        ("guard a { }", "Expected else, got { at 1:9"),
        ("if a b", "Expected {, got id(b) at 1:6"),
        ("match a { b { c } }", "Expected ->, got { at 1:13"),
        ("{ 1: 2 }", "Expected dict key, got int(1) at 1:3"),
        ("{ a 1 }", "Expected :, got int(1) at 1:5"),
        ("select { }", "Unexpected end of file, expected at least one select case"),
        (
            "select { default { } timeout 5s { } }",
            "Unexpected end of file, expected select cannot have both timeout and default",
        ),
        (
            "parallel each xs with { limit: 2 } { x -> x }",
            (
                "Expected known option (only `max_concurrent` is supported in `parallel ... with { ... }`; got `limit`),"
                " got limit at 1:25"
            ),
        ),
        ("a.1", "Expected member name, got int(1) at 1:3"),
        ("c ? a", "Unexpected end of file, expected :"),
    ],
)
def test_errors(text: str, error: str) -> None:
    assert errors(text)[:1] == [error]
