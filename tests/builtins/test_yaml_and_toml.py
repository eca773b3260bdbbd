"""YAML and TOML: what is written is read again, by others too, and what hostile texts come to."""

from __future__ import annotations

import math
import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from harn.values.equality import equal
from harn.values.errors import HarnError, LimitReached
from harn.values.keys import set_of
from tests.builtins.driving import call

words = st.sampled_from(
    "true no null ~ 1 -1.5 1e3 0x1F 017 .inf .nan - -- --- ... ? : : # #x a:b [a {b} a,b *x &x !x |x > %x @x `x 'q' \"d\" = << "
    "1:30 2001-12-14 _1 1_000 0o7 0b1 +1 . .. 1. .5".split()
)
pieces = st.one_of(
    words, st.sampled_from([" ", "\n", "\t", ": ", " #", "\\", "'", '"', "é", "😀", "\x01", "\x85", "\u2028", "\ufeff"])
)
texts = st.one_of(
    words, st.lists(pieces, max_size=4).map("".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
)
numbers = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
scalars = st.one_of(st.booleans(), numbers, texts)


def documents(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=8,
    )


def attempt(name: str, *args: Any) -> Any:
    """What a builtin gives, or the text it throws behind a mark."""
    try:
        return call(name, *args)
    except HarnError as error:
        return f"threw {error.payload}"


# -------------------------------------------------------------------------------------------------------------- YAML


@given(documents(scalars | st.none()))
def test_yaml_comes_back(value: Any) -> None:
    assert equal(call("yaml_parse", call("yaml_stringify", value)), value)


@given(documents(texts))
def test_other_readers_of_yaml_understand_texts(value: Any) -> None:
    """A reader that takes every scalar as a text finds the same; what stands behind a plain `<<` or `=` is its own affair."""
    assert yaml.load(call("yaml_stringify", value), Loader=yaml.BaseLoader) == value


@given(documents(scalars | st.none()))
def test_the_slower_scanner_gives_the_same(value: Any) -> None:
    text = call("yaml_stringify", value)
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(yaml, "CBaseLoader", raising=False)
        assert equal(call("yaml_parse", text), value)


@given(st.lists(st.sampled_from(
    ["a", ": ", "- ", "\n", "  ", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "!!int ", "? ", "|", ">", "'", '"', "#", "---\n",
     "1", "~", "\t", "%", "\x00", "<<: "]
), max_size=12))  # fmt: skip
def test_any_text_is_yaml_or_refused(parts: list[str]) -> None:
    found = attempt("yaml_parse", "".join(parts))
    if isinstance(found, str) and found.startswith("threw "):
        assert found.startswith(("threw YAML parse error: ", "threw yaml_parse: key must be a string"))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers())
def test_numbers_of_yaml(number: float, whole: int) -> None:
    assert call("yaml_parse", repr(number)) == number
    found = call("yaml_parse", str(whole))
    assert found == (whole if -(2**63) <= whole < 2**63 else float(whole))
    assert type(call("yaml_parse", call("yaml_stringify", number))) is float


def test_sizes_without_a_number() -> None:
    assert call("yaml_parse", "[.inf, -.INF, +.inf]") == [math.inf, -math.inf, math.inf]
    assert math.isnan(call("yaml_parse", ".nan"))
    assert call("yaml_stringify", [math.inf, -math.inf, math.nan]) == "- .inf\n- -.inf\n- .nan\n"


def test_aliases_multiply_nothing() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    value = call("yaml_parse", bomb)
    assert value["a59"][0] is value["a59"][1]
    with pytest.raises(LimitReached):
        call("yaml_stringify", value)
    wide: Any = ["x" * 100]
    for _ in range(15):
        wide = [wide, wide]
    assert call("yaml_stringify", wide).count("x" * 100) == 2**15


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "nested deeper than 500 levels at line 1 column 501"),
        ("- " * 100_000, "nested deeper than 500 levels at line 1 column 1001"),
        ("{a: " * 100_000, "nested deeper than 500 levels at line 1 column 2001"),
        ("&a [*a]", "the alias `a` stands within its own anchor at line 1 column 5"),
        ("a: 1\nb: *c", "unknown anchor at line 2 column 4"),
        ("x: [{a: 1, a: 2}]", 'x[0]: duplicate entry with key "a" at line 1 column 5'),
        ("--- a\n--- b", "deserializing from YAML containing more than one document is not supported"),
        ("a: \x01", "control characters are not allowed"),
        ('"\\ud83d"', "found invalid Unicode character escape code at line 1 column 4, while parsing a quoted scalar"),
    ],
)
def test_yaml_that_is_refused(text: str, words: str) -> None:
    assert attempt("yaml_parse", text) == f"threw YAML parse error: {words}"


def test_long_scalars_of_yaml() -> None:
    assert call("yaml_parse", "9" * 100_000) == "9" * 100_000
    assert call("yaml_parse", "0x" + "F" * 5_000) == "0x" + "F" * 5_000
    assert call("yaml_parse", "1e" + "9" * 9_000) == "1e" + "9" * 9_000


def test_a_value_may_be_too_deep_to_write() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert attempt("yaml_stringify", deep) == "threw yaml_stringify: nested deeper than 500 levels"
    with pytest.raises(LimitReached):
        call("yaml_stringify", ["x" * 100] * 100, value_bytes=5_000)


