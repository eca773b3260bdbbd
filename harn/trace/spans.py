"""The span tree: what ran inside of what, and for how long.

The innermost open span is read off the task's frames: a step's entry and a model call's native each hold their own. Ended spans
are listed in order of ending. A span that began before the list was started anew is ended, but not listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.vm.frame import Effect, Frame

if TYPE_CHECKING:
    from harn.steps.entries import StepEntry
    from harn.steps.log import CompletedStep
    from harn.vm.machine import Machine, Task

AREA = "trace"


class Span:
    """One stretch of a run, ``start_ms`` after the tracer was made.

    ``number`` is 0 where no script sees it; a script counts time from ``listed_ms`` on, when its list was begun.
    """

    __slots__ = ("duration_ms", "epoch", "kind", "listed_ms", "metadata", "name", "number", "parent", "start_ms")

    def __init__(
        self, kind: str, name: str, parent: Span | None, number: int, epoch: int, start_ms: int, listed_ms: int = 0
    ) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.number = number
        self.epoch = epoch
        self.start_ms = start_ms
        self.listed_ms = listed_ms
        self.duration_ms = 0
        self.metadata: dict[str, Any] = {}

    def shown(self) -> dict[str, Any]:
        """The span as scripts see it."""
        parent = self.parent
        seen = parent is not None and parent.epoch == self.epoch and parent.number > 0
        value: dict[str, Any] = {
            "span_id": self.number,
            "parent_id": parent.number if seen and parent is not None else None,
            "kind": self.kind,
            "name": self.name,
            "start_ms": self.start_ms - self.listed_ms,
            "duration_ms": self.duration_ms,
        }
        if self.metadata:
            value["metadata"] = dict(self.metadata)
        return value


class Tracer:
    """The spans of one run. ``watched`` lists them all for whoever started the run; scripts switch their own list on and off."""

    __slots__ = ("_epoch", "_listed_ms", "_numbers", "_vm", "_zero", "listed", "on", "watched")

    def __init__(self, vm: Machine, *, watched: bool = False) -> None:
        self._vm = vm
        self._epoch = 0
        self._numbers = 0
        self._zero = self._now(None)
        self._listed_ms = 0
        self.on = False
        self.listed: list[Span] = []
        self.watched: list[Span] | None = [] if watched else None

    def switch_on(self) -> None:
        """Start a new list."""
        self._epoch += 1
        self._numbers = 0
        self._listed_ms = self.elapsed_ms(None)
        self.listed = []
        self.on = True

    def switch_off(self) -> None:
        """List no more; what is listed stays."""
        self.on = False

    def begin(self, task: Task, kind: str, name: str) -> Span | None:
        """A span that begins now inside of the innermost open one; None where nobody looks."""
        if not self.on and self.watched is None:
            return None
        number = 0
        if self.on:
            self._numbers += 1
            number = self._numbers
        return Span(kind, name, innermost(task), number, self._epoch, self.elapsed_ms(task), self._listed_ms)

    def end(self, task: Task | None, span: Span) -> None:
        """The span ends now."""
        span.duration_ms = max(0, self.elapsed_ms(task) - span.start_ms)
        if span.number and span.epoch == self._epoch:
            self.listed.append(span)
        if self.watched is not None:
            self.watched.append(span)

    def begin_step(self, task: Task, entry: StepEntry) -> Span | None:
        """The span of a step just entered."""
        span = self.begin(task, "step", entry.definition.name)
        if span is not None:
            if entry.persona is not None:
                span.metadata["persona"] = entry.persona.name
            if entry.definition.model:
                span.metadata["model"] = entry.definition.model
        return span

    def end_step(self, entry: StepEntry, record: CompletedStep) -> None:
        """The span of a step that is settled: its status and what it used."""
        span: Span = entry.span
        span.metadata.update(
            status=record.status,
            llm_calls=record.llm_calls,
            input_tokens=record.input_tokens,
            output_tokens=record.output_tokens,
            cost_usd=record.cost_usd,
        )
        if record.inclusive is not None:
            span.metadata["inclusive_tokens"], span.metadata["inclusive_cost_usd"] = record.inclusive
        entry.span = None
        self.end(None, span)

    def elapsed_ms(self, task: Task | None) -> int:
        """Time since the tracer was made."""
        return self._now(task) - self._zero

    def _now(self, task: Task | None) -> int:
        if self._vm.world is None:
            return 0
        effect = Effect("clock", "monotonic_ms", idempotent=True)
        return int(self._vm.world.perform(task, effect, None))  # type: ignore[arg-type]


def innermost(task: Task) -> Span | None:
    """The innermost open span of a task."""
    for record in reversed(task.frames):
        if record.__class__ is Frame:
            side = record.side
            if side is None or side.step is None:
                continue
            span = side.step.span
        else:
            span = getattr(record, "span", None)
            if span is None and record.entries is not None and record.entries.step is not None:
                span = record.entries.step.span
        if span is not None:
            return span  # type: ignore[no-any-return]
    return None


def tracer_of(vm: Machine) -> Tracer:
    """The tracer of a run, made at its first use."""
    if vm.tracer is None:
        vm.tracer = Tracer(vm)
    return vm.tracer  # type: ignore[no-any-return]
