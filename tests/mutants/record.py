"""A mutant: one rule of the step runtime broken by a patch of its source."""

from __future__ import annotations

from typing import NamedTuple

STAGES = (*(f"enter {stage}" for stage in range(1, 7)), *(f"leave {stage}" for stage in range(1, 6)))
"""The stages of ``harn.vm.tracked`` and ``harn.vm.leave``."""


class Mutant(NamedTuple):
    """``old`` stands exactly once in ``file`` and becomes ``new``.

    ``breaks`` names what is broken: stages, numbers and letters of ``tests/steps/README.md``. ``likely`` is the target that
    notices soonest (see ``tests.mutants.trial``); the others follow.
    """

    name: str
    breaks: tuple[str, ...]
    rule: str
    file: str
    old: str
    new: str
    likely: str = "fixtures"
