"""What a random program should print and log, by the rules alone: entries in lists, exceptions for throws, time as a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from harn.llm.resolving import DEFAULT_MODEL
from tests.steps.agents import Agent
from tests.steps.happenings import Branch, Cancelled, Fault, Logged, Region, Segment, Unmodelled
from tests.steps.hearing import Handler, Handlers
from tests.steps.loops import RANKS, Loop
from tests.steps.model import Live, Meter, active, belongs_outside, meters, persona
from tests.steps.programs import (
    SERVED,
    Deaf,
    Defer,
    Hear,
    Hold,
    Invoke,
    Lock,
    Made,
    Program,
    Raise,
    Trace,
    Use,
    Wait,
    Write,
    Yield,
    deadline_ms,
    pulls_one,
    traces,
)  # fmt: skip

LONG = 10.0


class Evaluator:
    """Runs a program. ``printed`` and ``log`` are what it should print and log."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.log: list[Logged] = []
        self.session = 0
        self.now = 0.0
        self.branch = Branch()
        self.handlers = Handlers(program.hooks)
        self.tracing = False
        self.lists = 0
        self.listed: list[str] = []

    def run(self) -> str:
        """What the whole program prints; Unmodelled where that is not for this evaluator to say."""
        try:
            self.show(f"value {self.call(0, 'a')}")
        except Fault as fault:
            self.show(f"error {fault.told}")
        if traces(self.program):
            self.show(f"spans [{', '.join(self.listed)}]")
        self.end(self.branch)
        return "".join(f"{line}\n" for line in self.branch.printed)

    def show(self, line: str) -> None:
        """Print a line."""
        self.branch.printed.append(line)

    # ------------------------------------------------------------------------------------------ calls

    def call(self, number: int, argument: str) -> str:
        """A call of a function, a step with everything around it."""
        made = self.program.functions[number]
        if made.step:
            argument = self.before(number, argument)
        attempts = made.attempts if made.step else 1
        while True:
            attempts -= 1
            own, entry = self.enter(number)
            value: str | None
            try:
                value = self.frame(number, argument)
            except Fault as fault:
                value = self.left_by(fault, made, entry, attempts)
            except Cancelled:
                self.settle(entry, "cancelled")
                self.leave(own)
                raise
            else:
                value = self.returned(entry, own, value)
            self.leave(own)
            if value is not None:
                return value

    def enter(self, number: int) -> tuple[list[Live], Live | None]:
        """Push the entries of a call: (all of them, the step)."""
        made, live = self.program.functions[number], self.branch.live
        own: list[Live] = []
        if made.persona is not None:
            entry = Live(f"p{number}", step=False, inclusive=True)
            own.append(entry.limited(made.persona.tokens, made.persona.dollars))
            live.append(entry)
        if not made.step:
            return own, None
        step = Live(f"f{number}", step=True, inclusive=made.inclusive).limited(made.tokens, made.dollars)
        step.list = self.lists if self.tracing else 0
        current = persona(live)
        own.append(step)
        live.append(step)
        level, tools = "", None
        if current is not None:
            step.under = current.name
            whose = self.program.functions[int(current.name[1:])].persona
            assert whose is not None
            stage = next((stage for stage in whose.stages if stage.step == number), None)
            if stage is not None:
                step.most, level, tools = stage.most, stage.level, stage.tools
        self.branch.policies.append((level, tools))
        return own, step

    def leave(self, own: list[Live]) -> None:
        """The frame is popped, with what it still carries."""
        for entry in reversed(own):
            if entry in self.branch.live:
                self.branch.live.remove(entry)
            entry.over()

    def frame(self, number: int, argument: str) -> str:
        """The body, then its deferred blocks, newest first."""
        deferred: list[int] = []
        left: Fault | Cancelled | None = None
        value = ""
        try:
            for _ in self.body(number, argument, deferred):
                raise AssertionError("a function does not yield")
            made = self.program.functions[number]
            value = self.call(made.tail, argument) if made.tail is not None else f"f{number} {argument}"
        except (Fault, Cancelled) as error:
            left = error
        for units in reversed(deferred):
            try:
                self.use(units)
            except Fault as error:
                if isinstance(left, Cancelled):
                    raise Unmodelled from None
                left = error
        if left is not None:
            raise left
        return value

    def returned(self, entry: Live | None, own: list[Live], value: str) -> str:
        """PostStep hooks, then the record."""
        if entry is None:
            return value
        self.take(entry)
        try:
            value = self.after(entry, value)
        except Fault:
            self.settle(entry, "failed")
            self.leave(own)
            raise
        self.settle(entry, "completed")
        return value

    def left_by(self, fault: Fault, made: Made, entry: Live | None, attempts: int) -> str | None:
        """The value for the caller of a function that an error leaves, or None where it is tried again."""
        live = self.branch.live
        if entry is None:
            self.leave_persona(made)
            raise fault
        self.take(entry)
        if fault.ending:
            status, thrown = "cancelled", fault
        elif attempts > 0 and self.may_retry(fault):
            self.settle(entry, "failed")
            return None
        elif not fault.budget or belongs_outside(live, fault.owner) or made.boundary == "fail":
            status, thrown = "failed", fault
        elif made.boundary == "continue":
            self.settle(entry, "skipped")
            return "nil"
        else:
            step = fault.step or entry.name
            thrown = Fault(
                category="handoff_escalation", step=step, limit=fault.limit, escalated=True, owner=fault.owner
            )
            status = "escalated"
            try:
                self.dispatch("OnHandoffEmitted", entry.under, entry.name)
            except Fault as broken:
                status, thrown = "failed", broken
        self.settle(entry, status)
        self.leave_persona(made)
        raise thrown

    def leave_persona(self, made: Made) -> None:
        """An error goes on: the function's persona, the innermost then, is popped."""
        if made.persona is not None:
            entry = self.branch.live.pop()
            assert not entry.step
            entry.over()

    def may_retry(self, fault: Fault) -> bool:
        """Not a denial, nor an exhausted budget while an enclosing meter has nothing left."""
        if fault.category in ("hook_denied", "approval_denied"):
            return False
        if not fault.budget:
            return True
        return not any(meter.used_up(priced=meter.dollars > 0) for meter in meters(self.branch.live))

    def take(self, entry: Live) -> None:
        """The step is no longer active."""
        if entry in self.branch.live:
            self.branch.live.remove(entry)
        entry.over()

    def settle(self, entry: Live | None, status: str) -> None:
        """One record, and the policy is gone."""
        if entry is None:
            return
        self.take(entry)
        self.branch.policies.pop()
        self.record(entry, status)

    def record(self, entry: Live, status: str) -> None:
        """A line of the log, and a span that ends."""
        if entry.list and entry.list == self.lists:
            self.listed.append(entry.name)
        declared = self.program.functions[int(entry.name[1:])].model
        model = SERVED if entry.calls else declared or None
        self.log.append(Logged(entry.name, status, entry.tokens, entry.calls, model, entry.under))

    # ------------------------------------------------------------------------------------------ generators

    def pull_all(self, seen: str, number: int, argument: str, *, one: bool) -> None:
        """A ``for`` over a generator: to its end, or its first element only."""
        made = self.program.functions[number]
        if made.step:
            argument = self.before(number, argument)
        segment = Segment(number, iter(()))
        segment.body = self.segment(segment, argument)
        started = False
        while True:
            if started:
                self.branch.resting.remove(segment)
            value = next(segment.body, None)
            if value is None:
                return
            started = True
            self.branch.resting.append(segment)
            self.show(f"{seen} {value}")
            if one:
                return

    def segment(self, segment: Segment, argument: str) -> Iterator[str]:
        """The body of a generator, entered at the first pull."""
        number = segment.number
        made = self.program.functions[number]
        own, entry = self.enter(number)
        inner = self.body(number, argument, [])
        try:
            rests = True
            while rests:
                value = next(inner, None)
                rests = value is not None
                yield from self.rest(segment, own, entry, value if value is not None else f"f{number} {argument}")
        except Fault as fault:
            if self.left_by(fault, made, entry, 0) is None:
                raise AssertionError("generators are not retried") from None
        except Cancelled:
            self.settle(entry, "cancelled")
            self.leave(own)
            raise
        else:
            self.returned(entry, own, "nil")
        self.leave(own)

    def rest(self, segment: Segment, own: list[Live], entry: Live | None, value: str) -> Iterator[str]:
        """Yield: off the task, and on again at the next pull."""
        live, policies = self.branch.live, self.branch.policies
        segment.entries = own
        del live[len(live) - len(own) :]
        segment.policies = [policies.pop()] if entry is not None else []
        yield value
        self.branch.live += own
        self.branch.policies += segment.policies

    def end(self, branch: Branch) -> None:
        """The task ends: what still rests is left, newest first."""
        for segment in reversed(branch.resting):
            for entry in reversed(segment.entries):
                entry.over()
                if entry.step:
                    self.record(entry, "cancelled")
        branch.resting.clear()

    # ------------------------------------------------------------------------------------------ actions

    def body(self, number: int, argument: str, deferred: list[int]) -> Iterator[str]:
        """The actions of a function; yields what a generator yields."""
        generator = self.program.functions[number].generator
        for place, action in enumerate(self.program.functions[number].actions):
            if isinstance(action, Use | Lock):
                self.use(action.units)
            elif isinstance(action, Defer):
                deferred.append(action.units)
            elif isinstance(action, Raise):
                raise _raised(action.kind)
            elif isinstance(action, Write):
                barred = any(RANKS[level] < RANKS["workspace_write"] for level, _ in self.branch.policies if level)
                self.show(f"barred {'true' if barred else 'false'}")
            elif isinstance(action, Wait):
                self.wait()
            elif isinstance(action, Yield):
                if generator:
                    yield f"f{number} rests"
                else:
                    self.show("on")
            elif isinstance(action, Hear):
                self.handlers.add(f"{number}_{place}", action.hook)
            elif isinstance(action, Deaf):
                self.handlers.clear()
            elif isinstance(action, Trace):
                self.tracing = action.on
                if action.on:
                    self.lists += 1
                    self.listed = []
            elif isinstance(action, Hold):
                pass  # whoever comes next gets it too, because it has gone back
            elif isinstance(action, Agent):
                Loop(self, f"v{number}_{place}", action).run()
            else:
                self.invoke(f"v{number}_{place}", number, action, argument)

    def invoke(self, seen: str, number: int, action: Invoke, argument: str) -> None:
        """A call in one of the ways there are."""
        callee, how = action.callee, action.how
        if self.program.functions[callee].generator:
            run: Callable[[], Any] = lambda: self.pull_all(seen, callee, argument, one=pulls_one(how))  # noqa: E731
            if how == "try":
                self.caught(seen, run)
            else:
                run()
        elif how == "try":
            self.caught(seen, lambda: self.show(f"{seen} {self.call(callee, argument)}"))
        elif how == "finally":
            try:
                self.show(f"{seen} {self.call(callee, argument)}")
            finally:
                self.show(f"{seen} finally")
        elif how == "deadline":
            with self.deadline(deadline_ms(number) / 1000):
                self.caught(seen, lambda: self.show(f"{seen} {self.call(callee, argument)}"))
        elif how in ("spawn", "cancel"):
            self.spawn(seen, callee, argument, cancelled=how == "cancel")
        elif how in ("parallel", "settle"):
            self.parallel(seen, callee, argument, settle=how == "settle")
        else:
            value = self.call(callee, argument)
            self.show(f"{seen} [{value}]" if how == "map" else f"{seen} {value}")

    def caught(self, seen: str, run: Callable[[], Any]) -> None:
        """A try/catch that prints."""
        try:
            run()
        except Fault as fault:
            self.show(f"{seen} caught {fault.told}")

    # ------------------------------------------------------------------------------------------ tasks and time

    @contextmanager
    def task(self, *, cancelled: bool = False, alone: bool = True) -> Iterator[Branch]:
        """Run what follows in a child of the current task."""
        parent = self.branch
        if not parent.alone:  # its siblings would go on while it waits for this one
            raise Unmodelled
        self.branch = child = Branch(parent, cancelled=cancelled, alone=alone)
        try:
            yield child
        finally:
            self.end(child)
            self.branch = parent

    def spawn(self, seen: str, callee: int, argument: str, *, cancelled: bool) -> None:
        """A child that is awaited, or cancelled after a millisecond; then nobody sees what it printed or threw."""
        if not cancelled:
            self.show(f"{seen} {self.in_task(callee, argument)}")
            return
        began, branch = self.now, self.branch.parent
        if self.branch.cancelled or (branch is not None and branch.cancelled):
            raise Unmodelled
        try:
            with self.task(cancelled=True):
                self.call(callee, argument)
        except (Fault, Cancelled):
            pass
        if self.now > began:
            raise Unmodelled
        self.now += 0.002
        if any(not region.fired and region.ends <= self.now for region in self.all_regions()):
            raise Unmodelled
        self.show(f"{seen} cancelled")

    def in_task(self, callee: int, argument: str) -> str:
        """A call in a child that is awaited."""
        with self.task() as child:
            value = self.call(callee, argument)
        self.branch.printed += child.printed
        return value

    def handler(self, seen: str, callee: int, argument: str, *, one: bool) -> None:
        """A call by a native that asks for no value."""
        if self.program.functions[callee].generator:
            self.pull_all(seen, callee, argument, one=one)
        else:
            self.call(callee, argument)

    def parallel(self, seen: str, callee: int, argument: str, *, settle: bool) -> None:
        """Two branches, run to their ends; they are joined in order."""
        ended: list[tuple[Branch, str | Fault]] = []
        for _ in range(2):
            found: str | Fault
            with self.task(alone=False) as child:
                try:
                    found = self.call(callee, argument)
                except Fault as fault:
                    found = fault
            ended.append((child, found))
        values = []
        for child, found in ended:
            if isinstance(found, Fault) and not settle:
                raise found
            self.branch.printed += child.printed
            values.append(found)
        failed = sum(isinstance(value, Fault) for value in values)
        self.show(f"{seen} {failed}" if settle else f"{seen} [{', '.join(map(str, values))}]")

    @contextmanager
    def deadline(self, seconds: float) -> Iterator[None]:
        """A region; it ends with its block, whatever became of it."""
        region = Region(self.now + seconds)
        self.branch.regions.append(region)
        try:
            yield
        finally:
            self.branch.regions.remove(region)

    def all_regions(self) -> list[Region]:
        """Deadlines of the task and of those that wait for it."""
        found: list[Region] = []
        branch: Branch | None = self.branch
        while branch is not None:
            found += branch.regions
            branch = branch.parent
        return found

    def wait(self) -> None:
        """Ten seconds, unless a cancellation or the nearest deadline comes first."""
        branch: Branch | None = self.branch
        if self.branch.cancelled and not self.branch.regions:
            raise Cancelled
        outside = [region for region in self.all_regions() if region not in self.branch.regions]
        while branch is not None:
            if branch.cancelled or not branch.alone or any(not region.fired for region in outside):
                raise Unmodelled
            branch = branch.parent
        coming = sorted((r for r in self.branch.regions if not r.fired), key=lambda region: region.ends)
        if not coming:
            self.now += LONG
            return
        if len(coming) > 1 and coming[1].ends == coming[0].ends:
            raise Unmodelled
        coming[0].fired = True
        self.now = max(self.now, coming[0].ends)
        raise Fault("Deadline exceeded", ending=True)

    # ------------------------------------------------------------------------------------------ model calls

    def use(self, units: int) -> None:
        """A model call that prints first which model it asks for."""
        self.show(f"asked {self.model}")
        self.charge(units)

    @property
    def model(self) -> str:
        """The model of a call that names none."""
        entry = active(self.branch.live)
        return (self.program.functions[int(entry.name[1:])].model if entry is not None else "") or DEFAULT_MODEL

    def charge(self, units: int) -> None:
        """A model call: refused where nothing is left, else charged, told and compared."""
        live = self.branch.live
        entry = active(live)
        if entry is not None and entry.most is not None and entry.iterations >= entry.most:
            raise Fault(category="budget_exceeded", step=entry.name, limit="max_iterations", owner=entry)
        charged = meters(live)
        for meter in charged:
            limit = meter.used_up(priced=self.model != "unpriced")
            if limit is not None:
                raise _exceeded(meter, limit)
        self.session += units
        if self.tracing:
            self.listed.append("llm_call")
        if entry is not None:
            entry.iterations += 1
            entry.tokens += units
            entry.calls += 1
        for meter in charged:
            meter.add(units, units)
        crossed = next(((meter, limit) for meter in charged if (limit := meter.crossed()) is not None), None)
        due = [one for meter in charged for one in self.thresholds(meter)]
        try:
            for heard, target in due:
                self.handle(heard, target, "nil")
        except Fault:
            if crossed is None:
                raise
        if crossed is not None:
            raise _exceeded(*crossed)

    def thresholds(self, meter: Meter) -> Iterator[tuple[Handler, str]]:
        """The handlers that a meter's share is now due for."""
        owner = meter.owner
        under, step = (owner.under, owner.name) if owner.step else (owner.name, None)
        for heard in self.handlers.matching("OnBudgetThreshold(50)", under, step):
            if not owner.copy and heard.number not in owner.told and meter.percent() >= 50:
                owner.told.add(heard.number)
                yield heard, _target(under, step)

    # ------------------------------------------------------------------------------------------ hooks

    def before(self, number: int, argument: str) -> str:
        """PreStep: the argument as the handlers leave it; a Fault for a denial or an error."""
        current = persona(self.branch.live)
        under = current.name if current is not None else ""
        if self.program.functions[number].persona is not None:
            under = f"p{number}"
        for heard in self.handlers.matching("PreStep", under, f"f{number}"):
            self.handle(heard, _target(under, f"f{number}"), "nil")
            if heard.hook.answer == "deny":
                raise Fault(category="hook_denied", step=f"f{number}")
            if heard.hook.answer == "wrong":
                raise Fault("Runtime error: PreStep hook must return nil, Allow, or {deny|args}, got int")
            if heard.hook.answer == "args":
                argument = "h"
        if self.program.functions[number].approval is not None:
            self.ask(number, under)
        return argument

    def ask(self, number: int, under: str) -> None:
        """A person is asked; the step's persona, if there is one, rests meanwhile."""
        self.dispatch("OnApprovalRequested", under, f"f{number}")
        if under:
            self.dispatch("OnPersonaPaused", under, None)
        branch: Branch | None = self.branch
        while branch is not None:
            if not branch.alone:  # its siblings would go on while it waits for the answer
                raise Unmodelled
            branch = branch.parent
        if under:
            self.dispatch("OnPersonaResumed", under, None)
        if not self.program.functions[number].approval:
            raise Fault(category="approval_denied", step=f"f{number}")

    def after(self, entry: Live, value: str) -> str:
        """PostStep: the value as the handlers leave it."""
        for heard in self.handlers.matching("PostStep", entry.under, entry.name):
            self.handle(heard, _target(entry.under, entry.name), value)
            if heard.hook.answer == "wrong":
                raise Fault("Runtime error: PostStep hook must return nil, Pass, or {output}, got int")
            if heard.hook.answer == "output":
                value = "o"
        return value

    def dispatch(self, event: str, under: str, step: str | None) -> None:
        """Handlers whose answers are ignored."""
        for heard in self.handlers.matching(event, under, step):
            self.handle(heard, _target(under, step), "nil")

    def handle(self, heard: Handler, target: str, output: str) -> None:
        """Run a handler: nothing is live around it, policies stay."""
        self.show(f"hook {heard.label} {target} {output}")
        if heard.hook.answer == "throw":
            raise Fault("hook broke")
        if heard.hook.answer == "use":
            live, self.branch.live = self.branch.live, []
            self.use(1)
            self.branch.live = live


def _raised(kind: str) -> Fault:
    if kind == "plain":
        return Fault("plain")
    if kind == "budget":
        return Fault(category="budget_exceeded")
    return Fault(category="handoff_escalation", step="mine", escalated=True)


def _exceeded(meter: Meter, limit: str) -> Fault:
    owner = meter.owner
    name = limit if owner.step or limit == "max_tokens" else "run_usd"
    return Fault(category="budget_exceeded", step=owner.name if owner.step else None, limit=name, owner=owner)


def _target(under: str, step: str | None) -> str:
    return ".".join(part for part in (under, step) if part)
