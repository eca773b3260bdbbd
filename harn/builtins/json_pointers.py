"""JSON Pointer (RFC 6901): reading and changing one place in lists and dicts.

A pointer is empty, for the whole value, or a `/` before each key and index; `~1` in a key stands for `/` and `~0` for `~`.
"""

from __future__ import annotations

import re

from harn.catalog.record import builtin
from harn.source.typing import Any, Callable
from harn.values.errors import thrown

Value = Any


def _tokens(name: str, pointer: str) -> list[str]:
    """The keys and indexes of a pointer. HarnError where it is none."""
    if not pointer:
        return []
    if pointer[0] != "/":
        raise thrown(f"{name}: pointer must be empty or start with '/'")
    parts = pointer[1:].split("/")
    return [_unescaped(name, part) if "~" in part else part for part in parts]


def _unescaped(name: str, part: str) -> str:
    def meant(escape: re.Match[str]) -> str:
        found = _ESCAPES.get(escape.group())
        if found is None:
            fault = f"invalid escape '{escape.group()}'" if len(escape.group()) == 2 else "dangling '~'"
            raise thrown(f"{name}: {fault} in pointer")
        return found

    return re.sub("~.?", meant, part, flags=re.DOTALL)


_ESCAPES = {"~0": "~", "~1": "/"}


def _index(token: str) -> int | None:
    """The index a token stands for: digits without zeros before them; one beyond any list is None, too."""
    if not (token.isascii() and token.isdigit()) or len(token) > 18 or (token[0] == "0" and token != "0"):
        return None
    return int(token)


def _step(value: Value, token: str) -> tuple[bool, Any, Value]:
    """(whether a place exists, the key or index of it, what stands there)."""
    if value.__class__ is dict:
        return token in value, token, value.get(token)
    if value.__class__ is list:
        index = _index(token)
        if index is not None and index < len(value):
            return True, index, value[index]
    return False, None, None


@builtin(
    "json_pointer(value: any, pointer: string) -> any",
    keeps=["value"],
    examples=[
        ('json_pointer({users: [{name: "Ada"}]}, "/users/0/name")', "Ada"),
        ('json_pointer({"a/b": 1}, "/a~1b")', "1"),
        ('json_pointer([1], "/5")', "nil"),
    ],
)
def json_pointer(value: Any, pointer: str) -> Any:
    """What stands at a place in a value; nil where there is no such place."""
    for token in _tokens("json_pointer", pointer):
        there, _, value = _step(value, token)
        if not there:
            return None
    return value


@builtin(
    "json_pointer_set(value: any, pointer: string, replacement: any) -> any",
    keeps=["value", "replacement"],
    examples=[
        ('json_pointer_set({a: [1, 2]}, "/a/0", 9)', "{a: [9, 2]}"),
        ('json_pointer_set({a: [1]}, "/a/-", 2)', "{a: [1, 2]}"),
        ('json_pointer_set({}, "/a/b", 1)', "{}"),
    ],
)
def json_pointer_set(value: Any, pointer: str, replacement: Any) -> Any:
    """A value with another one at a place: a new key is added, `-` and the index behind the last append. Where the container of
    the place is missing nothing changes.
    """
    tokens = _tokens("json_pointer_set", pointer)
    return (
        _edited(value, tokens, lambda container, token: _put(container, token, replacement)) if tokens else replacement
    )


@builtin(
    "json_pointer_delete(value: any, pointer: string) -> any",
    keeps=["value"],
    examples=[
        ('json_pointer_delete({a: [1, 2]}, "/a/0")', "{a: [2]}"),
        ('json_pointer_delete({a: 1}, "/b")', "{a: 1}"),
    ],
)
def json_pointer_delete(value: Any, pointer: str) -> Any:
    """A value without what stands at a place; the elements behind it move up. Nothing changes where there is no such place, and
    without the whole value nil is left.
    """
    tokens = _tokens("json_pointer_delete", pointer)
    return _edited(value, tokens, _take_away) if tokens else None


def _edited(value: Value, tokens: list[str], edit: Callable[[Value, str], Value | None]) -> Value:
    """A value with copies of the containers on the way to a place, the last of which was edited; or the value itself."""
    passed: list[tuple[Value, Any]] = []
    inner = value
    for token in tokens[:-1]:
        there, place, below = _step(inner, token)
        if not there:
            return value
        passed.append((inner, place))
        inner = below
    changed = edit(inner, tokens[-1])
    if changed is None:
        return value
    for container, place in reversed(passed):
        copy = container.copy()
        copy[place] = changed
        changed = copy
    return changed


def _put(container: Value, token: str, replacement: Value) -> Value | None:
    if container.__class__ is dict:
        return {**container, token: replacement}
    if container.__class__ is not list:
        return None
    index = len(container) if token == "-" else _index(token)
    if index is None or index > len(container):
        return None
    return [*container[:index], replacement, *container[index + 1 :]]


def _take_away(container: Value, token: str) -> Value | None:
    there, place, _ = _step(container, token)
    if not there:
        return None
    copy = container.copy()
    del copy[place]
    return copy
