"""Assertions: each throws a text where what it states does not hold."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display, excerpt
from harn.values.equality import equal
from harn.values.errors import thrown


@builtin("assert(condition: any, message?: any) -> nil", examples=[("assert(1 < 2)", "nil")])
def assert_(condition: Any, message: Any = None) -> None:
    """Throw the message's display text, or `Assertion failed`, unless the condition is true."""
    if not condition:
        raise thrown("Assertion failed" if message is None else display(message))


@builtin("assert_eq(actual: any, expected: any, message?: any) -> nil", examples=[("assert_eq(1 + 1, 2)", "nil")])
def assert_eq(actual: Any, expected: Any, message: Any = None) -> None:
    """Throw unless two values are equal."""
    if not equal(actual, expected):
        text = f"Assertion failed: expected {excerpt(expected)}, got {excerpt(actual)}"
        raise thrown(text if message is None else display(message))


@builtin("assert_ne(actual: any, unexpected: any, message?: any) -> nil", examples=[("assert_ne(1, 2)", "nil")])
def assert_ne(actual: Any, unexpected: Any, message: Any = None) -> None:
    """Throw if two values are equal."""
    if equal(actual, unexpected):
        text = f"Assertion failed: values should not be equal: {excerpt(actual)}"
        raise thrown(text if message is None else display(message))
