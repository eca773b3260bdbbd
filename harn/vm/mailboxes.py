"""Mailboxes: named channels that count, and that tell a cancelled receiver at once.

A message belongs to its receiver only when the receiver runs again. One that is cancelled between being woken and running gives
the message back, so that none is lost.
"""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.values.errors import HarnError
from harn.vm.channels import Channel, Receiving, Sending
from harn.vm.frame import Answer, Done, Native, Throw, Wait

if TYPE_CHECKING:
    from harn.vm.machine import Context, Machine


class Mailbox(Channel):
    """A channel with a handle by name. ``received`` messages were taken out; ``refused`` came when it was closed."""

    __slots__ = ("received", "refused")

    def __init__(self, name: str, capacity: int) -> None:
        super().__init__(name, capacity)
        self.received = 0
        self.refused = 0

    def take(self, vm: Machine) -> Any:
        """The next message."""
        self.received += 1
        return super().take(vm)

    def put_back(self, vm: Machine, message: Any) -> None:
        """Take a message back that its receiver never saw: it is the next again."""
        self.received -= 1
        self.items.insert(0, message)
        self.hand_out(vm)

    def hand_out(self, vm: Machine) -> None:
        """Give what is there to who waits for it."""
        while self.items and self.receivers:
            task, waiting = self.receivers[0]
            vm.tasks.wake(vm, task, ("deliver", waiting.answer(vm, self)))

    def metrics(self) -> dict[str, Any]:
        """The counters, as programs see them. What was sent is what is there and what was received."""
        return {
            "capacity": self.capacity, "depth": len(self.items), "sent_count": self.received + len(self.items),
            "received_count": self.received, "failed_send_count": self.refused, "closed": self.closed,
        }  # fmt: skip


class Posting(Sending):
    """For room in a mailbox."""

    __slots__ = ()

    def words(self) -> str:
        return f"sends to mailbox '{self.channel.name}'"


class Fetching(Receiving):
    """For a message. ``message`` holds what the receiver was woken with, until it has it."""

    __slots__ = ("message",)
    leaves_at_once = True

    def __init__(self, box: Mailbox, seconds: float | None) -> None:
        super().__init__([box], seconds, False)
        self.message: tuple[Any, ...] = ()

    def answer(self, vm: Machine, channel: Channel) -> Any:
        """What the task gets of a mailbox that has a message."""
        value = super().answer(vm, channel)
        self.message = (value,)
        return value

    def words(self) -> str:
        return f"receives from mailbox '{self.channels[0].name}'"


class Fetch(Native):
    """``mailbox_receive``: waits for a message; nil where none comes any more or the time is up."""

    __slots__ = ("asked", "box", "waiting")
    name = "mailbox_receive"
    edge = False
    in_context = True

    def __init__(self, box: Mailbox, seconds: float | None) -> None:
        self.box = box
        self.waiting = Fetching(box, seconds)
        self.asked = False

    def resume_in(self, context: Context, value: Any) -> Answer:
        if not self.asked:
            self.asked = True
            return Wait(self.waiting)
        self.waiting.message = ()
        return Done(value)

    def fail_in(self, context: Context, error: HarnError) -> Answer:
        """The receiver was ended from outside: a message it was woken with goes back."""
        message = self.waiting.message
        if message:
            self.waiting.message = ()
            self.box.put_back(context.vm, message[0])
        return Throw(error)
