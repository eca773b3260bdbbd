"""The span tree as text."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from harn.trace.spans import Span
from harn.values.display import display
from harn.values.json_write import to_json

_LONGEST = 60
"""Characters of a step's name that the tree shows."""

DEEPEST = 20
"""Levels that are indented."""


def walk(spans: list[Span]) -> list[tuple[int, Span]]:
    """(depth, span), parents before their children, siblings in order of beginning. Who is not among them is passed over."""
    inside: dict[int, list[Span]] = {}
    known = {id(span) for span in spans}
    for span in spans:
        parent = span.parent
        while parent is not None and id(parent) not in known:
            parent = parent.parent
        inside.setdefault(0 if parent is None else id(parent), []).append(span)
    for group in inside.values():
        group.sort(key=lambda span: span.start_ms)
    found: list[tuple[int, Span]] = []
    pending = [(0, span) for span in reversed(inside.get(0, []))]
    while pending:
        depth, span = pending.pop()
        found.append((depth, span))
        pending += [(depth + 1, child) for child in reversed(inside.get(id(span), []))]
    return found


def summary(spans: list[Span]) -> str:
    """``Trace: N spans, Tms total``, then a line a span."""
    if not spans:
        return "No spans recorded."
    end = max(span.start_ms + span.duration_ms for span in spans)
    lines = [f"Trace: {len(spans)} spans, {end - min(span.start_ms for span in spans)}ms total", ""]
    for depth, span in walk(spans):
        told = ", ".join(f"{key}={to_json(span.metadata[key])}" for key in sorted(span.metadata))
        lines.append(f"{'  ' * (depth + 1)}{span.kind} {span.name} {span.duration_ms}ms{f' ({told})' if told else ''}")
    return "\n".join(lines)


def step_tree(spans: list[Span]) -> str:
    """The steps of a run: outcome, model, calls, tokens, dollars and time of each, nested as they ran."""
    steps = [(depth, span) for depth, span in walk([span for span in spans if span.kind == "step"])]
    if not steps:
        return "no steps"
    rows = [(_indent(depth) + _label(span.name), *_figures(span)) for depth, span in steps]
    heading = ("step", "outcome", "calls", "tokens", "cost", "time")
    widths = [max(_columns(row[i]) for row in [heading, *rows]) for i in range(len(heading))]
    lines = []
    for row in [heading, *rows]:
        blanks = [" " * (width - _columns(cell)) for cell, width in zip(row, widths)]
        left = [cell + blank for cell, blank in zip(row[:2], blanks)]
        right = [blank + cell for cell, blank in zip(row[2:], blanks[2:])]
        lines.append("  ".join([*left, *right]).rstrip())
    return "\n".join(lines)


def _indent(depth: int) -> str:
    """Two columns a level; of the levels below DEEPEST only their number, so that one deep branch does not widen every line."""
    below = depth - DEEPEST
    return "  " * depth if below <= 0 else f"{'  ' * DEEPEST}+{below} "


def _label(name: str) -> str:
    """A name on one line: what a terminal would obey is escaped, what is too long is cut."""
    shown = name if name.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _figures(span: Span) -> tuple[str, ...]:
    told = span.metadata
    tokens = told.get("input_tokens", 0) + told.get("output_tokens", 0)
    return (
        display(told.get("status", "")),
        str(told.get("llm_calls", 0)),
        str(tokens),
        f"${told.get('cost_usd', 0.0):.6f}",
        f"{span.duration_ms} ms",
    )
