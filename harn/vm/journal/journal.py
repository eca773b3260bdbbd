"""The journal of a run that goes on: it stands where the machine gets its inputs from, around its world and behind its output.

While there is a tape, the machine is fed from it: it reads no clock, performs no effect and prints nothing that was printed
before. When the tape is used up, what the dead process had begun is looked at, and the run goes on live: every read and input
is written down as it happens, every effect that cannot simply be repeated before it is performed.

What is written stays with the process until something of it can be seen outside: before an effect, a text or a state all is
handed over to the system. So whatever a killed process had read or was told, and had not acted upon, may be asked again.
"""

from __future__ import annotations

import os

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import Aborted, HarnError, category_error
from harn.vm.frame import Effect
from harn.vm.inputs import ANSWER, INTERRUPT, REFUSE, TIME, Inputs
from harn.vm.journal.file import JournalError
from harn.vm.journal.output import RecordedOutput
from harn.vm.journal.past import ELAPSED, texts
from harn.vm.journal.plain import Unwritable
from harn.vm.journal.records import (
    CLOCK,
    END,
    INPUT,
    INTENT,
    OPENED,
    OUTPUT,
    READ,
    STATE,
    End,
    Input,
    Intent,
    Opened,
    Read,
    State,
    Text,
    packed,
)
from harn.vm.journal.rhythm import Rhythm
from harn.vm.journal.shown import place_of, shown, split
from harn.vm.machine import Task
from harn.vm.scheduler import Performing

if TYPE_CHECKING:
    from harn.vm.journal.file import JournalFile
    from harn.vm.journal.output import Target
    from harn.vm.journal.past import Past
    from harn.vm.machine import Machine
    from harn.vm.world import World

RETRY, SKIP, FAIL = "retry", "skip", "fail"
CHOICES = (RETRY, SKIP, FAIL)
"""What can be done about an effect that was in flight when its process died."""

SHAPED = frozenset(("llm.call", "proc.exec"))
"""Kinds whose answer is a record that nobody can make up: they cannot be skipped."""

_QUIET = frozenset(("clock", "random", "env.read", "fs.read"))
"""Kinds that nobody sees from outside: what they gave may be lost and asked again."""


def repeatable(effect: Effect) -> bool:
    """Whether an effect may be performed again where it is not known whether it was. A message on stderr may: like output."""
    return effect.idempotent or effect.kind in _QUIET or effect.kind == "stderr"


class Halted(Aborted):
    """The process cannot go on with the run, no more of its code is run, and the journal stays as it is: the text says why."""


class Undecided(Halted):
    """Effects were in flight when the process died, and somebody must decide about them."""

    def __init__(self, effects: list[Intent]) -> None:
        super().__init__("effects were in flight when the process died")
        self.effects = effects


