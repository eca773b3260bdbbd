"""Random programs of steps on the real machine, against an evaluator that knows nothing but the rules."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any
from unittest import mock

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from harn.llm.session import session_of
from harn.steps.entries import active_step
from harn.steps.runtime import StepRuntime
from harn.vm import pump
from harn.vm.chain import FrameChain
from harn.vm.frame import ABORT, EXIT, Done, Ended, Frame, Returned, Throw
from harn.vm.hooks import RunHooks
from harn.vm.limits import Limits
from tests.effort import examples
from tests.steps.agents import Agent
from tests.steps.evaluator import Evaluator
from tests.steps.happenings import Unmodelled
from tests.steps.programs import (
    CALLS,
    ENDINGS,
    TASKS,
    UNIT_TOKENS,
    Ask,
    Deaf,
    Defer,
    Exit,
    Hear,
    Hold,
    Lock,
    Program,
    Trace,
    Wait,
    Yield,
    programs,
    text,
)  # fmt: skip
from tests.steps.running import Run


def expected(program: Program) -> Evaluator:
    """The evaluator after its run, its output in ``said``; programs it cannot judge are left out."""
    evaluator = Evaluator(program)
    try:
        evaluator.run()
    except Unmodelled:
        assume(False)
    return evaluator


def agree(program: Program, *, watched: bool) -> None:
    """Run a program, with a tracer or without, and compare all it prints and logs with what the rules say."""
    evaluator = expected(program)
    source = text(program)
    run = Run(source, watched=watched, program=program)
    assert isinstance(run.outcome, Returned), source
    assert run.output == "".join(f"{line}\n" for line in evaluator.branch.printed), source
    assert run.logged() == evaluator.log, source
    run.check_that_nothing_stands()
    session = session_of(run.vm)
    assert session.input_tokens == evaluator.session * UNIT_TOKENS


@settings(max_examples=examples(100))
@given(programs(extras=(Defer, Hold, Lock)), st.booleans())
def test_calls_returns_throws_and_catches(program: Program, watched: bool) -> None:
    agree(program, watched=watched)


@settings(max_examples=examples(60))
@given(programs(extras=(Hear,) * 2 + (Deaf, Trace), hooks=3), st.booleans())
def test_hooks(program: Program, watched: bool) -> None:
    agree(program, watched=watched)


@settings(max_examples=examples(30))
@given(programs(extras=(Ask, Hear), calls=(*CALLS, *TASKS), hooks=3, loops=1), st.booleans())
def test_approval(program: Program, watched: bool) -> None:
    """Steps that a person is asked about first."""
    agree(program, watched=watched)


@settings(max_examples=examples(50))
@given(programs(hooks=2, loops=6), st.booleans())
def test_tools(program: Program, watched: bool) -> None:
    """Functions that handle tools for the model of an agent loop."""
    agree(program, watched=watched)


@settings(max_examples=examples(60))
@given(programs(calls=(*CALLS, *TASKS), extras=(Trace,), hooks=1), st.booleans())
def test_tasks(program: Program, watched: bool) -> None:
    agree(program, watched=watched)


@settings(max_examples=examples(60))
@given(programs(calls=(*CALLS, *ENDINGS * 4), extras=(Wait,) * 5 + (Defer,)), st.booleans())
def test_deadlines_and_cancellations(program: Program, watched: bool) -> None:
    agree(program, watched=watched)


@settings(max_examples=examples(60))
@given(programs(extras=(Yield, Yield, Trace), calls=(*CALLS, "spawn"), hooks=1), st.booleans())
def test_generators(program: Program, watched: bool) -> None:
    agree(program, watched=watched)


@settings(max_examples=examples(30))
@given(programs(extras=(Exit,) * 3 + (Defer, Hold, Lock, Trace), hooks=1, loops=1), st.integers(1, 3000), st.booleans())
def test_runs_that_are_ended(program: Program, instructions: int, watched: bool) -> None:
    """An exit or a limit: no more code of the program runs, and every step is settled as cancelled, saying why."""
    source = text(program)
    whole = Run(source, watched=watched)
    cut = Run(source, watched=watched, slices=50, limits=Limits(instructions=instructions))
    for run in (whole, cut):
        if isinstance(run.outcome, Ended):
            why = {record.error for record in run.records if record.status == "cancelled"}
            assert why <= {str(run.outcome.completion.payload)}
            assert run.outcome.completion.kind in (EXIT, ABORT)
            if run.outcome.completion.kind == EXIT:
                assert why <= {"exit 0"}
        run.check_that_nothing_stands()
    assert whole.output.startswith(cut.output)
    before = [record for record in cut.records if record.status != "cancelled"]
    assert before == whole.records[: len(before)]


@settings(max_examples=examples(25))
@given(
    programs(extras=(Hold, Lock, Yield), hooks=1)
    | programs(calls=(*CALLS, *TASKS), hooks=1, loops=1)
    | programs(extras=(Defer, Defer), hooks=1),
    st.integers(0, 60),
    st.none() | st.integers(1, 4),
)
def test_runs_that_are_interrupted(program: Program, turn: int, more: int | None) -> None:
    """Ctrl-C: what stands cleans up and is settled as cancelled; a second one ends that too."""
    source = text(program)
    whole = Run(source, watched=False, slices=50)
    cut = Run(source, watched=False, slices=50, interrupts=(turn,) if more is None else (turn, turn + more))
    cut.check_that_nothing_stands()
    if cut.vm.turn <= turn:
        assert cut.records == whole.records
    elif "defer {" not in source:  # an error of a deferred block takes the interrupt's place
        left = [record for record in cut.records if record.status != "cancelled"]
        assert not Counter(left) - Counter(whole.records)
        if "spawn {" not in source and "parallel " not in source:  # a task may end after another was told to
            assert left == cut.records[: len(left)] == whole.records[: len(left)]
        assert not isinstance(cut.outcome, Returned) or cut.output == whole.output  # it came too late


@settings(max_examples=examples(15))
@given(programs(extras=(Defer, Lock), hooks=2, loops=1), st.booleans())
def test_one_instruction_at_a_time(program: Program, watched: bool) -> None:
    """Where a turn ends makes no difference, be it after every instruction; nor does it whether somebody watches."""
    source = text(program)
    whole, stepped = Run(source, watched=not watched), Run(source, watched=watched, slices=1)
    assert stepped.output == whole.output
    assert stepped.records == whole.records


@settings(max_examples=examples(15))
@given(programs(calls=(*CALLS, *TASKS), hooks=2, loops=1))
def test_two_runs_are_equal(program: Program) -> None:
    """Nothing of a run is left for the next one."""
    source = text(program)
    first, second = Run(source), Run(source)
    assert first.output == second.output
    assert first.records == second.records


@settings(max_examples=examples(20))
@given(programs(loops=2))
def test_model_calls_hang_below_the_step_that_pays(program: Program) -> None:
    """A span for every model call that was sent, below that of its step; a task's count for its copy of the step."""
    loops = [action for made in program.functions for action in made.actions if isinstance(action, Agent)]
    assume(all(tool.how != "spawn" for loop in loops for tool in loop.tools))
    run = Run(text(program))
    assert run.watch.watched is not None
    paid = [span.parent for span in run.watch.watched if span.kind == "llm_call" and span.metadata["status"] == "ok"]
    for span in run.watch.begun:
        assert span.metadata["llm_calls"] == sum(parent is span for parent in paid)


