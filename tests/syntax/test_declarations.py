"""Declarations, types and attributes."""

from __future__ import annotations

import pytest

from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.parser import SyntaxFault, parse_program, parse_type
from tests.syntax.sketch import errors, sketch, statements


def only(text: str) -> nodes.Statement:
    (found,) = parse_program(SourceFile("test.harn", text)).body
    return found


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("int", "int"),
        ("list<dict<string, int>>", "list<dict<string int>>"),
        ("[int]", "list<int>"),
        ("int | nil | string", "(int | nil | string)"),
        ('"a" | r"b" | 1 | -1', "('a' | 'b' | 1 | -1)"),
        ("{a: int, b?: string}", "{a: int, b?: string}"),
        ("{a: int\n type?: {c: bool}}", "{a: int, type?: {c: bool}}"),
        ("{a: int b?: int}", "{a: int, b?: int}"),
        ("{handler: fn(int) -> bool}", "{handler: fn(int) -> bool}"),
        ("fn(int, string) -> fn() -> int | nil", "fn(int string) -> fn() -> (int | nil)"),
        ("true", "bool"),
        ("{}", "{}"),
    ],
)
def test_types(text: str, tree: str) -> None:
    assert sketch(parse_type(text)) == tree


def test_a_type_must_be_whole() -> None:
    with pytest.raises(SyntaxFault):
        parse_type("list<int")


def test_functions() -> None:
    node = only("pub fn f<T, in U, out V>(a: T, b = 1, ...c: int) -> list<T> where T: I, U: J { a }")
    assert isinstance(node, nodes.Fn)
    assert (node.name, node.pub, node.stream) == ("f", True, False)
    assert [(param.name, param.variance) for param in node.type_params] == [("T", ""), ("U", "in"), ("V", "out")]
    assert [sketch(param) for param in node.params] == ["a: T", "b = 1", "...c: int"]
    assert [(where.param, where.bound) for where in node.where] == [("T", "I"), ("U", "J")]
    assert node.result is not None
    stream = only("gen fn g() -> Stream<int> { emit 1 }")
    assert isinstance(stream, nodes.Fn)
    assert stream.stream


def test_a_type_parameter_may_be_called_out() -> None:
    node = only("fn f<out>(a: out) {}")
    assert isinstance(node, nodes.Fn)
    assert node.type_params == (nodes.TypeParam("out"),)


def test_a_result_type_is_no_struct_literal() -> None:
    node = only("fn f() -> Foo {}")
    assert isinstance(node, nodes.Fn)
    assert (node.result, node.body) == (nodes.NamedType("Foo"), ())
    node = only("fn f() -> {a: int} { {a: 1} }")
    assert isinstance(node, nodes.Fn)
    assert isinstance(node.result, nodes.ShapeType)
    assert len(node.body) == 1


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("struct Empty {}", "(Struct Empty [] [] False [] )"),
        (
            "struct P<T> {\n x: T\n y?: int, z\n}",
            (
                "(Struct P [(StructField x T False); (StructField y int True);"
                " (StructField z None False)] [(TypeParam T )] False [] )"
            ),
        ),
        (
            "pub enum E { A, B(x: int, y)\n C }",
            "(Enum E [(Variant A []); (Variant B [x: int; y]); (Variant C [])] [] True [] )",
        ),
        ("type A<T> = T | nil", "(TypeAlias A (T | nil) [(TypeParam T )] False [] )"),
        (
            "interface I {\n type Item = int\n fn get(self, i: int) -> Item\n fn len(self)\n}",
            (
                "(Interface I [(InterfaceMethod get [self; i: int] Item []); (InterfaceMethod len [self] None [])]"
                " [(AssociatedType Item int)] [] [] )"
            ),
        ),
        ('import "a/b"', "(Import a/b None False)"),
        ('pub import {\n a,\n b\n} from "m"', "(Import m [a; b] True)"),
        ("pipeline p(a, b) -> int extends q { c }", "(Pipeline p [a; b] [c] int q False [] )"),
        ("override p(a) { c }", "(Override p [a] [c])"),
        ('tool t(a: int) -> int { description "d"\n a }', "(Tool t [a: int] [a] d int False [] )"),
        ("tool t() { description(1) }", "(Tool t [] [description(1)] None None False [] )"),
        (
            'skill s {\n short "x"; on fn() { a }\n}',
            "(Skill s [(ConfigField short 'x'); (ConfigField on fn() {a})] False [] )",
        ),
        (
            'eval_pack p "id" {\n name: "n"\n let a = 1\n summarize { a }\n}',
            "(EvalPack p id [(ConfigField name 'n')] [let a = 1] [a] False [] )",
        ),
        ('eval_pack "My-Pack 1" { }', "(EvalPack my_pack_1 My-Pack 1 [] [] None False [] )"),
        ('eval_pack "9" { }', "(EvalPack eval_pack_9 9 [] [] None False [] )"),
    ],
)
def test_other_declarations(text: str, tree: str) -> None:
    assert statements(text) == tree


