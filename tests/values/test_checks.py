"""Annotated parameters at run time."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given

from harn.catalog.signature import parse_type
from harn.values.checks import acceptance, parameter_check
from harn.values.errors import HarnError
from harn.values.keys import set_of
from harn.values.kinds import Closure, Duration, Enum, Range, Struct
from tests.strategies.values import COLOR, POINT, values

FUNCTION = Closure(SimpleNamespace(names=("x",), room=[]), [], None)
USER = "{name: string, age?: int}"
ORDER = "{id: int, who: {name: string}, lines: list<{sku: string}>}"


def fault(term: Any, value: Any, name: str = "p") -> str | None:
    """What a parameter's check says of a value; None where it fits."""
    check = parameter_check(name, parse_type(term) if isinstance(term, str) else term)
    assert check is not None
    try:
        check(value)
    except HarnError as error:
        return str(error.bound())
    return None


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("int", 5), ("int", 5.5), ("float", 5), ("string", ""), ("bool", False), ("nil", None), ("bytes", b""),
        ("set", set_of([])),
        ("list", [1]), ("dict", {}), ("dict", Struct(POINT, {})), ("fn(int) -> int", FUNCTION), ("closure", FUNCTION),
        ("list<int>", [1, 2.5]), ("list<Point>", [1, "x"]), ("dict<string, int>", {"a": 1}), ("dict<int, int>", {"a": "x"}),
        ("string|int", 1), ("int|nil", None), ("1|2", 2.0), ('"a"|"b"', "b"), (USER, {"name": "ann", "extra": 1}),
        (USER, Struct(POINT, {"name": "ann"})), (ORDER, {"id": 1, "who": {"name": "x"}, "lines": [{"sku": "a"}]}),
        ("list<list<string>>", [[], ["a"]]), (("interface", "Shape"), Struct(POINT, {})),
        (("interface", "Shape"), Enum(COLOR, "Red")),
    ],
)  # fmt: skip
def test_what_fits(term: Any, value: Any) -> None:
    assert fault(term, value) is None


@pytest.mark.parametrize(
    "term",
    ["any", "unknown", "T", "Point", "duration", "range", "iter<int>", "Result<int, string>", "Stream<int>", "Point|nil",
     "{at: Point, n: int}", "any|int"],
)  # fmt: skip
def test_types_that_are_not_checked(term: str) -> None:
    assert parameter_check("p", parse_type(term)) is None


RUNTIME, TYPE = "Runtime error: TypeError: parameter 'p'", "Type error: parameter 'p"
INTS = f"{RUNTIME}: at root[1]: expected type 'int', got 'string'; at root[2]: expected type 'int', got 'bool'"


@pytest.mark.parametrize(
    ("term", "value", "text"),
    [
        ("int", "5", f"{RUNTIME} expected int, got string (5)"),
        ("int", None, f"{RUNTIME} expected int, got nil (nil)"),
        ("int", True, f"{RUNTIME} expected int, got bool (true)"),
        ("string", [1], f"{RUNTIME} expected string, got list ([1])"),
        ("string", Struct(POINT, {"x": 1}), f"{RUNTIME} expected string, got dict (Point {{x: 1}})"),
        ("list", {"a": 1}, f"{RUNTIME} expected list, got dict ({{a: 1}})"),
        ("fn(int) -> int", Duration(1), f"{RUNTIME} expected closure, got duration (1ms)"),
        ("string|int", True, f"{RUNTIME} expected string|int, got bool (true)"),
        ("int|{a: int}|list<int>", Range(1, 2, False), f"{RUNTIME} expected int|dict|list, got range (1 to 2)"),
        ("list<int>", "x", f"{RUNTIME} expected list, got string (x)"),
        ("list<int>", [1, "b", True], INTS),
        ("list<list<string>>", [["a"], ["b", 3]], f"{RUNTIME}: at root[1][1]: expected type 'string', got 'int'"),
        ("list<int|nil>", ["x"], f"{RUNTIME}: at root[0]: value did not match any union branch"),
        ("list<\"a\"|\"b\">", ["a", "c"], f"{RUNTIME}: at root[1]: value must be one of [a, b]"),
        ("list<dict<string, int>>", [{"k": "v"}], f"{RUNTIME}: at root[0].k: expected type 'int', got 'string'"),
        ('"low"|"high"', "mid", f"{RUNTIME}: value must be one of [low, high]"),
        ('"low"|"high"', 5, f"{RUNTIME} expected string, got int (5)"),
        ("1|2", 3, f"{RUNTIME}: value must be one of [1, 2]"),
        ('"a"', "b", f"{RUNTIME}: expected constant a, got b"),
        ("dict", [1], f"{TYPE}': expected dict or struct, got list"),
        ("dict<string, int>", {"a": 1, "b": "x"}, f"{TYPE}': field 'b' expected int, got string"),
        ("dict<string, {n: int}>", {"a": {"n": 1}, "b": {}}, f"{TYPE}.b': missing field 'n' (int)"),
        (USER, "ann", f"{TYPE}': expected dict or struct, got string"),
        (USER, {"age": 3}, f"{TYPE}': missing field 'name' (string)"),
        (USER, {"nme": "ann"}, f"{TYPE}': missing field 'name' (string), did you mean 'nme'?"),
        (USER, {"ame": "ann"}, f"{TYPE}': missing field 'name' (string)"),
        (USER, {"name": 5}, f"{TYPE}': field 'name' expected string, got int"),
        (USER, {"name": "ann", "age": None}, f"{TYPE}': field 'age' expected int, got nil"),
        ("{v: int|string}", {"v": None}, f"{TYPE}.v' expected int|string, got nil (nil)"),
        ('{v: "a"|"b"}', {"v": "c"}, f"{TYPE}.v': value must be one of [a, b]"),
        ("{v: int|string}", {}, f"{TYPE}': missing field 'v' (int|string)"),
        ("{v: {w: int}}", {}, f"{TYPE}': missing field 'v' (dict)"),
        (ORDER, {"id": 1, "who": {"name": 2}, "lines": []}, f"{TYPE}.who': field 'name' expected string, got int"),
        (ORDER, {"id": 1, "who": {"name": "x"}, "lines": [{"sku": "a"}, {}]},
        f"{TYPE}.lines': at root[1]: missing required key 'sku'"),
        (ORDER, {"id": 1, "who": "x", "lines": []}, f"{TYPE}': field 'who' expected dict or struct, got string"),
        (("interface", "Shape"), 5, f"{TYPE}': expected value satisfying interface 'Shape', got int"),
    ],
)  # fmt: skip
def test_what_does_not_fit(term: Any, value: Any, text: str) -> None:
    assert fault(term, value) == text


def test_errors_stay_readable_for_large_values() -> None:
    text = fault("list<int>", ["x"] * 1_000_000)
    assert text is not None
    assert text.count("expected type") == 100
    assert text.endswith("; ...")
    assert len(fault("int", ["x" * 10**6]) or "") < 100


TYPES = ("int", "string", "bool", "nil", "list<int>", "list<list<nil>>", "dict<string, string>", "{a: int, b?: string}",
         "int|string|nil", '"a"|"b"', "list<{a: int}>", "{a: {b: list<int>}}", "fn() -> int", "set", "bytes", "1|2",
         "bool|1")  # fmt: skip


@given(values)
def test_every_value_fits_or_has_a_text(value: Any) -> None:
    for term in TYPES:
        accepts = acceptance(parse_type(term))
        assert accepts is not None
        assert accepts(value) is (fault(term, value) is None)
