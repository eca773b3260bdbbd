"""Hooks: patterns, events and what answers mean, without a machine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harn.steps.definitions import Tracked, read_persona, read_step
from harn.steps.hooks import EventError, Hook, due, matching_hooks, parse_event, pattern_matches, read_post_answer
from harn.steps.runtime import StepRuntime
from harn.vm.chain import FrameChain
from harn.vm.frame import Frame, OnlyStep, Side

names = st.text("ab*", max_size=4)


@given(names, names)
@example("*a", "ab")
@example("b*", "ab")
@example("a*b", "a*b")
def test_globs_have_four_cases(pattern: str, name: str) -> None:
    """49."""
    if pattern == "*":
        expected = True
    elif pattern.endswith("*"):
        expected = name[: len(pattern) - 1] == pattern[:-1]
    elif pattern.startswith("*"):
        expected = len(name) >= len(pattern) - 1 and name[len(name) - len(pattern) + 1 :] == pattern[1:]
    else:
        expected = name == pattern
    assert pattern_matches(pattern, name) is expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("PreStep", ("PreStep", None)),
        ("  PostStep\n", ("PostStep", None)),
        ("OnBudgetThreshold", ("OnBudgetThreshold", None)),
        ("OnBudgetThreshold(80)", ("OnBudgetThreshold", Decimal(80))),
        ("OnBudgetThreshold( 12.5 )", ("OnBudgetThreshold", Decimal("12.5"))),
        ("OnBudgetThreshold(-5)", ("OnBudgetThreshold", Decimal(-5))),
        ("OnBudgetThreshold(1e3)", ("OnBudgetThreshold", Decimal(1000))),
    ],
)
def test_events(written: str, read: tuple[str, Decimal | None]) -> None:
    assert parse_event(written) == read


@pytest.mark.parametrize(
    "written",
    ["", "prestep", "PostStep(1)", "OnBudgetThreshold(", "OnBudgetThreshold(x)", "OnBudgetThreshold(1_0)", "PreStep()"],
)
def test_what_is_no_event(written: str) -> None:
    with pytest.raises(EventError):
        parse_event(written)


@given(st.text(max_size=20))
def test_any_text_is_an_event_or_refused(written: str) -> None:
    for text in (written, f"OnBudgetThreshold({written})"):
        try:
            _, percent = parse_event(text)
        except EventError:
            continue
        due(Hook(0, "*", None, "OnBudgetThreshold", percent, None), Decimal(50))


@given(st.lists(st.tuples(st.sampled_from(("*", "p", "q*")), st.sampled_from((None, "s", "t"))), max_size=6))
def test_handlers_come_in_order_of_registration(registered: list[tuple[str, str | None]]) -> None:
    runtime = StepRuntime()
    for place, (pattern, step) in enumerate(registered):
        if step is None:
            runtime.register_persona_hook(pattern, "PreStep", place)
        else:
            runtime.register_step_hook(pattern, step, "PreStep", place)
    found = matching_hooks(runtime.hooks, "PreStep", "p", "s")
    expected = [n for n, (pattern, step) in enumerate(registered) if pattern in ("*", "p") and step in (None, "s")]
    assert [hook.handler for hook in found] == expected
    runtime.clear_persona_hooks()
    assert [hook.handler for hook in found] == expected
    assert matching_hooks(runtime.hooks, "PreStep", "p", "s") == []


def test_thresholds_fire_when_they_are_reached() -> None:
    at_half = Hook(0, "*", None, "OnBudgetThreshold", Decimal(50), None)
    assert not due(at_half, Decimal("49.999"))
    assert due(at_half, Decimal(50))
    assert due(at_half._replace(percent=None), Decimal(0))
    assert not due(at_half._replace(percent=Decimal("NaN")), Decimal(100))


plain = st.one_of(st.none(), st.booleans(), st.integers())
answers = st.one_of(
    st.none(),
    st.just("Pass"),
    st.fixed_dictionaries({}, optional={"output": plain, "result": plain, "modify": plain, "x": plain}),
)


@given(st.lists(answers, max_size=5), st.integers())
def test_the_value_after_hooks_is_a_left_fold(given_answers: list[Any], output: int) -> None:
    """37."""
    value: Any = output
    for answer in given_answers:
        value = read_post_answer(answer, value)
    expected: Any = output
    for answer in given_answers:
        if isinstance(answer, dict):
            expected = next((answer[key] for key in ("output", "result", "modify") if key in answer), expected)
    assert value == expected


def test_a_definition_is_read_whole() -> None:
    """A second registration forgets what it does not name."""
    first = read_step("f", {"name": "n", "budget": {"max_tokens": 5}, "retry": {"max_attempts": 2}})
    assert (first.name, first.budget.max_tokens, first.attempts) == ("n", 5, 2)
    second = read_step("f", {})
    assert (second.name, second.budget.max_tokens, second.attempts) == ("f", None, 1)


def test_a_barrier_hides_what_frames_carry() -> None:
    """38, on a machine's own records: one with a step and nothing else, one with a persona, too."""
    runtime, light, whole = StepRuntime(), Frame(), Frame()
    light.side, whole.side = OnlyStep(), Side()
    light.side.policy = None
    tracked = Tracked(read_step("f", {"model": "m"}), read_persona("f", {"name": "p"}))
    chain = FrameChain([whole, light])
    runtime.personas = True
    assert runtime.maybe_push_active_persona(whole.side, tracked)
    assert runtime.maybe_push_active_step(chain, light.side, tracked, [])
    entry = light.side.step
    assert entry is not None
    for _ in range(2):
        assert runtime.with_active_step(chain) is entry
        assert runtime.active_step_frame_depth(chain) == 2
        assert (runtime.current_persona_name(chain), entry.persona_name) == ("p", "p")
        runtime.take_active_context(chain)
        assert chain.depth() == 3
        assert runtime.with_active_step(chain) is None
        assert runtime.active_step_model_default(chain) is None
        assert runtime.current_persona_name(chain) is None
        assert not runtime.pop_and_record(chain, 2, "failed", "no")
        runtime.restore_active_context(chain)
    assert runtime.prune_below_frame(chain, 1)[0].persona == "p"
    assert (light.side.step, whole.side.persona is None) == (None, False)