class Journal(Inputs):
    """See the module. ``past`` is what the file held; without one the run is new.

    ``performed`` counts the effects within turns that had an intent; ``missing`` are intents without an answer, by number.
    ``halted``: nothing is written any more.
    """

    __slots__ = (
        "_choice", "_file", "_output", "_past", "_place", "_rhythm", "_shift", "_sync", "_tape", "_world", "halted", "live",
        "missing", "performed",
    )  # fmt: skip

    def __init__(self, file: JournalFile, *, past: Past | None = None, choice: str = "", sync: bool = False) -> None:
        super().__init__()
        self._file = file
        self._choice = choice
        self._sync = sync
        self._tape = past.tape if past is not None else []
        self._place = 0
        self._rhythm = Rhythm(file.size, past.state_size if past is not None else 0)
        self.missing = past.missing if past is not None else {}
        self._past = past
        self.performed = past.state.performed if past is not None and past.state is not None else 0
        self._shift: int | None = None
        self.live = past is None
        self.halted = False
        self._world: World | None = None
        self._output: RecordedOutput | None = None

    def attach(self, vm: Machine, target: Target) -> None:
        """Stand between a fresh or thawed machine and everything outside, and note that this process has the run."""
        past = self._past
        found = target.file()
        printed, base = past.printed(found) if past is not None else (0, found[1] if found is not None else 0)
        self._write(OPENED, Opened(os.getpid(), found[0] if found is not None else None, base))
        self._flush()
        self._world = vm.world
        vm.world = RecordedWorld(vm, self, vm.world)
        vm.inputs = self
        vm.output = self._output = RecordedOutput(target, self._text)
        vm.epoch = None
        if past is not None:
            said = 0
            if past.state is not None:
                said = past.state.said
                self._pass_time(past.state.clock)
            self._output.resume(said, past.recorded, printed)
            if printed < said:
                self._output.catch_up(texts(self._file))

    def finish(self, code: int) -> None:
        """The run has ended, and everything it printed has gone out."""
        self._write(END, End(code))
        self._flush()

    # ------------------------------------------------------------------------------------------ what comes in

    def next(self, vm: Machine) -> Any:
        """See ``Inputs``: from the tape while there is one, then from outside."""
        if not self.live:
            if self._place < len(self._tape):
                return self._recorded_input(vm)
            self._go_live(vm)
        given = super().next(vm)
        if given is not None:
            self._record_input(vm, given)
            return given
        if not vm.timed and self._rhythm.due(self._file.size):  # a state does not know what the clock showed this turn
            self.keep_state(vm)
        return None

    def _recorded_input(self, vm: Machine) -> Any:
        entry = self._tape[self._place]
        if entry.__class__ is not Input or entry.turn > vm.turn:
            return None  # it is for later
        if entry.turn < vm.turn:
            raise self._diverged(vm, f"it goes on where {_told(entry)}")
        if entry.instructions != vm.instructions:
            raise self._diverged(
                vm, f"it has counted {vm.instructions:,} instructions instead of {entry.instructions:,}"
            )
        self._place += 1
        if entry.what in (ANSWER, REFUSE):
            task = vm.tasks.performing.get(entry.number)
            waiting = task.waiting if task is not None else None
            if waiting.__class__ is not Performing or waiting.effect.kind != entry.kind:
                raise self._diverged(vm, f"it does not wait for {entry.kind}")
            return (entry.what, entry.number, entry.value)
        if entry.what == INTERRUPT:
            vm.interrupts = max(vm.interrupts, 1)
            return (INTERRUPT,)
        self._pass_time(entry.value)
        return (TIME, entry.value)

    def _record_input(self, vm: Machine, given: Any) -> None:
        what = given[0]
        if what in (ANSWER, REFUSE):
            task = vm.tasks.performing.get(given[1])
            if task is None or not (what == ANSWER or isinstance(given[2], HarnError)):
                return  # nobody wants it any more; or it ends the run, and is no answer
            assert isinstance(task.waiting, Performing)
            kind = task.waiting.effect.kind
            self._write(INPUT, Input(vm.turn, vm.instructions, what, given[2], given[1], kind, task.id))
            self.missing.pop(given[1], None)
            if kind not in _QUIET:
                self._flush()
        else:
            self._write(INPUT, Input(vm.turn, vm.instructions, what, given[1] if what == TIME else None))

    def idle(self, vm: Machine) -> None:
        """See ``Inputs``: what is recorded never waits."""
        if not self.live:
            raise self._diverged(vm, f"it waits where {_told(self._tape[self._place])}")

    def performs(self, vm: Machine, number: int, effect: Effect) -> bool:
        """See ``Inputs``: what the tape may answer is not performed, and looked at again when the tape is used up."""
        if not self.live:
            self._compare(vm, number, effect)
            return False
        return self._may_begin(vm, number, effect)

    def _compare(self, vm: Machine, number: int, effect: Effect) -> None:
        """An effect that is not performed again must be the one that was begun under its number."""
        assert self._past is not None
        intent = self._past.begun.get(number)
        if intent is not None and (intent.kind != effect.kind or intent.shown != shown(effect)):
            raise self._diverged(
                vm, f"it asks for {effect.kind} of {shown(effect)} where its journal tells of {intent.shown}"
            )

    def _may_begin(self, vm: Machine, number: int, effect: Effect) -> bool:
        """Whether an effect is to be performed; one that was in flight may also be settled by choice."""
        intent = self.missing.get(number)
        if intent is None or repeatable(effect) or self._choice == RETRY:
            return True
        self._check_choice(vm, intent)
        if self._choice == SKIP:
            self.answer(number, None)
        else:
            self.refuse(number, _lost(intent))
        return False

    def _check_choice(self, vm: Machine, intent: Intent) -> None:
        """Undecided, with all that was in flight, where the choice does not settle this one."""
        if self._choice == FAIL or (self._choice == SKIP and intent.kind not in SHAPED):
            return
        tasks = vm.tasks
        found = [
            one
            for number, one in sorted(self.missing.items())
            if one is intent or number in tasks.performing or number > tasks.effects or -number > self.performed
        ]
        raise self._halt(Undecided(found))

    def clock(self, vm: Machine) -> float:
        """See ``Inputs``."""
        entry = self._recorded_read(vm, CLOCK, "")
        if entry is not None:
            self._pass_time(entry.value)
            return float(entry.value)
        now = vm.clock()
        self._write(READ, Read(CLOCK, "", 0, True, now))
        return now

    def _pass_time(self, moment: float) -> None:
        """A virtual clock is brought to a moment of the run; the second step is what rounding left of the first."""
        world = self._world
        assert world is not None
        if world.virtual():
            for _ in range(2):
                world.perform(Task(), Effect("clock.sleep", "sleep", moment - world.now()), None)

    def _go_live(self, vm: Machine) -> None:
        """The tape is used up: time goes on from where the record ends, and what stands at an effect has it performed."""
        past, world = self._past, self._world
        assert past is not None
        assert world is not None
        self.live = True
        if world.virtual():
            for count in past.drawn:  # its chance follows from a seed, and is at its beginning
                world.perform(Task(), Effect("random", "bytes", count), None)
        else:
            vm.epoch = None
            vm.time = max(vm.time, past.clock)
        for number, task in list(vm.tasks.performing.items()):
            assert isinstance(task.waiting, Performing)
            if self._may_begin(vm, number, task.waiting.effect):
                self.again.append(number)

    # ------------------------------------------------------------------------------------------ effects within a turn

    def _recorded_read(self, vm: Machine, kind: str, operation: str) -> Read | None:
        """The next read of the tape; None where the run is live."""
        if self.live:
            return None
        if self._place >= len(self._tape):
            self._go_live(vm)
            return None
        entry = self._tape[self._place]
        if entry.__class__ is not Read or entry.kind != kind or entry.operation != operation:
            raise self._diverged(vm, f"it asks for {kind} {operation}".rstrip() + f" where {_told(entry)}")
        self._place += 1
        return entry

    def perform_within(self, vm: Machine, world: World, task: Task, effect: Effect, patience: float | None) -> Any:
        """An effect that is performed within a turn: given again or performed, with an intent where it needs one."""
        operation, _ = split(effect)
        kind = effect.kind
        number = 0
        if not repeatable(effect):
            self.performed += 1
            number = -self.performed
        entry = self._recorded_read(vm, kind, operation)
        if entry is not None:
            if number:
                self._compare(vm, number, effect)
            if entry.ok:
                return entry.value
            raise entry.value
        intent = self.missing.get(number)
        if intent is not None and self._choice != RETRY:
            return self._settle(vm, intent)
        if number:
            self.intend(task, number, effect)
        try:
            value = world.perform(task, effect, patience)
        except HarnError as error:
            self._give(Read(kind, operation, number, False, error))
            raise
        if operation == ELAPSED and self._past is not None:
            if self._shift is None:
                self._shift = max(0, self._past.elapsed - value)
            value += self._shift
        self._give(Read(kind, operation, number, True, value))
        return value

    def _give(self, read: Read) -> None:
        """Write down what an effect within a turn gave."""
        self._write(READ, read)
        self.missing.pop(read.number, None)
        if read.kind not in _QUIET:
            self._flush()

    def _settle(self, vm: Machine, intent: Intent) -> Any:
        """What was in flight within a turn: by choice its value is nil, or it fails."""
        self._check_choice(vm, intent)
        if self._choice == SKIP:
            self._give(Read(intent.kind, intent.operation, intent.number, True, None))
            return None
        error = _lost(intent)
        self._give(Read(intent.kind, intent.operation, intent.number, False, error))
        raise error

    def intend(self, task: Task, number: int, effect: Effect) -> None:
        """Write down that an effect is about to be performed."""
        operation, _ = split(effect)
        path, line = place_of(task)
        intent = Intent(number, task.id, effect.kind, operation, shown(effect), path, line)
        self._write(INTENT, intent)
        self._secure()

    # ------------------------------------------------------------------------------------------ what is written

    def _text(self, offset: int, text: bytes) -> None:
        self._write(OUTPUT, Text(offset, text))
        self._secure()

    def keep_state(self, vm: Machine) -> None:
        """Write the run down as it stands between two turns, so that nothing before need be repeated."""
        from harn.vm.snapshot import SnapshotError, freeze

        output = self._output
        assert output is not None
        vm.flush()
        output.flush()
        self._rhythm.begin()
        try:
            taken = freeze(vm)
        except SnapshotError:
            self._rhythm.postpone(self._file.size)
            return
        self._write(STATE, State(vm.turn, self.performed, output.said, vm.clock(), taken))
        self._flush()
        self._rhythm.written(self._file.size, len(taken))

    def _write(self, kind: int, entry: tuple[Any, ...]) -> None:
        if self.halted:
            return
        try:
            self._file.write(kind, packed(entry))
        except JournalError as error:
            raise self._halt(Halted(str(error))) from None
        except Unwritable as reason:
            why = f"the journal {self._file.path} cannot hold what the run was given: {reason}"
            raise self._halt(Halted(why)) from None

    def _flush(self) -> None:
        try:
            self._file.flush()
        except JournalError as error:
            raise self._halt(Halted(str(error))) from None

    def _secure(self) -> None:
        """See to it that what was written outlives what this process may come to."""
        try:
            if self._sync:
                self._file.sync()
            else:
                self._file.flush()
        except JournalError as error:
            raise self._halt(Halted(str(error))) from None

    def _diverged(self, vm: Machine, why: str) -> Halted:
        return self._halt(
            Halted(
                f"the run does not repeat what {self._file.path} tells: after {vm.turn:,} turns {why}. "
                "Is this the program, and the version of Harn, that it was begun with?"
            )
        )

    def _halt(self, halt: Halted) -> Halted:
        """From now on nothing is written or printed: what the machine does on its way out is not part of the run."""
        self.halted = True
        if self._output is not None:
            self._output.halted = True
        return halt


