"""Filling in between two texts: a model call like any other, so it is charged like any other."""

from __future__ import annotations

from typing import Any

from harn.llm.asking import PLAIN, Ask
from harn.values.display import display


class Complete(Ask):
    """One call whose prompt shows what stands before and after."""

    __slots__ = ()
    name = "llm_completion"

    def __init__(self, prefix: Any, suffix: Any, system: Any, options: dict[str, Any]) -> None:
        before = prefix if isinstance(prefix, str) else display(prefix)
        prompt = f"Continue the text. Reply with the continuation only.\n\nText before:\n{before}"
        if suffix is not None:
            after = suffix if isinstance(suffix, str) else display(suffix)
            prompt += f"\n\nText after:\n{after}"
        Ask.__init__(self, PLAIN, prompt, system, {**options, "messages": None})
