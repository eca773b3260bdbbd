"""Scripted replies of a run: a queue, a log of the calls, and scopes that hide both.

An entry without a pattern answers the next call, in order, before any entry with one; of those with a pattern the first that
fits answers, again and again unless ``consume_match``. A pattern is matched against the texts of all messages joined by newlines,
with the roles and without; ``*`` stands for anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harn.llm.failures import TAXONOMY, failure
from harn.llm.messages import texts
from harn.llm.options import whole
from harn.llm.shapes import Reply, Request
from harn.values.errors import HarnError, runtime_error, thrown

if TYPE_CHECKING:
    from harn.vm.machine import Machine

AREA = "llm_mock"
PROVIDER = "mock"
_OUTPUT_TOKENS = 30
_TOOL_OUTPUT_TOKENS = 20
_SHOWN = 100
"""Characters of a prompt that the default reply repeats."""

_COUNTS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
_TEXTS = ("text", "thinking", "thinking_summary", "stop_reason", "model", "match")
_STUBS: dict[str, Any] = {
    "string": "", "str": "", "integer": 0, "int": 0, "number": 0.0, "float": 0.0, "boolean": False, "bool": False,
    "array": [], "list": [], "object": {}, "dict": {},
}  # fmt: skip


class Entry:
    """One scripted reply or failure. ``given`` are the fields as declared, those of a wrong kind left out."""

    __slots__ = ("consumed", "error", "given", "tool_calls")

    def __init__(self, declared: dict[str, Any]) -> None:
        self.given: dict[str, Any] = {}
        for key in _TEXTS:
            if isinstance(declared.get(key), str):
                self.given[key] = declared[key]
        for key in _COUNTS:
            count = whole(declared.get(key))
            if count is not None:
                self.given[key] = count
        calls = declared.get("tool_calls")
        self.tool_calls = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
        self.error = _declared_error(declared.get("error"))
        self.consumed = declared.get("consume_match") is True

    @property
    def pattern(self) -> str | None:
        """What the match text must look like; None answers the next call."""
        return self.given.get("match")


def _declared_error(value: Any) -> tuple[str, str, int | None] | None:
    """(category, message, retry after in ms) of an entry that fails."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise runtime_error("llm_mock: error must be a dict {category, message, retry_after_ms?}")
    category = value.get("category")
    if not isinstance(category, str) or not category:
        raise runtime_error("llm_mock: error.category is required")
    if category not in TAXONOMY:
        raise runtime_error(f"llm_mock: unknown error category `{category}`")
    wait = value.get("retry_after_ms")
    if wait is not None and (not isinstance(wait, int) or isinstance(wait, bool) or wait < 0):
        raise runtime_error("llm_mock: error.retry_after_ms must be a non-negative int")
    message = value.get("message")
    return category, message if isinstance(message, str) else "", wait


