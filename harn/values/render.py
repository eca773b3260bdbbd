"""The walker behind every text form of values: display text and JSON.

A form is two tables by kind: ``leaves`` give a finished text, ``openers`` give a container's parts,

    (iterator of (text before, part), text after)        or a finished text, for an empty container.

The walker keeps its own stack, so depth costs no Python frames. A container met again inside one value is not walked
again: its place in the output is noted as a range and copied at the end, when the length is known to be allowed. That
makes sixty rounds of ``x = [x, x]`` sixty steps, and an error about the limit before anything large exists.
"""

from __future__ import annotations

from harn.source.typing import Any, Callable, Iterator, Mapping
from harn.values.errors import LimitReached

Part = tuple[str, Any]
Opened = tuple[Iterator[Part], str]
Leaves = Mapping[type, Callable[[Any], str]]
Openers = Mapping[type, Callable[[Any], Opened | str]]

TEXT_LIMIT = 2**28
"""Characters of a text made where no run's limit is at hand."""

_WORTH_NOTING = 256
"""Containers with a shorter text are simply walked again."""


def render(value: Any, leaves: Leaves, openers: Openers, other: Callable[[Any], str], limit: int) -> str:
    """The text of a value; ``other`` serves kinds in neither table. LimitReached above ``limit`` characters."""
    out: list[Any] = []  # texts, and (first, behind last, length) for a repetition of earlier output
    size = 0
    known: dict[int, tuple[int, int, int]] = {}
    stack: list[tuple[Iterator[Part], str, int, int, int]] = []
    parts: Iterator[Part] = iter((("", value),))
    after, own, first, size_before = "", 0, 0, 0
    while True:
        for before, part in parts:
            kind = part.__class__
            leaf = leaves.get(kind)
            if leaf is not None:
                text = leaf(part)
            elif id(part) in known:
                again = known[id(part)]
                out.append(before)
                out.append(again)
                size += len(before) + again[2]
                if size > limit:
                    raise LimitReached("value_bytes", limit)
                continue
            else:
                opener = openers.get(kind)
                opened = other(part) if opener is None else opener(part)
                if opened.__class__ is tuple:
                    out.append(before)
                    size += len(before)
                    stack.append((parts, after, own, first, size_before))
                    parts, after = opened
                    own, first, size_before = id(part), len(out), size
                    break
                text = opened  # type: ignore[assignment]
            out.append(before)
            out.append(text)
            size += len(before) + len(text)
        else:
            out.append(after)
            size += len(after)
            if size > limit:
                raise LimitReached("value_bytes", limit)
            if not stack:
                return _assemble(out, bool(known))
            if size - size_before >= _WORTH_NOTING:
                known[own] = (first, len(out), size - size_before)
            parts, after, own, first, size_before = stack.pop()


def _assemble(out: list[Any], repeats: bool) -> str:
    """Repetitions always point at earlier output, so one pass from the left resolves them."""
    if repeats:
        texts: dict[tuple[int, int, int], str] = {}
        for place, piece in enumerate(out):
            if piece.__class__ is tuple:
                if piece not in texts:
                    texts[piece] = "".join(out[piece[0] : piece[1]])
                out[place] = texts[piece]
    return "".join(out)
