"""Feeds: how a joined stream draws from several sources without letting a slow one hold up the others.

What lies ready is taken in place. A channel is watched. For anything else (a generator, a mapped iterator) a task draws one
element: it gets a turn at once, so that a source that need not wait is drawn from alone and no other is asked ahead of time.
To the program such a task is part of the task that pulls: it prints there, has its id and its values.
"""

from __future__ import annotations

from harn.source.typing import Any
from harn.values.errors import HarnError
from harn.values.kinds import Iter
from harn.vm.abandoned import Crew, enlist
from harn.vm.channels import Channel, ChannelSource, Receiving
from harn.vm.children import error_of, start_child, take_output
from harn.vm.frame import AGAIN, END, Answer, Done, Native, Pull, Returned, Throw, Wait
from harn.vm.iterating import ASK, Source, draw_now
from harn.vm.machine import Context, Machine, Task
from harn.vm.scheduler import Joining


class Pending:
    """What a feed gives while its next element is not there yet. Never stored."""

    __slots__ = ()


PENDING = Pending()


class DrawOne(Native):
    """All that the task of a feed does: draw one element."""

    __slots__ = ("base",)
    name = "stream"

    def __init__(self, base: Iter) -> None:
        self.base = base

    def start(self) -> Answer:
        return Pull(self.base)

    def resume(self, value: Any) -> Answer:
        return Done(value)


class Feed:
    """One source. ``task`` draws its next element, ``new`` until it had its first turn; ``over`` when the source has ended."""

    __slots__ = ("base", "new", "over", "task")

    def __init__(self, base: Iter) -> None:
        self.base = base
        self.task: Task | None = None
        self.new = False
        self.over = False

    @property
    def channel(self) -> Channel | None:
        """The channel it is, if it is one."""
        source = self.base.source
        return source.channel if source.__class__ is ChannelSource else None

    def look(self, context: Context) -> Any:
        """The next element, END, or PENDING; the source's error is raised."""
        if self.over:
            return END
        value = self._collect(context) if self.task is not None else self._draw(context)
        self.over = value is END
        return value

    def _draw(self, context: Context) -> Any:
        value = draw_now(self.base)
        if value is not ASK:
            return value
        channel = self.channel
        if channel is not None:
            if channel.items:
                return channel.take(context.vm)
            return END if channel.closed else PENDING
        vm, task = context.vm, context.task
        self.task = start_child(vm, task, DrawOne(self.base), [], "stream")
        self.task.identity = task.identity
        self.task.values = task.values
        self.new = True
        return PENDING

    def _collect(self, context: Context) -> Any:
        task = self.task
        assert task is not None
        result = task.result
        if result is None:
            return PENDING
        self.task = None
        error = error_of(task)
        if error is not None:
            raise error
        take_output(context.vm, context.task, task)
        return result.value if isinstance(result, Returned) else END

    def dismiss(self, vm: Machine) -> None:
        """Nothing more is wanted of the source."""
        self.over = True
        task, self.task = self.task, None
        if task is not None:
            vm.tasks.cancel(vm, task)


class Watch(Receiving):
    """What ``Arriving`` leaves at a channel: the item comes with the number of its feed."""

    __slots__ = ("place",)

    def __init__(self, channel: Channel, place: int) -> None:
        Receiving.__init__(self, [channel], None, False)
        self.place = place

    def answer(self, vm: Machine, channel: Channel) -> Any:
        return (self.place, Receiving.answer(self, vm, channel))


class Arriving(Joining):
    """For the next element of any of some feeds, ``seconds`` at most.

    Wakes with (number of the feed, element) of a channel, with nil where it is worth looking again.
    """

    __slots__ = ("watches",)

    def __init__(self, feeds: list[Feed], seconds: float | None = None) -> None:
        Joining.__init__(self, [feed.task for feed in feeds if feed.task is not None], 1, seconds)
        self.watches = [
            Watch(channel, place)
            for place, feed in enumerate(feeds)
            if feed.task is None and not feed.over and (channel := feed.channel) is not None
        ]

    def park(self, vm: Machine, task: Task) -> tuple[Any, ...] | None:
        if any(watch.channels[0].items or watch.channels[0].closed for watch in self.watches):
            return ("deliver", None)
        request = Joining.park(self, vm, task)
        if request is None:
            for watch in self.watches:
                watch.channels[0].receivers.append((task, watch))
        return request

    def leave(self, vm: Machine, task: Task) -> None:
        Joining.leave(self, vm, task)
        for watch in self.watches:
            watch.leave(vm, task)

    def take_back(self, vm: Machine) -> None:
        for watch in self.watches:
            watch.take_back(vm)

    def words(self) -> str:
        awaited = [watch.channels[0].name for watch in self.watches]
        others = [task.id for task in self.tasks if task.result is None]
        return "pulls from " + ", ".join([*(f"channel '{name}'" for name in awaited), *others])


class Joined(Crew, Source):
    """A source that draws from feeds. ``fed`` goes on with an element of one of them, until then it looks and waits."""

    __slots__ = ("direct", "feeds")
    in_context = True

    def __init__(self, bases: list[Iter]) -> None:
        Crew.__init__(self)
        self.feeds = [Feed(base) for base in bases]
        self.direct = -1

    def tasks(self) -> list[Task]:
        return [feed.task for feed in self.feeds if feed.task is not None]

    def next_in(self, context: Context) -> Answer:
        self.begin_pull(context)
        return self.go_on(context)

    def resume_in(self, context: Context, value: Any) -> Answer:
        place, self.direct = self.direct, -1
        if place >= 0:  # a source drawn from in place
            if value is END:
                self.feeds[place].over = True
                return self.go_on(context)
            return self.fed(context, place, value)
        if value.__class__ is tuple:
            return self.fed(context, *value)
        return self.go_on(context)

    def go_on(self, context: Context) -> Answer:
        """Look at the feeds in order: the first element there is, else wait."""
        alone = self._alone()
        if alone >= 0:
            self.direct = alone
            return Pull(self.feeds[alone].base)
        waits = False
        for place in self.order():
            feed = self.feeds[place]
            value = feed.look(context)
            if feed.new:
                feed.new = False
                self.enlist(context)
                return AGAIN
            if value is PENDING:
                waits = True
            elif value is not END:
                return self.fed(context, place, value)
        if not waits:
            return self.ended(context)
        return Wait(Arriving(self.feeds))

    def enlist(self, context: Context) -> None:
        """Tasks may be at work for this stream now."""
        if self.tasks():
            enlist(context.vm, self)

    def _alone(self) -> int:
        """The one source that is left, where it can be drawn from in place; otherwise -1."""
        left = [place for place, feed in enumerate(self.feeds) if not feed.over]
        return left[0] if len(left) == 1 and self.feeds[left[0]].task is None else -1

    def order(self) -> list[int]:
        """The numbers of the feeds in the order they are looked at."""
        return list(range(len(self.feeds)))

    def fed(self, context: Context, place: int, value: Any) -> Answer:
        """Go on with an element."""
        self.pulling = False
        return Done(value)

    def ended(self, context: Context) -> Answer:
        """Every feed has ended."""
        self.pulling = False
        return Done(END)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        """A source failed, or the pull was ended from outside: the stream is over, its sources are left alone."""
        self.pulling = False
        self.direct = -1
        self.dismiss(context.vm)
        return Throw(error)

    def dismiss(self, vm: Machine) -> None:
        for feed in self.feeds:
            feed.dismiss(vm)
