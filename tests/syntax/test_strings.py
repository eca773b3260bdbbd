"""Strings: escapes, forms, indentation and the expressions inside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.source.file import SourceFile
from harn.syntax import literals, nodes
from harn.syntax.depth import MAX_DEPTH
from harn.syntax.parser import MAX_HOLES, parse, parse_expression
from tests.syntax.sketch import errors, expression


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'"a\n\t\\\"\$b"', 'a\n\t\\"$b'),
        (r'"\q\r\0\u0041"', r"\q\r\0\u0041"),
        (r'"\\n"', r"\n"),
        ('"$x $ $$ {y}"', "$x $ $$ {y}"),
        (r'"\${x}"', "${x}"),
        (r'r"\d+\n${x}"', r"\d+\n${x}"),
        ('r""', ""),
        ('""', ""),
        ('"""a"""', "a"),
        ('""""""', ""),
        ('"""say "" now"""', 'say "" now'),
        ('"""\\n"""', "\\n"),
        ('"""\na\nb\n"""', "a\nb"),
        ('"""\n    a\n      b\n\n    c\n    """', "a\n  b\n\nc"),
        ('"""\r\n  a\r\n  """', "a\r"),
        ('"""   """', "   "),
        ('"// no comment /* none */"', "// no comment /* none */"),
    ],
)
def test_values(text: str, value: str) -> None:
    node = parse_expression(text)
    assert isinstance(node, nodes.StringLiteral)
    assert node.value == value


def test_forms() -> None:
    forms = [parse_expression(text) for text in ('"a"', 'r"a"', '"""a"""')]
    assert [node.form for node in forms if isinstance(node, nodes.StringLiteral)] == ["plain", "raw", "block"]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ('"a${b}c"', "<'a' $b 'c'>"),
        ('"${a}${b}"', "<$a $b>"),
        ('"${"a ${x}"}"', "<$<'a ' $x>>"),
        ('"${f({x: 1})}"', "<$f({x: 1})>"),
        ('"${ a\n }"', "<$a>"),
        ('"${a /* why */ + b}"', "<$(+ a b)>"),
        ('"""\n  x ${y}\n    z\n  """', "<'x ' $y '\\n  z'>"),
        ('"""\n  ${y} a\n  ${z}\n"""', "<$y ' a\\n' $z>"),
        ('"""\\${x}"""', "<'\\\\' $x>"),
        ('"${1 +}|"', "'1 +|'"),
        ('"a${if}b${c}"', "<'aifb' $c>"),
        ('"${a # b}"', "'a # b'"),
        ('"${ {} }"', "<${}>"),
    ],
)
def test_interpolation(text: str, tree: str) -> None:
    """What is no expression at all stands as written, without its braces."""
    assert expression(text) == tree


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('"${a b}"', "Expected } after the expression, got id(b) at 1:6"),
        ('"${x:5}"', "Expected } after the expression, got : at 1:5"),
        ('"é${"${a b}"}"', "Expected } after the expression, got id(b) at 1:10"),
        ('"""\n ok ${a}\n é ${b c}\n"""', "Expected } after the expression, got id(c) at 3:8"),
        ('"${}"', "Unexpected character '}' at 1:4"),
        ('"${  }"', "Unexpected character '}' at 1:6"),
        ('"${"}"}"', "Unterminated string at 1:8"),
        ('"abc', "Unterminated string at 1:1"),
        ('"${a', "Unterminated string at 1:1"),
        ('r"abc\n', "Unterminated string at 1:1"),
        ('"""abc"', "Unterminated string at 1:1"),
        ("/* /* */", "Unterminated block comment at 1:1"),
        ("'a'", "Unexpected character ''' at 1:1"),
    ],
)
def test_errors_in_strings(text: str, error: str) -> None:
    assert errors(text)[:1] == [error]


def test_expressions_in_strings_stand_at_their_own_place() -> None:
    text = 'let a = """\n  é ${ f("${ x + yy }") }"""'
    program = parse(SourceFile("test.harn", text)).program
    assert program is not None
    let = program.body[0]
    assert isinstance(let, nodes.Let)
    assert isinstance(let.value, nodes.Interpolation)
    call = let.value.parts[1]
    assert isinstance(call, nodes.Call)
    assert text[slice(*call.span)] == 'f("${ x + yy }")'
    inner = call.args[0]
    assert isinstance(inner, nodes.Interpolation)
    total = inner.parts[0]
    assert isinstance(total, nodes.Binary)
    assert text[slice(*total.span)] == "x + yy"
    assert text[slice(*total.right.span)] == "yy"


def test_strings_nest_in_one_another_up_to_a_bound() -> None:
    fits = '"${' * MAX_HOLES + "x" + '}"' * MAX_HOLES
    assert not errors(fits)
    assert errors(f'"${{{fits}}}"') == [f"nested too deeply: a program may have {MAX_DEPTH} levels"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
        ("9223372036854775808", float(2**63)),
        ("9" * 5000, float("inf")),
        ("0" * 5000 + "7", 7),
    ],
)
def test_integers(text: str, value: float) -> None:
    found = literals.integer(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("500ms", 500), ("5s", 5000), ("2m", 120_000), ("1h", 3_600_000), ("1d", 86_400_000), ("2w", 1_209_600_000)],
)
def test_durations(text: str, milliseconds: int) -> None:
    node = parse_expression(text)
    assert isinstance(node, nodes.DurationLiteral)
    assert (node.milliseconds, node.text) == (milliseconds, text)


@pytest.mark.parametrize("text", ["5mx", "5msx", "5 s", "0x10", "1_000", "1e3", ".5", "5."])
def test_numbers_of_other_languages_are_errors(text: str) -> None:
    assert errors(f"let a = {text}")


@given(st.text(alphabet=st.sampled_from('ab\\"${}\n\t é'), max_size=12))
def test_escaping_is_undone(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("\n", "\\n")
    node = parse_expression(f'"{escaped}"')
    assert node == nodes.StringLiteral(value)
