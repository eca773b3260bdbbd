"""Finding JSON in what a model says."""

from __future__ import annotations

import re

from harn.builtins.strings import text_of
from harn.catalog.record import builtin
from harn.source.typing import Any
from harn.values.errors import thrown
from harn.values.json_read import JsonError, from_json

FENCE = "```"

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)'
_OBJECT_MARKS = re.compile(_STRING + r"|[{}]", re.DOTALL)
_ARRAY_MARKS = re.compile(_STRING + r"|[\[\]]", re.DOTALL)


def candidate(text: str) -> str:
    """The part of a text that looks like JSON: what stands in the first pair of fences, else the first object, else the first
    array, up to the bracket that closes it, else everything.
    """
    text = text.strip()
    opening = text.find(FENCE)
    if opening >= 0:
        start = opening + len(FENCE)
        start = text.find("\n", start) + 1 or start
        closing = text.find(FENCE, start)
        if closing >= 0:
            return text[start:closing].strip()
    return _balanced(text, "{", _OBJECT_MARKS) or _balanced(text, "[", _ARRAY_MARKS) or text


def _balanced(text: str, opening: str, marks: re.Pattern[str]) -> str | None:
    """From the first bracket to the one that closes it, brackets in strings aside; None where none does."""
    start = text.find(opening)
    if start < 0:
        return None
    depth = 0
    for match in marks.finditer(text, start):
        mark = match.group()
        if mark[0] != '"':
            depth += 1 if mark == opening else -1
            if depth == 0:
                return text[start : match.end()]
    return None


@builtin(
    "json_extract(text: any, key?: string) -> any",
    examples=[
        ('json_extract("The answer is {\\"ok\\": true}.")', "{ok: true}"),
        ('json_extract("{\\"name\\": \\"Ada\\"}", "name")', "Ada"),
    ],
)
def json_extract(text: Any, key: str | None = None) -> Any:
    """The JSON in a text: in the first pair of ``` fences, else the first object in braces, else the first array, else the whole
    text. With a key, that entry of it. Throws where it cannot be read or the key is missing.
    """
    try:
        value = from_json(candidate(text_of(text)))
    except JsonError as error:
        raise thrown(f"json_extract: failed to parse JSON: {error}") from None
    if key is None:
        return value
    if value.__class__ is not dict:
        raise thrown("json_extract: parsed value is not a dict, cannot extract key")
    if key not in value:
        raise thrown(f"json_extract: key '{key}' not found")
    return value[key]
