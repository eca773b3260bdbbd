"""The messages of a request: made of a prompt or of what the caller gives, and how large they are."""

from __future__ import annotations

from typing import Any

from harn.values.display import display
from harn.values.errors import HarnError, thrown

_IMAGE = "llm_call image content "
_DETAILS = ("low", "high", "auto")

MOST_PARTS = 1_000_000
"""Values in a request, each counted where it stands: what shares its parts may be short and yet have no end."""


def messages_of(prompt: Any, given: Any) -> list[dict[str, Any]]:
    """The messages: those given replace the prompt, which otherwise is the one user message."""
    if not isinstance(given, list):
        return [{"role": "user", "content": prompt if isinstance(prompt, str) else display(prompt)}]
    return [_message(entry) for entry in given]


def _message(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, dict):
        return {"role": "user", "content": entry if isinstance(entry, str) else display(entry)}
    message = dict(entry)
    message.setdefault("role", "user")
    content = message.get("content")
    if message["role"] == "tool_result":
        block = {"type": "tool_result", "tool_use_id": message.get("tool_use_id"), "content": content}
        return {"role": "user", "content": [block]}
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict) and block.get("type") == "image":
            fault = _image_fault(block)
            if fault is not None:
                raise fault
    return message


def _image_fault(block: dict[str, Any]) -> HarnError | None:
    """What is wrong with an image block."""
    linked = any(block.get(key) for key in ("url", "file_uri"))
    inline = any(block.get(key) for key in ("base64", "data"))
    if linked == inline:
        return thrown(_IMAGE + "requires exactly one of url or base64")
    if inline and not any(block.get(key) for key in ("media_type", "mime_type")):
        return thrown(_IMAGE + "requires media_type")
    if block.get("detail") is not None and block["detail"] not in _DETAILS:
        return thrown(_IMAGE + 'detail must be "low", "high", or "auto"')
    return None


def has_images(messages: list[dict[str, Any]]) -> bool:
    """Whether a block of any message is an image."""
    return any(
        isinstance(block, dict) and block.get("type") == "image"
        for message in messages
        if isinstance(message.get("content"), list)
        for block in message["content"]
    )


def texts(value: Any) -> list[str]:
    """Every text in a value: the entries of a dict by sorted key."""
    found: list[str] = []
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, list):
            pending.extend(reversed(one))
        elif isinstance(one, dict):
            pending.extend(one[key] for key in sorted(one, reverse=True))
    return found


def size(value: Any) -> int:
    """Bytes of all texts and keys in messages; another scalar counts 1. HarnError where they have more than MOST_PARTS parts."""
    total = parts = 0
    pending = [value]
    while pending:
        one = pending.pop()
        parts += 1
        if parts > MOST_PARTS:
            raise thrown(f"messages: a request may have at most {MOST_PARTS:,} parts")
        if isinstance(one, str):
            total += len(one.encode("utf-8", "surrogatepass"))
        elif isinstance(one, list):
            pending.extend(one)
        elif isinstance(one, dict):
            for key, entry in one.items():
                total += len(key.encode("utf-8", "surrogatepass"))
                pending.append(entry)
        else:
            total += 1
    return total


def quarter(count: int) -> int:
    """The usual estimate: a token for every four bytes begun."""
    return -(-count // 4)
