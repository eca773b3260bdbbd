"""A reply piece by piece: a model call like any other, charged to whoever asks, whose text comes out of a channel.

The seam to providers gives whole replies, so the pieces are all there when the channel is; what reads them need not know.
"""

from __future__ import annotations

from typing import Any

from harn.llm.call import ModelCall, Served
from harn.llm.options import read_behaviour
from harn.values.errors import THROWN, HarnError
from harn.values.kinds import Handle
from harn.vm.channels import Channel
from harn.vm.frame import Answer, Call, Done, Native, Throw

NAME = "llm_stream"
CAPACITY = 64


class Stream(Native):
    """Gives a closed channel of texts. A failure is the one text ``error: ...``; wrong options are thrown."""

    __slots__ = ("asked", "options", "prompt", "system")
    name = NAME
    edge = False
    in_context = True

    def __init__(self, prompt: Any, system: Any, options: dict[str, Any]) -> None:
        self.prompt = prompt
        self.system = system
        self.options = options
        self.asked = False

    def resume_in(self, context: Any, value: Any) -> Answer:
        if not self.asked:
            self.asked = True
            return Call(ModelCall(self.prompt, self.system, self.options, read_behaviour(self.options)))
        served: Served = value
        return Done(_channel(context, pieces(served.reply.text)))

    def fail_in(self, context: Any, error: HarnError) -> Answer:
        if error.ending or error.kind != THROWN or not isinstance(error.payload, dict):
            return Throw(error)
        return Done(_channel(context, [f"error: {error.payload.get('message')}"]))


def pieces(text: str) -> list[str]:
    """A text in words, each with the blanks behind it; joined they are the text."""
    import re

    return re.findall(r"\s*\S+\s*", text) or ([text] if text else [])


def _channel(context: Any, texts: list[str]) -> Handle:
    channel = Channel(NAME, CAPACITY)
    channel.items = texts
    channel.close(context.vm)
    return Handle("channel", NAME, channel)