def _told(entry: Any) -> str:
    what = (
        f"{entry.kind} {entry.operation}".strip() if entry.__class__ is Read else f"{entry.what} {entry.kind}".strip()
    )
    return f"its journal tells of {what}"


def _lost(intent: Intent) -> HarnError:
    """The error of an effect whose outcome nobody knows."""
    what = f"{intent.kind} {intent.operation}".strip()
    return category_error(
        "in_flight", f"the process died while {what} was being performed: whether it was done is unknown"
    )


class RecordedWorld:
    """The world of a machine whose run is recorded. See ``harn.vm.world.World``."""

    __slots__ = ("_journal", "_vm", "_world")

    def __init__(self, vm: Machine, journal: Journal, world: Any) -> None:
        self._vm = vm
        self._journal = journal
        self._world = world

    def waits(self, effect: Effect) -> bool:
        """Whether the machine should not stand still while it is performed."""
        return self._world.waits(effect)  # type: ignore[no-any-return]

    def now(self) -> float:
        """The clock. While the run repeats what is recorded it shows the time that was recorded last."""
        if self._journal.live or self._world.virtual():
            return self._world.now()  # type: ignore[no-any-return]
        self._vm.epoch = None
        return 0.0

    def virtual(self) -> bool:
        """Whether the clock moves only where somebody sleeps on it."""
        return self._world.virtual()  # type: ignore[no-any-return]

    def perform(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """Perform it, blocking; what was performed within a turn before is only given again."""
        waiting = task.waiting if task is not None else None
        if waiting.__class__ is Performing:
            self._begin(task, waiting, effect)
        elif effect.kind != "clock.sleep":  # that is the driver, which lets time pass
            return self._journal.perform_within(self._vm, self._world, task, effect, patience)
        return self._world.perform(task, effect, patience)

    async def perform_async(self, task: Task, effect: Effect, patience: float | None) -> Any:
        """The same without blocking the event loop."""
        if task.waiting.__class__ is Performing:
            self._begin(task, task.waiting, effect)
        return await self._world.perform_async(task, effect, patience)

    def _begin(self, task: Task, waiting: Any, effect: Effect) -> None:
        if not repeatable(effect):
            self._journal.intend(task, waiting.number, effect)
