"""A row of the table of diagnostic codes (``harn.source.rows``)."""

from __future__ import annotations

from harn.source.typing import NamedTuple


class CodeRow(NamedTuple):
    """One diagnostic code.

    ``code``: a letter for the stage (S syntax, M modules, N names, C compile, T types, R run time, L lint, I
    invariants) and three digits.
    ``title``: a few words. ``explanation``: a paragraph for ``harn explain``. ``failing`` and ``corrected``: whole programs.
    """

    code: str
    title: str
    explanation: str
    failing: str
    corrected: str
