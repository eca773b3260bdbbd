"""JUnit XML, as test servers read it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr


class Case(NamedTuple):
    """One test: ``failure`` is None or empty where it passed."""

    name: str
    group: str
    seconds: float
    failure: str | None


def junit(name: str, cases: Iterable[Case]) -> str:
    """The text of a report."""
    held = list(cases)
    failures = sum(bool(case.failure) for case in held)
    seconds = sum(case.seconds for case in held)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuite name={_quoted(name)} tests="{len(held)}" failures="{failures}" time="{seconds:.3f}">',
    ]
    for case in held:
        head = f'  <testcase name={_quoted(case.name)} classname={_quoted(case.group)} time="{case.seconds:.3f}"'
        if not case.failure:
            lines.append(f"{head}/>")
            continue
        first = case.failure.split("\n", 1)[0]
        lines += [
            f"{head}>",
            f"    <failure message={_quoted(first)}>{escape(_clean(case.failure))}</failure>",
            "  </testcase>",
        ]
    return "\n".join([*lines, "</testsuite>", ""])


def write_junit(path: Path, name: str, cases: Iterable[Case]) -> None:
    """Write a report to a file."""
    path.write_text(junit(name, cases), encoding="utf-8")


def _quoted(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """The text without characters that XML cannot hold."""
    return "".join(c if _allowed(ord(c)) else "\ufffd" for c in text)


def _allowed(code: int) -> bool:
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
