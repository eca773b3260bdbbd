"""What every program uses: kinds and conversion, length, Result, the end of the run."""

from __future__ import annotations

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.display import display, excerpt
from harn.values.errors import ExitRun, runtime_error
from harn.values.kinds import RESULT, Enum, Range, Set, err, ok, type_name
from harn.values.numerals import float_from_text, int_from_text
from harn.values.operators import HIGHEST, LOWEST
from harn.vm.machine import Context


@builtin("type_of(value: any) -> string", examples=[("type_of(1.5)", "float"), ("type_of([])", "list")])
def type_of(value: Any) -> str:
    """The name of a value's kind: `int`, `string`, `list`, `closure` and so on."""
    return type_name(value)


@builtin(
    "to_string(value: any) -> string",
    ctx=True,
    examples=[("to_string(1.0)", "1.0"), ('to_string(["a", nil])', "[a, nil]")],
)
def to_string(ctx: Context, value: Any) -> str:
    """The display text of a value, as `println` and interpolation show it."""
    return display(value, ctx.vm.value_bytes)


@builtin(
    "to_int(value: any) -> int?",
    examples=[('to_int("42")', "42"), ("to_int(-3.7)", "-3"), ('to_int("4.9")', "nil"), ("to_int(true)", "nil")],
)
def to_int(value: Any) -> int | None:
    """The int a text of digits names, or a float cut towards zero (at most the largest int); nil for anything else."""
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return int_from_text(value)
    if kind is not float:
        return None
    if value != value:
        return 0
    return HIGHEST if value >= 2.0**63 else LOWEST if value <= -(2.0**63) else int(value)


@builtin(
    "to_float(value: any) -> float?",
    examples=[('to_float("2.5")', "2.5"), ("to_float(3)", "3.0"), ('to_float("x")', "nil")],
)
def to_float(value: Any) -> float | None:
    """The float a text or an int names; nil for anything else."""
    kind = value.__class__
    if kind is float:
        return value  # type: ignore[no-any-return]
    return float(value) if kind is int else float_from_text(value) if kind is str else None


@builtin(
    "len(value: any | string | bytes | list | dict | set | range) -> int",
    examples=[('len("héllo")', "5"), ("len({a: 1})", "1"), ("len(5)", "0")],
)
def len_(value: Any) -> int:
    """Characters of a text, bytes, elements, entries, numbers of a range; 0 for everything else."""
    kind = value.__class__
    if kind is list or kind is str or kind is dict or kind is Set or kind is bytes:
        return len(value)
    return value.count() if kind is Range else 0


def _variant(value: Any) -> str:
    """``Ok`` or ``Err`` of a Result, else an empty text."""
    return str(value.variant) if value.__class__ is Enum and value.type.name == RESULT.name else ""


def _content(result: Enum) -> Any:
    return result.payload[0] if result.payload else None


@builtin("Ok<T>(value?: T) -> Result", keeps=["value"], examples=[("Ok(1)", "Result.Ok(1)")])
def ok_(value: Any = None) -> Enum:
    """A Result that went well."""
    return ok(value)


@builtin("Err<T>(error?: T) -> Result", keeps=["error"], examples=[('Err("late")', "Result.Err(late)")])
def err_(error: Any = None) -> Enum:
    """A Result that failed."""
    return err(error)


@builtin("is_ok(value: any) -> bool", examples=[("is_ok(Ok(1))", "true"), ("is_ok(5)", "false")])
def is_ok(value: Any) -> bool:
    """Whether a value is `Ok`."""
    return _variant(value) == "Ok"


@builtin("is_err(value: any) -> bool", examples=[('is_err(Err("late"))', "true"), ("is_err(5)", "false")])
def is_err(value: Any) -> bool:
    """Whether a value is `Err`."""
    return _variant(value) == "Err"


@builtin(
    "unwrap<T, U>(value: U | Result<T, any>) -> T",
    keeps=["value"],
    examples=[("unwrap(Ok(1))", "1"), ("unwrap(3)", "3")],
)
def unwrap(value: Any) -> Any:
    """What an `Ok` holds; a value that is no Result is given back; an `Err` raises an error."""
    variant = _variant(value)
    if variant == "Err":
        raise runtime_error(f"unwrap called on Err: {excerpt(_content(value))}")
    return _content(value) if variant == "Ok" else value


@builtin(
    "unwrap_or<T, U, F>(value: U | Result<T, any>, fallback: F) -> T | F",
    keeps=["value", "fallback"],
    examples=[("unwrap_or(Err(1), 2)", "2"), ("unwrap_or(Ok(1), 2)", "1")],
)
def unwrap_or(value: Any, fallback: Any) -> Any:
    """What an `Ok` holds, the fallback for an `Err`; a value that is no Result is given back."""
    variant = _variant(value)
    return fallback if variant == "Err" else _content(value) if variant == "Ok" else value


@builtin(
    "unwrap_err<E>(value: any | Result<any, E>) -> E", keeps=["value"], examples=[('unwrap_err(Err("late"))', "late")]
)
def unwrap_err(value: Any) -> Any:
    """What an `Err` holds; anything else raises an error."""
    if _variant(value) != "Err":
        raise runtime_error("unwrap_err called on non-Err")
    return _content(value)


@builtin("unreachable(value?: any) -> never")
def unreachable(value: Any = None) -> None:
    """Raise an error: for places no run is meant to reach."""
    raise runtime_error(
        "unreachable code was reached" if value is None else f"unreachable code was reached: {excerpt(value)}"
    )


@builtin("exit(code?: any | int) -> never", effects=["proc.exit"])
def exit_(code: Any = 0) -> None:
    """End the run at once with an exit code (0 where it is no int): no `finally`, `catch` or `defer` runs."""
    raise ExitRun(code if code.__class__ is int else 0)
