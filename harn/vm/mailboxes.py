"""Mailboxes: named channels that count, and that tell a cancelled receiver at once."""

from __future__ import annotations

from harn.source.typing import TYPE_CHECKING, Any
from harn.vm.channels import Channel, Receiving, Sending

if TYPE_CHECKING:
    from harn.vm.machine import Machine


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
        super().put_back(vm, message)

    def metrics(self) -> dict[str, Any]:
        """The counters, as programs see them. What was sent is what is there and what was received."""
        return {
            "capacity": self.capacity, "depth": len(self.items), "sent_count": self.received + len(self.items),
            "received_count": self.received, "failed_send_count": self.refused, "closed": self.closed,
        }  # fmt: skip


def absent() -> Mailbox:
    """What a mailbox that was never opened counts: nothing."""
    nothing = Mailbox("", 0)
    nothing.capacity = 0
    return nothing


class Posting(Sending):
    """For room in a mailbox."""

    __slots__ = ()

    def words(self) -> str:
        return f"sends to mailbox '{self.channel.name}'"


class Fetching(Receiving):
    """For a message; nil where none comes any more or the time is up."""

    __slots__ = ()
    leaves_at_once = True

    def __init__(self, box: Mailbox, seconds: float | None) -> None:
        super().__init__([box], seconds, False)

    def words(self) -> str:
        return f"receives from mailbox '{self.channels[0].name}'"
