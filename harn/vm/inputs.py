"""What comes in from outside while a run goes on: answers of effects, time, interrupts, cancellations, calls of the host.

All of it enters in one place, ``harn.vm.driver.accept``, between two slices. An input is a tuple that begins with its kind:

    ("time", seconds)          the clock of the run shows that much: the timers due by then pass
    ("answer", number, value)  the value of the effect with that number
    ("refuse", number, error)  its failure
    ("interrupt",)             the run is to end, cleaning up
    ("cancel", task)           one task is to end, cleaning up
    ("call", task)             the host calls a function of the program: a ready task

An input is told apart from others by the number of turns before it, ``vm.turn``: given again before the same turns, a run with
the same code does the same again. ``Machine.inputs`` is where they are taken from; a journal puts an object of its own there,
with the methods of this one.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harn.values.errors import HarnError
    from harn.vm.frame import Effect
    from harn.vm.machine import Machine, Task

Input = tuple[Any, ...]

TIME, ANSWER, REFUSE, INTERRUPT, CANCEL, CALL = "time", "answer", "refuse", "interrupt", "cancel", "call"


class Inputs:
    """The inputs of a live run, in the order in which they came; ``box`` holds those that nobody has taken yet.

    ``again`` are the numbers of effects that were held back (see ``performs``) and are to be performed after all.
    """

    __slots__ = ("again", "box")

    def __init__(self) -> None:
        self.box: list[Input] = []
        self.again: list[int] = []

    def next(self, vm: Machine) -> Input | None:
        """The next input before this turn: an interrupt first, then time where a timer is due, then what lies in the box."""
        if vm.interrupts and not vm.interrupt_told:
            return (INTERRUPT,)
        timers = vm.tasks.timers
        if timers:
            now = vm.clock()
            if timers[0][0] <= now:
                return (TIME, now)
        return self.box.pop(0) if self.box else None

    def idle(self, vm: Machine) -> None:
        """Nobody can run, and there is no input: the driver is about to wait for one."""

    def clock(self, vm: Machine) -> float:
        """What the clock shows, where the program may come to see it."""
        return vm.clock()

    def performs(self, vm: Machine, number: int, effect: Effect) -> bool:
        """Whether the driver is to perform that effect."""
        return True

    def answer(self, number: int, value: Any) -> None:
        """An effect has been performed."""
        self.box.append((ANSWER, number, value))

    def refuse(self, number: int, error: HarnError | Exception) -> None:
        """An effect has failed. An exception that is no HarnError ends the run."""
        self.box.append((REFUSE, number, error))

    def cancel(self, task: Task) -> None:
        """A task is to end."""
        self.box.append((CANCEL, task))

    def call(self, task: Task) -> None:
        """A task is to run."""
        self.box.append((CALL, task))
