"""Data out of a reply, and what to say to a model whose reply does not conform."""

from __future__ import annotations

from typing import Any

from harn.llm.schema import problems
from harn.llm.shapes import Reply
from harn.values.json_read import JsonError, from_json
from harn.values.json_write import to_json

NO_JSON = "response did not contain parseable JSON"
_CUT = "response hit the token limit before producing complete JSON"
_MOST_KEYS = 16
_MOST_LINES = 8
_MOST_DEPTH = 3
NOTHING = object()
"""No data was found; nil may be data."""


def find_data(reply: Reply) -> tuple[Any, bool]:
    """(the first candidate that is JSON, whether it stood among other text); (NOTHING, False) where there is none."""
    candidates = [reply.text, *(to_json(call["arguments"]) for call in reply.tool_calls)]
    for text in candidates:
        value, cut_out = _parse(text.strip())
        if value is not NOTHING:
            return value, cut_out
    return NOTHING, False


def _parse(text: str) -> tuple[Any, bool]:
    inner = _fenced(text)
    if inner is None:
        inner = _balanced(text, "{", "}")
    if inner is None:
        inner = _balanced(text, "[", "]")
    for part, cut_out in (
        (text if inner is None else inner.strip(), inner is not None and inner.strip() != text),
        (text, False),
    ):
        try:
            return from_json(part), cut_out
        except JsonError:
            continue
    return NOTHING, False


def _fenced(text: str) -> str | None:
    start = text.find("```")
    if start < 0:
        return None
    line_end = text.find("\n", start)
    end = text.find("```", line_end) if line_end >= 0 else -1
    return text[line_end + 1 : end] if end >= 0 else None


def _balanced(text: str, opening: str, closing: str) -> str | None:
    """From the first opening bracket to its partner; brackets in strings do not count."""
    start = text.find(opening)
    if start < 0:
        return None
    other = text.find("[" if opening == "{" else "{")
    if opening == "{" and 0 <= other < start and text[:other].strip() == "":
        return None
    depth, quoted, place = 0, False, start
    while place < len(text):
        char = text[place]
        if quoted:
            if char == "\\":
                place += 1
            elif char == '"':
                quoted = False
        elif char == '"':
            quoted = True
        elif char == opening:
            depth += 1
        elif char == closing:
            depth -= 1
            if depth == 0:
                return text[start : place + 1]
        place += 1
    return None


def judge(reply: Reply, data: Any, schema: dict[str, Any] | None) -> list[str]:
    """What is wrong with a reply, nothing where it conforms."""
    if data is NOTHING:
        cut = reply.stop_reason in ("length", "max_tokens")
        return [NO_JSON, _CUT] if cut else [NO_JSON]
    return problems(schema, data) if schema is not None else []


def nudge_text(style: Any, errors: list[str], schema: dict[str, Any] | None) -> str | None:
    """The user message of a retry: None where none is wanted, a text of the caller's own, or one made of the errors."""
    if style is False:
        return None
    said = "; ".join(errors)
    if isinstance(style, str):
        return f"{style}\n\nValidation errors: {said}"
    lines = ["Your previous response did not match the required JSON schema.", f"Validation errors: {said}."]
    rule = schema or {}
    required = _required(rule)
    if required:
        lines.append(f"Required keys: {', '.join(required)}.")
    fields = rule.get("properties")
    if isinstance(fields, dict) and fields:
        lines.append(f"Allowed top-level keys: {', '.join(sorted(fields))}.")
    shape = _shape_lines(rule)
    if shape:
        lines += ["Expected JSON schema shape:", *shape]
    lines.append("Respond again with ONLY valid JSON conforming to the schema. No prose, no markdown fences.")
    return "\n".join(lines)


def _shape_lines(schema: dict[str, Any]) -> list[str]:
    """One line for each object of the schema, outer ones first."""
    lines: list[str] = []
    pending: list[tuple[dict[str, Any], str, int]] = [(schema, "root", 0)]
    while pending and len(lines) < _MOST_LINES:
        rule, path, depth = pending.pop(0)
        fields = rule.get("properties")
        if isinstance(fields, dict) and fields:
            line = f"- {path} object allowed keys: {_some(sorted(fields))}"
            required = _required(rule)
            if required:
                line += f"; required keys: {_some(required)}"
            lines.append(line)
            if depth < _MOST_DEPTH:
                pending += [
                    (fields[k], f"{path}.{k}", depth + 1) for k in sorted(fields) if isinstance(fields[k], dict)
                ]
        items = rule.get("items")
        if isinstance(items, dict) and depth < _MOST_DEPTH:
            pending.append((items, f"{path}[]", depth + 1))
    return lines


def _required(schema: dict[str, Any]) -> list[str]:
    """The keys that a schema says an object must have."""
    required = schema.get("required")
    return [key for key in required if isinstance(key, str)] if isinstance(required, list) else []


def _some(keys: list[str]) -> str:
    if len(keys) <= _MOST_KEYS:
        return ", ".join(keys)
    return f"{', '.join(keys[:_MOST_KEYS])}, ... (+{len(keys) - _MOST_KEYS} more)"


def exhausted_text(errors: list[str], retries: int) -> str:
    """The message of a call whose replies never conformed."""
    said = "; ".join(errors)
    if retries == 0:
        hint = "set `schema_retries: N` in the llm_call options to automatically re-prompt the model with a corrective nudge"
    else:
        hint = (
            "schema_retries budget exhausted — the model did not produce conforming output after the configured retries; "
            "consider raising `schema_retries` or relaxing the schema"
        )
    return f"LLM output failed schema validation: {said} (hint: {hint})"


def repair_prompt(text: str, errors: list[str]) -> str:
    """Asks for a failed reply's text as JSON that conforms."""
    return (
        "Turn the text below into JSON that conforms to the schema, changing as little as possible.\n"
        f"Validation errors: {'; '.join(errors)}\n\nOriginal text:\n{text}\n\nReply with valid JSON only."
    )
