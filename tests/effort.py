"""How hard tests with Hypothesis try: their own numbers are for the usual profile, and grow with a longer one."""

from __future__ import annotations

from hypothesis import settings

USUAL = 60
"""``max_examples`` of the profile ``harn``; see ``tests/conftest.py``."""


def examples(usual: int) -> int:
    """So many examples in the usual profile, as many times more as another profile has more."""
    return max(1, usual * settings().max_examples // USUAL)
