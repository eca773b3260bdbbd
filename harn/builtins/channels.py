"""Channels and select."""

from __future__ import annotations

from typing import Any

from harn.builtins.locks import Acquire
from harn.builtins.strings import text_of
from harn.builtins.tasks import milliseconds
from harn.catalog.record import builtin
from harn.values.errors import thrown
from harn.values.kinds import Handle
from harn.vm.channels import Channel, Receiving, Sending
from harn.vm.frame import Answer, Done, Native, Wait
from harn.vm.machine import Context
from harn.vm.scheduler import Waiting


class Hold(Acquire):
    """Waits once and gives what it was woken with."""

    __slots__ = ()
    name = "channel"

    def __init__(self, waiting: Waiting) -> None:
        self.waiting: Any = waiting
        self.asked = False


def _channel(name: str, value: Any) -> Channel:
    if value.__class__ is not Handle or not isinstance(value.state, Channel):
        raise thrown(f"{name}: first argument must be a channel")
    return value.state


@builtin('channel(name: any = "default", capacity: any | int = 256) -> channel', effects=["task"])
def channel(name: Any = "default", capacity: Any = 256) -> Handle:
    """A queue between tasks, of at most `capacity` values (at least 1)."""
    label = text_of(name)
    return Handle("channel", label, Channel(label, capacity if capacity.__class__ is int else 256))


@builtin("send(channel: any | channel, value?: any) -> bool", form="native", effects=["task"], keeps=["value"])
def send(channel: Any, value: Any = None) -> Native:
    """Put a value into a channel, waiting while it is full; false where it is closed."""
    return Hold(Sending(_channel("send", channel), value))


@builtin("receive(channel: any | channel) -> any", form="native", effects=["task"])
def receive(channel: Any) -> Native:
    """The next value of a channel, waiting for one; nil where it is closed and empty."""
    return Hold(Receiving([_channel("receive", channel)], None, False))


@builtin("try_receive(channel: any | channel) -> any", effects=["task"], ctx=True)
def try_receive(ctx: Context, channel: Any) -> Any:
    """The next value of a channel, nil where there is none now."""
    found = _channel("try_receive", channel)
    return found.take(ctx.vm) if found.items else None


@builtin("close_channel(channel: any | channel) -> nil", effects=["task"], ctx=True)
def close_channel(ctx: Context, channel: Any) -> None:
    """Let nothing more into a channel; who waits for a value of it is woken."""
    _channel("close_channel", channel).close(ctx.vm)


class Selecting(Native):
    """``channel_select``: a dict of what came first."""

    __slots__ = ("asked", "channels", "seconds")
    name = "channel_select"
    edge = False

    def __init__(self, channels: list[Channel], seconds: float | None) -> None:
        self.channels = channels
        self.seconds = seconds
        self.asked = False

    def resume(self, value: Any) -> Answer:
        if not self.asked:
            self.asked = True
            return Wait(Receiving(self.channels, self.seconds, True))
        index, found = value
        if index < 0:
            return Done(None)
        return Done({"channel": self.channels[index].name, "index": index, "value": found})


@builtin(
    "channel_select(channels: any | list<channel>, timeout?: any | duration | int)"
    " -> {channel: string, index: int, value: any} | nil",
    form="native",
    effects=["task"],
)
def channel_select(channels: Any, timeout: Any = None) -> Native | None:
    """The first value of several channels as `{channel, index, value}`; nil where the timeout is over."""
    if channels.__class__ is not list:
        raise thrown("channel_select: first argument must be a list of channels")
    if not all(one.__class__ is Handle and isinstance(one.state, Channel) for one in channels):
        raise thrown("channel_select: channel list must contain only channels")
    if not channels:
        return None
    return Selecting([one.state for one in channels], None if timeout is None else milliseconds(timeout, 0.0) / 1000)


@builtin("__select(channels: list, timeout: any, wait: bool) -> list", form="native", effects=["task"])
def select(channels: list[Any], timeout: Any, wait: bool) -> Native:
    """The first value as [number of the case, value], number -1 for timeout or default. `select` compiles to this call."""
    found = [_channel("select", one) for one in channels]
    seconds = 0.0 if not wait else None if timeout is None else milliseconds(timeout, 0.0) / 1000
    if not found and seconds is None:
        seconds = 0.0
    return Hold(Receiving(found, seconds, True))
