"""Random programs of steps whose calls take the way through a host function: they do what they do without it."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings

import harn
from harn.host.clock import VirtualClock
from tests.effort import examples
from tests.steps import programs as shapes
from tests.steps.programs import UNIT_TOKENS, Defer, Hold, Lock, Program, programs, text
from tests.steps.test_programs import expected

THROUGH_THE_HOST = {
    "map": 'let {v} = [host({{ -> {f} }})]\n  println("{v} ${{{v}}}")',
    "variable": 'let {v} = host({{ -> {f} }})\n  println("{v} ${{{v}}}")',
}
"""Forms of calls that give what the form they take the place of gives."""


@harn.function(effects=())
def plain(f: Any) -> Any:
    return f()


@harn.function(effects=())
async def waiting(f: Any) -> Any:
    return await f()


@pytest.mark.parametrize("host", [plain, waiting], ids=["plain", "async"])
@settings(max_examples=examples(30))
@given(programs(extras=(Defer, Hold, Lock), hooks=2))
def test_calls_through_the_host(host: Any, program: Program) -> None:
    evaluator = expected(program)
    with mock.patch.dict(shapes._INVOKES, THROUGH_THE_HOST):
        source = text(program)
    out = harn.run(source, functions={"host": host}, host=harn.Host.sandbox(clock=VirtualClock()))
    assert out.stdout == "".join(f"{line}\n" for line in evaluator.branch.printed), source
    told = [(s["name"], s["status"], s["input_tokens"] // UNIT_TOKENS, s["llm_calls"], s["model"]) for s in out.steps]
    assert told == [logged[:5] for logged in evaluator.log], source
