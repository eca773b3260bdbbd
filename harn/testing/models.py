"""A model that answers from a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from harn.llm.failures import failure
from harn.llm.mock import fits, match_text
from harn.llm.shapes import Reply, Request
from harn.values.errors import runtime_error, thrown

Answer = str | Mapping[str, Any] | Exception | Callable[[dict[str, Any]], Any]


class MockModel:
    """Answers model calls in order, and keeps what was asked.

    An answer is a text; a dict with fields of a reply (``text``, ``model``, ``input_tokens``, ``output_tokens``, ``tool_calls``,
    ``thinking``, ``stop_reason`` ...) and perhaps ``match``, a pattern with ``*`` that the messages must fit; an exception, which
    fails the call; or a function that gets the request as a dict and gives one of these. Answers with ``match`` answer again
    and again, any other once. ``default`` answers when no other is left; without it the call fails.

    ``requests`` are the requests so far, as dicts, oldest first.
    """

    def __init__(self, *answers: Answer, default: Answer | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers = list(answers)
        self._default = default

    @property
    def prompts(self) -> list[str]:
        """What each request asked: the text of its last message."""
        return [_text(request["messages"][-1]) for request in self.requests if request["messages"]]

    def complete(self, request: Request) -> Reply:
        """The next answer, as the host's models give it."""
        asked = {name: getattr(request, name) for name in Request.__slots__}
        self.requests.append(asked)
        answer = self._next(request)
        if callable(answer):
            answer = answer(asked)
        if isinstance(answer, Exception):
            raise thrown(failure("server_error", str(answer), request.provider, request.model, None))
        given: dict[str, Any] = {"text": answer} if isinstance(answer, str) else dict(answer or {})
        given.pop("match", None)
        spoken = match_text(request)
        reply = Reply("", request.model, len(spoken.split()), len(str(given.get("text", "")).split()))
        reply.fill(given)
        return reply

    def _next(self, request: Request) -> Any:
        spoken = match_text(request)
        for place, answer in enumerate(self._answers):
            pattern = answer.get("match") if isinstance(answer, Mapping) else None
            if pattern is None:
                return self._answers.pop(place)
            if fits(pattern, spoken) or any(fits(pattern, _text(message)) for message in request.messages):
                return answer
        if self._default is None:
            raise runtime_error(f"the model was asked more than the test expects: {request.words()}")
        return self._default


def _text(message: dict[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "\n".join(block.get("text", "") for block in content or () if isinstance(block, dict))
