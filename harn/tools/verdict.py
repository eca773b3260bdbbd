"""Whether a fixture holds: what a program printed against ``NAME.expected``, or its error against ``NAME.error``."""

from __future__ import annotations

import re
from pathlib import Path

OK, ERROR, TIMEOUT, CRASH = "ok", "error", "timeout", "crash"
"""How a fixture can end: the program came to its end, was stopped by an error or by the clock, or took the worker with it."""


def lines_of(text: str) -> list[str]:
    """The lines of a text without their line ends."""
    parts = text.split("\n")
    if parts and not parts[-1]:
        parts.pop()
    return [part.removesuffix("\r") for part in parts]


def normal(text: str) -> list[str]:
    """The lines that are compared: no blanks at the very end, and the numbers of ``[timer]`` lines made alike."""
    found = []
    for line in lines_of(text.rstrip()):
        head, colon, _ = line.removesuffix("ms").rpartition(": ")
        timed = line.endswith("ms") and colon and line.startswith("[timer] ")
        found.append(f"{head}: <ms>" if timed else line)
    return found


def difference(expected: str, printed: str) -> str:
    """Where two outputs part; empty where they agree."""
    want, got = normal(expected), normal(printed)
    if want == got:
        return ""
    place = next((i for i, (a, b) in enumerate(zip(want, got)) if a != b), min(len(want), len(got)))
    shown = [lines[place] if place < len(lines) else None for lines in (want, got)]
    return "\n".join(
        f"line {place + 1}: {word} {'the end' if line is None else repr(line)}"
        for word, line in zip(("expected", "printed "), shown)
    )


def matches(message: str, wanted: str) -> bool:
    """Whether an error's bare text satisfies one line of a ``.error`` file: contains it, or ``re:`` and a pattern."""
    if not wanted.startswith("re:"):
        return wanted in message
    try:
        return re.search(wanted[3:].strip(), message) is not None
    except re.error:
        return False


def judge(fixture: Path, outcome: str, text: str) -> str | None:
    """Why a fixture fails; empty where it holds, None where it has no expectation beside it."""
    expected, error = fixture.with_suffix(".expected"), fixture.with_suffix(".error")
    if expected.exists():
        if outcome != OK:
            return f"{outcome}: {text}" if text else outcome
        return difference(expected.read_text(encoding="utf-8"), text)
    if not error.exists():
        return None
    wanted = [line.strip() for line in lines_of(error.read_text(encoding="utf-8").rstrip())]
    if outcome != ERROR:
        return f"expected an error, but it ended with {outcome}"
    if any(matches(text, line) for line in wanted):
        return ""
    return f"the error is   {text}\nexpected       {' | '.join(wanted)}"
