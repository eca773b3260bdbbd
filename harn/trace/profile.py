"""Where the time of a run went: by kind of span, by model call, by step."""

from __future__ import annotations

from typing import Any

from harn.trace.spans import Span

MOST = 10
"""Calls that are listed, the longest first."""

STEP, MODEL, TOOL = "step", "llm_call", "tool_call"


def profile(spans: list[Span], wall_ms: int) -> dict[str, Any]:
    """What ``harn run --profile-json`` writes; times in milliseconds. ``wall_ms`` is what the whole run took.

    ``residual_ms`` passed outside of all spans. Of a step, ``other_ms`` is what neither its model calls nor its tools took; steps
    inside of it are among that. Spans that ran side by side each count in full, so that parts may be more than the whole.
    """
    outermost = sum(span.duration_ms for span in spans if span.parent is None)
    return {
        "total_wall_ms": wall_ms,
        "by_kind": _kinds(spans, wall_ms),
        "residual_ms": max(0, wall_ms - outermost),
        "top_llm_calls": _longest(spans, MODEL),
        "top_tool_calls": _longest(spans, TOOL),
        "steps": _steps(spans),
    }


def _kinds(spans: list[Span], wall_ms: int) -> list[dict[str, Any]]:
    totals: dict[str, tuple[int, int]] = {}
    for span in spans:
        spent, count = totals.get(span.kind, (0, 0))
        totals[span.kind] = spent + span.duration_ms, count + 1
    return [
        {
            "kind": kind,
            "total_ms": spent,
            "count": count,
            "pct_of_wall": round(100 * spent / wall_ms, 2) if wall_ms else 0.0,
        }
        for kind, (spent, count) in sorted(totals.items(), key=lambda item: -item[1][0])
    ]


def _longest(spans: list[Span], kind: str) -> list[dict[str, Any]]:
    """``span_id`` is the place of a span in the order of ending, from 1."""
    listed = [(place, span) for place, span in enumerate(spans, 1) if span.kind == kind]
    listed.sort(key=lambda one: -one[1].duration_ms)
    return [
        {
            "span_id": place,
            "kind": kind,
            "name": span.name,
            "duration_ms": span.duration_ms,
            "step": step.name if (step := _step_of(span)) is not None else None,
            "model": span.metadata.get("model"),
        }
        for place, span in listed[:MOST]
    ]


def _steps(spans: list[Span]) -> list[dict[str, Any]]:
    """The steps, longest first."""
    inside: dict[int, dict[str, list[int]]] = {}
    for span in spans:
        step = _step_of(span)
        if step is not None:
            inside.setdefault(id(step), {}).setdefault(span.kind, []).append(span.duration_ms)
    shown = []
    for span in sorted((one for one in spans if one.kind == STEP), key=lambda one: -one.duration_ms):
        parts = inside.get(id(span), {})
        asked, used = parts.get(MODEL, []), parts.get(TOOL, [])
        shown.append(
            {
                "name": span.name,
                "duration_ms": span.duration_ms,
                "llm_ms": sum(asked),
                "tool_ms": sum(used),
                "other_ms": max(0, span.duration_ms - sum(asked) - sum(used)),
                "llm_calls": len(asked),
                "tool_calls": len(used),
            }
        )
    return shown


def _step_of(span: Span) -> Span | None:
    """The step a span ran in."""
    above = span.parent
    while above is not None and above.kind != STEP:
        above = above.parent
    return above
