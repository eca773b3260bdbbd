"""The table of diagnostic codes: one row a code, nothing else names them; one module per stage.

A row explains itself with a program that provokes it and a corrected one; the tests run both.
"""

from __future__ import annotations

from harn.source.codes import CodeRow
from harn.source.rows.attributes import ATTRIBUTE_ROWS
from harn.source.rows.compile import COMPILE_ROWS
from harn.source.rows.invariants import INVARIANT_ROWS
from harn.source.rows.lint import LINT_ROWS
from harn.source.rows.syntax import SYNTAX_ROWS
from harn.source.rows.templates import TEMPLATE_ROWS
from harn.source.rows.types import TYPE_ROWS

ALL_ROWS: tuple[CodeRow, ...] = (
    *SYNTAX_ROWS,
    *COMPILE_ROWS,
    *ATTRIBUTE_ROWS,
    *TYPE_ROWS,
    *LINT_ROWS,
    *INVARIANT_ROWS,
    *TEMPLATE_ROWS,
)


def rows() -> dict[str, CodeRow]:
    """All rows by code, in order."""
    return {row.code: row for row in ALL_ROWS}
