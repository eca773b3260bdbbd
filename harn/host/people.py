"""Asking a person."""

from __future__ import annotations

from typing import Any, Protocol


class People(Protocol):
    """Whoever answers questions of a run."""

    def ask(self, question: dict[str, Any]) -> Any:
        """The answer; for an approval ``True``, or ``{approved, reason}``."""
        ...


class Nobody:
    """Nobody is there: what needs approval is refused."""

    def ask(self, question: dict[str, Any]) -> Any:
        """A refusal."""
        return {"approved": False, "reason": "approval required but no host bridge is available"}
