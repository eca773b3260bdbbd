"""Operators against exact arithmetic, and every error text."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harn.values.equality import equal
from harn.values.errors import HarnError, LimitReached
from harn.values.kinds import Duration, ok
from harn.values.operators import add, divide, modulo, multiply, negate, power, subtract
from tests.strategies.values import HIGHEST, LOWEST, finite_floats, integers, numbers, plain

Operator = Callable[[Any, Any, int], Any]
LIMIT = 10_000


def two_complement(exact: int) -> int:
    """The number that the low 64 bits of an exact result mean."""
    return int.from_bytes((exact & (2**64 - 1)).to_bytes(8, "little"), "little", signed=True)


@given(integers, integers)
def test_ints_wrap(a: int, b: int) -> None:
    assert add(a, b, LIMIT) == two_complement(a + b)
    assert subtract(a, b, LIMIT) == two_complement(a - b)
    assert multiply(a, b, LIMIT) == two_complement(a * b)
    assert negate(a) == two_complement(-a)


@given(integers, st.integers(0, 70))
def test_powers_wrap(a: int, exponent: int) -> None:
    assert power(a, exponent, LIMIT) == two_complement(a**exponent)


@given(integers, integers.filter(bool))
def test_division_truncates_and_the_rest_has_the_sign_of_the_dividend(a: int, b: int) -> None:
    quotient, rest = divide(a, b, LIMIT), modulo(a, b, LIMIT)
    assert two_complement(quotient * b + rest) == a
    assert abs(rest) < abs(b)
    assert rest == 0 or (rest < 0) == (a < 0)
    assert quotient == (
        HIGHEST + 1 if (a, b) == (LOWEST, -1) else abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    ) or ((a, b) == (LOWEST, -1) and quotient == LOWEST)


@given(numbers, numbers)
def test_a_float_makes_floats(a: Any, b: Any) -> None:
    if a.__class__ is int and b.__class__ is int:
        return
    for operator in (add, subtract, multiply, divide, power):
        assert operator(a, b, LIMIT).__class__ is float


@given(finite_floats, finite_floats.filter(bool))
def test_float_rest(a: float, b: float) -> None:
    rest = modulo(a, b, LIMIT)
    assert abs(rest) < abs(b)
    assert rest == 0 or math.copysign(1, rest) == math.copysign(1, a)


@pytest.mark.parametrize(
    ("operator", "a", "b", "result"),
    [
        (divide, -7, 2, -3), (divide, 7, -2, -3), (modulo, -7, 2, -1), (modulo, 7, -2, 1), (divide, 1.0, 0, math.inf),
        (divide, -1.0, 0.0, -math.inf), (divide, 3, 0.0, math.inf), (divide, 3, -0.0, -math.inf), (modulo, -7.5, 2, -1.5),
        (modulo, 7, -2.5, 2.0), (modulo, 5.5, math.inf, 5.5), (power, 2, 62, 4611686018427387904), (power, 2, 63, LOWEST),
        (power, 2, 64, 0), (power, 2, -1, 0.5), (power, 4, 0.5, 2.0), (power, 0, 0, 1), (power, 2, 3.0, 8.0),
        (power, 0, -1, math.inf), (power, -0.0, -1, -math.inf), (power, -0.0, -2, math.inf), (power, 10.0, 400, math.inf),
        (power, -10.0, 401, -math.inf), (power, 3, 2**31, pow(3, 2**31, 2**64) - 0), (power, 2, 2**32, math.inf),
        (divide, LOWEST, -1, LOWEST), (modulo, LOWEST, -1, 0), (add, HIGHEST, 1, LOWEST), (multiply, "ab", 2, "abab"),
        (multiply, 0, "x", ""), (multiply, -3, "x", ""), (add, "a", "b", "ab"), (add, [1], [2], [1, 2]),
        (add, {"a": 1, "b": 1}, {"b": 2}, {"a": 1, "b": 2}),
    ],
)  # fmt: skip
def test_results(operator: Operator, a: Any, b: Any, result: Any) -> None:
    wanted = two_complement(result) if result.__class__ is int else result
    assert equal(operator(a, b, LIMIT), wanted)
    assert operator(a, b, LIMIT).__class__ is result.__class__


@pytest.mark.parametrize("pair", [(0.0, 0), (0, 0.0), (math.nan, 0)])
def test_no_number_divided_by_zero(pair: tuple[Any, Any]) -> None:
    assert math.isnan(divide(*pair, LIMIT))


def test_no_number_from_powers_and_rests() -> None:
    assert math.isnan(power(-8, 1 / 3, LIMIT))
    assert math.isnan(modulo(math.inf, 2, LIMIT))


ERRORS: list[tuple[Operator, Any, Any, str]] = [
    (add, 1, "a", "Type error: Cannot add int and string"),
    (add, None, None, "Type error: Cannot add nil and nil"),
    (add, True, 1, "Type error: Cannot add bool and int"),
    (add, Duration(1), Duration(1), "Type error: Cannot add duration and duration"),
    (subtract, "a", "b", "Type error: Cannot subtract string from string"),
    (subtract, 1, None, "Type error: Cannot subtract nil from int"),
    (multiply, "a", "b", "Type error: Cannot multiply string and string"),
    (multiply, True, 2, "Type error: Cannot multiply bool and int"),
    (multiply, [1], 2, "Type error: Cannot multiply list and int"),
    (divide, "a", 2, "Runtime error: Cannot divide string by int"),
    (modulo, "a", 2, "Runtime error: Cannot modulo string by int"),
    (power, "a", 2, "Type error: Cannot exponentiate string by int"),
    (divide, 1, 0, "Division by zero"),
    (modulo, 1, 0, "Division by zero"),
    (modulo, 5.5, 0, "Division by zero"),
    (modulo, 5, 0.0, "Division by zero"),
]


@pytest.mark.parametrize(("operator", "a", "b", "text"), ERRORS)
def test_errors(operator: Operator, a: Any, b: Any, text: str) -> None:
    with pytest.raises(HarnError) as caught:
        operator(a, b, LIMIT)
    assert caught.value.bound() == text


def test_negation_of_what_is_no_number() -> None:
    with pytest.raises(HarnError) as caught:
        negate("a")
    assert caught.value.bound() == "Runtime error: Cannot negate value of type string"
    assert math.copysign(1, negate(0.0)) == -1


@given(plain, plain)
def test_operators_give_a_value_or_a_harn_error(a: Any, b: Any) -> None:
    for operator in (add, subtract, multiply, divide, modulo, power):
        try:
            operator(a, b, LIMIT)
        except (HarnError, LimitReached):
            pass


def test_nothing_is_built_above_the_limit() -> None:
    for operator, a, b in (
        (multiply, "ab", 10**12),
        (multiply, 10**12, "ab"),
        (add, "a" * 6000, "b" * 6000),
        (add, [0] * 700, [0] * 700),
    ):
        with pytest.raises(LimitReached) as caught:
            operator(a, b, LIMIT)
        assert caught.value.kind == "value_bytes"
    big = {str(n): n for n in range(700)}
    with pytest.raises(LimitReached):
        add(big, {"x" + key: 0 for key in big}, LIMIT)


@given(plain, plain)
def test_operands_are_left_as_they_were(a: Any, b: Any) -> None:
    left, right = [a], [b]
    joined = add(left, right, LIMIT)
    joined.append(ok(1))
    merged = add({"a": a}, {"b": b}, LIMIT)
    merged["c"] = 1
    assert left == [a]
    assert right == [b]
