"""The dict that programs see of a call that was answered."""

from __future__ import annotations

from typing import Any

from harn.llm.call import Served
from harn.llm.prices import cache_savings
from harn.llm.shapes import Reply, Request
from harn.llm.structured import NOTHING

_PROSE = ("<assistant_prose>", "</assistant_prose>")
_DONE = ("<done>", "</done>")


def result_of(served: Served, data: Any) -> dict[str, Any]:
    """The result of ``llm_call``. What a reply did not have (data, tool calls, thinking ...) is absent."""
    request, reply = served.request, served.reply
    prose, done = _untagged(reply.text)
    counters = _counters(reply)
    result: dict[str, Any] = {
        "text": reply.text,
        "model": reply.model,
        "provider": request.provider,
        **counters,
        "usage": dict(counters),
        "prose": prose,
        "visible_text": prose,
        "blocks": _blocks(reply),
        "transcript": transcript_of(served, prose),
    }
    found = {
        "tool_calls": reply.tool_calls,
        "thinking": reply.thinking,
        "private_reasoning": reply.thinking,
        "thinking_summary": reply.thinking_summary,
        "stop_reason": reply.stop_reason,
        "done_marker": done,
    }
    result.update({key: value for key, value in found.items() if value})
    if data is not NOTHING:
        result["data"] = data
    return result


def _counters(reply: Reply) -> dict[str, Any]:
    read, write = reply.cache_read, reply.cache_write
    whole = reply.input_tokens if read + write <= reply.input_tokens else reply.input_tokens + read + write
    return {
        "input_tokens": reply.input_tokens,
        "output_tokens": reply.output_tokens,
        "cache_read_tokens": read,
        "cache_write_tokens": write,
        "cache_creation_input_tokens": write,
        "cache_hit_ratio": read / whole if whole > 0 else 0.0,
        "cache_savings_usd": float(cache_savings(reply.model, read, write)),
    }


def _untagged(text: str) -> tuple[str, str]:
    """(the prose without tags, what the done tag holds)."""
    done = _inside(text, _DONE)
    prose = _inside(text, _PROSE)
    if prose is not None:
        return prose.strip(), (done or "").strip()
    if done is not None:
        return text.replace(f"{_DONE[0]}{done}{_DONE[1]}", "").strip(), done.strip()
    return text, ""


def _inside(text: str, tags: tuple[str, str]) -> str | None:
    start = text.find(tags[0])
    end = text.find(tags[1], start)
    return text[start + len(tags[0]) : end] if 0 <= start < end else None


def _blocks(reply: Reply) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if reply.thinking:
        blocks.append({"type": "reasoning", "text": reply.thinking, "visibility": "private"})
    if reply.thinking_summary:
        blocks.append({"type": "reasoning_summary", "text": reply.thinking_summary, "visibility": "private"})
    if reply.text:
        blocks.append({"type": "output_text", "text": reply.text, "visibility": "public"})
    return blocks + [{**call, "type": "tool_call", "visibility": "internal"} for call in reply.tool_calls]


def transcript_of(served: Served, visible: str) -> dict[str, Any]:
    """The call as an active transcript: the messages, the answer, what the provider reported."""
    request, reply = served.request, served.reply
    answer: dict[str, Any] = {"role": "assistant", "content": _blocks(reply)}
    if reply.tool_calls:
        answer["tool_calls"] = reply.tool_calls
    messages = [*request.messages, answer]
    ids = _Ids(served.fresh)
    events = [_message_event(ids, message) for message in request.messages]
    events.append(ids.event("message", "assistant", "public", visible, _blocks(reply)))
    events.append({**ids.event("provider_payload", "system", "internal", "", []), "metadata": _payload(request, reply)})
    if reply.thinking:
        events.append(ids.event("private_reasoning", "assistant", "private", reply.thinking, []))
    return {
        "_type": "transcript",
        "version": 2,
        "id": ids.make(),
        "state": "active",
        "messages": messages,
        "events": events,
        "assets": [],
    }


def _payload(request: Request, reply: Reply) -> dict[str, Any]:
    return {
        "model": reply.model,
        "provider": request.provider,
        "input_tokens": reply.input_tokens,
        "output_tokens": reply.output_tokens,
        "tool_calls": reply.tool_calls,
        "structural_experiment": None,
        "thinking_summary": reply.thinking_summary or None,
    }


def _message_event(ids: _Ids, message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    text = content if isinstance(content, str) else " ".join(
        block["text"] for block in content or () if isinstance(block, dict) and isinstance(block.get("text"), str)
    ) if isinstance(content, list) else ""  # fmt: skip
    blocks = content if isinstance(content, list) else [{"type": "text", "text": text, "visibility": "public"}]
    role = message.get("role")
    return ids.event("message", role if isinstance(role, str) else "user", "public", text, blocks)


class _Ids:
    """UUIDs of version 7 that sort in the order they were made, all from one drawing of chance."""

    def __init__(self, fresh: tuple[int, bytes]) -> None:
        self._time, drawn = fresh
        self._chance = int.from_bytes(drawn, "big")
        self._count = 0

    def make(self) -> str:
        """The next id."""
        self._count += 1
        chance = (self._chance + self._count) & ((1 << 62) - 1)
        bits = (self._time & ((1 << 48) - 1)) << 80 | 0x7 << 76 | (self._count & 0xFFF) << 64 | 0b10 << 62 | chance
        text = f"{bits:032x}"
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))

    def event(self, kind: str, role: str, visibility: str, text: str, blocks: list[Any]) -> dict[str, Any]:
        """An event of a transcript."""
        return {"id": self.make(), "kind": kind, "role": role, "visibility": visibility, "text": text, "blocks": blocks}
