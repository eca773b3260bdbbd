"""One source read by several: the branches of ``stream.broadcast``."""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.errors import HarnError
from harn.values.kinds import Iter
from harn.values.operators import check_size
from harn.vm.frame import END, Answer, Done, Pull, Throw, Wait
from harn.vm.iterating import Source
from harn.vm.machine import Context, Machine, Task
from harn.vm.scheduler import Waiting


class Tee:
    """What the branches share: the elements that some have still to read, the first of them number ``first``.

    ``fault`` is the error the source ended with, (kind, payload, category, whether it tells a line):
    every branch meets it, behind the elements before it.
    """

    __slots__ = ("base", "branches", "drawing", "elements", "fault", "first", "limit", "over", "waiters")

    def __init__(self, base: Iter, limit: int) -> None:
        self.base = base
        self.limit = limit
        self.branches: list[Branch] = []
        self.elements: list[Any] = []
        self.first = 0
        self.drawing = False
        self.over = False
        self.fault: tuple[str, Any, str, bool] | None = None
        self.waiters: list[Task] = []

    def branch(self) -> Branch:
        """One more reader, from the first element on."""
        made = Branch(self)
        self.branches.append(made)
        return made

    def add(self, element: Any) -> None:
        """One more element; LimitReached where a branch lags too far behind."""
        self.elements.append(element)
        check_size(8 * len(self.elements), self.limit)

    def drop_read(self) -> None:
        """Forget what every branch has read."""
        read = min(branch.place for branch in self.branches) - self.first
        if read > 0:
            del self.elements[:read]
            self.first += read

    def drawn(self, vm: Machine) -> None:
        """The source is free again: who waits for it looks anew."""
        self.drawing = False
        for task in list(self.waiters):
            vm.tasks.wake(vm, task, ("deliver", None))


class Shared(Waiting):
    """For a source that another task draws from."""

    __slots__ = ("tee",)

    def __init__(self, tee: Tee) -> None:
        self.tee = tee

    def park(self, vm: Machine, task: Task) -> tuple[Any, ...] | None:
        if not self.tee.drawing:
            return ("deliver", None)
        self.tee.waiters.append(task)
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        self.tee.waiters.remove(task)

    def words(self) -> str:
        return "waits for a broadcast stream that another task draws from"


class Branch(Source):
    """Draws every element of the source, from the buffer where another branch was ahead."""

    __slots__ = ("drawing", "place", "tee")
    in_context = True

    def __init__(self, tee: Tee) -> None:
        self.tee = tee
        self.place = 0
        self.drawing = False

    def next_in(self, context: Context) -> Answer:
        tee = self.tee
        at = self.place - tee.first
        if at < len(tee.elements):
            self.place += 1
            found = tee.elements[at]
            tee.drop_read()
            return Done(found)
        if tee.fault is not None:
            error = HarnError(*tee.fault[:3])
            error.located = tee.fault[3]
            return Throw(error)
        if tee.over:
            return Done(END)
        if tee.drawing:
            return Wait(Shared(tee))
        self.drawing = tee.drawing = True
        return Pull(tee.base)

    def resume_in(self, context: Context, value: Any) -> Answer:
        if self.drawing:
            self.drawing = False
            if value is END:
                self.tee.over = True
            else:
                self.tee.add(value)
            self.tee.drawn(context.vm)
        return self.next_in(context)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        if self.drawing:
            self.drawing = False
            if not error.ending:
                self.tee.fault = (error.kind, error.payload, error.category, error.located)
            self.tee.drawn(context.vm)
        return Throw(error)
