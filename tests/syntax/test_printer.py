"""Every tree that can be written is printed so that it reads back as itself."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given

from harn.source.file import SourceFile
from harn.syntax import nodes
from harn.syntax.nodes import (
    Arm,
    Binary,
    Call,
    Closure,
    DictEntry,
    DictLiteral,
    Expr,
    FloatLiteral,
    Fn,
    Guard,
    If,
    Index,
    Interpolation,
    IntLiteral,
    ListLiteral,
    Match,
    MethodCall,
    Name,
    NamedType,
    Param,
    Pipe,
    Program,
    Propagate,
    Property,
    Range,
    Retry,
    Slice,
    StringLiteral,
    StructLiteral,
    Ternary,
    TryStar,
    Unary,
    While,
)
from harn.syntax.parser import parse
from harn.syntax.printer import print_node
from tests.strategies import trees

a, b, c = Name("a"), Name("b"), Name("c")
one, two = IntLiteral(1), IntLiteral(2)


def read(text: str) -> Program:
    program, diagnostics = parse(SourceFile("printed.harn", text))
    assert not diagnostics, (text, [diagnostic.short for diagnostic in diagnostics])
    assert program is not None
    return program


def reads_back(tree: nodes.Node) -> None:
    program = tree if isinstance(tree, Program) else Program((tree,))
    text = print_node(program)
    assert read(text) == program, text


@given(trees.expressions())
def test_any_expression_reads_back(tree: nodes.Node) -> None:
    reads_back(tree)


@given(trees.statements())
def test_any_statement_reads_back(tree: nodes.Node) -> None:
    reads_back(tree)


@given(trees.declarations())
def test_any_declaration_reads_back(tree: nodes.Node) -> None:
    reads_back(tree)


@given(trees.programs())
def test_any_program_reads_back(tree: Program) -> None:
    reads_back(tree)


@given(trees.types())
def test_any_type_reads_back(tree: nodes.Type) -> None:
    reads_back(nodes.TypeAlias("T", tree))


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        # Strength and side of the operators.
        (Binary("*", Binary("+", a, b), c), "(a + b) * c"),
        (Binary("+", a, Binary("*", b, c)), "a + b * c"),
        (Binary("-", a, Binary("-", b, c)), "a - (b - c)"),
        (Binary("**", a, Binary("**", b, c)), "a ** b ** c"),
        (Binary("**", Binary("**", a, b), c), "(a ** b) ** c"),
        (Binary("??", a, Binary("+", b, c)), "a ?? (b + c)"),
        (Binary("+", Binary("??", a, b), c), "a ?? b + c"),
        (Binary("||", Binary("&&", a, b), c), "(a && b) || c"),
        (Binary("==", Binary("<", a, b), c), "a < b == c"),
        (Binary("**", Unary("-", two), two), "-2 ** 2"),
        (Unary("-", Binary("**", two, two)), "-(2 ** 2)"),
        (Unary("-", Unary("-", a)), "--a"),
        (Range(Ternary(a, b, c), Binary("+", one, two)), "a ? b : c to 1 + 2"),
        (Ternary(a, Ternary(a, b, c), Range(one, two)), "a ? (a ? b : c) : (1 to 2)"),
        (Pipe(Pipe(a, b), Pipe(b, c)), "a |> b |> (b |> c)"),
        (MethodCall(Unary("-", a), "abs", ()), "(-a).abs()"),
        (Property(Binary("??", a, b), "name"), "(a ?? b).name"),
        # `x?` before what could begin the first branch of a ternary.
        (Binary("-", Binary("+", a, Propagate(b)), c), "a + (b?) - c"),
        (Binary("+", Propagate(a), b), "a? + b"),
        (Binary("not in", Propagate(a), b), "(a?) not in b"),
        (Ternary(Propagate(a), b, c), "(a?) ? b : c"),
        (Property(Propagate(a), "b"), "(a?).b"),
        (Index(Propagate(a), one), "(a?)[1]"),
        (Propagate(Propagate(a)), "(a?)?"),
        (If(Propagate(a), (b,)), "if (a?) {\n  b\n}"),
        # The first branch of a ternary may begin with few things.
        (Ternary(a, ListLiteral((b,)), c), "a ? ([b]) : c"),
        (Ternary(a, nodes.DurationLiteral(5000), c), "a ? (5s) : c"),
        (Ternary(a, StringLiteral("x", "raw"), c), 'a ? (r"x") : c'),
        # Comparisons that would be read as type arguments.
        (Binary(">", Binary("<", a, b), Binary("||", b, c)), "a < (b) > (b || c)"),
        (
            Call(Name("f"), (Binary("<", a, b), Binary(">", b, Binary("&&", b, c)))),
            "f(a < b, (b > (b && c)))",
        ),
        # What binds to a block.
        (If(Name("Point"), ()), "if (Point) {\n}"),
        (If(Name("Point"), (a,)), "if Point {\n  a\n}"),
        (Binary("+", If(a, (b,), (c,)), one), "(if a {\n  b\n} else {\n  c\n})\n  + 1"),
        (Guard(If(a, ()), ()), "guard (if a {\n}) else {\n}"),
        (While(Binary("&&", Binary("||", a, b), c), ()), "while ((a || b) && c) {\n}"),
        (Retry(Binary("+", a, one), ()), "retry (a + 1) {\n}"),
        (Binary("+", TryStar(a), b), "(try* a) + b"),
        (Closure((Param("x"),), (a,), keyword=True), "(fn(x) { a })"),
        (Closure((), (a,)), "{ -> a }"),
        # Braces and arrows.
        (DictLiteral((DictEntry(StringLiteral("if"), a),)), "{if: a}"),
        (DictLiteral((DictEntry(StringLiteral("a b"), a), DictEntry(a, b, computed=True))), '{"a b": a, [a]: b}'),
        (
            DictLiteral((DictEntry(StringLiteral("k"), Closure((), (), keyword=True, result=NamedType("int"))),)),
            "{\n  k: (fn() -> int {\n  }),\n}",
        ),
        (StructLiteral("Point", (DictEntry(StringLiteral("x"), one),)), "Point {x: 1}"),
        (Slice(a, Range(one, two, exclusive=True), None), "a[(1 to 2 exclusive):]"),
        (Match(a, (Arm(Unary("-", one), (b,), guard=Propagate(c)),)), "match a {\n  -1 if c? -> { b }\n}"),
        # Literals.
        (StringLiteral('"\\\n\t${$'), '"\\"\\\\\\n\\t\\${$"'),
        (Interpolation(("$", a, "$x")), '"\\$${a}$x"'),
        (StringLiteral('say "hi"', "raw"), '"say \\"hi\\""'),
        (StringLiteral("a\n  b", "block"), '"""\na\n  b\n"""'),
        (StringLiteral("  a", "block"), '"  a"'),
        (FloatLiteral(1e-7), "0.0000001"),
        (FloatLiteral(1e19), "10000000000000000000.0"),
        (nodes.DurationLiteral(90_000), "90s"),
    ],
)
def test_traps_of_the_grammar(tree: Expr, text: str) -> None:
    printed = print_node(Program((tree,)))
    assert printed == text + "\n"
    assert read(printed) == Program((tree,))


def test_long_arguments_stand_one_a_line() -> None:
    names = tuple(Name(f"argument_number_{index}_of_some_length") for index in range(3))
    tree = Fn("f", (Param("x"),), (Call(Name("target"), names),))
    assert print_node(Program((tree,))) == dedent(
        """\
        fn f(x) {
          target(
            argument_number_0_of_some_length,
            argument_number_1_of_some_length,
            argument_number_2_of_some_length,
          )
        }
        """
    )


def test_a_rest_parameter_has_no_comma_behind_it() -> None:
    params = (*(Param(f"parameter_number_{index}_of_some_length") for index in range(3)), Param("rest", rest=True))
    printed = print_node(Fn("f", params, ()))
    assert printed.endswith("  ...rest\n) {\n}")
    reads_back(Fn("f", params, ()))


@pytest.mark.parametrize("operator", ["+", "-", "&&", "**", "not in"])
def test_a_long_chain_breaks_before_its_operators(operator: str) -> None:
    names = [Name(f"operand_number_{index}_of_some_length") for index in range(6)]
    tree: Expr = names[0]
    if operator == "**":
        tree = names[-1]
        for name in reversed(names[:-1]):
            tree = Binary(operator, name, tree)
    else:
        for name in names[1:]:
            tree = Binary(operator, tree, name)
    printed = print_node(Program((tree,)))
    assert max(len(line.removesuffix(" \\")) for line in printed.split("\n")) <= 100
    assert read(printed) == Program((tree,))


@pytest.mark.parametrize("shape", ["sum", "power", "unary", "access", "else"])
def test_depth_costs_no_recursion(shape: str) -> None:
    """Far deeper trees than the parser accepts, as a program might build them."""
    tree: Expr = a
    for _ in range(20_000):
        if shape == "sum":
            tree = Binary("+", tree, one)
        elif shape == "power":
            tree = Binary("**", one, tree)
        elif shape == "unary":
            tree = Unary("!", tree)
        elif shape == "access":
            tree = Index(Property(tree, "x"), one)
        else:
            tree = If(a, (), (tree,))
    assert len(print_node(tree)) > 20_000
