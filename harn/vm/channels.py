"""Channels: bounded queues between tasks, and waiting for the first of several.

An item belongs to its receiver only when the receiver runs again. One that is ended between being woken and running gives the
item back, so that none is lost.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.frame import END, Answer, Done, Wait
from harn.vm.iterating import Source
from harn.vm.scheduler import Waiting

if TYPE_CHECKING:
    from harn.vm.machine import Machine, Task


class Channel:
    """``items`` wait to be received; ``receivers`` and ``senders`` are the tasks parked here, in order."""

    __slots__ = ("capacity", "closed", "items", "name", "receivers", "senders")

    def __init__(self, name: str, capacity: int) -> None:
        self.name = name
        self.capacity = max(1, capacity)
        self.items: list[Any] = []
        self.closed = False
        self.receivers: list[tuple[Task, Receiving]] = []
        self.senders: list[tuple[Task, Any]] = []

    def source(self) -> ChannelSource:
        """What an iterator over the channel draws from."""
        return ChannelSource(self)

    def take(self, vm: Machine) -> Any:
        """The next item; a sender that waited for room puts its own."""
        value = self.items.pop(0)
        if self.senders:
            task, item = self.senders.pop(0)
            self.items.append(item)
            vm.tasks.wake(vm, task, ("deliver", True))
        return value

    def put(self, vm: Machine, value: Any) -> None:
        """One more item: to a task that waits for one, else kept."""
        self.items.append(value)
        if self.receivers:
            task, waiting = self.receivers[0]
            vm.tasks.wake(vm, task, ("deliver", waiting.answer(vm, self)))

    def put_back(self, vm: Machine, value: Any) -> None:
        """Take an item back that its receiver never saw: it is the next again."""
        self.items.insert(0, value)
        if self.receivers:
            task, waiting = self.receivers[0]
            vm.tasks.wake(vm, task, ("deliver", waiting.answer(vm, self)))

    def close(self, vm: Machine) -> None:
        """No more items: those who wait for one are told."""
        self.closed = True
        for task, waiting in list(self.receivers):
            if waiting.ends_with(self):
                vm.tasks.wake(vm, task, ("deliver", waiting.ended()))


class Receiving(Waiting):
    """For an item of the first of some channels that has one. ``indexed``: the answer is [number, value], -1 for none.

    ``taken`` is the channel and the item of the answer, which goes back where the task never gets to see it.
    """

    __slots__ = ("channels", "indexed", "nothing", "seconds", "taken")

    def __init__(self, channels: list[Channel], seconds: float | None, indexed: bool, nothing: Any = None) -> None:
        self.channels = channels
        self.seconds = seconds
        self.indexed = indexed
        self.nothing = nothing
        self.taken: tuple[Channel, Any] | None = None

    def answer(self, vm: Machine, channel: Channel) -> Any:
        """What the task gets of a channel that has an item."""
        value = channel.take(vm)
        self.taken = channel, value
        return [self.channels.index(channel), value] if self.indexed else value

    def ends_with(self, channel: Channel) -> bool:
        """Whether nothing can come any more now that ``channel`` is closed."""
        return all(one.closed and not one.items for one in self.channels) and (not self.indexed or self.seconds is None)

    def ended(self) -> Any:
        """What the task gets where nothing comes any more."""
        return [-1, None] if self.indexed else self.nothing

    def park(self, vm: Machine, task: Task) -> tuple[Any, ...] | None:
        for channel in self.channels:
            if channel.items:
                return ("deliver", self.answer(vm, channel))
        if self.seconds is not None and self.seconds <= 0:
            return ("deliver", self.ended())
        if self.channels and self.ends_with(self.channels[0]):
            return ("deliver", self.ended())
        for channel in self.channels:
            channel.receivers.append((task, self))
        if self.seconds is not None:
            vm.tasks.timer(vm, self.seconds, task, self, ("deliver", self.ended()))
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        for channel in self.channels:
            channel.receivers = [one for one in channel.receivers if one[1] is not self]

    def take_back(self, vm: Machine) -> None:
        if self.taken is not None:
            channel, value = self.taken
            self.taken = None
            channel.put_back(vm, value)

    def words(self) -> str:
        return "receives from " + ", ".join(f"channel '{channel.name}'" for channel in self.channels)


class Sending(Waiting):
    """For room in a channel."""

    __slots__ = ("channel", "value")

    def __init__(self, channel: Channel, value: Any) -> None:
        self.channel = channel
        self.value = value

    def park(self, vm: Machine, task: Task) -> tuple[Any, ...] | None:
        channel = self.channel
        if channel.closed:
            return ("deliver", False)
        if len(channel.items) < channel.capacity:
            channel.put(vm, self.value)
            return ("deliver", True)
        channel.senders.append((task, self.value))
        return None

    def leave(self, vm: Machine, task: Task) -> None:
        self.channel.senders = [one for one in self.channel.senders if one[0] is not task]

    def words(self) -> str:
        return f"sends to channel '{self.channel.name}'"


class ChannelSource(Source):
    """Draws from a channel until it is closed and empty."""

    __slots__ = ("asked", "channel")

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.asked = False

    def next(self) -> Answer:
        self.asked = True
        return Wait(Receiving([self.channel], None, False, END))

    def resume(self, value: Any) -> Answer:
        return Done(value)