class Mocks:
    """The scripted replies of a run."""

    __slots__ = ("_hidden", "_made_calls", "_seen", "log", "queue")

    def __init__(self) -> None:
        self.queue: list[Entry] = []
        self.log: list[dict[str, Any]] = []
        self._hidden: list[tuple[list[Entry], list[dict[str, Any]]]] = []
        self._seen: set[tuple[str, str, str]] = set()
        self._made_calls = 0

    def push_scope(self) -> None:
        """Hide queue and log."""
        self._hidden.append((self.queue, self.log))
        self.queue, self.log = [], []

    def pop_scope(self) -> bool:
        """Show again what was hidden last; False where nothing is."""
        if not self._hidden:
            return False
        self.queue, self.log = self._hidden.pop()
        return True

    def clear(self) -> None:
        """Forget entries and log of this scope."""
        self.queue, self.log = [], []

    def intercepts(self, provider: str) -> bool:
        """Whether a call is answered here and never reaches a provider."""
        return provider == PROVIDER or bool(self.queue)

    def answer(self, request: Request) -> Reply:
        """The reply to a request, which is logged; HarnError for a scripted failure."""
        self.log.append(
            {
                "messages": request.messages,
                "system": request.system,
                "tools": request.tools or None,
                "thinking": _shown_thinking(request.thinking),
            }
        )
        entry = self._draw(request)
        if entry is None:
            return self._default(request)
        if entry.error is not None:
            category, message, wait = entry.error
            if wait is not None:
                message = f"{message}\nretry-after: {wait / 1000:g}\n"
            raise thrown(failure(category, message, request.provider, request.model, wait))
        given = entry.given
        spoken = len(match_text(request).encode("utf-8", "surrogatepass"))
        reply = Reply(
            given.get("text", ""),
            given.get("model", PROVIDER),
            given.get("input_tokens", spoken),
            given.get("output_tokens", _OUTPUT_TOKENS),
        )
        reply.thinking = given.get("thinking", "")
        reply.thinking_summary = given.get("thinking_summary", "")
        reply.stop_reason = given.get("stop_reason", "")
        reply.tool_calls = [self._tool_call(call) for call in entry.tool_calls]
        reply.cache_read, reply.cache_write = given.get("cache_read_tokens", 0), given.get("cache_write_tokens", 0)
        if "cache_read_tokens" not in given and "cache_write_tokens" not in given:
            self._count_cache(request, reply)
        return reply

    def _draw(self, request: Request) -> Entry | None:
        """The entry that answers, taken off the queue where it answers once."""
        chosen = next((entry for entry in self.queue if entry.pattern is None), None)
        if chosen is None:
            spoken, said = match_text(request), "\n".join(texts([m.get("content") for m in request.messages]))
            chosen = next(
                (e for e in self.queue if e.pattern is not None and (fits(e.pattern, spoken) or fits(e.pattern, said))),
                None,
            )
            if chosen is None or not chosen.consumed:
                return chosen
        self.queue = [entry for entry in self.queue if entry is not chosen]
        return chosen

    def _tool_call(self, declared: dict[str, Any]) -> dict[str, Any]:
        """A tool call with an id of its own where none is given; ``args`` is read like ``arguments``."""
        self._made_calls += 1
        arguments = declared.get("arguments", declared.get("args"))
        name = declared.get("name")
        given = declared.get("id")
        return {
            "type": "tool_call",
            "id": given if isinstance(given, str) and given else f"mock_call_{self._made_calls}",
            "name": name if isinstance(name, str) else "",
            "arguments": arguments if isinstance(arguments, dict) else {},
        }

    def _default(self, request: Request) -> Reply:
        """The reply where nothing is scripted."""
        prompt = _last_text(request.messages)
        spoken = len(prompt.encode("utf-8", "surrogatepass"))
        if request.tools:
            reply = Reply("", request.model, spoken, _TOOL_OUTPUT_TOKENS)
            reply.tool_calls = [self._tool_call(_stub_call(request.tools[0]))]
        else:
            reply = Reply(_default_text(prompt, request.system or ""), request.model, spoken, _OUTPUT_TOKENS)
        self._count_cache(request, reply)
        return reply

    def _count_cache(self, request: Request, reply: Reply) -> None:
        """The first of equal requests with ``cache`` writes, later ones read."""
        if not request.cache or reply.input_tokens <= 0:
            return
        key = (request.model, request.system or "", match_text(request))
        if key in self._seen:
            reply.cache_read = reply.input_tokens
        else:
            self._seen.add(key)
            reply.cache_write = reply.input_tokens


def mocks_of(vm: Machine) -> Mocks:
    """The mocks of a run, made at their first use."""
    found = vm.areas.get(AREA)
    if found is None:
        found = vm.areas[AREA] = Mocks()
    return found


def match_text(request: Request) -> str:
    """The texts of all messages, roles included, one to a line."""
    return "\n".join(texts(request.messages))


def fits(pattern: str, text: str) -> bool:
    """A pattern with any number of ``*``; without one the text must be equal."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == text
    *middle, last = rest
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    place, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return text.endswith(last)


def _last_text(messages: list[dict[str, Any]]) -> str:
    """The last content that is not blank."""
    for message in reversed(messages):
        content = message.get("content")
        said = content if isinstance(content, str) else "\n".join(
            block["text"] for block in content or () if isinstance(block, dict) and isinstance(block.get("text"), str)
        ) if isinstance(content, list) else ""  # fmt: skip
        if said.strip():
            return said
    return ""


def _default_text(prompt: str, system: str) -> str:
    if "<done>" in system:
        said = _echo(prompt)
        return f"<assistant_prose>{said}</assistant_prose>\n<done>##DONE##</done>"
    return _echo(prompt)


def _echo(prompt: str) -> str:
    if not prompt.strip():
        return "Mock LLM response"
    return f"Mock response to {len(prompt.split())}-word prompt: {prompt[:_SHOWN]}"


def _stub_call(tool: dict[str, Any]) -> dict[str, Any]:
    """A call of a native tool with a value of the right kind for each required argument."""
    declared = _dict(tool.get("function")) or tool
    schema = _dict(declared.get("parameters")) or _dict(declared.get("input_schema"))
    fields, required = _dict(schema.get("properties")), schema.get("required")
    kinds = {
        key: _dict(fields.get(key)).get("type")
        for key in (required if isinstance(required, list) else ())
        if isinstance(key, str)
    }
    stubs = {key: _STUBS.get(kind, "") if isinstance(kind, str) else "" for key, kind in kinds.items()}
    return {"name": declared.get("name"), "arguments": stubs}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _shown_thinking(thinking: dict[str, Any]) -> dict[str, Any]:
    if thinking["mode"] == "enabled":
        return {"mode": "enabled", "budget_tokens": thinking.get("budget_tokens")}
    return dict(thinking)


__all__ = ["PROVIDER", "Entry", "HarnError", "Mocks", "fits", "match_text", "mocks_of"]
