"""Request and reply: what passes between a call and a provider, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Request:
    """One call of a model, ready to be sent.

    ``messages`` are dicts with ``role`` and ``content`` (a text or a list of blocks); ``system`` stands apart. ``thinking`` is
    ``{mode}`` with ``budget_tokens`` or ``level``. ``output`` is ``text``, ``json`` or ``schema``, the last with ``schema``.
    ``sampling`` holds what was set of temperature, top_p, top_k, frequency_penalty, presence_penalty, stop and seed. ``extra``
    is what the provider of that name is given on top.
    """

    __slots__ = (
        "cache", "extra", "max_tokens", "messages", "model", "output", "prefill", "provider", "sampling", "schema", "stream",
        "system", "thinking", "timeout", "tool_choice", "tools",
    )  # fmt: skip

    def __init__(self, provider: str, model: str, messages: list[dict[str, Any]], system: str | None) -> None:
        self.provider = provider
        self.model = model
        self.messages = messages
        self.system = system
        self.max_tokens = 0
        self.tools: list[dict[str, Any]] = []
        self.tool_choice: Any = None
        self.thinking: dict[str, Any] = {"mode": "disabled"}
        self.output = "text"
        self.schema: dict[str, Any] | None = None
        self.sampling: dict[str, Any] = {}
        self.prefill = ""
        self.cache = False
        self.stream = True
        self.timeout = 120.0
        self.extra: dict[str, Any] = {}

    def words(self) -> str:
        """Who is asked what, for a person who must decide about the call."""
        last = self.messages[-1].get("content") if self.messages else ""
        text = last if isinstance(last, str) else "..."
        return f"{self.provider} {self.model}: {text}"


class Reply:
    """What a model answered. ``model`` is the one that served; ``tool_calls`` are dicts ``{id, name, arguments}``."""

    __slots__ = (
        "cache_read", "cache_write", "input_tokens", "model", "output_tokens", "stop_reason", "text", "thinking",
        "thinking_summary", "tool_calls",
    )  # fmt: skip

    def __init__(self, text: str, model: str, input_tokens: int, output_tokens: int) -> None:
        self.text = text
        self.model = model
        self.input_tokens = input_tokens
        self.output_tokens = output_tokens
        self.cache_read = 0
        self.cache_write = 0
        self.thinking = ""
        self.thinking_summary = ""
        self.stop_reason = ""
        self.tool_calls: list[dict[str, Any]] = []

    def fill(self, fields: Mapping[str, Any]) -> None:
        """Set some fields. TypeError for one that a reply does not have or that is not of its kind."""
        for name, value in fields.items():
            if name not in self.__slots__:
                raise TypeError(f"a reply has no field `{name}`; its fields are {', '.join(self.__slots__)}")
            kind = int if name in _COUNTS else list if name == "tool_calls" else str
            if not isinstance(value, kind) or isinstance(value, bool):
                raise TypeError(f"`{name}` of a reply is {kind.__name__}, not {type(value).__name__}")
            if isinstance(value, list) and not all(isinstance(call, dict) for call in value):
                raise TypeError("`tool_calls` of a reply are dicts {id, name, arguments}")
            setattr(self, name, value)


_COUNTS = ("cache_read", "cache_write", "input_tokens", "output_tokens")
"""Fields of a reply that are numbers of tokens."""
