"""Meters: limits are crossed strictly, reservations never let branches exceed a budget together."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from harn.steps.definitions import Budget
from harn.steps.meters import DOLLARS, TOKENS, Meter, reserve
from harn.steps.runtime import StepRuntime
from tests.steps.chains import Function, Stack, enter

amounts = st.integers(0, 30)
cents = st.integers(0, 30).map(lambda n: Decimal(n) / 100)
budgets = st.builds(Budget, st.one_of(st.none(), amounts), st.one_of(st.none(), cents))


@given(budgets, st.lists(st.tuples(amounts, cents), max_size=6))
def test_a_limit_is_crossed_strictly_and_tokens_come_first(budget: Budget, used: list[tuple[int, Decimal]]) -> None:
    """15, 17, 18, 19: counters are monotone, crossing is strict, tokens are named before dollars, totals stay."""
    meter = Meter(budget, None)
    for tokens, dollars in used:
        before = meter.recorded.tokens
        meter.add(tokens, dollars)
        assert meter.recorded.tokens >= before
    tokens, dollars = sum(t for t, _ in used), sum((d for _, d in used), Decimal(0))
    over = [
        name
        for name, limit, total in ((TOKENS, budget.max_tokens, tokens), (DOLLARS, budget.max_usd, dollars))
        if limit is not None and total > limit
    ]
    assert meter.crossed() == (over[0] if over else None)
    assert meter.recorded.tokens == tokens
    assert meter.recorded.dollars == dollars


@given(budgets, amounts, cents)
def test_nothing_left_refuses_before_anything_is_crossed(budget: Budget, tokens: int, dollars: Decimal) -> None:
    meter = Meter(budget, None)
    meter.add(tokens, dollars)
    if meter.crossed() is not None:
        assert meter.exhausted(Decimal(1)) is not None
    left_tokens, left_dollars = meter.left()
    assert (left_tokens == 0 or left_dollars == 0) == (meter.exhausted(Decimal(1)) is not None)
    # dollars only matter to a call that costs any
    assert meter.exhausted(Decimal(0)) in (None, TOKENS)


@given(budgets, st.lists(st.tuples(amounts, cents), min_size=1, max_size=8))
def test_reservations_together_stay_within_what_is_left(budget: Budget, wanted: list[tuple[int, Decimal]]) -> None:
    meter = Meter(budget, None)
    held = [made for tokens, dollars in wanted if (made := reserve((meter,), tokens, dollars)) is not None]
    reserved_tokens = sum(use.tokens for _, use in meter.reserved)
    reserved_dollars = sum((use.dollars for _, use in meter.reserved), Decimal(0))
    assert budget.max_tokens is None or reserved_tokens <= budget.max_tokens
    assert budget.max_usd is None or reserved_dollars <= budget.max_usd
    for reservation in held:
        reservation.release()
        reservation.release()
    assert meter.reserved == ()


def test_a_call_that_is_alone_is_never_held_up() -> None:
    """However much it asks for: at most what is left is reserved."""
    meter = Meter(Budget(10), None)
    meter.add(9, Decimal(0))
    first = reserve((meter,), 500, Decimal(0))
    assert first is not None
    assert reserve((meter,), 1, Decimal(0)) is None
    first.release()
    assert reserve((meter,), 1, Decimal(0)) is not None


def test_a_reservation_is_made_on_all_meters_or_on_none() -> None:
    roomy, tight = Meter(Budget(100), None), Meter(Budget(10), None)
    assert reserve((tight,), 10, Decimal(0)) is not None
    assert reserve((roomy, tight), 5, Decimal(0)) is None
    assert roomy.reserved == ()


def test_a_closed_meter_takes_and_refuses_nothing() -> None:
    meter = Meter(Budget(1, Decimal(0)), None)
    meter.add(1, Decimal(0))
    meter.close()
    meter.add(50, Decimal(50))
    assert meter.recorded.tokens == 1
    assert meter.crossed() is None
    assert meter.exhausted(Decimal(1)) is None
    assert meter.left() == (None, None)
    open_one = Meter(Budget(10), None)
    reservation = reserve((meter, open_one), 4, Decimal(1))
    assert reservation is not None
    assert (meter.reserved, open_one.free()) == ((), (6, None))
    reservation.release()
    assert open_one.free() == (10, None)


def test_the_share_is_the_larger_one_and_any_use_of_nothing_is_all() -> None:
    meter = Meter(Budget(100, Decimal(1)), None)
    meter.add(25, Decimal("0.5"))
    assert meter.share() == 50
    nothing = Meter(Budget(None, Decimal(0)), None)
    assert nothing.share() == 0
    nothing.add(0, Decimal("0.01"))
    assert nothing.share() == 100


def test_costs_are_exact_and_never_negative() -> None:
    """Ten times ten cents are a dollar; what is no amount counts as nothing."""
    runtime, stack, function = StepRuntime(), Stack(), Function("f")
    runtime.register_step(function, {})
    entries = enter(runtime, stack, function.tracked)
    assert entries is not None
    assert entries.step is not None
    for cost in [0.1] * 10 + [-5.0, float("inf"), float("nan")]:
        runtime.record_step_llm_usage(stack, "m", 1, 0, cost)
    for amount in ("NaN", "Infinity", "-1"):
        runtime.record_step_llm_usage(stack, "m", -1, 0, Decimal(amount))
    assert entries.step.counted.cost == Decimal(1)
    assert (entries.step.counted.input_tokens, entries.step.counted.llm_calls) == (13, 16)
