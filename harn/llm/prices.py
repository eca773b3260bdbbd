"""What tokens cost, in exact decimals. The price is that of the model that served."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

THOUSAND = Decimal(1000)


class Price(NamedTuple):
    """US dollars per 1,000 tokens."""

    input: Decimal
    output: Decimal

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal:
        """The dollars of a call."""
        return (input_tokens * self.input + output_tokens * self.output) / THOUSAND


FREE = Price(Decimal(0), Decimal(0))

_TABLE: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("claude-3-5-haiku",), "0.80", "4"),
    (("claude-haiku-4",), "0.80", "4"),
    (("claude-3-5-sonnet",), "3", "15"),
    (("claude-sonnet-4",), "3", "15"),
    (("claude-3-opus",), "15", "75"),
    (("claude-opus-4",), "15", "75"),
    (("gpt-4o-mini",), "0.15", "0.60"),
    (("gpt-4o",), "2.5", "10"),
    (("gpt-4-turbo",), "10", "30"),
    (("o1-mini",), "3", "12"),
    (("o1",), "15", "60"),
    (("o3",), "15", "60"),
    (("llama", "70b"), "0.59", "0.79"),
    (("llama", "8b"), "0.05", "0.08"),
    (("mistral-large",), "2", "6"),
    (("mistral-small",), "0.2", "0.6"),
    (("gemini-2", "flash"), "0.10", "0.40"),
    (("gemini-2", "pro"), "1.25", "5"),
)
"""Parts that a model's name contains, dollars per million input and output tokens. The first row that fits counts."""


def price_of(model: str) -> Price:
    """The price of a model; nothing where none is known."""
    name = model.lower()
    for parts, given, made in _TABLE:
        if all(part in name for part in parts):
            return Price(Decimal(given) / THOUSAND, Decimal(made) / THOUSAND)
    return FREE


def cost_of(model: str, input_tokens: int, output_tokens: int) -> Decimal:
    """The dollars of a call that ``model`` served; negative counts are 0."""
    return price_of(model).cost(max(0, input_tokens), max(0, output_tokens))


_CACHED = (("claude", Decimal("0.1"), Decimal("1.25")),)
"""Part of a model's name, and what reading and writing cached input costs, as shares of the price of plain input."""


def cache_savings(model: str, read: int, written: int) -> Decimal:
    """The dollars that caching has saved (or, below zero, cost); nothing where no prices are known."""
    rate = price_of(model).input / THOUSAND
    for part, reading, writing in _CACHED:
        if part in model.lower():
            return rate * (1 - reading) * read + rate * (1 - writing) * written
    return Decimal(0)
