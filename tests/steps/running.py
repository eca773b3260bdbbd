"""Step programs on a machine of their own, watched or not, cut short or not."""

from __future__ import annotations

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from unittest import mock

from harn.code.chunk import ModuleChunk
from harn.compiler.build import std_module
from harn.compiler.compiler import compile_module
from harn.host.clock import VirtualClock
from harn.host.host import Host
from harn.source.file import SourceFile
from harn.steps.entries import PersonaEntry, StepEntry
from harn.steps.log import CompletedStep
from harn.steps.meters import Meter
from harn.syntax.parser import parse_program
from harn.trace.spans import Span, Tracer
from harn.vm import safepoint
from harn.vm.driver import run_task
from harn.vm.frame import Ended, Outcome
from harn.vm.inputs import Input, Inputs
from harn.vm.limits import Limits
from harn.vm.link import link
from harn.vm.machine import Machine
from harn.vm.modules import Program
from tests.steps.happenings import Logged
from tests.steps.programs import UNIT_TOKENS
from tests.steps.programs import Program as Steps
from tests.vm.running import Printed

std = functools.cache(std_module)


@functools.lru_cache(4)
def compiled(source: str) -> tuple[ModuleChunk, SourceFile]:
    """The code of a program; most are run more than once."""
    file = SourceFile("steps.harn", source)
    return compile_module(parse_program(file), file, entry=True, imports={}), file


class Watch(Tracer):
    """A tracer that also keeps the spans of steps as they begin."""

    __slots__ = ("begun",)

    def __init__(self, vm: Machine) -> None:
        super().__init__(vm, watched=True)
        self.begun: list[Span] = []

    def begin_step(self, task: Any, entry: Any) -> Span | None:
        span = super().begin_step(task, entry)
        assert span is not None
        self.begun.append(span)
        return span


class Impatient(Inputs):
    """Inputs with an interrupt before each of these turns."""

    __slots__ = ("turns",)

    def __init__(self, turns: tuple[int, ...]) -> None:
        super().__init__()
        self.turns = turns

    def next(self, vm: Machine) -> Input | None:
        vm.interrupts = sum(turn <= vm.turn for turn in self.turns)
        return super().next(vm)


class Person:
    """Approves of steps by name."""

    def __init__(self, program: Steps | None) -> None:
        self.program = program

    def ask(self, question: dict[str, Any]) -> bool:
        """What the program says of the step."""
        return self.program is None or self.program.functions[int(question["step"][1:])].approval is True


class Run:
    """A program run on a machine of its own: its output, how it ended, the machine, its watch and every meter it made.

    Tasks take turns at waits only, unless ``slices`` says how many instructions a turn may have. Steps that nobody watches
    return by a shorter way than others.
    """

    def __init__(
        self, source: str, *, watched: bool = True, slices: int = 10**9, limits: Limits | None = None,
        interrupts: tuple[int, ...] = (), program: Steps | None = None,
    ) -> None:  # fmt: skip
        chunk, file = compiled(source)
        printed = Printed()
        self.vm = Machine(Host.sandbox(clock=VirtualClock()).replacing(human=Person(program)), printed, limits)
        self.watch = Watch(self.vm)
        self.vm.tracer = self.watch if watched else None
        self.meters: list[Meter] = []
        self.vm.inputs = Impatient(interrupts)
        with mock.patch.object(safepoint, "SLICE", slices), mock.patch.object(Meter, "__init__", self._noting()):
            self.outcome: Outcome = run_task(self.vm, self.vm.start(Program(link(chunk, file), {}, std)))
        self.output = "".join(printed.parts)

    def _noting(self) -> Callable[..., None]:
        made, init = self.meters, Meter.__init__

        def note(meter: Meter, budget: Any, owner: object) -> None:
            init(meter, budget, owner)
            made.append(meter)

        return note

    @property
    def records(self) -> list[CompletedStep]:
        """The log."""
        return self.vm.steps.peek_completed_steps()

    def logged(self) -> list[Logged]:
        """The log as the evaluator writes it."""
        for record in self.records:
            assert (record.error is None) == (record.status == "completed")
            assert record.cost_usd == float(Decimal(record.input_tokens) / UNIT_TOKENS / 1000)
        return [
            Logged(r.name, r.status, r.input_tokens // UNIT_TOKENS, r.llm_calls, r.model, r.persona)
            for r in self.records
        ]

    def check_that_nothing_stands(self) -> None:
        """No frame, entry, open span, reservation or open meter but those of copies; a span a record, with its status."""
        assert self.vm.root is not None
        assert self.vm.tasks.alive == 0 or isinstance(self.outcome, Ended)
        tasks = [self.vm.root]
        for task in tasks:
            assert not task.frames
            assert not task.resting
            tasks.extend(task.children.values())
        assert self.watch.watched is not None
        assert all(entry.span is None for entry in self.vm.steps.settled)
        if self.vm.tracer is self.watch:
            ended = [span for span in self.watch.watched if span.kind == "step"]
            assert sorted(map(id, ended)) == sorted(map(id, self.watch.begun))
            assert [span.name for span in ended] == [record.name for record in self.records]
            assert [span.metadata["status"] for span in ended] == [record.status for record in self.records]
        for meter in self.meters:
            assert meter.reserved == ()
            owner = meter.owner
            assert isinstance(owner, (StepEntry, PersonaEntry))
            in_use = owner.meter is meter  # a copy of an entry has left its own behind for the shared one
            assert meter.closed or not in_use or (isinstance(owner, StepEntry) and owner.copy_of is not None)
