"""Random programs of steps on the real machine, against an evaluator that knows nothing but the rules."""

from __future__ import annotations

from hypothesis import given, settings

from harn.compiler.compiler import compile_module
from harn.host.host import Host
from harn.source.file import SourceFile
from harn.syntax.parser import parse_program
from harn.trace.spans import Tracer
from harn.vm.driver import run_task
from harn.vm.frame import Returned
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from tests.steps.programs import Evaluator, Made, functions, text
from tests.vm.running import Printed


def run(source: str, *, watched: bool = False) -> tuple[str, Machine]:
    """What a program prints on a machine of its own, and that machine."""
    file = SourceFile("steps.harn", source)
    chunk = compile_module(parse_program(file), file, entry=True, imports={})
    printed = Printed()
    vm = Machine(Host.sandbox(), printed)
    if watched:
        vm.tracer = Tracer(vm, watched=True)
    outcome = run_task(vm, vm.start(Program(link(chunk, file), {})))
    assert isinstance(outcome, Returned), outcome
    return "".join(printed.parts), vm


@settings(max_examples=150)
@given(functions(4))
def test_programs_do_what_the_rules_say(program: tuple[Made, ...]) -> None:
    """6, 9, 10, 13, 14, 17, 19, 25, 26, 27, 46, 47, 48: values, throws, callers' state and the log, all at once."""
    source = text(program)
    printed, _ = run(source)
    assert printed == Evaluator(program).run(), source


@settings(max_examples=40)
@given(functions(4))
def test_spans_agree_with_the_log(program: tuple[Made, ...]) -> None:
    """33, 34: a span a record, ended once, with its status; model calls hang below the step that paid for them."""
    _, vm = run(text(program), watched=True)
    assert vm.tracer is not None
    records = vm.steps.peek_completed_steps()
    spans = [span for span in vm.tracer.watched if span.kind == "step"]
    assert [span.name for span in spans] == [record.name for record in records]
    assert [span.metadata["status"] for span in spans] == [record.status for record in records]
    paid = [span.parent for span in vm.tracer.watched if span.kind == "llm_call" and span.parent is not None]
    assert len(paid) == sum(record.llm_calls for record in records)


def test_two_runs_are_equal() -> None:
    """43."""
    source = text((Made(True, None, "escalate", 3, True, 2, (), 1), Made(True, 4, "fail", 2, False, 1, (), None)))
    assert run(source)[0] == run(source)[0]
