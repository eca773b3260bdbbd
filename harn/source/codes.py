"""The table of diagnostic codes: one row a code, nothing else names them.

A row explains itself with a program that provokes it and a corrected one; the tests run both. Rows stand in one module per
stage (``harn.source.rows.*``) and are gathered here.
"""

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


def rows() -> dict[str, CodeRow]:
    """All rows by code, in order."""
    from harn.source.rows import ALL_ROWS

    return {row.code: row for row in ALL_ROWS}
