"""Rendering without a run."""

from __future__ import annotations

from typing import Any

from harn.prompt.fault import Fault
from harn.prompt.parser import parse
from harn.prompt.renderer import DONE, Renderer, render
from harn.source.file import SourceFile

LIMIT = 1_000_000


def shown(text: str, /, **names: Any) -> str:
    """What a template gives."""
    return render(parse(text), names, LIMIT)


def told(text: str, /, *, steps: int = 1000, **names: Any) -> str:
    """What it gives, or the text of the error."""
    try:
        return in_steps(text, names, steps).text
    except Fault as fault:
        fault.file = SourceFile("", text)
        return fault.text


def fault_of(text: str) -> Fault | None:
    """What is wrong with a template."""
    try:
        parse(text)
    except Fault as fault:
        return fault
    return None


def in_steps(text: str, names: dict[str, Any], steps: int) -> Renderer:
    """A renderer that came to its end in small steps."""
    renderer = Renderer(parse(text), names, "", LIMIT, spans=True)
    while renderer.run(steps) != DONE:
        pass
    return renderer
