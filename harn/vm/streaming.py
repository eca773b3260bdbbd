"""``parallel each ... as stream``: tasks that work for a stream, which hands out what they give in the order they end.

Nothing runs before the first pull. From then on at most ``most`` items are worked on or wait to be taken: a consumer that
stops pulling stops the stream. An item that fails fails the pull that would have taken it; the stream is over then and its other
tasks are cancelled. So are those of a stream that nobody can pull any more (``harn.vm.abandoned``).
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError, runtime_error
from harn.values.kinds import Closure, Generator
from harn.vm.abandoned import Crew, enlist
from harn.vm.children import begin_child
from harn.vm.frame import END, Answer, Call, Done, Emit, Native, Throw, Wait
from harn.vm.machine import Context, Identity, Machine, Task
from harn.vm.pump import UNCATCHABLE
from harn.vm.scheduler import Waiting

if TYPE_CHECKING:
    from harn.vm.scheduler import Request

LABEL = "parallel_each_stream"


def _cancelled() -> HarnError:
    return runtime_error("parallel each: an item was cancelled with the task that pulled the stream before")


class Branch(Native):
    """At the bottom of a task of a stream: hands in what the task ends with."""

    __slots__ = ("args", "place", "stream")
    name = "parallel"
    in_context = True

    def __init__(self, stream: ParallelStream, place: int, args: list[Any]) -> None:
        self.stream = stream
        self.place = place
        self.args: list[Any] | None = args

    def resume_in(self, context: Context, value: Any) -> Answer:
        args = self.args
        if args is not None:
            self.args = None
            return Call(self.stream.function, *args)
        self.stream.hand_in(context.vm, self.place, value, None)
        return Done(None)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        seen = error if error.ending not in UNCATCHABLE else _cancelled()
        self.stream.hand_in(context.vm, self.place, None, seen)
        return Throw(error)


class NextResult(Waiting):
    """For the next result of a parallel stream."""

    __slots__ = ("stream",)

    def __init__(self, stream: ParallelStream) -> None:
        self.stream = stream

    def park(self, vm: Machine, task: Task) -> Request | None:
        if self.stream.results:
            return ("deliver", None)
        self.stream.puller = task
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        self.stream.puller = None

    def words(self) -> str:
        ids = [task.id for task in self.stream.tasks()]
        return "waits for " + ", ".join(ids[:3]) + (", ..." if len(ids) > 3 else "")


class ParallelStream(Crew):
    """The body of the stream: the only record of its segment, in place of frames.

    ``items`` have still to be begun, from ``place`` on; ``running`` are the tasks begun, by place; ``results`` have ended and
    wait to be taken, as (value, error). ``puller`` is the task parked here. What a pull begins is charged to who pulls, but ends
    with ``home``, the task that made the stream.
    """

    __slots__ = ("function", "group", "home", "items", "most", "place", "puller", "results", "running")
    name = "parallel each"
    edge = False
    in_context = True

    def __init__(self, function: Closure, items: list[Any], most: int) -> None:
        Crew.__init__(self)
        self.function = function
        self.items = items
        self.most = most if most > 0 else len(items)
        self.place = 0
        self.running: dict[int, Task] = {}
        self.results: list[tuple[Any, HarnError | None]] = []
        self.puller: Task | None = None
        self.home: Task | None = None
        self.group = ""

    def tasks(self) -> list[Task]:
        return list(self.running.values())

    def resume_in(self, context: Context, value: Any) -> Answer:
        self.begin_pull(context)
        self._begin_more(context)
        if self.results:
            found, error = self.results.pop(0)
            if error is not None:
                return self.fail_in(context, error)
            self._begin_more(context)
            self.pulling = False
            return Emit(found)
        if not self.running:
            self.pulling = False
            return Done(END)
        if any(task.result is not None for task in self.running.values()):
            raise _cancelled()  # with a task that never began
        return Wait(NextResult(self))

    def _begin_more(self, context: Context) -> None:
        home = self.home
        assert home is not None
        parent = home
        if home.result is not None:
            parent = context.task
            while parent.parent is not None and parent.identity is parent.parent.identity:
                parent = parent.parent  # a task that only draws for its parent
        while self.place < len(self.items) and len(self.running) + len(self.results) < self.most:
            place = self.place
            self.place = place + 1
            args = [self.items[place]] if self.function.code.names else []
            self.items[place] = None
            identity = Identity(f"{self.group}:{place}", "parallel each as stream", home.identity.id, self.group)
            task = self.running[place] = begin_child(context.vm, context.task, Branch(self, place, args), [], identity)
            if parent is not task.parent:
                del context.task.children[task.id]
                task.parent = parent
                parent.children[task.id] = task
        enlist(context.vm, self)

    def hand_in(self, vm: Machine, place: int, value: Any, error: HarnError | None) -> None:
        """An item's task has come to its end."""
        if self.running.pop(place, None) is not None:
            self.results.append((value, error))
            if self.puller is not None:
                vm.tasks.wake(vm, self.puller, ("deliver", None))

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        """An item failed, or the pull was ended from outside: nothing more is begun, what runs is cancelled."""
        self.pulling = False
        self.dismiss(context.vm)
        return Throw(error)

    def dismiss(self, vm: Machine) -> None:
        tasks = self.tasks()
        self.items, self.running, self.results = [], {}, []
        for task in tasks:
            vm.tasks.cancel(vm, task)


class OpenStream(Native):
    """Makes the stream; it is numbered among the parallel forms of the task that makes it."""

    __slots__ = ("body",)
    name = "parallel each"
    edge = False
    in_context = True

    def __init__(self, function: Closure, items: list[Any], most: int) -> None:
        self.body = ParallelStream(function, items, most)

    def resume_in(self, context: Context, value: Any) -> Answer:
        task, body = context.task, self.body
        number = task.serials["parallel"] = task.serials.get("parallel", 0) + 1
        body.home = task
        body.group = f"{task.id}:{LABEL}:{number}"
        return Done(Generator([body], True))
