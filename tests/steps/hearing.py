"""The handlers of a random program while it is worked out: who hears of an event, in which order."""

from __future__ import annotations

from typing import NamedTuple

from tests.steps.programs import Hook


class Handler(NamedTuple):
    """A registered hook. ``number`` is its own in the run, ``label`` what it prints."""

    number: int
    label: str
    hook: Hook


class Handlers:
    """Those that are registered now."""

    def __init__(self, hooks: tuple[Hook, ...]) -> None:
        self.registered = 0
        self.now: list[Handler] = []
        for place, hook in enumerate(hooks):
            self.add(str(place), hook)

    def add(self, label: str, hook: Hook) -> None:
        """One more; the same hook registered again is another one."""
        self.now.append(Handler(self.registered, label, hook))
        self.registered += 1

    def clear(self) -> None:
        """None is left."""
        self.now = []

    def matching(self, event: str, under: str, step: str | None) -> list[Handler]:
        """Handlers of an event, in order of registration."""
        return [
            one
            for one in self.now
            if one.hook.event == event
            and _globs(one.hook.pattern, under)
            and (one.hook.step is None or f"f{one.hook.step}" == step)
        ]


def _globs(pattern: str, name: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return name.endswith(pattern[1:]) if pattern.startswith("*") else name == pattern