def test_methods() -> None:
    node = only("impl P {\n fn a(self) { 1 }\n\n pub fn b(self) { 2 } fn c() { 3 }\n}")
    assert isinstance(node, nodes.Impl)
    assert [(method.name, method.pub) for method in node.methods] == [("a", False), ("b", True), ("c", False)]


def test_attributes() -> None:
    node = only(
        '@step(name: "a", model: fast, error_boundary: continue, retry: {max_attempts: 3,},\n'
        '  budget: { max_usd: -0.5, "scope": inclusive })\n'
        "// between\n"
        '@persona(triggers: [github.pr_opened, schedule("0 9 * * *")], stages: [], n: -1, r: r"\\d")\n'
        "@test\n"
        "pub fn f() {}"
    )
    assert isinstance(node, nodes.Fn)
    assert [attribute.name for attribute in node.attributes] == ["step", "persona", "test"]
    step, persona, _ = node.attributes
    assert [(arg.name, sketch(arg.value)) for arg in step.args] == [
        ("name", "'a'"),
        ("model", "fast"),
        ("error_boundary", "continue"),
        ("retry", "{max_attempts: 3}"),
        ("budget", "{max_usd: -0.5, scope: inclusive}"),
    ]
    assert [sketch(arg.value) for arg in persona.args] == [
        "[github.pr_opened schedule('0 9 * * *')]",
        "[]",
        "-1",
        r"'\\d'",
    ]


def test_docs_stand_right_above_a_declaration() -> None:
    program = parse_program(
        SourceFile(
            "test.harn",
            "/// first\n/// second\nfn a() {}\n"
            "/** one\n * two\n */\n@test\npub fn b() {}\n"
            "/// far\n\nfn c() {}\n"
            "//// bar\nfn d() {}\n"
            "// plain\nfn e() {}\n"
            "impl P {\n  /// inner\n  fn f(self) {}\n}\n",
        )
    )
    docs = [node.doc for node in program.body if isinstance(node, nodes.Fn)]
    assert docs == ["first\nsecond", "one\ntwo", "", "", ""]
    impl = program.body[-1]
    assert isinstance(impl, nodes.Impl)
    assert impl.methods[0].doc == "inner"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (
            "fn f(a = 1, b) {}",
            "Expected Required parameter cannot follow a parameter with a default value, got ) at 1:14",
        ),
        ("fn f(...a, b) {}", "Expected Rest parameter must be the last parameter, got , at 1:10"),
        ("fn f({", "Expected parameter name, got { at 1:6"),
        (
            "pub let a = 1",
            "Expected fn, tool, skill, eval_pack, struct, enum, pipeline, or import after pub, got let at 1:5",
        ),
        (
            "@a\nlet b = 1",
            (
                "Expected fn/tool/skill/eval_pack/pipeline/struct/enum/type/interface/impl declaration after"
                " `@attr`, got non-declaration statement at 2:1"
            ),
        ),
        ("@a(1 + 2)\nfn f() {}", "Expected ), got + at 1:6"),
        ("@a((1))\nfn f() {}", "Expected attribute argument value, got ( at 1:4"),
        ("@a(if)\nfn f() {}", "Expected attribute argument value, got if at 1:4"),
        ("@a(b: {c: 1 + 2})\nfn f() {}", "Expected }, got + at 1:13"),
        ('if a { import "m" }', "Expected expression, got import at 1:8"),
        ('import "a${b}"', "Expected import path string, got istr(...) at 1:8"),
        ("struct match {}", "Expected struct name, got 'match' (reserved keyword) at 1:8"),
        ("eval_pack p { summarize { } summarize { } }", None),
    ],
)
def test_errors(text: str, error: str | None) -> None:
    found = errors(text)[:1]
    assert found == [error] if error else found
