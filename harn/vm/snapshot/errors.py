"""What goes wrong with a snapshot."""

from __future__ import annotations


class SnapshotError(Exception):
    """A run cannot be written to bytes or restored from them. The text is for users."""


def damaged(what: str) -> SnapshotError:
    """The error of bytes that ``freeze`` cannot have written."""
    return SnapshotError(f"the snapshot is damaged: {what}")
