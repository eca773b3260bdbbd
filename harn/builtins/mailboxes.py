"""Mailboxes: messages to whoever listens under a name."""

from __future__ import annotations

from typing import Any

from harn.builtins.channels import Hold
from harn.builtins.shared_state import MAILBOXES, Place, handle, place_of, place_to_open
from harn.builtins.tasks import milliseconds
from harn.catalog.record import builtin
from harn.values.errors import type_error
from harn.values.kinds import type_name
from harn.vm.frame import Native
from harn.vm.machine import Context
from harn.vm.mailboxes import Fetching, Mailbox, Posting, absent

KIND = "mailbox"
CAPACITY = 256


def _find(ctx: Context, name: str, target: Any) -> Mailbox | None:
    """The mailbox behind a handle or name, None where it was never opened."""
    boxes: dict[Place, Mailbox] = ctx.vm.areas.get(MAILBOXES, {})
    return boxes.get(place_of(ctx, name, KIND, target))


@builtin(
    "mailbox_open(name: any, capacity?: int) -> {_type: string, scope: string, key: string}",
    effects=["task"],
    ctx=True,
    examples=[('mailbox_open("reviewer")', "{_type: mailbox, key: reviewer, scope: task_group:task_root}")],
)
def mailbox_open(ctx: Context, name: Any, capacity: Any = None) -> dict[str, Any]:
    """Open a mailbox: by a name, or by `{name, scope, capacity, tenant_id}`. It holds 256 messages where nothing else is said,
    at least 1; whoever sends more waits. Opening it again changes nothing.
    """
    place = place_to_open(ctx, "mailbox_open", name)
    if name.__class__ is dict:
        capacity = name.get("capacity", capacity)
    if capacity is not None and capacity.__class__ is not int:
        raise type_error(f"mailbox_open: capacity must be an int, got {type_name(capacity)}")
    boxes: dict[Place, Mailbox] = ctx.vm.areas.setdefault(MAILBOXES, {})
    if place not in boxes:
        boxes[place] = Mailbox(place[1], CAPACITY if capacity is None else capacity)
    return handle(KIND, place)


@builtin(
    "mailbox_lookup(target: any) -> {_type: string, scope: string, key: string} | nil",
    effects=["task"],
    ctx=True,
    examples=[('mailbox_lookup("nobody")', "nil")],
)
def mailbox_lookup(ctx: Context, target: Any) -> dict[str, Any] | None:
    """The handle of an open or closed mailbox, nil where there was none."""
    found = _find(ctx, "mailbox_lookup", target)
    return handle(KIND, place_of(ctx, "mailbox_lookup", KIND, target)) if found is not None else None


@builtin(
    "mailbox_send(target: any, message: any) -> bool",
    form="native",
    effects=["task"],
    keeps=["message"],
    ctx=True,
    examples=[('mailbox_send("nobody", "hello")', "false")],
)
def mailbox_send(ctx: Context, target: Any, message: Any) -> Native | bool:
    """Put a message into a mailbox, waiting while it is full; false where there is none or it is closed."""
    box = _find(ctx, "mailbox_send", target)
    if box is None:
        return False
    if box.closed:
        box.refused += 1
        return False
    return Hold(Posting(box, message))


@builtin(
    "mailbox_receive(target: any, timeout?: any | duration | int) -> any", form="native", effects=["task"], ctx=True
)
def mailbox_receive(ctx: Context, target: Any, timeout: Any = None) -> Native | None:
    """The next message, waiting for one; nil where the mailbox is closed and empty, where there is none, or where the timeout
    (milliseconds or a duration) is over.
    """
    box = _find(ctx, "mailbox_receive", target)
    if box is None:
        return None
    return Hold(Fetching(box, None if timeout is None else max(0.0, milliseconds(timeout, 0.0) / 1000)))


@builtin(
    "mailbox_try_receive(target: any) -> any",
    effects=["task"],
    ctx=True,
    examples=[('mailbox_try_receive(mailbox_open("reviewer"))', "nil")],
)
def mailbox_try_receive(ctx: Context, target: Any) -> Any:
    """The next message, nil where there is none now."""
    box = _find(ctx, "mailbox_try_receive", target)
    return box.take(ctx.vm) if box is not None and box.items else None


@builtin(
    "mailbox_close(target: any) -> bool",
    effects=["task"],
    ctx=True,
    examples=[('mailbox_close(mailbox_open("reviewer"))', "true")],
)
def mailbox_close(ctx: Context, target: Any) -> bool:
    """Let no more messages in; what is there can still be received, who waits for more is woken. False where it was closed."""
    box = _find(ctx, "mailbox_close", target)
    if box is None or box.closed:
        return False
    box.close(ctx.vm)
    return True


@builtin(
    "mailbox_metrics(target: any) -> {capacity: int, depth: int, sent_count: int, received_count: int, failed_send_count: int,"
    " closed: bool}",
    effects=["task"],
    ctx=True,
    examples=[('mailbox_metrics(mailbox_open("reviewer")).capacity', "256")],
)
def mailbox_metrics(ctx: Context, target: Any) -> dict[str, Any]:
    """The counters of a mailbox, all zero where it was never opened: `capacity`, `depth`, `sent_count`, `received_count`,
    `failed_send_count`, `closed`.
    """
    return (_find(ctx, "mailbox_metrics", target) or absent()).metrics()