def test_sets_and_values_without_a_form() -> None:
    assert call("yaml_stringify", {"s": set_of(["a", "b"]), "b": b"\x00"}) == 'b: b"00"\ns:\n- a\n- b\n'


# -------------------------------------------------------------------------------------------------------------- TOML

tables = st.dictionaries(texts, documents(scalars), max_size=4)


@given(tables)
def test_toml_comes_back_and_is_what_python_reads(value: dict[str, Any]) -> None:
    text = call("toml_stringify", value)
    assert equal(call("toml_parse", text), value)
    assert equal(tomllib.loads(text), value)


lines = st.sampled_from(
    ["a = 1", "a.b = 1", "a.c = 2", "b = [1, 2]", "b = [ # c", "  1,", "]", "b = {x = 1, y.z = 2}", "[a]", "[a.b]", "[[a]]",
     "[[b]]", "[c.d]", "[c]", "d.e = 'x'", 's = "\\u00e9\\n"', 's = """', 'x"""', "t = 1979-05-27", "n = 0x1F", "n = 1_0.5e3", "",
     "# c", "c = {}", "c.f = {g = [{}]}", "[a.b.c]", "'q r'.s = true"]
)  # fmt: skip


@given(st.lists(lines, max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_what_python_reads_is_read_alike(parts: list[str], end: str) -> None:
    text = end.join(parts)
    try:
        wanted = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        found = attempt("toml_parse", text)
        # Line breaks in inline tables and commas at their ends are of a later TOML than Python's.
        assert isinstance(found, dict) or found.startswith("threw TOML parse error: TOML parse error at line ")
        return
    assert plain(call("toml_parse", text)) == plain(wanted)


def plain(value: Any) -> Any:
    """Dates as texts, and line breaks in texts alike: Python makes all of them LF."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    return value if isinstance(value, bool | int | float) else value.isoformat()


@given(st.text("a1=.[]{}\"'#\n ,-_:eTx\\u+", max_size=20))
def test_any_text_is_toml_or_refused(text: str) -> None:
    found = attempt("toml_parse", text)
    assert isinstance(found, dict) or found.startswith("threw TOML parse error: TOML parse error at line ")


def place(text: str) -> str:
    """Where and why a text is refused: first and last line of the error."""
    first, *_, last, end = attempt("toml_parse", text).split("\n")
    assert end == ""
    return f"{first.removeprefix('threw TOML parse error: TOML parse error at ')}: {last}"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = x # é\n", "line 1, column 5: string values must be quoted, expected literal string"),
        ("\n\na = 1 b = 2\n", "line 3, column 9: unexpected key or value, expected newline, `#`"),
        ("a = 1\na = 2", "line 2, column 1: duplicate key"),
        ("a.b = 1\n[a]", "line 2, column 2: duplicate key"),
        ("[a.b]\n[a]\nb.c = 1", "line 3, column 1: duplicate key"),
        ("a = {b = 1}\na.c = 2", "line 2, column 1: cannot extend value of type inline table with a dotted key"),
        ("a = {b.c = 1}\n[a.b]", "line 2, column 2: cannot extend value of type inline table with a dotted key"),
        ("a = []\n[[a]]", "line 2, column 3: duplicate key"),
        ("a = 2023-02-29", "line 1, column 5: invalid date, expected day between 01 and 28"),
        ('a = """\nx\n', 'line 2, column 3: invalid multi-line basic string, expected `"`'),
        ("a = " + "[" * 200, "line 1, column 105: values may be nested 100 levels deep, no deeper"),
        ("a = " + "{b = " * 200, "line 1, column 505: values may be nested 100 levels deep, no deeper"),
        ("a = " + "9" * 100_000, "line 1, column 5: integer number overflowed"),
        ("a = 1e" + "9" * 100, "line 1, column 5: floating-point number overflowed"),
        ('a = "\ud800"', None),
    ],
)
def test_toml_that_is_refused(text: str, words: str | None) -> None:
    if words is None:
        assert attempt("toml_parse", text) == {"a": "\ud800"}
    else:
        assert place(text) == words


def test_long_and_deep_toml() -> None:
    found = call("toml_parse", ".".join(["a"] * 20_000) + " = 1")
    for _ in range(20_000):
        found = found["a"]
    assert found == 1
    assert len(call("toml_parse", "#\n" * 200_000 + "a = [" + "1, # c\n" * 50_000 + "]")["a"]) == 50_000
    assert call("toml_parse", 'a = "' + "\\u0041" * 50_000 + '"')["a"] == "A" * 50_000


def test_toml_that_cannot_be_written() -> None:
    table: dict[str, Any] = {"x": 1}
    for _ in range(40):
        table = {"a": table, "b": table}
    assert attempt("toml_stringify", table) == "threw toml_stringify: more than 1,000,000 tables"
    items: Any = [1]
    for _ in range(60):
        items = [items, items]
    with pytest.raises(LimitReached):
        call("toml_stringify", {"a": items})
    deep: Any = {"x": 1}
    for _ in range(20_000):
        deep = {"a": deep}
    assert call("toml_stringify", deep) == "[" + ".".join(["a"] * 20_000) + "]\nx = 1\n"
    for value, kind in (
        (None, "unit"),
        ([], "array"),
        (1, "i64"),
        (1.5, "f64"),
        (True, "bool"),
        ("x", "str"),
        ({"a": [None]}, "unit"),
    ):
        assert attempt("toml_stringify", value) == f"threw toml_stringify: unsupported {kind} type"
