"""A run under the caller's control: it stops at every effect, can be written to bytes, and goes on where it stood.

run = harn.load("review.harn").start()
effect = run.advance()            # the first effect that is the caller's
data = run.snapshot()             # days later, in another process:
run = harn.load("review.harn").restore(data)
run.resume("yes", run.pending[0])
run.advance()                     # the next effect, or the result
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from harn.embed.border import Closure
from harn.embed.effects import Controlled, Effect, answer_of, failure_of
from harn.embed.errors import HarnError, SnapshotError
from harn.embed.values import to_harn
from harn.host.interrupts import Interrupts
from harn.vm import driver, inputs
from harn.vm.frame import Effect as Asked
from harn.vm.frame import Outcome
from harn.vm.safepoint import begin
from harn.vm.scheduler import Performing
from harn.vm.snapshot import SnapshotError as Unsaved
from harn.vm.snapshot import freeze, label, thaw

if TYPE_CHECKING:
    from harn.embed.result import Result
    from harn.embed.running import Running
    from harn.vm.machine import Task
    from harn.vm.modules import Program as Code

AREA = "run"
"""What of a run under control is state: the kinds of effects it hands out."""

GRACE = 5.0
"""Seconds that finally and deferred blocks have after ``cancel``."""


class Run:
    """One run, made by ``Program.start`` or ``Program.restore``. It goes on only inside of ``advance`` and ``call``."""

    def __init__(self, running: Running, wanted: Iterable[str] | None) -> None:
        self._running = running
        self._vm = running.vm
        self._world = Controlled(running.world, wanted)
        self._vm.world = self._world
        self._plan: Any = None
        self._performing: dict[int, tuple[Task, Asked]] = {}
        # Effects of the caller: the numbers of those that were told, and those still to be told.
        self._told: set[int] = set()
        self._untold: list[tuple[int, Task, Asked]] = []
        self._outcome: Outcome | None = None

    # ------------------------------------------------------------------------------------------ how it begins

    @classmethod
    def started(cls, running: Running, code: Code, wanted: Iterable[str] | None) -> Run:
        """A run that stands before its first instruction."""
        run = cls(running, wanted)
        vm = run._vm
        vm.root = vm.start(code)
        vm.tasks.add(vm.root)
        vm.areas[AREA] = None if wanted is None else sorted(wanted)
        begin(vm)
        return run

    @classmethod
    def restored(cls, running: Running, code: Code, data: bytes, wanted: Iterable[str] | None) -> Run:
        """The run of a snapshot. SnapshotError."""
        vm = running.vm
        timed_anew = vm.limits.seconds is not None
        try:
            thaw(data, vm, code)
        except Unsaved as error:
            raise SnapshotError(str(error)) from error.__cause__
        if wanted is None:
            wanted = vm.areas.get(AREA)
        run = cls(running, wanted)
        vm.areas[AREA] = None if wanted is None else sorted(wanted)
        left = vm.deadline
        begin(vm)
        if not timed_anew:
            vm.deadline = left
        assert vm.root is not None
        run._outcome = vm.root.result if vm.tasks.alive == 0 else None
        run._told.update(effect.id for effect in run.pending)
        return run

    # ------------------------------------------------------------------------------------------ what it waits for

    @property
    def pending(self) -> tuple[Effect, ...]:
        """The effects that were or will be handed out and have no answer yet, in the order in which they were asked for."""
        return tuple(Effect(number, task, asked, self._border) for number, (task, asked) in self._open().items())

    def _open(self) -> dict[int, tuple[Task, Asked]]:
        """The effects of the caller that nobody has answered, by number."""
        vm = self._vm
        answered = {given[1] for given in vm.inputs.box if given[0] in (inputs.ANSWER, inputs.REFUSE)}
        found: dict[int, tuple[Task, Asked]] = {}
        for number, task in vm.tasks.performing.items():
            assert isinstance(task.waiting, Performing)
            asked = task.waiting.effect
            if number not in answered and self._world.hands_out(asked.kind):
                found[number] = task, asked
        return found

    @property
    def due(self) -> float | None:
        """Seconds until the run could go on without an answer, because a sleep or deadline ends; None where none stands."""
        when = self._vm.tasks.due()
        return None if when is None else max(0.0, when - self._vm.clock())

    @property
    def stdout(self) -> str:
        """What has been printed since ``start`` or ``restore``."""
        return self._running.output.text

    @property
    def _border(self) -> Any:
        return self._running.border

    # ------------------------------------------------------------------------------------------ going on

    def advance(self) -> Effect | Result | None:
        """Run to the next effect of the caller or to the end; None while everything waits for effects handed out already.

        Where only time must pass it waits for that. The errors of ``harn.run``; called again after the end, the same result.
        """
        with self._interruptible():
            while self._outcome is None and not self._untold:
                action = self._next()
                if action is None:
                    break
                if action[0] == "idle" and not self._let_happen(action[1]):
                    return None
        if self._untold:
            effect = Effect(*self._untold.pop(0), self._border)
            self._told.add(effect.id)
            return effect
        assert self._outcome is not None
        return self._running.result(self._outcome)

    def call(self, function: str | Closure, *args: Any) -> Any:
        """Call a function of the run, by name or as a closure it has handed out; its value.

        It may be called while the run rests and after its end. Effects that it asks for are performed by the host, whatever
        their kind; those that other tasks ask for meanwhile are told by the next ``advance``. ThrownError where it throws.
        """
        vm = self._vm
        task = vm.spawn(self._callee(function), [to_harn(arg, self._border) for arg in args])
        with self._interruptible():
            if self._outcome is not None:
                root = vm.root
                outcome: Any = driver.run_task(vm, task)
                vm.root = root
            else:
                vm.inputs.call(task)
                while task.result is None and (action := self._next(task)) is not None:
                    if action[0] == "idle" and not self._let_happen(action[1]):
                        raise HarnError("the call waits for an effect that was handed out and has no answer yet")
                outcome = task.result or self._outcome
        return self._running.result(outcome).value

    def _callee(self, function: str | Closure) -> Any:
        if isinstance(function, str):
            return self._running.function(function)
        callee = self._border.unwrap_callable(function)
        if callee is None:
            raise HarnError("the closure belongs to another run")
        return callee

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """While the run goes on. Ctrl-C lets the program clean up, then KeyboardInterrupt goes on."""
        vm = self._vm
        if vm.active:
            raise HarnError("the run is going on already")
        vm.active += 1
        try:
            with Interrupts(lambda: driver.interrupt(vm), lambda: driver.overdue(vm), only_default=True) as interrupts:
                yield
        finally:
            vm.active -= 1
            vm.flush()
        if interrupts.signal:
            raise KeyboardInterrupt

    def _next(self, called: Task | None = None) -> Any:
        """The next thing for the driver to do, None at the end of the run. The effects of the task ``called`` are the host's."""
        vm = self._vm
        if self._plan is None:
            assert vm.root is not None
            self._plan = driver.schedule(vm, vm.root)
        try:
            action = next(self._plan)
        except StopIteration as end:
            self._outcome = end.value
            return None
        if action[0] == "perform":
            _, number, task, asked = action
            if not self._world.hands_out(asked.kind) or (called is not None and _below(task, called)):
                self._performing[number] = task, asked
            elif number not in self._told:
                self._untold.append((number, task, asked))
        elif action[0] == "abandon":
            self._performing.pop(action[1], None)
            self._untold = [untold for untold in self._untold if untold[0] != action[1]]
        return action

    def _let_happen(self, seconds: float | None) -> bool:
        """Perform an effect that is the host's, or wait for time to pass; False where only the caller can help."""
        vm = self._vm
        vm.flush()
        if self._performing:
            number = next(iter(self._performing))
            driver.perform(vm, number, *self._performing.pop(number))
            return True
        if self._open() or seconds is None:
            return False
        driver.idle(vm, seconds)
        return True

    # ------------------------------------------------------------------------------------------ answers

    def resume(self, value: Any = None, effect: Effect | int | None = None) -> None:
        """Answer an effect: the run goes on with it at the next ``advance``. With several pending, ``effect`` says which.

        A model's answer is a text or a dict ``{text, model, input_tokens, output_tokens, tool_calls, ...}``, a program's
        ``{status, stdout, stderr}``, any other a value as a function of yours would return it.
        """
        number, asked = self._chosen(effect)
        self._vm.inputs.answer(number, answer_of(asked, value, self._border))

    def fail(self, error: Any, effect: Effect | int | None = None) -> None:
        """The same for an effect that failed: an exception arrives as that of a host function, any other value as if thrown."""
        number, _ = self._chosen(effect)
        self._vm.inputs.refuse(number, failure_of(error, self._border))

    def _chosen(self, effect: Effect | int | None) -> tuple[int, Asked]:
        found = self._open()
        if effect is None and len(found) != 1:
            raise HarnError(
                f"{len(found)} effects are pending: say which one is answered" if found else "no effect is pending"
            )
        number = next(iter(found)) if effect is None else effect.id if isinstance(effect, Effect) else effect
        if number not in found:
            raise HarnError(f"effect {number} is not pending: it was answered, or nobody waits for it any more")
        return number, found[number][1]

    # ------------------------------------------------------------------------------------------ leaving

    def snapshot(self) -> bytes:
        """The run as it stands, to be restored by ``Program.restore``; effects handed out stay pending there.

        It holds everything but the output printed so far, the host, and the functions of the embedding program. Keep it where
        nobody else can write: what is restored from it acts like a program. SnapshotError where something cannot travel.
        """
        if self._vm.active:
            raise SnapshotError("the run is going on: a snapshot is taken between two calls of advance")
        try:
            return freeze(self._vm, self._running.label)
        except Unsaved as error:
            raise SnapshotError(str(error)) from None

    def cancel(self, grace: float = GRACE) -> None:
        """Have the run end: ``advance`` then runs its finally and deferred blocks for ``grace`` seconds at most, telling the
        effects they ask for, and raises CancelledError."""
        if self._outcome is None:
            vm = self._vm
            driver.accept(vm, (inputs.INTERRUPT,))
            vm.grace_end = vm.clock() + grace


def label_of(data: bytes) -> str:
    """The label that ``snapshot`` wrote. SnapshotError."""
    try:
        return label(data)
    except Unsaved as error:
        raise SnapshotError(str(error)) from None


def _below(task: Task | None, above: Task) -> bool:
    """Whether a task is another or was started by it, however indirectly."""
    while task is not None and task is not above:
        task = task.parent
    return task is above