@settings(max_examples=examples(15))
@given(st.lists(st.booleans(), min_size=1, max_size=8), st.sampled_from(("f{0}(a)", "a |> f{0}")))
def test_tail_calls_take_a_frame_where_steps_are(steps: list[bool], form: str) -> None:
    """A chain of tail calls: one into or out of a step takes a frame, any other keeps the depth."""
    depths: list[int] = []
    lines = ['fn ask() { return llm_call("x", nil, {provider: "mock"}).text }']
    for number, step in enumerate(steps):
        body = form.format(number + 1) if number + 1 < len(steps) else "ask() + a"
        lines.append(('@step(name: "s")\n' if step else "") + f"fn f{number}(a) {{ return {body} }}")
    lines.append('pipeline default() { println(f0("x")) }')
    charge = StepRuntime.record_step_llm_usage

    def noting(runtime: StepRuntime, chain: FrameChain, *figures: Any) -> Any:
        frames = [chain.frames[place] for place in range(chain.depth())]
        depths.append(sum(frame.__class__ is Frame for frame in frames))
        return charge(runtime, chain, *figures)

    with mock.patch.object(StepRuntime, "record_step_llm_usage", noting):
        run = Run("\n".join(lines))
    if any(steps):
        taken = sum(one or other for one, other in pairwise(steps))
        assert depths == [3 + taken]  # the pipeline, the first function, what it took, and ``ask``
    assert len(run.records) == sum(steps)


@settings(max_examples=examples(20))
@given(programs(hooks=3, loops=2))
def test_after_a_handler_the_same_entries_stand(program: Program) -> None:
    """Inside of a handler there is no step and no persona; after it the very same objects stand, in the same places."""
    before: list[list[Any]] = []

    def carried(frames: list[Any]) -> list[Any]:
        chain = FrameChain(frames)
        carriers = [chain.entries_at(depth) for depth in range(1, chain.depth() + 1)]
        return [(id(one.step), id(one.persona), one.policy) for one in carriers if one is not None]

    called, delivered = pump._start, pump._answer

    def start(vm: Any, task: Any, todo: Any) -> Any:
        if todo[1].__class__ is RunHooks:
            before.append(carried(task.frames))
        return called(vm, task, todo)

    def answer(task: Any, native: Any, given: Any) -> Any:
        if native.__class__ is RunHooks and given.__class__ in (Done, Throw):
            assert carried(task.frames) == before.pop()
        elif native.__class__ is RunHooks:
            assert active_step(FrameChain(task.frames)) is None
            assert FrameChain(task.frames).persona() is None
        return delivered(task, native, given)

    with mock.patch.dict(pump._ARMS, start=start), mock.patch.object(pump, "_answer", answer):
        Run(text(program))
    assert not before
