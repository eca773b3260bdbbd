"""Statistics of lists of numbers. All results are floats, summed up from left to right."""

from __future__ import annotations

import math

from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import runtime_error, type_error
from harn.values.operators import is_number

List = list[Any]


def _numbers(name: str, items: List) -> list[float]:
    if not all(is_number(item) for item in items):
        raise type_error(f"{name} must be numeric")
    return [float(item) for item in items]


def _some_numbers(name: str, items: List) -> list[float]:
    numbers = _numbers(name, items)
    if not numbers:
        raise runtime_error(f"{name}: items must not be empty")
    return numbers


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def _between(ordered: list[float], place: float) -> float:
    """The value at a place between two elements, on the line through them."""
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _variance(name: str, items: List, sample: Any) -> float:
    numbers = _some_numbers(name, items)
    if sample and len(numbers) < 2:
        raise runtime_error("sample variance requires at least 2 values")
    middle = _mean(numbers)
    return sum((number - middle) ** 2 for number in numbers) / (len(numbers) - (1 if sample else 0))


@builtin(
    "mean(items: list<number>) -> float", examples=[("mean([1, 2, 4])", "2.3333333333333335"), ("mean([])", "0.0")]
)
def mean(items: List) -> float:
    """The arithmetic mean, 0.0 of an empty list."""
    numbers = _numbers("mean", items)
    return _mean(numbers) if numbers else 0.0


@builtin(
    "median(items: list<number>) -> float", examples=[("median([9, 1, 5])", "5.0"), ("median([4, 1, 3, 2])", "2.5")]
)
def median(items: List) -> float:
    """The number in the middle, or the mean of the two there."""
    ordered = sorted(_some_numbers("median", items))
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


@builtin("percentile(items: list<number>, p?: number) -> float", examples=[("percentile([1, 2, 3, 4], 25)", "1.75")])
def percentile(items: List, p: int | float | None = None) -> float:
    """The number below which `p` percent (0 to 100) of the numbers lie, on the line between the two nearest."""
    numbers = _some_numbers("percentile", items)
    if p is None:
        raise type_error("percentile must be numeric")
    if not 0 <= p <= 100:
        raise runtime_error("percentile must be between 0 and 100")
    return _between(sorted(numbers), p / 100 * (len(numbers) - 1))


@builtin(
    "variance(items: list<number>, sample?: any) -> float",
    examples=[("variance([2, 4, 4, 4, 5, 5, 7, 9])", "4.0"), ("variance([2, 4], true)", "2.0")],
)
def variance(items: List, sample: Any = None) -> float:
    """The mean square distance from the mean; with `sample` that of a population the numbers are a sample of."""
    return _variance("variance", items, sample)


@builtin("stddev(items: list<number>, sample?: any) -> float", examples=[("stddev([2, 4, 4, 4, 5, 5, 7, 9])", "2.0")])
def stddev(items: Any, sample: Any = None) -> float:
    """The square root of the variance."""
    return math.sqrt(_variance("stddev", items, sample))
